"""A run begins at the last census before its output; a later output shows the same run and counts nothing before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from urbsim.experiment.simulate import Task, _Bases
from urbsim.months import census_of, format_month, months_of_years, parse_month
from urbsim.observation.results import Results
from urbsim.policies.base import Policy
from urbsim.policies.registry import all_levers
from urbsim.region.base import base_population
from worlds import small_model, small_scenario, stepped

LATER = "2022-03"


def lever(name: str, **fields: Any) -> Policy:
    return all_levers()[name](**fields)


#: More than the county can pay, from before the census on; posts that rise until after the later start.
POLICIES = {
    "park": lever("industrial_parks", start="2020-01", posts_per_year=2400, yuan_per_post=1_000_000, ramp_months=36),
    "flats": lever("affordable_housing", start="2021-06", end="2022-06", kind="for_sale", dwellings_per_year=1000),
    "quota": lever("construction_land_quota", start="2020-01", mu_per_year=60),
}


@pytest.fixture(scope="module")
def runs() -> dict[str, Results]:
    """Return the tables of one scenario shown from the census and from a later month."""
    found = {}
    for start in ("2020-11", LATER):
        found[start] = small_model(scale=0.005, start=start, until="2023-02", policies=POLICIES).run()
    return found


def shown(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["month"] >= LATER].reset_index(drop=True)


@pytest.mark.parametrize("name", ["series", "flows", "ledger"])
def test_every_month_is_that_of_the_run_shown_from_the_census_to_the_last_bit(
    runs: dict[str, Results], name: str
) -> None:
    whole, later = (getattr(runs[start], name) for start in ("2020-11", LATER))
    assert whole["month"].min() == "2020-11"
    assert later["month"].min() == LATER
    pd.testing.assert_frame_equal(later, shown(whole), check_exact=True)


def test_what_was_cut_before_the_output_is_not_counted(runs: dict[str, Results]) -> None:
    keys = ["year", "limit", "policy"]
    whole, later = (runs[start].limits.set_index(keys)[["wanted", "possible"]] for start in ("2020-11", LATER))
    assert set(whole.index.get_level_values("year")) == {2020, 2021, 2022, 2023}
    assert set(later.index.get_level_values("year")) == {2022, 2023}
    pd.testing.assert_frame_equal(later.loc[[2023]], whole.loc[[2023]], check_exact=True)
    paid = runs[LATER].ledger.query("policy == 'park' and month < '2023'")["yuan"].sum()
    assert later.loc[(2022, "money", "park"), "possible"] == pytest.approx(paid)
    assert later.loc[(2022, "money", "park"), "possible"] < 0.95 * whole.loc[(2022, "money", "park"), "possible"]


def test_debt_made_before_the_output_is_owed_in_its_first_month(runs: dict[str, Results]) -> None:
    owed = [
        runs[start].series.query("indicator == 'county_debt' and month == @LATER")["value"].item()
        for start in ("2020-11", LATER)
    ]
    assert owed[0] == owed[1] > 1e8


def test_flows_of_twelve_months_are_those_before_the_output_too(runs: dict[str, Results]) -> None:
    births = runs["2020-11"].flows.query("cause == 'birth' and month > '2021-03' and month <= @LATER")["persons"].sum()
    first = runs[LATER].series.query("indicator == 'births' and month == @LATER")["value"].item()
    assert first == pytest.approx(births)


def test_a_policy_from_before_the_census_has_the_strength_of_its_own_dates_and_accrues_from_the_census() -> None:
    model = stepped(small_model(scale=0.005, policies={"park": POLICIES["park"]}), 1)
    coverage = model.package.coverages["park"]
    assert coverage.strength[0] == pytest.approx(11 / 37)  # the eleventh month of 37 since January
    assert coverage.accrued[0] == coverage.strength[0]


def test_one_base_population_serves_all_outputs_from_a_census() -> None:
    bases, early = _Bases(), small_scenario(scale=0.001)
    late = replace(early, start=parse_month("2021-05"))
    one, other = (bases.of(Task(scenario, ((0.0, 0.0),), seed=1, stream=0)) for scenario in (early, late))
    assert one is other
    assert base_population(late, 1, 0).population.people.birth.max() == parse_month("2020-10")


@pytest.mark.parametrize(
    ("start", "census"),
    [
        ("2010-11", "2010-11"),
        ("2015-01", "2010-11"),
        ("2019-12", "2010-11"),
        ("2020-11", "2020-11"),
        ("2023-06", "2020-11"),
    ],
)
def test_a_run_begins_at_the_last_census_before_its_output(start: str, census: str) -> None:
    assert format_month(census_of(parse_month(start))) == census
    scenario = small_scenario(start=start, until="2025-12", scale=0.001)
    assert format_month(scenario.census) == census
    assert scenario.base_year == int(census[:4])
    assert scenario.months == parse_month("2025-12") - parse_month(census) + 1
    assert small_model(scenario).month == parse_month(census) - 1


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ("2020-01", "2020-01 is before the census of its year, 2020-11"),
        ("2020-10", "2020-10 is before the census of its year, 2020-11"),
        ("2010-06", "2010-06 is before the first census, 2010-11"),
        ("2009-12", "2009-12 is before the first census, 2010-11"),
    ],
)
def test_no_run_begins_before_its_census(start: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        small_model(small_scenario(start=start))


def test_a_year_that_is_not_whole_is_known_by_its_months() -> None:
    assert months_of_years(parse_month("2020-11"), parse_month("2023-02")) == {2020: 2, 2021: 12, 2022: 12, 2023: 2}
    assert months_of_years(parse_month("2022-03"), parse_month("2022-05")) == {2022: 3}
