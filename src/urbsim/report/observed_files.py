"""The files of a fit to observations: draws, fit, what had to be true, and pages that say it in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from urbsim.calibration.observed import ObservedFit
from urbsim.experiment.tables import write_csv, write_parquet, write_text
from urbsim.labels import Label, Language, bracketed, decimal
from urbsim.observation.indicators import INDICATORS
from urbsim.parameters import registry
from urbsim.report import text
from urbsim.report.numbers import format_of
from urbsim.scenario.model import WHOLE
from urbsim.scenario.own_posterior import CONSTANTS, FIT

NEEDED, WEIGHTS = "needed.csv", "weights.csv"
PAGES: dict[Language, str] = {"en": "README.md", "zh": "README.zh.md"}
#: A shift of fewer standard deviations is not told of a parameter or indicator.
_TOLD = 0.5
_MOST_ROWS = 14
_FLOWS = {
    "into towns and seat from elsewhere": Label(
        "into towns and seat from elsewhere, a year", "每年从县外迁入建制镇和县城"
    ),
    "out of towns and seat to elsewhere": Label(
        "out of towns and seat to elsewhere, a year", "每年从建制镇和县城迁往县外"
    ),
    "from villages to towns and seat": Label("from villages to towns and seat, a year", "每年从乡村迁入建制镇和县城"),
    "from towns and seat to villages": Label("from towns and seat to villages, a year", "每年从建制镇和县城迁往乡村"),
    "into villages from elsewhere": Label("into villages from elsewhere, a year", "每年从县外迁入乡村"),
    "out of villages to elsewhere": Label("out of villages to elsewhere, a year", "每年从乡村迁往县外"),
}
_POSTS = {
    "in towns and seat outside farming": Label("posts in towns and seat outside farming", "建制镇和县城的非农岗位"),
}
_CONSTANTS = {
    "urban": Label("constant 'urban': pull of towns and seat", "常数“城镇”：建制镇和县城的吸引力"),
    "outside": Label("constant 'outside': pull of the world outside the county", "常数“县外”：县外的吸引力"),
}
_W = {
    "title_fit": Label("Fitted to {count} observations", "依据{count}项观测校准"),
    "title_target": Label("A world in which {count} targets hold", "{count}项目标成立的情形"),
    "fit": Label("What was fitted to", "校准所用的数值"),
    "plausible": Label("How plausible it is", "可信程度"),
    "needed": Label("What had to be true", "需要成立的条件"),
    "not_validation": Label(
        "This is a fit, not a validation: what stands above was used and proves nothing of the model.",
        "这是校准，不是检验：上述数值已被使用，不能证明模型。",
    ),
    "distance": Label(
        "Seen from the posterior without {it}, all of it together lies {distance} standard deviations away. "
        "Of its {members} draws {share} lie as far from what it expects; as a normal tail, a world of that posterior "
        "is as far away or farther with probability {p}{note}.",
        "从未使用{it}的后验看，上述数值整体相距{distance}个标准差。其{members}组抽样中有{share}偏离其均值达到这一程度；"
        "按正态尾部计算，该后验中出现同样或更远情形的概率为{p}{note}。",
    ),
    "extrapolated": Label(
        " (far beyond what the draws show, so only an order of magnitude)", "（远超抽样范围，仅为数量级）"
    ),
    "observations": Label("these observations", "这些观测"),
    "targets": Label("these targets", "这些目标"),
    "effective": Label(
        "Effective draws: {before} of {members} by weights alone, {after} after the constants were moved{power}.",
        "有效样本：仅按权重为{before}（共{members}），移动常数后为{after}{power}。",
    ),
    "tempered": Label(
        ", with weights tempered to the power {power} to keep as many", "（为保留这一数量，权重取{power}次方）"
    ),
    "disagrees": Label(
        "Data and model disagree beyond both errors: {what} {month} is {observed}, draws have {value} ± {spread}.",
        "数据与模型之差超出两者误差：{month}{what}为{observed}，抽样为{value}±{spread}。",
    ),
    "made": Label("Made by", "生成命令"),
    "use": Label("A scenario uses it with `posterior: {folder}`.", "在情景文件中写`posterior: {folder}`即可使用。"),
    "none": Label("no indicator moved by half a standard deviation", "无指标变化达到半个标准差"),
    "files": Label(
        "`constants.parquet`: draws, each with the draw of the national stage (`member`) it stands on; `fit.csv`: what "
        "was fitted to; `needed.csv`: everything of the tables below; `weights.csv`: weights of the members",
        "`constants.parquet`：各组抽样及其对应的全国阶段抽样（`member`）；`fit.csv`：校准所用数值；"
        "`needed.csv`：下列各表的全部内容；`weights.csv`：成员权重",
    ),
    "model_error": Label(
        "Errors: what is stated with a figure, and what the model may be off by (1 point of shares, 2 % of the rest; "
        "an assumption). A target is taken to hold within its tolerance.",
        "误差：数值自带误差加模型可能的偏差（比重1个百分点，其余2%，为假设）。目标在其容差内视为成立。",
    ),
}
_HEADS = {
    "fit": (
        Label("figure", "指标"),
        Label("month", "月份"),
        Label("value", "数值"),
        Label("error", "误差"),
        Label("before", "此前"),
        Label("after", "此后"),
        Label("away from before, sd", "与此前相距（标准差）"),
    ),
    "needed": (
        Label("what", "内容"),
        Label("before", "此前"),
        Label("after", "此后"),
        Label("shift, sd", "变化（标准差）"),
    ),
}
HEADINGS, NEEDED_HEADINGS = _HEADS["fit"], _HEADS["needed"]
_KINDS = {
    "constant": Label("The county's constants, utility points", "县级常数（效用点）"),
    "flow": Label("Migration, persons", "人口迁移（人）"),
    "posts": Label("Posts", "岗位"),
    "indicator": Label("Indicators at the last month", "末月指标"),
    "parameter": Label("Common parameters that weights chose", "权重所选的全国参数"),
}


def write_observed(fit: ObservedFit, folder: Path, command: str) -> None:
    """Write draws, fit, what had to be true, weights, and a page in each language.

    ``command`` is what made them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_parquet(fit.table(), folder / CONSTANTS)
    write_csv(fit.fit_table(), folder / FIT)
    write_csv(fit.needed(), folder / NEEDED)
    members = range(1, len(fit.prior) + 1)
    weights = pd.DataFrame({"member": members, "before": fit.before, "after": fit.weights.values})
    write_csv(weights, folder / WEIGHTS)
    for language, name in PAGES.items():
        write_text("\n".join(_page(fit, folder, command, language)) + "\n", folder / name)


