"""What a draw of the parameters does: each run has exactly what the posterior, the registry and the analyst say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import urbsim
import urbsim.model
from urbsim.experiment import compilation
from urbsim.experiment.plan import make_plan
from urbsim.months import census_month, parse_month
from urbsim.parameters import ALWAYS, moved_by, registry, value_at
from urbsim.posterior import own_constants
from urbsim.posterior.draws import common_draws
from urbsim.posterior.own_constants import FAR, PERIOD
from urbsim.scenario import scenario_from_mapping
from urbsim.scenario.model import Scenario

ROOT = Path(__file__).parents[2]
POSTERIORS = ROOT / "calibration" / "posteriors"
JIESHOU = "341282"


class Runs:
    """The models that ``urbsim.simulate`` set up, in order: their values month by month, and their constants."""

    def __init__(self) -> None:
        self.models: list[urbsim.model.UrbanizationModel] = []
        self.scenarios: list[Scenario] = []
        self.values: list[list[dict[str, float]]] = []
        self.constants: list[tuple[float, float]] = []

    def watch(self, model: urbsim.model.UrbanizationModel) -> None:
        self.models.append(model)
        self.scenarios.append(model.scenario)
        self.values.append([])
        constants = model.world.constants
        self.constants.append((float(constants.urban[0]), float(constants.outside[0])))


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, empty_store: None) -> Runs:
    found = Runs()

    class Watched(urbsim.model.UrbanizationModel):
        def __init__(self, *arguments: object, **settings: object) -> None:
            super().__init__(*arguments, **settings)  # type: ignore[arg-type]
            found.watch(self)

        def step(self) -> None:
            super().step()
            found.values[found.models.index(self)].append(dict(self.world.values))

    monkeypatch.setattr(urbsim.model, "UrbanizationModel", Watched)
    monkeypatch.setattr(compilation, "is_ready", lambda: True)  # no model is run to compile the kernels beforehand
    return found


def scenario(**content: object) -> Scenario:
    whole = {"name": "drawn", "region": JIESHOU, "start": "2020-11", "until": "2021-01", "scale": 0.002}
    return scenario_from_mapping({**whole, **content})


def posterior(draw: int) -> tuple[dict[str, float], tuple[float, float]]:
    """Return the common parameters and the county's constants of a draw, read from the files of the posterior."""
    common = pd.read_csv(common_draws(), index_col="draw").loc[draw].to_dict()
    moves = pd.read_csv(POSTERIORS / "counties" / "rebased.csv").set_index(["year", "draw", "parameter", "month"])
    moves = moves.loc[2020, draw]["moved_by"]
    common[FAR] += moves[FAR, "2020-11"]
    common[PERIOD] = value_at(registry()[PERIOD].value, census_month(2020)) + moves[PERIOD, "2020-11"]
    table = pd.read_parquet(POSTERIORS / JIESHOU / "constants.parquet").set_index(["year", "code", "draw"])
    county = table.loc[(2020, JIESHOU, draw)]
    return common, (float(county["urban"]), float(county["outside"]))


def registered() -> dict[str, float]:
    return {name: entry.value for name, entry in registry().items() if isinstance(entry.value, int | float)}


def test_eight_draws_are_what_runs_without_further_words() -> None:
    assert make_plan([scenario()]).draw_numbers == tuple(range(1, 9))


def test_the_run_of_a_draw_has_exactly_its_parameters_and_constants(runs: Runs) -> None:
    result = urbsim.simulate(scenario(), draws=3, seed=5)
    assert len(runs.models) == 3
    for number, (months, constants) in enumerate(zip(runs.values, runs.constants, strict=True), start=1):
        common, own = posterior(number)
        assert len(common) > 15
        assert len(months) == 3
        for values in months:
            assert {name: values[name] for name in common} == common
            rest = {name: value for name, value in registered().items() if name not in common}
            assert {name: values[name] for name in rest} == rest
        assert constants == pytest.approx(own, abs=1e-6)
    assert sorted(result.series["draw"].unique()) == [1, 2, 3]


