"""Write docs/policies.md and policies.zh.md, the programmes clause by clause: python docs/generate_policies.py."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from urbsim.labels import Label, Language
from urbsim.programmes.coverage import coverage
from urbsim.programmes.reading import catalogue
from urbsim.programmes.rows import Clause, Confidence, Figure, Measure, NamedPlaces, Programme
from urbsim.programmes.texts import CONFIDENCES, DOMAINS, USES, figure_text

PAGES: dict[Language, Path] = {
    "en": Path(__file__).with_name("policies.md"),
    "zh": Path(__file__).with_name("policies.zh.md"),
}
_OPENING = Label(
    """\
# Programmes, clause by clause

<!-- Written by docs/generate_policies.py from src/urbsim/programmes; edit the YAML files there. -->

[中文](policies.zh.md)

Every numbered clause of five government programmes, every measure in it and every figure, and what stands for it in
the model: one or more *levers* with the scenarios that set them, an *indicator* that reports it, or *not modelled* with
the reason. The words are urbsim's own. A scenario cites a number of this page as `source: {programme, clause}`; a
number that is not here is refused with the number that was probably meant. Brackets may be full-width, and several
numbers are separated by commas. A measure's number is its clause's with a point and a count.

`urbsim policies --coverage` counts the rows and lists those still open: a lever or indicator that does not exist yet,
or no scenario that sets the lever.

**Figures.** *Target*: to be reached; *start value*: the state a programme begins from, from which a scenario may set
the base of its levers; *capacity*: an amount to be built; *constraint*: a limit, such as how many counties; *not
modelled*: for the reason in the note. The reading is sure unless it says otherwise.
""",
    """\
# 各规划逐条对照

<!-- 由 docs/generate_policies.py 根据 src/urbsim/programmes 生成；请修改该处的 YAML 文件。 -->

[English](policies.md)

五份政府文件的每一条款、每项举措和每个数字，以及模型中与之对应的内容：承载它的*政策工具*及设置它的情景，或反映它的*指标*，
或*未纳入模型*及原因。表述均为本项目自拟。情景以 `source: {programme, clause}` 引用本页编号；本页没有的编号会被拒绝，
并提示可能的编号。括号全角半角均可，多个编号以逗号分隔。举措编号为条款编号加点和序号。

`urbsim policies --coverage` 统计各类条目，并列出待完成的条目：政策工具或指标尚不存在，或没有情景设置该工具。

