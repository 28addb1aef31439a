"""The page of ``urbsim experiments``: study by study what was compared, what was found, and what the model says."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from urbsim.evidence.reading import studies
from urbsim.evidence.rows import UNITS, Access, ErrorFrom, EvidenceStudy, Role, StudyDesign, StudyOutcome
from urbsim.evidence.rules import grade
from urbsim.experiment.tables import write_text
from urbsim.labels import Label, Language, bracketed
from urbsim.report.charts.evaluations import evaluation_chart
from urbsim.report.charts.style import Chart
from urbsim.report.fonts import font_face
from urbsim.validation.study import VERDICTS, StudyResult

PAGE = "experiments.html"
_FONT_MARK = "/* font */"
WORDS = {
    "title": Label("Published evaluations, repeated on simulated people", "在模拟人口上重复已发表的政策评估"),
    "how": Label(
        "Each study's own comparison was carried out on simulated people of {places} counties, districts of cities or "
        "half of each, as stands beside it, in {replicates} replicates; each has another draw of the posterior, other "
        "treated places and other luck. What the same "
        "comparison finds where nothing was done is taken off. Bands, roles and errors were written down before "
        "anything was simulated under responses that vary: docs/evidence.md has the rules.",
        "在{places}个县、市辖区或各半（见各研究）的模拟人口上按各研究自身的方法进行比较，共{replicates}次重复；"
        "每次使用另一组后验抽样、另一批处理地区和另一组随机数，并扣除同一比较在无政策时的结果。"
        "区间、用途和误差在模拟之前即已写定，规则见docs/evidence.md。",
    ),
    "fit": Label("Studies that fit the responses", "用于拟合反应参数的研究"),
    "test": Label("Studies that test them, to which nothing is fitted", "用于检验的研究（未用于任何拟合）"),
    "expectation": Label("Expectations of sign and order", "对方向与次序的预期"),
    "study": Label("study", "研究"),
    "compared": Label("what was compared, where and when", "比较对象、地点与时间"),
    "outcome": Label("outcome", "结果指标"),
    "found": Label("the study found", "研究结果"),
    "band": Label("band", "区间"),
    "model": Label("the model says [90 % of draws]", "模型结果［抽样90%］"),
    "mean": Label("mean [90 %]", "均值［90%］"),
    "twins": Label("against twins", "与无政策的同一人群相比"),
    "verdict": Label("verdict", "判定"),
    "cause": Label("Cause", "原因"),
    "unknown": Label("The cause is not known.", "原因未知。"),
    "limits": Label("What the model can say", "模型的适用范围"),
    "score": Label(
        "{inside} of {judged} results in the band; {reached} in the band widened by the result's own interval over "
        "draws.",
        "{judged}项结果中{inside}项落入区间；按结果自身的抽样区间放宽后为{reached}项。",
    ),
    "not_modelled": Label("not modelled", "未建模"),
    "widened": Label("within the band widened by its interval", "在放宽后的区间内"),
}
_DESIGNS = {
    StudyDesign.RANDOMIZED: Label("randomized trial", "随机试验"),
    StudyDesign.DISCONTINUITY: Label("regression discontinuity", "断点回归"),
    StudyDesign.PRETRENDS: Label("differences in differences, pre-trends seen", "双重差分（已检验平行趋势）"),
    StudyDesign.DIFFERENCES: Label("differences in differences", "双重差分"),
    StudyDesign.INSTRUMENT: Label("instrument", "工具变量"),
    StudyDesign.MATCHING: Label("matching", "匹配"),
    StudyDesign.REGRESSION: Label("regression", "回归"),
    StudyDesign.STRUCTURAL: Label("structural model", "结构模型"),
}
_GRADES = {"strong": Label("strong", "强"), "fair": Label("fair", "中"), "weak": Label("weak", "弱")}
_READ = {
    Access.FULL: Label("read in full", "全文"),
    Access.TABLE: Label("a table was read", "表格"),
    Access.ABSTRACT: Label("the abstract was read", "摘要"),
    Access.SUMMARY: Label("a summary was read", "概要"),
    Access.NOT_READ: Label("not read", "未读"),
}
_ERRORS = {
    ErrorFrom.PRINTED: Label("error printed", "误差为原文所列"),
    ErrorFrom.P_VALUE: Label("error by p-value", "误差由p值推算"),
    ErrorFrom.RANGE: Label("error by range", "误差由区间推算"),
    ErrorFrom.JUDGEMENT: Label("error judged by rule", "误差按规则判断"),
}


def write_page(results: Sequence[StudyResult], places: int, folder: Path, language: Language) -> Path:
    """Write the page into a folder and return its path."""
    write_text(experiments_page(results, places, language), folder / PAGE)
    return folder / PAGE


def experiments_page(results: Sequence[StudyResult], places: int, language: Language) -> str:
    """Return the page as HTML: one file that needs no network."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("urbsim.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    chart = evaluation_chart(results, language)
    replicates = max((result.replicates for result in results), default=0)
    page: str = environment.get_template("experiments.html.j2").render(
        language=language,
        w={name: label.in_language(language) for name, label in WORDS.items()},
        how=WORDS["how"].in_language(language).format(places=places, replicates=replicates),
        picture=_picture(chart) if chart else "",
        parts=[part for role in (Role.TEST, Role.FIT, Role.EXPECTATION) if (part := _part(results, role, language))],
        style=(files("urbsim.report") / "templates" / "report.css").read_text("utf-8"),
        font_face=_FONT_MARK,
    )
    return page.replace(_FONT_MARK, font_face(page))