def test_each_draw_gives_other_results_and_the_same_ones_whatever_other_draws_run() -> None:
    alone = urbsim.simulate(scenario(until="2020-12"), draws=1).series
    among = urbsim.simulate(scenario(until="2020-12"), draws=3).series
    by_draw = {number: rows["value"].to_numpy() for number, rows in among.groupby("draw")}
    np.testing.assert_array_equal(by_draw[1], alone["value"].to_numpy())
    assert not np.array_equal(by_draw[1], by_draw[2], equal_nan=True)
    assert not np.array_equal(by_draw[2], by_draw[3], equal_nan=True)


def test_what_the_analyst_wrote_holds_against_the_draw(runs: Runs) -> None:
    """Written for good: in every month; written from a date on: from that month, and the draw's value before it."""
    written = {"residence.alpha": 1.1, "residence.sigma": 3.0, "residence.gamma": {"2021-01": 0.5}}
    urbsim.simulate(scenario(parameters=written), draws=2)
    for number, months in enumerate(runs.values, start=1):
        common, _ = posterior(number)
        assert {"residence.sigma", "residence.gamma"} <= set(common)
        assert [values["residence.sigma"] for values in months] == [3.0] * 3
        assert [values["residence.alpha"] for values in months] == [1.1] * 3
        assert [values["residence.gamma"] for values in months] == [common["residence.gamma"]] * 2 + [0.5]
        others = {name: value for name, value in common.items() if name not in written}
        assert all({name: values[name] for name in others} == others for values in months)


def test_without_calibration_every_draw_runs_with_the_registry_and_no_constants(runs: Runs) -> None:
    urbsim.simulate(scenario(calibrated=False, parameters={"residence.sigma": 3.0}), draws=2)
    expected = registered() | {"residence.sigma": 3.0}
    for months, constants in zip(runs.values, runs.constants, strict=True):
        assert constants == (0.0, 0.0)
        for values in months:
            assert {name: values[name] for name in expected} == expected


def test_draw_0_is_the_middle_of_the_common_parameters_with_the_middle_of_the_countys_constants(runs: Runs) -> None:
    urbsim.simulate(scenario(), draws=0)
    points = pd.read_csv(common_draws(), index_col="draw")
    middle, _ = own_constants.draws_of_constants(POSTERIORS / "counties", 0, (JIESHOU,), 2020)
    assert runs.constants == [pytest.approx(tuple(middle[0, :2]), abs=1e-6)]
    (months,) = runs.values
    assert {name: months[0][name] for name in registered()} == registered()
    assert {name: months[0][name] for name in points} == pytest.approx(dict(points.loc[0]), rel=1e-5)


def test_the_same_draw_has_the_same_parameters_in_every_scenario(runs: Runs) -> None:
    other = scenario(name="other", policies={"p": {"lever": "industrial_parks", "start": "2020-01", "sector": "industry", "posts_per_year": 100}})  # fmt: skip # noqa: E501
    urbsim.compare([scenario(), other], draws=2)
    assert len(runs.values) == 4
    by_draw = [months[0]["residence.sigma"] for months in runs.values]
    assert sorted(by_draw) == sorted(2 * [posterior(number)[0]["residence.sigma"] for number in (1, 2)])
    assert parse_month("2020-11") == runs.scenarios[0].start


def test_a_value_is_moved_from_some_months_on() -> None:
    assert moved_by(1.5, {}) == 1.5
    assert moved_by(1.5, {100: 0.25}) == {ALWAYS: 1.5, 100: 1.75}
    assert moved_by({90: 1.0, 110: 2.0}, {100: 0.5, 120: -0.5}) == {90: 1.0, 100: 1.5, 110: 2.5, 120: 1.5}
