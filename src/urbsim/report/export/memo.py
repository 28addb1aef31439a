"""A memo of two pages: five sentences, a chart and a table; then targets, what differs, costs, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language, bracketed, columns_of, printable, shortened
from urbsim.report import text
from urbsim.report.body import Shown, title_of
from urbsim.report.charts.style import styled
from urbsim.report.charts.trajectory import trajectory
from urbsim.report.differing import changes_by_kind
from urbsim.report.export.archive import TIMELESS, write_archive
from urbsim.report.opening.sentences import leading_indicators, sentences
from urbsim.report.opening.table import opening_table
from urbsim.report.payers import cost_table
from urbsim.report.sureness import sureness
from urbsim.report.targets import HEADINGS, target_rows
from urbsim.report.words import WORDS

if TYPE_CHECKING:
    from docx.document import Document

_FONTS = {"en": "Arial", "zh": "Microsoft YaHei"}
_WIDTH, _SIDE, _TOP = 210.0, 19.0, 16.0  # millimetres of an A4 page and its margins
_TEXT, _SMALL, _HEADING, _TITLE = 9.5, 8.0, 11.5, 15.0  # points
_CHART = 118.0  # millimetres
#: What fits on the second page; the report and the workbook have everything.
_MOST_TARGETS, _MOST_CHANGES, _MOST_SENTENCES, _LONGEST = 12, 8, 6, 260
_MORE = Label("{count} more in the report", "其余{count}项见报告")
_WITH_CHANGE = Label("{title}: {what}: {change}", "{title}：{what}：{change}")
_MEMO = Label("Memo", "简报")


def write_memo(ensemble: Ensemble, path: Path, language: Language, shown: Shown, record: Mapping[str, Any]) -> None:
    """Write a report as a Word document of two pages; equal results give equal bytes.

    ``record`` is the manifest of the run folder, from which the command is shown.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    import docx

    memo = docx.Document()
    _set_up(memo, title_of(ensemble, language), language)
    _first_page(memo, ensemble, language, shown)
    memo.add_page_break()
    _second_page(memo, ensemble, language, record)
    content = BytesIO()
    memo.save(content)
    write_archive(content, path)


def _set_up(memo: Document, title: str, language: Language) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    section = memo.sections[0]
    section.page_width, section.page_height = Mm(_WIDTH), Mm(297)
    section.left_margin = section.right_margin = Mm(_SIDE)
    section.top_margin = section.bottom_margin = Mm(_TOP)
    style = memo.styles["Normal"]
    style.font.name, style.font.size = _FONTS[language], Pt(_TEXT)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONTS["zh"])
    style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(3), 1.0
    heading = memo.styles["Heading 1"]
    fonts = heading.element.rPr.rFonts
    for theme in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[theme]
    heading.font.name, heading.font.color.rgb = _FONTS[language], RGBColor(0, 0, 0)
    fonts.set(qn("w:eastAsia"), _FONTS["zh"])
    heading.paragraph_format.space_after = Pt(3)
    properties = memo.core_properties
    properties.author, properties.title, properties.comments = "urbsim", title, ""
    properties.created = properties.modified = TIMELESS


def _first_page(memo: Document, ensemble: Ensemble, language: Language, shown: Shown) -> None:
    from docx.shared import Mm

    _line(memo, f"{_MEMO.in_language(language)} · {title_of(ensemble, language)}", _TITLE, bold=True)
    period = text.period(ensemble, language)
    _line(memo, f"{period} · {text.interval_note(ensemble.replicates, language, ensemble.plan.draws)}", _SMALL)
    every = sentences(ensemble, shown.answers, language, shown.indicators, only=shown.only)
    for number, sentence in enumerate(every, 1):
        _line(memo, f"{number}. {sentence}", _TEXT)
    (leading, *_) = leading_indicators(shown.indicators, only=shown.only)
    picture = BytesIO()
    chart = trajectory(ensemble, leading, language=language)
    with styled():
        chart.figure.savefig(picture, format="png", metadata={"Software": "urbsim"})
    memo.add_picture(picture, width=Mm(_CHART))
    memo.paragraphs[-1].paragraph_format.keep_with_next = True
    table = opening_table(ensemble, language, shown.indicators, only=shown.only)
    rows = [[label, *("–" if cell is None else _cell(*cell.lines) for cell in cells)] for label, cells in table.rows]
    _grid(memo, table.headings, rows)
    _line(memo, WORDS["below"].in_language(language), _SMALL)