def _picture(chart: Chart) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(chart.svg.encode('utf-8')).decode('ascii')}"


def _part(results: Sequence[StudyResult], role: Role, language: Language) -> dict[str, Any] | None:
    """Return the studies of a role with their outcomes, and how many lie in their bands."""
    of_role = [result for result in results if result.outcome.role is role]
    if not of_role:
        return None
    judged = [result for result in of_role if result.outcome.modelled]
    score = WORDS["score"].in_language(language)
    counts = {
        "inside": sum(result.verdict == "pass" for result in judged),
        "judged": len(judged),
        "reached": sum(result.reaches for result in judged),
    }
    names = dict.fromkeys(result.outcome.evidence for result in of_role)
    rows = {study.id: study for study in studies()}
    shown = [
        _study(rows[name], [result for result in of_role if result.outcome.evidence == name], language)
        for name in names
    ]
    return {"title": WORDS[role.value].in_language(language), "score": score.format(**counts), "studies": shown}


def _study(row: EvidenceStudy, results: Sequence[StudyResult], language: Language) -> dict[str, Any]:
    cited = row.citation
    link = f"https://doi.org/{cited.doi}" if cited.doi else cited.url or ""
    years = "" if row.years is None else f", {row.years[0]}–{row.years[1]}" if row.years[0] != row.years[1] else ""
    design = bracketed(_DESIGNS[row.design].in_language(language), _GRADES[grade(row)].in_language(language), language)
    missed = [result for result in results if result.verdict in ("fail", "unclear")]
    return {
        "name": cited.short,
        "id": row.id,
        "link": link,
        "compared": f"{row.compared}. {row.where[:1].upper()}{row.where[1:]}{years}.",
        "simulated": "" if row.stage is None else f"{row.stage.world}; {row.stage.start}–{row.stage.until}",
        "design": f"{design}; {_READ[row.read].in_language(language)}",
        "outcomes": [_outcome(result, _published(row, result), language) for result in results],
        "limits": results[0].study.limits.in_language(language) if missed else "",
        "missed": bool(missed),
    }


def _published(row: EvidenceStudy, result: StudyResult) -> StudyOutcome:
    return next(outcome for outcome in row.outcomes if outcome.key == result.outcome.key)


def _outcome(result: StudyResult, published: StudyOutcome, language: Language) -> dict[str, Any]:
    unit = UNITS[published.unit].in_language(language)
    found = published.published.in_language(language)
    if published.estimate is not None and published.error is not None and published.error_from is not None:
        origin = _ERRORS[published.error_from].in_language(language)
        found = bracketed(f"{published.estimate:+g} ± {published.error:.2g} {unit}", origin, language)
    missed = result.verdict in ("fail", "unclear")
    cause = result.cause or (WORDS["unknown"] if missed else None)
    return {
        "label": published.label.in_language(language),
        "found": found,
        "band": _band(result),
        "model": _interval(result.estimate, result.draws_low, result.draws_high, unit),
        "mean": _interval(result.estimate, result.low, result.high, ""),
        "twins": "" if result.outcome.by_twin else _interval(result.twin, result.twin_low, result.twin_high, ""),
        "verdict": VERDICTS[result.verdict].in_language(language),
        "kind": result.verdict.replace(" ", "-"),
        "widened": result.verdict != "pass" and result.outcome.modelled and result.reaches,
        "cause": cause.in_language(language) if cause else "",
    }


def _band(result: StudyResult) -> str:
    low, high = result.outcome.low, result.outcome.high
    if low != low:  # noqa: PLR0124 - not modelled
        return ""
    ends = ["" if abs(end) == float("inf") else f"{end:+g}" if abs(end) > 1e-300 else "0" for end in (low, high)]
    if not ends[1]:
        return f"> {ends[0]}" if low > 0.0 else f"≥ {ends[0]}"
    return f"< {ends[1]}" if not ends[0] else f"{ends[0]} – {ends[1]}"


def _interval(middle: float, low: float, high: float, unit: str) -> str:
    """Return a number with its interval; empty where it is not known."""
    if middle != middle:  # noqa: PLR0124 - not-a-number
        return ""
    interval = "" if low != low else f" [{low:+.2f}, {high:+.2f}]"  # noqa: PLR0124
    return f"{middle:+.2f}{interval} {unit}".rstrip()