def _page(fit: ObservedFit, folder: Path, command: str, language: Language) -> Iterator[str]:
    def say(name: str) -> str:
        return _W[name].in_language(language)

    targets = all(one.target for one in fit.observations)
    title = say("title_target" if targets else "title_fit").format(count=len(fit.observations))
    place = text.place_label(fit.scenario.region).in_language(language)
    yield from (f"# {text.headed(place, title, language)}", "")
    yield from (f"## {say('fit')}", "")
    yield from _rows(HEADINGS, list(fit_rows(fit, language)), language)
    yield from ("", say("model_error"), "", say("not_validation"), "")
    yield from (f"## {say('plausible')}", "", plausibility(fit, language), "", effective_words(fit, language), "")
    for warning in warnings(fit, language):
        yield from (f"**{warning}**", "")
    yield from (f"## {say('needed')}", "")
    for kind, heading in _KINDS.items():
        rows = list(needed_rows(fit, kind, language))
        yield from (f"### {heading.in_language(language)}", "")
        yield from _rows(NEEDED_HEADINGS, rows, language) if rows else (say("none"),)
        yield ""
    yield from (f"## {say('made')}", "", f"    {command}", "", say("use").format(folder=folder.name), "", say("files"))


def _rows(headings: tuple[Label, ...], rows: list[tuple[str, ...]], language: Language) -> Iterator[str]:
    yield "| " + " | ".join(heading.in_language(language) for heading in headings) + " |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def fit_rows(fit: ObservedFit, language: Language) -> Iterator[tuple[str, ...]]:
    """Yield what was fitted to in words: figure, month, value, error, draws before and after, distance."""
    for row in fit.fit_table().to_dict("records"):
        form = format_of(row["indicator"], abs(row["observed"]), language)
        yield (
            _named(row, language),
            row["month"],
            form.value(row["observed"]),
            form.value(row["error"]),
            f"{form.value(row['prior'])} ± {form.value(row['prior_sd'])}",
            f"{form.value(row['posterior'])} ± {form.value(row['posterior_sd'])}",
            decimal(row["away"]),
        )