**数字。** *目标*：须达到的值；*起点值*：规划起步时的状态，情景可据此设定政策工具的基数；*规模*：建设数量；
*约束*：限制，例如县的个数；*未纳入*：原因见说明。未另注明者读法确定。
""",
)
_OVERVIEW = (
    Label("programme", "规划"),
    Label("clauses", "条款"),
    Label("measures", "举措"),
    Label("by levers", "由政策工具承载"),
    Label("by an indicator", "由指标反映"),
    Label("not modelled", "未纳入模型"),
    Label("figures", "数字"),
)
_MEASURES = (Label("number", "编号"), Label("what", "内容"), Label("domain", "领域"), Label("in the model", "模型中"))
_FIGURES = (
    Label("figure", "数字"),
    Label("clause", "条款"),
    Label("value", "数值"),
    Label("year", "年份"),
    Label("use", "用途"),
    Label("note", "说明"),
)
_PLACES = (Label("places named", "所列地区"), Label("clause", "条款"), Label("codes", "代码"), Label("note", "说明"))
_ALSO = Label("also cited", "又作")
_NOT_MODELLED = Label("*not modelled*", "*未纳入模型*")
_INDICATOR = Label("indicator", "指标")
_READING = Label("Sureness of the reading", "读法把握")
_COLON, _STOP, _SEMICOLON = Label(": ", "："), Label(". ", "。"), Label("; ", "；")
_COMMA = Label(", ", "、")


def page(language: Language) -> str:
    """Return the whole page in one language."""
    programmes = catalogue()
    rows = [_overview(programme, language) for programme in programmes]
    sections = [line for programme in programmes for line in _section(programme, language)]
    lines = [_OPENING.in_language(language), *_table(_OVERVIEW, rows, language), "", *sections]
    return "\n".join(lines).rstrip() + "\n"


def _overview(programme: Programme, language: Language) -> tuple[str, ...]:
    counted = coverage(programme)
    numbers = (counted.clauses, counted.measures, counted.by_lever, counted.by_indicator, counted.not_modelled)
    link = f"[{programme.title.in_language(language)}](#{programme.programme})"
    return (link, *map(str, numbers), str(sum(counted.figures.values())))


def _section(programme: Programme, language: Language) -> list[str]:
    title = f"**{programme.title.in_language(language)}**"
    note = f" {programme.note.in_language(language)}" if programme.note else ""
    measures = [row for clause in programme.clauses for row in _clause(programme, clause, language)]
    figures = [_figure(figure, language) for figure in programme.figures]
    places = [_places(places, language) for places in programme.places]
    return [
        f"## {programme.programme}",
        "",
        title + _STOP.in_language(language).rstrip() + note,
        "",
        *_table(_MEASURES, measures, language),
        "",
        *([*_table(_FIGURES, figures, language), ""] if figures else []),
        *([*_table(_PLACES, places, language), ""] if places else []),
    ]


def _clause(programme: Programme, clause: Clause, language: Language) -> list[tuple[str, ...]]:
    said = [
        f"{_ALSO.in_language(language)} {_COMMA.in_language(language).join(clause.also)}" if clause.also else "",
        clause.note.in_language(language) if clause.note else "",
    ]
    heading = (
        f"**{clause.id}**",
        f"**{clause.gloss.in_language(language)}**",
        DOMAINS[clause.domain].in_language(language),
        _SEMICOLON.in_language(language).join(filter(None, said)),
    )
    measures = [
        (
            measure.id,
            measure.gloss.in_language(language),
            DOMAINS[programme.measure_domain(clause, measure)].in_language(language),
            _answer(measure, language),
        )
        for measure in clause.measures
    ]
    return [heading, *measures]


def _answer(measure: Measure, language: Language) -> str:
    comma, colon = _COMMA.in_language(language), _COLON.in_language(language)
    if measure.not_modelled:
        answer = f"{_NOT_MODELLED.in_language(language)}{colon}{measure.not_modelled.in_language(language)}"
    elif measure.indicator:
        answer = f"{_INDICATOR.in_language(language)} `{measure.indicator}`"
    else:
        answer = comma.join(f"`{lever}`" for lever in measure.levers)
        scenarios = comma.join(f"`{scenario}`" for scenario in measure.scenarios)
        answer += f" ({scenarios})" if scenarios else ""
    note = measure.note.in_language(language) if measure.note else ""
    return _SEMICOLON.in_language(language).join(filter(None, (answer, note)))


def _figure(figure: Figure, language: Language) -> tuple[str, ...]:
    indicator = f"{_INDICATOR.in_language(language)} `{figure.indicator}`" if figure.indicator else ""
    note = figure.note.in_language(language) if figure.note else ""
    doubt = ""
    if figure.confidence is not Confidence.HIGH:
        sure = CONFIDENCES[figure.confidence].in_language(language)
        doubt = f"{_READING.in_language(language)}{_COLON.in_language(language)}{sure}"
    return (
        figure.name.in_language(language),
        _COMMA.in_language(language).join((figure.clause, *figure.also)),
        figure_text(figure, language),
        str(figure.year or ""),
        USES[figure.use].in_language(language),
        _SEMICOLON.in_language(language).join(filter(None, (indicator, note, doubt))),
    )


def _places(places: NamedPlaces, language: Language) -> tuple[str, ...]:
    note = places.note.in_language(language) if places.note else ""
    return (places.name.in_language(language), places.clause, ", ".join(places.codes), note)


def _table(headings: Sequence[Label], rows: Sequence[Sequence[str]], language: Language) -> list[str]:
    lines = [[heading.in_language(language) for heading in headings], ["---"] * len(headings), *rows]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |" for cells in lines]


if __name__ == "__main__":
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")
