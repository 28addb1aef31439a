"""A scenario's counties fitted to what was observed of them, or to targets taken to hold: see ``assimilation``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, Ints
from urbsim.calibration import assimilation
from urbsim.calibration.assimilation import ASSIMILATIONS, Space, Weights
from urbsim.calibration.regional import group_of
from urbsim.codes import COUNTY_ZONES, Sector
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import Plan, given, make_plan
from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Recorded
from urbsim.experiment.tables import Tables
from urbsim.experiment.targets import HAIR
from urbsim.labels import bilingual
from urbsim.months import format_month
from urbsim.observation.indicators import INDICATORS
from urbsim.scenario.model import WHOLE, ObservedValue, Scenario
from urbsim.state.constants import CountyConstants

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel

#: What the model may be off by that no draw holds: of shares, and relative to other values. Assumption: about what is
#: left of outcomes after counties were fitted to two censuses.
SHARE_ERROR, RELATIVE_ERROR = 0.01, 0.02
#: Within what a target without tolerance is taken to hold: of shares, and relative to other values.
SHARE_HOLDS, RELATIVE_HOLDS = 0.002, 0.005
_POSTS = "posts"


@dataclass(frozen=True)
class WithPosts(Recorded):
    """What a run folder keeps, and posts by county, zone and sector at the end."""

    relies_on: ClassVar[tuple[str, ...]] = ("urbsim.experiment.simulate",)

    def observe(self, model: UrbanizationModel, months: Iterator[int]) -> Tables:
        """Simulate to the end and return the recorded tables and ``posts``."""
        tables = super().observe(model, months)
        posts = model.world.places.employers.posts
        rows = [
            (code, zone.name.lower(), sector.name.lower(), float(posts[county, zone, sector]))
            for county, code in enumerate(model.world.codes)
            for zone in COUNTY_ZONES
            for sector in Sector
        ]
        return {**tables, _POSTS: pd.DataFrame(rows, columns=["place", "zone", "sector", "posts"])}


def error_of(observation: ObservedValue) -> float:
    """Return the standard error of an observation: its own and the model's; of a target, within what it holds."""
    share = INDICATORS[observation.indicator].percent
    if observation.target:
        least = SHARE_HOLDS if share else RELATIVE_HOLDS * abs(observation.value)
        return max(observation.tolerance or least, 1e-9)
    model = SHARE_ERROR if share else RELATIVE_ERROR * abs(observation.value)
    return max(float(np.hypot(observation.tolerance, model)), 1e-9)


@dataclass(frozen=True)
class ObservedFit:
    """What a fit to observations found.

    Attributes
    ----------
    scenario
        What was simulated, to the last observation.
    observations
        What was fitted to, in the order of the outcomes.
    prior, constants
        Constants of the counties before and after they were moved, shape (members, counties, 4).
    middle
        Constants of draw 0 before, shape (counties, 4).
    outcomes
        Of each pass, the first before anything was moved, shape (passes, members, observations).
    space
        Where what was observed lies in what was expected.
    before, weights
        Weights of the members before they were moved, by agreement alone, and after.
    states
        Of the first and the last pass: what runs came to at the last observation, a column each, a row per member.
    drawn
        Members of the resampled draws, in order.
    """

    scenario: Scenario
    observations: tuple[ObservedValue, ...]
    prior: Floats
    constants: Floats
    middle: Floats
    outcomes: Floats
    space: Space
    before: Floats
    weights: Weights
    states: tuple[pd.DataFrame, pd.DataFrame]
    drawn: Ints

    def table(self) -> pd.DataFrame:
        """Return the resampled draws: ``year``, ``code``, ``draw``, ``member`` and the constants.

        Draw 0 is the middle: the registry's parameters with the constants of draw 0, moved as the draws are on average.
        """
        shift = np.tensordot(self.weights.values, self.constants - self.prior, axes=1)
        draws = [(0, 0, self.middle + shift)]
        draws += [(number, int(member) + 1, self.constants[member]) for number, member in enumerate(self.drawn, 1)]
        rows = [
            (self.scenario.base_year, code, number, member, *np.round(own[county], 6))
            for number, member, own in draws
            for county, code in enumerate(self.scenario.counties)
        ]
        return pd.DataFrame(rows, columns=["year", "code", "draw", "member", *CountyConstants._fields])

    def fit_table(self) -> pd.DataFrame:
        """Return per observation its value and error, and the draws before and after.

        Columns ``place``, ``month``, ``indicator``, ``target``, ``observed``, ``tolerance``, ``error`` (with the
        model's), ``source``; ``prior`` and ``posterior`` (means) with ``_sd``; ``away`` (from the prior, in standard
        deviations of both); ``disagrees``.
        """
        whole = np.full(len(self.prior), 1.0 / len(self.prior))
        prior, prior_sd = assimilation.weighted_spread(self.outcomes[0], whole)
        after, after_sd = assimilation.weighted_spread(self.outcomes[-1], self.weights.values)
        disagreeing = assimilation.disagreeing(self.outcomes[-1], self.space, self.weights.values)
        rows = [
            {
                "place": one.place,
                "month": format_month(one.month),
                "indicator": one.indicator,
                "target": one.target,
                "observed": one.value,
                "tolerance": one.tolerance,
                "error": self.space.error[number],
                "source": one.source,
                "prior": prior[number],
                "prior_sd": prior_sd[number],
                "posterior": after[number],
                "posterior_sd": after_sd[number],
                "away": (one.value - prior[number]) / np.hypot(prior_sd[number], self.space.error[number]),
                "disagrees": number in disagreeing,
            }
            for number, one in enumerate(self.observations)
        ]
        return pd.DataFrame(rows)

    def needed(self) -> pd.DataFrame:
        """Return what had to be true: constants, parameters and what runs came to, before and after.

        Columns ``kind`` (``constant``, ``parameter``, ``flow``, ``posts`` or ``indicator``), ``name``, ``before``,
        ``before_sd``, ``after``, ``after_sd`` and ``shift`` in standard deviations of before, largest first by kind.
        """
        first, last = self.states
        tables = [_compared(kind, first[names], last[names], self.weights.values) for kind, names in _kinds(first)]
        tables.insert(0, _compared("constant", *self._constant_tables(), self.weights.values))
        tables.insert(1, _compared("parameter", *self._parameter_tables(), self.weights.values))
        return pd.concat(tables, ignore_index=True)

    def _constant_tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        names = [f"{code} {name}" for code in self.scenario.counties for name in ("urban", "outside")]
        return tuple(  # type: ignore[return-value]
            pd.DataFrame(values[:, :, :2].reshape(len(values), -1), columns=names)
            for values in (self.prior, self.constants)
        )

    def _parameter_tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        rows = [dict(given(self.scenario, number).parameters) for number in range(1, len(self.prior) + 1)]
        table = pd.DataFrame([{name: value for name, value in row.items() if np.isscalar(value)} for row in rows])
        table = table.loc[:, table.std() > 0.0].astype(float)
        return table, table


