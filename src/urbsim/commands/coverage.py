"""`urbsim policies --coverage`: how much of each programme the levers carry, and which rows are open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from urbsim.commands.terminal import print_json, print_table, say
from urbsim.labels import Label, Language, bilingual

if TYPE_CHECKING:
    from urbsim.programmes.coverage import OpenRow

#: Headings of the columns by the name of the number in the JSON.
_COLUMNS = {
    "clauses": Label("clauses", "条款"),
    "measures": Label("measures", "举措"),
    "by_lever": Label("by a lever", "由政策工具承载"),
    "by_indicator": Label("by an indicator", "由指标反映"),
    "not_modelled": Label("not modelled", "未纳入模型"),
    "open": Label("open", "待完成"),
}
_PROGRAMME = Label("programme", "规划")
_FIGURES = Label("figures:", "数字：")
_ROW, _GLOSS, _MISSING = Label("row", "编号"), Label("what", "内容"), Label("missing", "缺少")
_NOTHING_OPEN = Label("Nothing is open.", "没有待完成的条目。")


def show_coverage(lever: str | None, folder: Path, as_json: bool, language: Language) -> None:
    """Print the counts of every programme and its open rows; exit with code 2 where the options make no sense."""
    from urbsim.programmes.coverage import open_rows
    from urbsim.programmes.reading import catalogue
    from urbsim.scenario.levers_set import levers_set_in

    if lever is not None:
        _refuse(
            bilingual(
                f"--coverage is about programmes and takes no lever; found '{lever}'",
                f"--coverage 针对规划，不带政策工具；却写了“{lever}”",
            )
        )
    if not folder.is_dir():
        _refuse(
            bilingual(
                f"no folder '{folder}'; name the folder of the scenarios with --scenarios",
                f"没有文件夹“{folder}”；请用 --scenarios 指明情景所在的文件夹",
            )
        )
    levers_set = levers_set_in(folder)
    rows = {programme.programme: open_rows(programme, levers_set) for programme in catalogue()}
    counts = [_counts(name, len({row.row for row in rows[name]}), language) for name in rows]
    missing = [_plain(row, language) for name in rows for row in rows[name]]
    if as_json:
        print_json({"programmes": counts, "open": missing})
    else:
        _print(counts, missing, language)


def _refuse(message: str) -> None:
    say(message)
    raise typer.Exit(2)


def _counts(name: str, still_open: int, language: Language) -> dict[str, Any]:
    from urbsim.programmes.coverage import coverage
    from urbsim.programmes.reading import catalogued

    programme = catalogued(name)
    counted = coverage(programme)
    return {
        "programme": name,
        "title": programme.title.in_language(language),
        "clauses": counted.clauses,
        "measures": counted.measures,
        "by_lever": counted.by_lever,
        "by_indicator": counted.by_indicator,
        "not_modelled": counted.not_modelled,
        "open": still_open,
        "figures": {use.value: number for use, number in counted.figures.items()},
    }


def _plain(row: OpenRow, language: Language) -> dict[str, str]:
    return {
        "programme": row.programme,
        "row": row.row,
        "gloss": row.gloss.in_language(language),
        "missing": row.missing.in_language(language),
    }


def _print(counts: list[dict[str, Any]], missing: list[dict[str, str]], language: Language) -> None:
    from urbsim.programmes.texts import USES

    opening = _FIGURES.in_language(language)
    headings = [
        _PROGRAMME,
        *_COLUMNS.values(),
        *(Label(f"{opening} {label.en}", f"{opening}{label.zh}") for label in USES.values()),
    ]
    rows = [
        [one["programme"], *(str(one[name]) for name in _COLUMNS), *(str(number) for number in one["figures"].values())]
        for one in counts
    ]
    print_table(headings, rows, language, right=range(1, len(headings)))
    print()
    if missing:
        print_table([_PROGRAMME, _ROW, _GLOSS, _MISSING], [list(row.values()) for row in missing], language)
    else:
        print(_NOTHING_OPEN.in_language(language))
