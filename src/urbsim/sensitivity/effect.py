"""Where the interval of a plan's effect comes from, and what of it hinges on a choice of structure.

An effect is the difference of a scenario from its baseline in the last month, for the same people with the same random
numbers. Draw k of the posterior brings four things: census parameters, responses to policies, constants of counties,
and luck (the base population and all chance of the months). Each is redrawn alone, with the other three held at the
middle: the variance of the effect that it makes by itself. All four redrawn together make the whole; what is left
between the sum of the four and the whole is what they make in company. Constants make up for the level of a draw's
common parameters: that part of them goes with the census parameters, and what is not known of the county itself is what
county constants bring.

Alternatives are choices of structure that were considered and not taken (``alternatives``). Each is run at the middle
of the posterior, without fitting anything again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, ends_of
from urbsim.calibration.design import priors
from urbsim.experiment.plan import Given, given, stream_of
from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Task
from urbsim.labels import Label
from urbsim.parameters import DatedValue, overlay
from urbsim.posterior.draws import counties_folder
from urbsim.posterior.own_constants import PERIOD, constants_of_level
from urbsim.scenario.model import Scenario
from urbsim.sensitivity.alternatives import alternatives
from urbsim.sensitivity.outcomes import OUTCOMES
from urbsim.sensitivity.runs import LastMonth
from urbsim.state.constants import CountyConstants, OwnConstants


class EffectSource(StrEnum):
    """What a draw brings; ``ALL`` is all of it together."""

    RESPONSES = "responses"
    CENSUS = "census"
    CONSTANTS = "constants"
    LUCK = "luck"
    ALL = "all"


SOURCES = {
    EffectSource.RESPONSES: Label("responses to policies", "对政策的反应"),
    EffectSource.CENSUS: Label("census parameters", "普查拟合参数"),
    EffectSource.CONSTANTS: Label("county constants", "县级常数"),
    EffectSource.LUCK: Label("luck", "随机性"),
    EffectSource.ALL: Label("all together", "全部"),
}
PRESENT = Label("as it is", "现行设定")
#: Chance with which the effect of a further draw lies between p05 and p95.
HELD = 0.9


def split_effect(baseline: Scenario, plan: Scenario, draws: int, runner: Runner, seed: int = 0) -> pd.DataFrame:
    """Return how much of the variance of a plan's effect each source makes alone.

    Returns
    -------
    DataFrame
        Columns ``outcome``, ``source``, ``sd`` (standard deviation of the effect, unit of the outcome), ``share`` (of
        the variance of all together; of all, 1), ``p05``, ``median``, ``p95`` (of the effect), ``draws``. Shares of
        single sources need not add up to one.
    """
    numbers = range(1, draws + 1)
    pairs = [(source, number) for source in EffectSource for number in numbers]
    tasks = [_task(scenario, source, number, seed) for source, number in pairs for scenario in (baseline, plan)]
    effects = _effects(_outcomes(tasks, runner, "draws of the effect")).reshape(len(EffectSource), draws, len(OUTCOMES))
    rows = []
    whole = effects[list(EffectSource).index(EffectSource.ALL)].var(axis=0, ddof=1)
    for place, outcome in enumerate(OUTCOMES):
        for position, source in enumerate(EffectSource):
            values = effects[position, :, place]
            low, high = ends_of(values, HELD)
            share = float(values.var(ddof=1) / whole[place]) if whole[place] > 0.0 else np.nan
            row: dict[str, object] = {"outcome": outcome.indicator, "source": str(source), "share": share}
            row["sd"] = float(values.std(ddof=1))
            rows.append({**row, "p05": low, "median": np.median(values), "p95": high, "draws": draws})
    return pd.DataFrame(rows)


def robustness(baseline: Scenario, plan: Scenario, replicates: int, runner: Runner, seed: int = 0) -> pd.DataFrame:
    """Return headline results and the plan's effect as the model is, and under every alternative.

    Returns
    -------
    DataFrame
        Columns ``alternative`` (empty for the model as it is), ``about``, ``outcome``, ``baseline``, ``plan``,
        ``effect`` (means over replicates), ``error`` (standard error of the effect by chance), ``replicates``.
    """
    choices: list[tuple[str, str, Mapping[str, DatedValue]]] = [("", "", {})]
    choices += [(one.id, one.about, dict(one.parameters)) for one in alternatives()]
    tasks = [
        _run(replace(scenario, parameters=overlay(scenario.parameters, values)), given(scenario, 0), seed, stream)
        for _, _, values in choices
        for stream in range(replicates)
        for scenario in (baseline, plan)
    ]
    found = _outcomes(tasks, runner, "alternatives").reshape(len(choices), replicates, 2, len(OUTCOMES))
    rows = []
    for position, (name, about, _) in enumerate(choices):
        for place, outcome in enumerate(OUTCOMES):
            levels = found[position, :, :, place]
            effects = levels[:, 1] - levels[:, 0]
            error = float(effects.std(ddof=1) / np.sqrt(replicates)) if replicates > 1 else np.nan
            row: dict[str, object] = {"alternative": name, "about": about, "outcome": outcome.indicator}
            row |= {"baseline": float(levels[:, 0].mean()), "plan": float(levels[:, 1].mean())}
            rows.append({**row, "effect": float(effects.mean()), "error": error, "replicates": replicates})
    return pd.DataFrame(rows)


def _task(scenario: Scenario, source: EffectSource, number: int, seed: int) -> Task:
    """Return a run in which one source is that of a draw, and the others are those of the middle."""
    middle, drawn = given(scenario, 0), given(scenario, number)
    chosen = {*EffectSource} if source is EffectSource.ALL else {source}
    parameters = dict(middle.parameters)
    for name, value in drawn.parameters.items():
        if name in scenario.parameters:
            continue  # what a scenario writes holds in every draw
        if (EffectSource.CENSUS if name in priors() or name == PERIOD else EffectSource.RESPONSES) in chosen:
            parameters[name] = value
    constants = _constants(scenario, number, (middle, drawn), chosen)
    stream = stream_of(number, 0) if EffectSource.LUCK in chosen else 0
    return _run(replace(scenario, parameters=parameters), Given(parameters, constants), seed, stream)


def _constants(
    scenario: Scenario, number: int, both: tuple[Given, Given], chosen: set[EffectSource]
) -> tuple[OwnConstants, ...]:
    """Return the constants of a run: the level of a draw goes with its census parameters, the rest with constants."""
    middle, drawn = (np.array(its.constants, dtype=float).reshape(-1, 4) for its in both)
    level = constants_of_level(counties_folder(), number, scenario.counties, scenario.base_year)
    if not scenario.calibrated or scenario.posterior is not None:
        level = np.zeros_like(middle)
    found = middle + (EffectSource.CENSUS in chosen) * level
    found += (EffectSource.CONSTANTS in chosen) * (drawn - middle - level)
    return CountyConstants.of(np.round(found, 6)).rows()


def _run(scenario: Scenario, its: Given, seed: int, stream: int) -> Task:
    return Task(scenario, its.constants, seed, stream, probe=LastMonth())


def _outcomes(tasks: Sequence[Task], runner: Runner, label: str) -> Floats:
    """Return the outcomes of tasks, shape (tasks, outcomes)."""
    found = dict(runner.tables(tasks, label))
    names = [outcome.indicator for outcome in OUTCOMES]
    return np.array([found[position]["outcomes"][names].to_numpy(dtype=float)[0] for position in range(len(tasks))])


def _effects(outcomes: Floats) -> Floats:
    """Return effects from outcomes of baseline and plan in turn."""
    return np.asarray(outcomes[1::2] - outcomes[::2])
