"""`urbsim policies`: the levers a scenario can use, and how to write one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from urbsim.commands.coverage import show_coverage
from urbsim.commands.terminal import (
    AllowCode,
    JsonOption,
    Lang,
    LanguageOption,
    console,
    print_json,
    print_table,
    print_text,
    say,
)
from urbsim.labels import Label, Language, bilingual, printable

if TYPE_CHECKING:
    from urbsim.policies.base import Policy

_LEVER = Label("lever", "政策工具")
_TITLE = Label("title", "名称")
_ACTS_ON = Label("acts on", "作用对象")
_EVIDENCE = Label("Evidence", "依据")
_STRENGTH = Label("How well founded", "依据强度")
_EFFECT = Label("What it does, in runs", "模拟中的效果")
_FIELD = Label("field", "字段")
_ALLOWED = Label("allowed; unit", "取值；单位")
_DEFAULT = Label("default", "默认值")
_MEANING = Label("meaning", "含义")
_REQUIRED = Label("required", "必填")
_UNIT = Label("unit", "单位")
_COMBINED = Label("where several policies meet", "多项政策并存时")
_REACHES = Label("Reaches", "作用范围")
_COST = Label("Cost", "费用")
_PROGRAMME = Label("programme", "规划")
_CLAUSE = Label("clause", "条款")
_MEASURE = Label("measure", "措施")
_UNUSED = Label("No clause of the programmes is carried by this lever.", "没有规划条款使用该政策工具。")
_EXAMPLE = Label("Example", "示例")
_HINT = Label(
    "One lever in full: urbsim policies LEVER. One of your own: docs/own-lever.md. Programmes: --coverage",
    "查看单个政策工具：urbsim policies LEVER。自定义政策工具见 docs/own-lever.md。规划覆盖情况：--coverage",
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("policies")(policies)


def policies(
    lever: Annotated[
        str | None,
        typer.Argument(
            help="A lever's name, English or Chinese or a part of it, or file.py:ClassName for one of your own.",
            show_default=False,
        ),
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Show how much of each programme the levers carry, and what is open.")
    ] = False,
    scenarios: Annotated[
        Path, typer.Option(help="With --coverage: folder of the scenarios that carry the programmes.")
    ] = Path("scenarios"),
    allow_code: AllowCode = False,
    as_json: JsonOption = False,
    lang: LanguageOption = Lang.en,
) -> None:
    """List the levers that a scenario's policies can use; with LEVER, everything about one.

    Example: urbsim policies housing_subsidy
    """
    language: Language = lang.value
    if coverage:
        show_coverage(lever, scenarios, as_json, language)
        return
    chosen = _described(lever, language, allow_code=allow_code)
    is_one = lever is not None and len(chosen) == 1
    if as_json:
        print_json(chosen[0] if is_one else chosen)
    elif not is_one:
        _print_all(chosen, language)
    else:
        _print_one(chosen[0], language)


def _described(lever: str | None, language: Language, *, allow_code: bool) -> list[dict[str, Any]]:
    """Return the reference of the lever that is named, of those whose name holds the text, or of all.

    Exits with code 2 where there is none, or it cannot be used.
    """
    from urbsim.policies.reference import lever_reference
    from urbsim.policies.registry import LeverError, all_levers, lever_class
    from urbsim.policies.usage import clauses_using

    meant = [*all_levers().values()] if lever is None else _called(lever, all_levers())
    if lever is None or len(meant) > 1:
        return [lever_reference(cls, language) | _founded(cls, language) for cls in meant]
    try:
        found = meant[0] if meant else lever_class(lever, Path.cwd(), allow_code=allow_code)
    except LeverError as error:
        allowed = bilingual(f"; allowed: {error.allowed}", f"；允许：{error.allowed}") if error.allowed else ""
        likely = (
            bilingual(f"; did you mean '{error.suggestion}'?", f"；是否想写“{error.suggestion}”？")
            if error.suggestion
            else ""
        )
        say(f"{error}{allowed}{likely}")
        raise typer.Exit(2) from None
    used = clauses_using(found.lever, language)
    clauses = None if used is None else [asdict(use) for use in used]
    return [lever_reference(found, language) | _founded(found, language) | {"clauses": clauses}]


def _founded(lever: type[Policy], language: Language) -> dict[str, Any]:
    """Return how well founded the effect of a lever is, and what a dose of it does where that was measured."""
    from urbsim.evidence.elasticities import sentences
    from urbsim.evidence.grades import grade_of

    grade = grade_of(lever)
    said = grade.sentence(language)
    return {"strength": str(grade.strength), "founded": said, "effect": sentences(lever, language)}


def _called(text: str, levers: Mapping[str, type[Policy]]) -> list[type[Policy]]:
    """Return the levers that a text names: one by its whole name, else those with it in their names or their words."""
    if text in levers:
        return [levers[text]]
    wanted = text.strip().lower()
    names = {cls: f"{name} {cls.title.en} {cls.title.zh}".lower() for name, cls in levers.items()}
    by_name = [cls for cls, name in names.items() if wanted and wanted in name]
    return by_name or [cls for cls in names if wanted and wanted in cls.explanation.zh]


def _print_all(levers: list[dict[str, Any]], language: Language) -> None:
    from urbsim.evidence.grades import STRENGTHS, Strength

    rows = [
        [
            lever["lever"],
            lever["title"],
            STRENGTHS[Strength(lever["strength"])].in_language(language),
            ", ".join(quantity["name"] for quantity in lever["quantities"]),
        ]
        for lever in levers
    ]
    print_table([_LEVER, _TITLE, _STRENGTH, _ACTS_ON], rows, language)
    say(_HINT.in_language(language))


def _print_one(lever: dict[str, Any], language: Language) -> None:
    from urbsim.policies.reference import allowed_and_unit, default_text

    console().print(printable(f"{lever['lever']}  {lever['title']}\n"), style="bold", markup=False)
    colon = Label(": ", "：").in_language(language)
    print_text(f"{lever['explanation']}\n\n{_EVIDENCE.in_language(language)}{colon}{lever['evidence']}\n")
    print_text(f"{_STRENGTH.in_language(language)}{colon}{lever['founded']}\n")
    parts = ((_EFFECT, lever["effect"]), (_REACHES, lever["reaches"]), (_COST, lever["cost"]))
    for heading, sentences in parts:
        if not sentences:
            continue
        print_text(f"{heading.in_language(language)}{colon.strip()}")
        print_text("".join(f"  - {sentence}\n" for sentence in sentences))
    quantities = [[quantity["name"], quantity["unit"], quantity["rule"]] for quantity in lever["quantities"]]
    print_table([_ACTS_ON, _UNIT, _COMBINED], quantities, language)
    print()
    required = _REQUIRED.in_language(language)
    fields = [
        [field["name"], allowed_and_unit(field), default_text(field, required), field["description"]]
        for field in lever["fields"]
    ]
    print_table([_FIELD, _ALLOWED, _DEFAULT, _MEANING], fields, language)
    print_text(f"\n{_EXAMPLE.in_language(language)}{colon.strip()}\n{lever['example']}", end="")
    if lever["clauses"] is not None:
        print()
        _print_clauses(lever["clauses"], language)


def _print_clauses(clauses: list[dict[str, str]], language: Language) -> None:
    """Print where the lever is used; one row per measure."""
    if not clauses:
        print_text(_UNUSED.in_language(language))
        return
    rows = [[use["programme"], use["clause"], use["gloss"]] for use in clauses]
    print_table([_PROGRAMME, _CLAUSE, _MEASURE], rows, language)