def _cell(value: str, difference: str) -> str:
    """Return the value alone, and its difference below: the memo has no room for the intervals of levels."""
    plain = value.split(" [", maxsplit=1)[0]
    return f"{plain}\n{difference}" if difference else plain


def _second_page(memo: Document, ensemble: Ensemble, language: Language, record: Mapping[str, Any]) -> None:
    w = {name: label.in_language(language) for name, label in WORDS.items()}
    rows = list(target_rows(ensemble, language))
    if rows:
        _line(memo, w["targets"], _HEADING, bold=True, keep=True)
        columns = (0, 2, 3, 4, 5, 6)
        shown = [[row.texts[at] for at in columns] for row in rows]
        _grid(memo, [HEADINGS[at].in_language(language) for at in columns], shown[:_MOST_TARGETS])
        _rest(memo, len(shown) - _MOST_TARGETS, language)
    if len(ensemble.names) > 1:
        base = ensemble.titles(language)[ensemble.baseline]
        _line(memo, w["different_from"].format(base=base), _HEADING, bold=True, keep=True)
        lines = [
            _WITH_CHANGE.in_language(language).format(title=title, what=change.what, change=change.in_words)
            for title, kinds in changes_by_kind(ensemble, language)
            for _, changes in kinds
            for change in changes
        ] or [w["same"]]
        fitting = _fitting(lines)
        for line in fitting:
            _line(memo, line, _SMALL)
        _rest(memo, len(lines) - len(fitting), language)
    costs = cost_table(ensemble, language)
    if costs is not None:
        _line(memo, w["costs"], _HEADING, bold=True, keep=True)
        _grid(memo, costs.headings, [list(row) for row in costs.rows])
        _line(memo, w["costs_note"].format(unit=costs.unit), _SMALL)
    _line(memo, w["sure"], _HEADING, bold=True, keep=True)
    for sentence in sureness(ensemble, language)[:_MOST_SENTENCES]:
        _line(memo, f"• {sentence}", _SMALL)
    _line(memo, w["reproduce"], _HEADING, bold=True, keep=True)
    command = record.get("command") or ""
    baseline = ensemble.plan.baseline
    how = text.behind_commas((f"{w['scale']} {baseline.scale:g}", f"{w['seed']} {ensemble.plan.seed}"), language)
    _line(
        memo,
        shortened(bracketed(f"{command} ", how, language), _LONGEST),
        _SMALL,
    )
    _line(memo, w["foot"], _SMALL)


def _fitting(lines: Sequence[str]) -> list[str]:
    """Return the changes for which there is room, each to its end; only a first one that has no room is cut."""
    room = _MOST_CHANGES * _LONGEST
    found = [shortened(lines[0], room)]
    for line in lines[1:_MOST_CHANGES]:
        if sum(map(columns_of, (*found, line))) > room:
            break
        found.append(line)
    return found


def _rest(memo: Document, count: int, language: Language) -> None:
    if count > 0:
        _line(memo, _MORE.in_language(language).format(count=count), _SMALL)


def _line(memo: Document, words: str, size: float, *, bold: bool = False, keep: bool = False) -> None:
    from docx.shared import Pt

    paragraph = memo.add_paragraph(style="Heading 1" if keep else None)
    run = paragraph.add_run(printable(words))
    run.bold, run.font.size = bold, Pt(size)
    paragraph.paragraph_format.keep_with_next = keep
    if keep:
        paragraph.paragraph_format.space_before = Pt(7)


def _grid(memo: Document, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Add a table: the first column to the left, the others to the right, headings bold."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    table = memo.add_table(rows=0, cols=len(headings), style="Light Grid Accent 1")
    for number, row in enumerate([headings, *rows]):
        for column, (cell, words) in enumerate(zip(table.add_row().cells, row, strict=True)):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(printable(words))
            run.font.size, run.bold = Pt(_SMALL - 0.5), number == 0
            paragraph.paragraph_format.space_after = Pt(0)
            if column:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    memo.add_paragraph().paragraph_format.space_after = Pt(0)