def _kinds(states: pd.DataFrame) -> Iterator[tuple[str, list[str]]]:
    """Yield the kinds of what runs came to and their columns, whose names begin with the kind."""
    for kind in ("flow", "posts", "indicator"):
        if names := [name for name in states.columns if name.startswith(f"{kind} ")]:
            yield kind, names


def _compared(kind: str, before: pd.DataFrame, after: pd.DataFrame, weights: Floats) -> pd.DataFrame:
    whole = np.full(len(before), 1.0 / len(before))
    mean, spread = assimilation.weighted_spread(before.to_numpy(dtype=float), whole)
    then, then_spread = assimilation.weighted_spread(after.to_numpy(dtype=float), weights)
    table = pd.DataFrame({
        "kind": kind,
        "name": [name.removeprefix(f"{kind} ") for name in before.columns],
        "before": mean,
        "before_sd": spread,
        "after": then,
        "after_sd": then_spread,
    })  # fmt: skip
    # What policies hold at a level differs between draws in its last digit only.
    differs = table["before_sd"] > HAIR * table["before"].abs()
    table["shift"] = (table["after"] - table["before"]) / table["before_sd"].where(differs)
    return table.sort_values("shift", key=lambda shift: -shift.abs(), kind="stable", ignore_index=True)


def fit_observed(
    scenario: Scenario, observations: Sequence[ObservedValue], members: int, runner: Runner, scale: float = 1.0
) -> ObservedFit:
    """Return the fit of a scenario's counties to observations.

    Parameters
    ----------
    scenario
        Simulated with its policies, parameters and county data, from its census to the last observation.
    observations
        Of its counties, or of all together, from its ``start`` on.
    members
        Draws of the posterior; at most those of the national stage.
    scale
        People simulated, relative to the usual number.

    Raises
    ------
    ExperimentError
        If nothing was observed in the months of the scenario, or it runs without the posterior.
    RunError
        If a simulation failed.
    """
    used = tuple(one for one in observations if one.month >= scenario.start)
    if not scenario.calibrated:
        raise ExperimentError(
            bilingual(
                f"'{scenario.name}' runs without the posterior (calibrated: off); there is nothing to fit",
                f"“{scenario.title.zh}”不用后验（calibrated: off），没有可以拟合的内容",
            )
        )
    if not used:
        raise ExperimentError(
            bilingual(
                f"nothing was observed from {format_month(scenario.start)} on, where output starts",
                f"从输出开始的 {format_month(scenario.start)} 起没有任何观测",
            )
        )
    last = max(one.month for one in used)
    share = group_of(scenario.counties, scenario.base_year, scale).scale
    general = replace(scenario, posterior=None, observed=(), targets=())
    plan = make_plan([general], scale=share, until=last, draws=members)
    prior = np.array([its.constants for (_, number), its in sorted(plan.given().items())], dtype=float)
    observed, error = np.array([one.value for one in used]), np.array([error_of(one) for one in used])
    constants, outcomes, states = prior, [], []
    places = {place: [n for n, one in enumerate(used) if one.place == place] for place in {one.place for one in used}}
    for number in range(ASSIMILATIONS + 1):
        found, state = _simulate_pass(plan, constants, used, runner, number)
        outcomes.append(found)
        states.append(state)
        if number < ASSIMILATIONS:
            constants = _moved(plan, constants, found, (observed, error), places, number)
    space = Space.of(outcomes[0], observed, error)
    before = assimilation.agreement(space.coordinates(outcomes[0]))
    weights = assimilation.weights_of(space, space.coordinates(outcomes[-1]))
    drawn = assimilation.resampled(weights.values, members)
    middle = np.array(given(general, 0).constants, dtype=float)
    return ObservedFit(
        plan.baseline,
        used,
        prior,
        constants,
        middle,
        np.array(outcomes),
        space,
        before,
        weights,
        (states[0], states[-1]),
        drawn,
    )