def _named(row: dict[Any, Any], language: Language) -> str:
    """Return the indicator of a row with its unit, and the county where it is of one of several."""
    form = format_of(row["indicator"], abs(row["observed"]), language)
    name = bracketed(text.indicator_label(row["indicator"], language), form.unit.in_language(language), language)
    if row["place"] == WHOLE:
        return name
    return f"{text.place_label(row['place']).in_language(language)} {name}"


def plausibility(fit: ObservedFit, language: Language) -> str:
    """Return how far what was observed lies from what was expected, and how likely that was."""
    space = fit.space
    before = space.coordinates(fit.outcomes[0])
    near = float((((before - before.mean(axis=0)) ** 2).sum(axis=1) >= (space.mean**2).sum()).mean())
    p = space.plausibility
    note = _W["extrapolated"].in_language(language) if p < 1.0 / len(fit.prior) else ""
    it = _W["targets" if all(one.target for one in fit.observations) else "observations"].in_language(language)
    said = f"{p:.2f}" if p >= 0.01 else f"{p:.1g}"
    sentence = _W["distance"].in_language(language)
    return sentence.format(
        it=it, distance=decimal(space.distance), share=f"{near:.0%}", members=len(fit.prior), p=said, note=note
    )


def effective_words(fit: ObservedFit, language: Language) -> str:
    """Return the effective number of draws before and after the constants were moved."""
    from urbsim.calibration.assimilation import effective

    power = ""
    if fit.weights.power < 1.0:
        power = _W["tempered"].in_language(language).format(power=f"{fit.weights.power:.2g}")
    return (
        _W["effective"]
        .in_language(language)
        .format(
            before=decimal(effective(fit.before)),
            after=decimal(fit.weights.effective),
            members=len(fit.prior),
            power=power,
        )
    )


def sentences(fit: ObservedFit, language: Language) -> Iterator[str]:
    """Yield how plausible what was fitted to is, how many draws are left, and what does not agree."""
    yield plausibility(fit, language)
    yield effective_words(fit, language)
    yield from warnings(fit, language)
    yield _W["not_validation"].in_language(language)


def warnings(fit: ObservedFit, language: Language) -> Iterator[str]:
    """Yield a sentence for everything in which data and draws disagree beyond both errors."""
    for row in fit.fit_table().query("disagrees").to_dict("records"):
        form = format_of(row["indicator"], abs(row["observed"]), language)
        yield (
            _W["disagrees"]
            .in_language(language)
            .format(
                what=_named(row, language),
                month=row["month"],
                observed=form.value(row["observed"]),
                value=form.value(row["posterior"]),
                spread=form.value(row["posterior_sd"]),
            )
        )


def needed_rows(fit: ObservedFit, kind: str, language: Language) -> Iterator[tuple[str, ...]]:
    """Yield what of a kind had to be true in words: name, before, after, shift."""
    rows = fit.needed().query("kind == @kind").dropna(subset=["shift"])
    if kind in ("parameter", "indicator"):
        rows = rows[rows["shift"].abs() >= _TOLD].head(_MOST_ROWS)
    for row in rows.to_dict("records"):
        name, largest = _name_of(kind, row["name"], language), max(abs(row["before"]), abs(row["after"]))
        if kind == "indicator":
            form = format_of(row["name"], largest, language)
            shown = [form.value(row[each]) for each in ("before", "before_sd", "after", "after_sd")]
            name = bracketed(name, form.unit.in_language(language), language)
        else:
            places = 0 if largest >= 100.0 else 3
            shown = [decimal(row[each], places) for each in ("before", "before_sd", "after", "after_sd")]
        yield name, f"{shown[0]} ± {shown[1]}", f"{shown[2]} ± {shown[3]}", f"{row['shift']:+.1f}".replace("-", "−")


def _name_of(kind: str, name: str, language: Language) -> str:
    if kind == "indicator" and name in INDICATORS:
        return text.indicator_label(name, language)
    if kind == "parameter":
        return f"`{name}` {registry()[name].label.in_language(language)}"
    if kind == "constant":
        code, _, which = name.partition(" ")
        words = (text.place_label(code).in_language(language), _CONSTANTS[which].in_language(language))
        return text.behind_commas(words, language)
    known = {**_FLOWS, **_POSTS}.get(name)
    return known.in_language(language) if known else name
