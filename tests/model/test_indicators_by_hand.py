"""Indicators, calculated by hand on a dozen people, and of several counties together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from urbsim.arrays import ratio
from urbsim.codes import Stage, Tenure, Work, Zone
from urbsim.experiment.comparison import summarise
from urbsim.model import UrbanizationModel
from urbsim.observation.indicators import INDICATORS
from urbsim.observation.measures import MEASURES
from urbsim.observation.observe import Observation
from urbsim.observation.people import HouseholdType, snapshot
from urbsim.population import Population
from urbsim.region.synthesis import BasePopulation
from urbsim.report.numbers import format_of
from worlds import THREE_COUNTIES, base_of, columns_of, small_model, small_scenario, stepped

VILLAGE, TOWN, SEAT, NEAR, FAR = Zone
SCALE = 0.5
WEIGHT = 1 / SCALE

#: age, zone, household, registered in the county, urban-registered, work, stage, place, female
PEOPLE = [
    (40, SEAT, 0, True, True, Work.INDUSTRY, Stage.NONE, 0, 1),
    (42, SEAT, 0, True, True, Work.SERVICES, Stage.NONE, 0, 0),
    (8, SEAT, 0, True, True, Work.INACTIVE, Stage.PRIMARY, 1, 0),
    (30, SEAT, 1, False, False, Work.SEEKING, Stage.NONE, 0, 1),
    (9, SEAT, 1, False, False, Work.INACTIVE, Stage.PRIMARY, 0, 1),
    (25, TOWN, 2, True, False, Work.SERVICES, Stage.NONE, 0, 0),
    (70, VILLAGE, 3, True, False, Work.FARM, Stage.NONE, 0, 1),
    (66, VILLAGE, 3, True, False, Work.INACTIVE, Stage.NONE, 0, 0),
    (7, VILLAGE, 3, True, False, Work.INACTIVE, Stage.PRIMARY, 1, 0),  # the child of person 9
    (33, FAR, 3, True, False, Work.INDUSTRY, Stage.NONE, 0, 1),
    (35, NEAR, 3, True, False, Work.INDUSTRY, Stage.NONE, 0, 0),
    (50, VILLAGE, 4, True, False, Work.FARM, Stage.NONE, 0, 0),
    (51, VILLAGE, 4, True, False, Work.FARM, Stage.NONE, 0, 1),
]
HOUSEHOLDS = [
    (SEAT, Tenure.OWNS),
    (SEAT, Tenure.RENTS),
    (TOWN, Tenure.RENTS),
    (VILLAGE, Tenure.NONE),
    (VILLAGE, Tenure.NONE),
]
#: Two who are of rural status and registered in the seat and in a town, one of them absent.
FARMER, ABSENT = 12, 9
#: By hand, in persons of the sample where the unit is persons.
COUNTS = {
    "residents": 11,
    "urban_residents": 6,
    "village_residents": 5,
    "town_residents": 1,
    "seat_residents": 5,
    "residents_near": 1,
    "residents_far": 1,
    "registered": 11,
    "absent_registered": 2,
    "in_migrants": 2,
    "pupils_without_place": 1,
    "children_left_behind": 1,
}
RATIOS = {
    "urbanization_rate": 6 / 11,
    "registered_urbanization_rate": 5 / 11,
    "unemployment_rate": 1 / 4,
    "farm_job_share": 3 / 6,
    "children_share": 3 / 11,
    "old_share": 2 / 11,
    "household_size": 11 / 5,
    "home_ownership": 1 / 3,
}


@pytest.fixture(scope="module")
def dozen() -> UrbanizationModel:
    """A model of the people above, before its first month."""
    population = Population(len(PEOPLE), len(HOUSEHOLDS), SCALE)
    people, households = population.people, population.households
    scenario = small_scenario(scale=SCALE)
    age, zone, home, local, urban, work, stage, place, female = (
        np.array(column) for column in zip(*PEOPLE, strict=True)
    )
    people.key[...] = np.arange(len(PEOPLE)) + 1
    people.birth[...] = scenario.start - 12 * age - 6
    people.zone[...], people.household[...], people.work[...] = zone, home, work
    people.registration[...], people.urban_registered[...] = np.where(local, 0, -1), urban
    people.registered_zone[...] = np.where(urban, int(SEAT), int(VILLAGE))
    people.registered_zone[FARMER], people.registered_zone[ABSENT] = SEAT, TOWN  # of rural status, registered there
    people.stage[...], people.has_place[...], people.female[...] = stage, place, female
    people.mother[8], people.first_child[9] = 9, 8
    households.key[...] = np.arange(len(HOUSEHOLDS)) + 1
    households.zone[...], households.tenure[...] = (np.array(column) for column in zip(*HOUSEHOLDS, strict=True))
    base = BasePopulation(population, base_of(small_scenario()).fit)
    return UrbanizationModel(scenario, 1, 0, base=base)


@pytest.mark.parametrize("name", COUNTS)
def test_counts_by_hand(name: str, dozen: UrbanizationModel) -> None:
    assert INDICATORS[name].by_county(dozen.world) == pytest.approx([COUNTS[name] * WEIGHT])


@pytest.mark.parametrize("name", RATIOS)
def test_ratios_by_hand(name: str, dozen: UrbanizationModel) -> None:
    assert INDICATORS[name].by_county(dozen.world) == pytest.approx([RATIOS[name]])


def test_places_per_pupil_and_beds_by_hand(dozen: UrbanizationModel) -> None:
    dozen.world.places.schools.places[0, SEAT, Stage.PRIMARY - 1] = 10.0
    dozen.world.places.schools.places[0, TOWN, Stage.JUNIOR - 1] = 4.0
    dozen.world.places.schools.places[0, SEAT, Stage.KINDERGARTEN - 1] = 99.0  # kindergartens do not count
    assert INDICATORS["school_places_per_pupil"].by_county(dozen.world) == pytest.approx([14.0 / (2 * WEIGHT)])
    dozen.world.places.hospitals.beds[0] = 0.11
    assert INDICATORS["beds_per_thousand"].by_county(dozen.world) == pytest.approx([1000 * 0.11 / (11 * WEIGHT)])


@pytest.fixture(scope="module")
def several() -> UrbanizationModel:
    return stepped(small_model(counties=THREE_COUNTIES, scale=0.02), 14)


@pytest.mark.parametrize("name", INDICATORS)
def test_the_value_of_several_counties_is_the_ratio_of_their_sums(name: str, several: UrbanizationModel) -> None:
    indicator = INDICATORS[name]
    top = indicator.numerator(several.world)
    assert top.shape == (3,)
    bottom = 1.0 if indicator.denominator is None else indicator.denominator(several.world).sum()
    assert indicator.of_world(several.world) == pytest.approx(top.sum() / bottom)


def test_a_ratio_of_several_counties_is_not_the_mean_of_their_ratios(several: UrbanizationModel) -> None:
    rate = INDICATORS["urbanization_rate"]
    people = several.world.population.people
    resident = (people.alive == 1) & (people.zone <= SEAT)
    assert rate.of_world(several.world) == pytest.approx((people.zone[resident] > VILLAGE).mean())
    assert abs(rate.of_world(several.world) - rate.by_county(several.world).mean()) > 0.001


@pytest.mark.parametrize("name", INDICATORS)
def test_series_hold_every_indicator_of_every_county_and_of_all_together(name: str, several: UrbanizationModel) -> None:
    series = several.recorder.results().series
    rows = series[(series["indicator"] == name) & (series["month"] == "2021-12")].set_index("place")["value"]
    assert list(rows.index) == [*THREE_COUNTIES, "1404"]
    assert rows[list(THREE_COUNTIES)].to_numpy() == pytest.approx(INDICATORS[name].by_county(several.world))
    assert rows["1404"] == pytest.approx(INDICATORS[name].of_world(several.world))


@pytest.mark.parametrize(("name", "cause"), [("births", "birth"), ("deaths", "death")])
def test_yearly_flows_are_the_sum_of_the_last_twelve_months(name: str, cause: str, several: UrbanizationModel) -> None:
    flows = several.recorder.results().flows
    last = flows[(flows["cause"] == cause) & (flows["month"] > "2020-12")]
    by_county = last.groupby("place")["persons"].sum().reindex(list(THREE_COUNTIES), fill_value=0.0)
    assert INDICATORS[name].by_county(several.world) == pytest.approx(by_county.to_numpy())


def test_no_indicator_is_missing_or_infinite_and_shares_lie_between_0_and_1(several: UrbanizationModel) -> None:
    series = several.recorder.results().series
    assert np.isfinite(series["value"]).all()
    shares = [name for name, indicator in INDICATORS.items() if indicator.unit == "share"]
    values = series[series["indicator"].isin(shares)]["value"]
    assert values.between(0.0, 1.0).all()


# -- nothing below the line


def test_a_ratio_with_nothing_below_the_line_is_missing() -> None:
    assert ratio([6.0, 0.0, 5.0], [3.0, 0.0, 0.0]) == pytest.approx([2.0, np.nan, np.nan], nan_ok=True)
    assert ratio(1.0, np.array([4.0, 0.0])) == pytest.approx([0.25, np.nan], nan_ok=True)


def test_a_county_without_pupils_has_no_places_per_pupil_and_a_world_counts_those_that_have() -> None:
    model = small_model(counties=THREE_COUNTIES, scale=0.02)
    world = model.world
    pupils = world.tally.pupils.copy()
    pupils[0, 1:] = 0
    world.tally = world.tally._replace(pupils=pupils)
    indicator = INDICATORS["school_places_per_pupil"]
    by_county = indicator.by_county(world)
    assert np.isnan(by_county).tolist() == [True, False, False]
    places = world.places.schools.places[:, 1:, 1:].sum()
    assert indicator.of_world(world) == pytest.approx(places / (pupils[:, 1:, 1:].sum() * world.weight))
    world.tally = world.tally._replace(pupils=np.zeros_like(pupils))
    assert np.isnan(indicator.of_world(world))


@pytest.mark.filterwarnings("error")
def test_a_sample_without_a_post_outside_farming_runs_without_a_warning() -> None:
    model = small_model(counties=("370572",), scale=0.002)
    assert model.world.places.employers.posts[0, 1:, 1:].sum() == 0.0
    series = stepped(model, 3).recorder.results().series
    missing = series[series["value"].isna()]["indicator"].unique()
    assert "urbanization_rate" not in missing
    assert not np.isinf(series["value"]).any()
    assert series["value"].abs().max() < 1e9


def test_medians_leave_out_runs_that_miss_a_ratio_and_tables_show_a_dash() -> None:
    rows = [("a", draw, 0, "2020-12", "x", "urbanization_rate", value) for draw, value in enumerate([np.nan, 0.2, 0.4])]
    rows += [("a", 0, 0, "2020-12", "x", "employment_rate", np.nan)]
    columns = ["scenario", "draw", "replicate", "month", "place", "indicator", "value"]
    table = summarise(pd.DataFrame(rows, columns=columns)).set_index("indicator")
    assert table.loc["urbanization_rate", "median"] == pytest.approx(0.3)
    assert table.loc["urbanization_rate", "replicates"] == 2
    assert np.isnan(table.loc["employment_rate", "median"])
    assert format_of("employment_rate", 0.0, "en").value(table.loc["employment_rate", "median"]) == "–"


def test_residents_are_those_of_the_three_zones_and_the_urban_those_of_two(dozen: UrbanizationModel) -> None:
    assert dozen.world.tally.residents.tolist() == [11]  # of thirteen, one near and one far
    assert dozen.world.tally.urban.tolist() == [6]


@pytest.mark.parametrize("name", [name for name in MEASURES if name in INDICATORS])
@pytest.mark.parametrize("world", ["dozen", "several"])
def test_people_one_by_one_give_the_indicator(name: str, world: str, request: pytest.FixtureRequest) -> None:
    model = request.getfixturevalue(world)
    month = model.month if world == "several" else model.scenario.start - 1
    cells = Observation(name, ("sex",)).cells(snapshot(model.world, month), model.world.weight)
    assert cells["sex"].iloc[-1] == "all"
    assert cells["value"].iloc[-1] == pytest.approx(INDICATORS[name].of_world(model.world), nan_ok=True)
    if MEASURES[name].is_count:
        assert cells["value"].iloc[:-1].sum() == pytest.approx(cells["value"].iloc[-1])


def test_looking_at_people_changes_nothing(several: UrbanizationModel) -> None:
    before = columns_of(several.world.population.people), columns_of(several.world.population.households)
    snapshot(several.world, several.month)
    after = columns_of(several.world.population.people), columns_of(several.world.population.households)
    for old, new in zip(before, after, strict=True):
        assert all(np.array_equal(old[name], new[name]) for name in old)


def test_income_by_head_and_household_types_by_hand(dozen: UrbanizationModel) -> None:
    people = dozen.world.population.people
    people.earnings[...] = 100.0 * np.arange(len(PEOPLE))
    usual = dozen.world.values
    dozen.world.values = {**usual, "income.own_produce": 0.0, "income.transfers": 0.0}
    found = snapshot(dozen.world, dozen.scenario.start - 1)
    people.earnings[...], dozen.world.values = 0.0, usual
    sent = dozen.world.values["housing.remitted_share"]
    # Household 3: persons 6, 7 and 8 at home, 9 and 10 away, who keep what they do not send.
    assert found["income"].to_numpy()[[6, 7, 8]] == pytest.approx((600 + 700 + 800 + sent * (900 + 1000)) / 3)
    assert found["income"].to_numpy()[[9, 10]] == pytest.approx([(1 - sent) * 900, (1 - sent) * 1000])
    kinds = [HouseholdType(kind).name if kind >= 0 else "" for kind in found["household_type"]]
    assert kinds[5] == "ONE_PERSON"
    assert kinds[6] == kinds[8] == "CHILDREN_WITHOUT_MOTHER"  # the mother is person 9
    assert kinds[9] == ""
    assert kinds[11] == "ADULTS"
    # Eleven residents: the poorest fifth is the first three by income, all of household 0.
    assert sorted(found.index[found["fifth"] == 0]) == [0, 1, 2]
    assert list(found["mother_elsewhere"].to_numpy().nonzero()[0]) == [8]