def _moved(
    plan: Plan,
    constants: Floats,
    outcomes: Floats,
    observed: tuple[Floats, Floats],
    places: dict[str, list[int]],
    number: int,
) -> Floats:
    """Return constants (members, counties, 4) moved towards what was observed of each place.

    What was observed of a county moves that county. What was observed of all together moves, alike, the counties of
    which nothing else is known.
    """
    codes, moved = plan.baseline.counties, constants.copy()
    for place, chosen in sorted(places.items()):
        alone = len(codes) == 1 or place != WHOLE
        mine = [county for county, code in enumerate(codes) if code == place or (len(codes) == 1)]
        if not alone:
            mine = [county for county, code in enumerate(codes) if code not in places]
        if not mine:
            continue
        own = constants[:, mine, :2].mean(axis=1)
        space = Space.of(outcomes[:, chosen], observed[0][chosen], observed[1][chosen])
        coordinates = space.coordinates(outcomes[:, chosen])
        shift = assimilation.moved(own, coordinates, float(ASSIMILATIONS), number) - own
        moved[:, mine] += np.tile(shift, 2)[:, None, :]
    return moved


def _simulate_pass(
    plan: Plan, constants: Floats, observations: Sequence[ObservedValue], runner: Runner, number: int
) -> tuple[Floats, pd.DataFrame]:
    """Return the outcomes (members, observations) and what every member came to at the end."""
    tasks = [
        replace(task, constants=CountyConstants.of(own).rows(), probe=WithPosts())
        for (_, task), own in zip(plan.tasks().items(), constants, strict=True)
    ]
    outcomes = np.zeros((len(tasks), len(observations)))
    states: list[dict[str, float]] = [{}] * len(tasks)
    for position, tables in runner.tables(
        tasks, bilingual(f"pass {number + 1} of {ASSIMILATIONS + 1}", f"第 {number + 1} 轮，共 {ASSIMILATIONS + 1} 轮")
    ):
        series = tables["series"].astype({"month": str, "place": str, "indicator": str})
        values = series.set_index(["place", "month", "indicator"])["value"]
        outcomes[position] = [
            values[one.place if one.place != WHOLE else plan.world, format_month(one.month), one.indicator]
            for one in observations
        ]
        states[position] = _state(tables, plan)
    return outcomes, pd.DataFrame(states).fillna(0.0)


_ABROAD = ("near", "far", "outside")
_URBAN = ("town", "seat")


def _state(tables: Tables, plan: Plan) -> dict[str, float]:
    """Return what a run came to: indicators and posts at its last month, moves a year since its first."""
    found: dict[str, float] = {}
    flows = tables["flows"].astype({"cause": str, "origin": str, "destination": str})
    years = (plan.baseline.until - plan.baseline.start + 1) / 12.0
    moves = flows[flows["cause"].isin(["move", "arrival", "departure"])]
    for name, origins, destinations in (
        ("into towns and seat from elsewhere", _ABROAD, _URBAN),
        ("out of towns and seat to elsewhere", _URBAN, _ABROAD),
        ("from villages to towns and seat", ("village",), _URBAN),
        ("from towns and seat to villages", _URBAN, ("village",)),
        ("into villages from elsewhere", _ABROAD, ("village",)),
        ("out of villages to elsewhere", ("village",), _ABROAD),
    ):
        chosen = moves["origin"].isin(origins) & moves["destination"].isin(destinations)
        found[f"flow {name}"] = float(moves.loc[chosen, "persons"].sum()) / years
    posts = tables[_POSTS]
    urban = posts[posts["zone"].isin(_URBAN) & (posts["sector"] != "farm")]
    found["posts in towns and seat outside farming"] = float(urban["posts"].sum())
    series = tables["series"]
    last = series[(series["month"].astype(str) == format_month(plan.baseline.until)) & (series["place"] == plan.world)]
    values = dict(zip(last["indicator"].astype(str), last["value"].astype(float), strict=True))
    return found | {f"indicator {name}": value for name, value in values.items()}
