"""Charts of results by group: a row per group, gains and losses of the same people, age pyramids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from urbsim.distribution.pyramid import AGES, SEXES
from urbsim.labels import Label, Language, shortened
from urbsim.observation.measures import MEASURES
from urbsim.observation.observe import ALL, FEWEST_AGENTS, Observation, member_label, with_whom
from urbsim.report import text
from urbsim.report.charts.style import GREY, Chart, axis_number, colour, frame, marker, panels, styled
from urbsim.report.numbers import measure_format, people_format

if TYPE_CHECKING:
    from urbsim.distribution.groups import Groups

_ROW_INCHES, _LEAST_INCHES = 0.3, 1.9
_BETTER, _WORSE = "#009E73", "#D55E00"
_MALE, _FEMALE = "#56B4E9", "#CC79A7"
_HIDDEN = Label(
    f"groups of fewer than {FEWEST_AGENTS} simulated people are left out", f"模拟人数少于{FEWEST_AGENTS}的组未显示"
)
_SIDE_INCHES = 0.12


def group_chart(groups: Groups, name: str, observation: Observation, rows: pd.DataFrame, language: Language) -> Chart:
    """Return a chart with one row per group, a mark per scenario with its interval, in the last month.

    ``name`` is that of its file.
    """
    month = rows["month"].max()
    table = rows[rows["month"] == month]
    measure = MEASURES[observation.indicator]
    form = measure_format(measure, float(table["median"].abs().max()), language)
    labels = _labels(table, observation, language)
    places = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    scenarios = groups.plan.titles(language)
    with styled():
        figure = Figure(figsize=(7.6, max(_ROW_INCHES * len(places) + 1.3, _LEAST_INCHES)), layout="constrained")
        axis = figure.subplots()
        handles = []
        for position, scenario in enumerate(scenarios):
            part = table["scenario"] == scenario
            offset = (position - (len(scenarios) - 1) / 2) * 0.5 / len(scenarios)
            height = np.array([places[label] for label in np.array(labels)[part]]) + offset
            handles.append(_marks(axis, table[part], height, form.factor, position))
        _rows_of_groups(axis, list(places))
        axis.set_xlabel(form.unit.in_language(language))
        axis.xaxis.set_major_formatter(FuncFormatter(lambda number, _: axis_number(number)))
        axis.xaxis.set_major_locator(MaxNLocator(6))
        label = measure.label.in_language(language)
        what = Label(f"{label[:1].upper()}{label[1:]}, {month}", f"{label}，{month}").in_language(language)
        title = with_whom(what, observation, language)
        _framed(figure, title, groups, language, handles, list(scenarios.values()))
    return Chart(f"groups_{name}", figure, rows)


def _labels(table: pd.DataFrame, observation: Observation, language: Language) -> list[str]:
    comma, labels = Label(", ", "，").in_language(language), []
    for row in table[list(observation.by)].astype(str).itertuples(index=False):
        # Of all together, "all" is said once.
        labels.append(
            comma.join(dict.fromkeys(member_label(*pair, language) for pair in zip(observation.by, row, strict=True)))
        )
    return labels if observation.by else [member_label("", ALL, language)] * len(table)


def _marks(axis: Axes, table: pd.DataFrame, height: Any, factor: float, position: int) -> Any:
    median, low, high = (table[name].to_numpy(dtype=float) * factor for name in ("median", "low", "high"))
    axis.hlines(height, low, high, color=colour(position), linewidth=1.4, alpha=0.6)
    return axis.plot(median, height, marker(position), color=colour(position), markersize=5)[0]


def _rows_of_groups(axis: Axes, labels: list[str]) -> None:
    axis.set_yticks(range(len(labels)), [shortened(label, 44) for label in labels], fontsize=8)
    axis.set_ylim(len(labels) - 0.4, -0.6)
    axis.grid(axis="y", visible=False)
    axis.grid(axis="x")
    for line in range(1, len(labels)):
        axis.axhline(line - 0.5, color="#EEEEEE", linewidth=0.6)


def _framed(
    figure: Figure, title: str, groups: Groups, language: Language, handles: list[Any], names: list[str]
) -> None:
    frame(figure, title, _note(groups, language), handles, names)
    engine = figure.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    engine.set(w_pad=_SIDE_INCHES)


def _note(groups: Groups, language: Language) -> str:
    baseline = groups.plan.baseline
    runs = len(groups.plan.run_keys()) // len(groups.plan.names)
    known = text.interval_note(runs, language, groups.plan.draws)
    note = Label(
        f"urbsim; {known}, scale {baseline.scale:g}, seed {groups.plan.seed}; {_HIDDEN.en}.",
        f"urbsim；{known}，抽样比例{baseline.scale:g}，随机种子{groups.plan.seed}；{_HIDDEN.zh}。",
    )
    return note.in_language(language)


def twins_chart(groups: Groups, observation: Observation, twins: pd.DataFrame, language: Language) -> Chart:
    """Return a chart of the shares of people better and worse off by group, a panel per scenario."""
    month = twins["month"].max()
    table = twins[(twins["month"] == month) & twins["outcome"].isin(["better_off", "worse_off"])]
    titles = groups.plan.titles(language)
    others = groups.plan.names[1:]
    with styled():
        count = table.groupby(list(observation.by)).ngroups if observation.by else 1
        figure, axes = panels(len(others), 2, height=max(_ROW_INCHES * count + 0.6, _LEAST_INCHES))
        for axis, scenario in zip(axes, others, strict=True):
            _gains(axis, table[table["scenario"] == scenario], observation, language)
            axis.set_title(shortened(titles[scenario], 44))
        baseline = titles[groups.plan.baseline.name]
        title = Label(
            f"Better and worse off than under '{baseline}', {month}",
            f"与“{baseline}”相比的受益者与受损者，{month}",
        ).in_language(language)
        title = with_whom(title, observation, language)
        names = (
            Label("income by head 5 % or more higher", "人均收入增加5%及以上"),
            Label("5 % or more lower", "减少5%及以上"),
        )
        handles = [Patch(color=_BETTER), Patch(color=_WORSE, hatch="///", fill=False)]
        _framed(figure, title, groups, language, handles, [name.in_language(language) for name in names])
    return Chart("winners_and_losers", figure, twins)


def _gains(axis: Axes, table: pd.DataFrame, observation: Observation, language: Language) -> None:
    better, worse = (table[table["outcome"] == name].reset_index(drop=True) for name in ("better_off", "worse_off"))
    labels = _labels(better, observation, language)
    height = np.arange(len(labels))
    axis.barh(height, better["median"] * 100.0, 0.7, color=_BETTER)
    axis.barh(height, -worse["median"] * 100.0, 0.7, color="white", edgecolor=_WORSE, hatch="///")
    _rows_of_groups(axis, labels)
    axis.axvline(0, color=GREY, linewidth=0.8)
    axis.xaxis.set_major_formatter(FuncFormatter(lambda number, _: axis_number(abs(number))))
    axis.set_xlabel(Label("% of the group", "占该组人口的%").in_language(language))


def pyramid_chart(groups: Groups, language: Language) -> Chart:
    """Return age pyramids, a panel per scenario; the outline in each is that of the baseline."""
    month = groups.pyramid["month"].max()
    table = groups.pyramid[groups.pyramid["month"] == month]
    names, titles = groups.plan.names, groups.plan.titles(language)
    with styled():
        figure, axes = panels(len(names), 2, height=3.8)
        form = people_format(float(table["persons"].abs().max()), language)
        table = table.assign(persons=table["persons"] * form.factor)
        outline = _sides(table, groups.plan.baseline.name)
        largest = 0.0
        for axis, scenario in zip(axes, names, strict=True):
            sides = _sides(table, scenario)
            largest = max(largest, *(float(np.nanmax(np.abs(side), initial=0.0)) for side in (*sides, *outline)))
            for side, shade in zip(sides, (_MALE, _FEMALE), strict=True):
                axis.barh(range(len(AGES)), side, 0.9, color=shade)
            for side in outline if scenario != groups.plan.baseline.name else ():
                edges = np.arange(len(AGES) + 1) - 0.5
                axis.stairs(side, edges, orientation="horizontal", baseline=None, color="black", linewidth=1.0)
            axis.set_title(shortened(titles[scenario], 44))
            axis.set_yticks(range(0, len(AGES), 2), AGES[::2], fontsize=8)
            axis.xaxis.set_major_formatter(FuncFormatter(lambda number, _: axis_number(abs(number))))
            axis.xaxis.set_major_locator(MaxNLocator(5))
            axis.set_xlabel(form.unit.in_language(language))
        for axis in axes:
            axis.set_xlim(-1.05 * largest or -1.0, 1.05 * largest or 1.0)
        title = Label(f"Residents by age and sex, {month}", f"常住人口年龄金字塔，{month}").in_language(language)
        legend = (Label("men", "男"), Label("women", "女"), Label("baseline", "基准"))
        handles = [Patch(color=_MALE), Patch(color=_FEMALE), Patch(facecolor="white", edgecolor="black")]
        shown = len(legend) if len(names) > 1 else len(SEXES)
        labels = [each.in_language(language) for each in legend[:shown]]
        _framed(figure, title, groups, language, handles[:shown], labels)
    return Chart("age_pyramid", figure, groups.pyramid)


def _sides(table: pd.DataFrame, scenario: str) -> tuple[Any, Any]:
    """Return persons by age group: men to the left of zero, women to the right."""
    part = table[table["scenario"] == scenario].pivot(index="age", columns="sex", values="persons").reindex(AGES)
    men, women = (part[sex].to_numpy(dtype=float) for sex in SEXES)
    return -men, women
