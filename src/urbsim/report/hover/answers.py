"""What other commands found out, as charts: gains and losses by group, results by group, parts of a plan."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from urbsim.experiment.names import distinct_names
from urbsim.labels import Label, Language
from urbsim.observation.measures import MEASURES
from urbsim.observation.observe import ALL, Observation, member_label, with_whom
from urbsim.report import text
from urbsim.report.answers import Answers, Contributed
from urbsim.report.asked import contribution_table, form_of
from urbsim.report.charts.style import GREY, PALETTE
from urbsim.report.hover.figure import (
    SHAPES,
    Coordinates,
    Hover,
    LegendKey,
    Spec,
    hovered,
    number_format,
    scenario_keys,
    scenario_scales,
)
from urbsim.report.numbers import measure_format

_STEP, _MOST_ROWS = 22, 40
_BETTER, _WORSE = "#009E73", "#D55E00"
_GAINS = Label("Better and worse off than under '{baseline}', {month}", "与“{baseline}”相比的受益者与受损者，{month}")
_SIDES = {
    "better_off": Label("income by head 5 % or more higher", "人均收入增加5%及以上"),
    "worse_off": Label("5 % or more lower", "减少5%及以上"),
}
_SHARE = Label("% of the group", "占该组人口的%")
_ADDS, _TAKES, _WHOLE = Label("adds", "增加"), Label("takes away", "减少"), Label("whole plan", "整个方案")
_INTERVAL = Label("interval", "区间")


def group_figures(answers: Answers, language: Language) -> Iterator[Hover]:
    """Yield a figure of each thing observed by group, and of gains and losses of the same people."""
    groups = answers.groups
    if groups is None:
        return
    titles = {scenario.name: scenario.title.in_language(language) for scenario in groups.plan.scenarios}
    drawn = set()
    for number, (name, observation) in enumerate(groups.observations.items()):
        if not observation.by:
            continue
        identity = f"groups:{number}-{distinct_names([name])[0]}"
        yield _values(identity, titles, observation, groups.rows[name], language)
        people = (observation.by, str(observation.of), observation.ages)
        if name in groups.twins and people not in drawn:
            drawn.add(people)
            yield _gains(f"{identity}-twins", titles, observation, groups.twins[name], language)


def _members(table: pd.DataFrame, observation: Observation, language: Language) -> pd.Series[str]:
    """Return what each row is of, in words."""
    words = [
        table[name].map(lambda member, name=name: member_label(name, str(member), language)) for name in observation.by
    ]
    rows = zip(*(each.astype(str) for each in words), strict=True)
    return pd.Series([text.behind_commas(row, language) for row in rows], index=table.index, dtype=object)


def _values(
    name: str, titles: dict[str, str], observation: Observation, rows: pd.DataFrame, language: Language
) -> Hover:
    measure, month = MEASURES[observation.indicator], str(rows["month"].max())
    table = rows[(rows["month"] == month) & (rows["suppressed"] == "")]
    form = measure_format(measure, float(table["median"].abs().max()) if len(table) else 0.0, language)
    table = table.assign(group=_members(table, observation, language))
    order = list(dict.fromkeys(table["group"]))[:_MOST_ROWS]
    values = [
        {
            "group": row["group"],
            "scenario": str(row["scenario"]),
            "shown": titles[str(row["scenario"])],
            **{key: _known(row[key] * form.factor) for key in ("median", "low", "high")},
            "interval": form.interval(row["low"], row["high"]) or "–",
        }
        for row in table.to_dict("records")
    ]
    unit, names = form.unit.in_language(language), list(titles)
    colours, _ = scenario_scales(names)
    x: Spec = {"field": "median", "type": "quantitative", "scale": {"zero": False}, "axis": {"title": unit}}
    y: Spec = {"field": "group", "type": "nominal", "scale": {"domain": order}, "axis": _groups_axis()}
    apart: Spec = {"field": "scenario", "scale": {"domain": names}}
    shapes = {"domain": names, "range": [SHAPES[number % len(SHAPES)] for number in range(len(names))]}
    tooltip = [
        hovered(" ", "group"),
        hovered(text.SCENARIO.in_language(language), "shown"),
        hovered(unit, "median", number_format(form.decimals)),
        hovered(_INTERVAL.in_language(language), "interval"),
    ]
    spread: Spec = {"mark": {"type": "rule", "opacity": 0.6, "strokeWidth": 1.5}}
    spread["encoding"] = {
        "x": {**x, "field": "low"},
        "x2": {"field": "high"},
        "y": y,
        "yOffset": apart,
        "color": colours,
    }
    dots: Spec = {"mark": {"type": "point", "filled": True, "size": 50, "opacity": 1}}
    dots["encoding"] = {"x": x, "y": y, "yOffset": apart, "color": colours, "tooltip": tooltip}
    dots["encoding"]["shape"] = {"field": "scenario", "type": "nominal", "scale": shapes, "legend": None}
    label = measure.label.in_language(language)
    title = text.behind_commas((f"{label[:1].upper()}{label[1:]}", month), language)
    title = with_whom(title, observation, language)
    spec: Spec = {"data": {"values": values}, "height": {"step": _STEP, "for": "position"}, "layer": [spread, dots]}
    return Hover(
        name, title, tuple(scenario_keys(titles, "dot")), (Coordinates("", spec, wide=True),), "", looks_up=False
    )


def _groups_axis() -> Spec:
    return {"title": None, "labelLimit": 150, "labelFontSize": 11}


def _known(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _gains(
    name: str, titles: dict[str, str], observation: Observation, twins: pd.DataFrame, language: Language
) -> Hover:
    """Return the shares of people better and worse off by group, a panel for each plan."""
    month = str(twins["month"].max())
    table = twins[(twins["month"] == month) & twins["outcome"].isin(list(_SIDES)) & (twins["suppressed"] == "")]
    whole = (table[list(observation.by)] == ALL).all(axis=1)
    table = table[~whole] if not whole.all() else table
    table = table.assign(group=_members(table, observation, language))
    order = list(dict.fromkeys(table["group"]))[:_MOST_ROWS]
    largest = float(table["median"].max()) * 100.0 if len(table) else 1.0
    panels = []
    for scenario in list(titles)[1:]:
        values = [
            {
                "group": row["group"],
                "outcome": str(row["outcome"]),
                "side": _SIDES[str(row["outcome"])].in_language(language),
                "share": 100.0 * row["median"] * (1.0 if row["outcome"] == "better_off" else -1.0),
                "written": f"{row['median']:.1%}",
            }
            for row in table[table["scenario"] == scenario].to_dict("records")
        ]
        panels.append(Coordinates(titles[scenario], _sides(values, order, largest, language)))
    baseline = next(iter(titles.values()))
    title = with_whom(_GAINS.in_language(language).format(baseline=baseline, month=month), observation, language)
    keys = tuple(
        LegendKey(label.in_language(language), "bar", shade, place)
        for place, (label, shade) in enumerate(zip(_SIDES.values(), (_BETTER, _WORSE), strict=True))
    )
    return Hover(name, title, keys, tuple(panels), "", looks_up=False)


def _sides(values: list[dict[str, Any]], order: list[str], largest: float, language: Language) -> Spec:
    fills = [f"url(#bar-{place}-{shade.removeprefix('#')})" for place, shade in enumerate((_BETTER, _WORSE))]
    unit = _SHARE.in_language(language)
    axis = {"title": unit, "labelExpr": "format(abs(datum.value), ',~g')", "tickCount": 5}
    bar: Spec = {"mark": {"type": "bar", "stroke": GREY, "strokeWidth": 0.4}}
    bar["encoding"] = {
        "x": {
            "field": "share",
            "type": "quantitative",
            "stack": None,
            "scale": {"domain": [-largest, largest], "nice": True},
            "axis": axis,
        },
        "y": {"field": "group", "type": "nominal", "scale": {"domain": order}, "axis": _groups_axis()},
        "fill": {
            "field": "outcome",
            "type": "nominal",
            "scale": {"domain": list(_SIDES), "range": fills},
            "legend": None,
        },
        "tooltip": [hovered(" ", "group"), hovered(" ", "side"), hovered(unit, "written")],
    }
    return {"data": {"values": values}, "height": {"step": _STEP - 4}, "layer": [bar]}


def contribution_figures(answers: Answers, language: Language) -> Iterator[Hover]:
    """Yield a waterfall for each answer on which policies did it."""
    for number, found in enumerate(answers.contributions):
        yield _waterfall(f"contributions:{number}", found, language)


def _waterfall(name: str, found: Contributed, language: Language) -> Hover:
    form, table = form_of(found, language), contribution_table(found, language)
    unit, reached = form.difference_unit.in_language(language), 0.0
    values = []
    for part, row in zip(found.parts, table.rows, strict=False):
        amount = float(part["shapley"]) * form.factor
        kind = "adds" if amount >= 0 else "takes"
        values.append({"part": row[0], "from": reached, "to": reached + amount, "kind": kind, "written": row[1]})
        reached += amount
    whole = float(found.whole["median"]) * form.factor
    last = table.rows[-1]
    values.append({"part": last[0], "from": 0.0, "to": whole, "kind": "whole", "written": last[1]})
    shades = {"adds": PALETTE[1], "takes": PALETTE[2], "whole": PALETTE[7]}
    fills = [f"url(#bar-{place}-{shade.removeprefix('#')})" for place, shade in enumerate(shades.values())]
    x: Spec = {"field": "from", "type": "quantitative", "axis": {"title": unit}, "scale": {"zero": True}}
    y: Spec = {"field": "part", "type": "nominal", "scale": {"domain": [value["part"] for value in values]}}
    y["axis"] = {**_groups_axis(), "labelLimit": 220}
    bar: Spec = {"mark": {"type": "bar", "stroke": GREY, "strokeWidth": 0.4}}
    bar["encoding"] = {
        "x": x,
        "x2": {"field": "to"},
        "y": y,
        "fill": {"field": "kind", "type": "nominal", "scale": {"domain": list(shades), "range": fills}, "legend": None},
        "tooltip": [hovered(" ", "part"), hovered(unit, "written")],
    }
    words = (_ADDS, _TAKES, _WHOLE)
    keys = tuple(
        LegendKey(word.in_language(language), "bar", shade, place)
        for place, (word, shade) in enumerate(zip(words, shades.values(), strict=True))
    )
    number: Spec = {"mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 11}}
    number["transform"] = [{"calculate": "max(datum.from, datum.to)", "as": "right"}]
    number["transform"].append({"calculate": "split(datum.written, ' ')[0]", "as": "short"})
    number["encoding"] = {"x": {**x, "field": "right"}, "y": y, "text": {"field": "short"}}
    spec: Spec = {"data": {"values": values}, "height": {"step": 30}, "layer": [bar, number]}
    return Hover(name, table.title, keys, (Coordinates("", spec, wide=True),), table.note, looks_up=False)
