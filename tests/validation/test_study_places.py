"""Where experiments are carried out: the places that are drawn, and that they are those of the list of studies."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from urbsim.evidence.reading import studies
from urbsim.inference import comparisons
from urbsim.months import format_month
from urbsim.posterior import outcomes
from urbsim.posterior.draws import available_draws, draw, equation_in, national_folder
from urbsim.region.distances import great_circle, positions
from urbsim.region.tables import all_county_rows
from urbsim.validation.places import (
    COUNTY_SIZES,
    DISTRICT_SIZES,
    StudyPlaces,
    codes_of,
    districts_of_many_migrants,
    pairs_of,
)
from urbsim.validation.run import STUDIES, grounds_of, plain_of, worlds_of
from urbsim.validation.worlds import FIRST, QUICK, ExperimentSize, make_field

EXPERIMENTS = {study.key: study for study in STUDIES}
REPEATED = [row for row in studies() if row.experiment and row.stage]
ROWS = all_county_rows(2010).set_index("code")


def kinds_of(codes):
    return ["districts" if ROWS.loc[code, "kind"] == "district" else "counties" for code in codes]


@pytest.mark.parametrize("row", REPEATED, ids=lambda row: row.id)
def test_a_study_is_simulated_in_the_kind_of_place_that_the_list_names(row):
    named = {kind for kind in ("counties", "districts") if kind in row.stage.world}
    codes = make_field(QUICK, 0, EXPERIMENTS[row.experiment].places).codes
    assert set(kinds_of(codes)) == named


@pytest.mark.parametrize("row", REPEATED, ids=lambda row: row.id)
def test_a_study_is_simulated_in_the_months_that_the_list_names(row):
    study = EXPERIMENTS[row.experiment]
    ground = make_field(QUICK, 0, study.places)
    changed = [value for change in study.worlds(ground).values() for value in change.parameters.values()]
    first = study.months[0] if all(isinstance(value, dict) for value in changed) else FIRST
    assert row.stage.start == format_month(first)
    assert row.stage.until in [format_month(month) for month in study.months[2:]]


@pytest.mark.parametrize("places", StudyPlaces)
@pytest.mark.parametrize("count", [10, 8, 2])
def test_pairs_are_of_one_province_and_no_place_appears_twice(places, count):
    pairs = pairs_of(places, count)
    codes = codes_of(places, count)
    assert len(pairs) == count
    assert codes == tuple(sorted({code for pair in pairs for code in pair}))
    assert len(codes) == 2 * count
    assert all(one[:2] == other[:2] for one, other in pairs)


def test_half_of_the_pairs_of_both_kinds_are_districts():
    pairs = pairs_of(StudyPlaces.BOTH, 10)
    assert Counter(kinds_of([one for one, _ in pairs])) == {"counties": 5, "districts": 5}
    assert kinds_of([one for one, _ in pairs]) == kinds_of([other for _, other in pairs])
    assert pairs == pairs_of(StudyPlaces.COUNTIES, 5) + pairs_of(StudyPlaces.DISTRICTS, 5)


def test_counties_have_the_size_asked_for_and_are_not_of_the_second_test():
    chosen = outcomes.observed().loc[list(codes_of(StudyPlaces.COUNTIES, 10))]
    assert chosen["residents_2010"].between(*COUNTY_SIZES).all()
    assert (outcomes.training(chosen) | outcomes.testing(chosen)).all()


def test_districts_are_urban_with_many_who_came_and_of_another_city_than_their_neighbour():
    codes = list(codes_of(StudyPlaces.DISTRICTS, 10))
    rows = ROWS.loc[codes]
    came = rows["migrants_same_province"] + rows["migrants_other_province"]
    assert (rows["kind"] == "district").all()
    assert rows["comparable"].all()
    assert rows["residents"].between(*DISTRICT_SIZES).all()
    assert (rows["urban"] >= 0.7 * rows["residents"]).all()
    assert (came >= 0.2 * rows["residents"]).all()
    assert not {code[:2] for code in codes} & set(outcomes.second_test_provinces())
    assert all(one[:4] != other[:4] for one, other in pairs_of(StudyPlaces.DISTRICTS, 10))


def test_districts_are_drawn_over_the_share_of_migrants_and_the_first_neighbour_is_the_nearest():
    table = districts_of_many_migrants()
    codes = list(table.index)
    assert table["migrants"].is_monotonic_increasing
    pairs = pairs_of(StudyPlaces.DISTRICTS, 8)
    strata = np.array_split(np.array(codes), 8)
    assert all(one in stratum for (one, _), stratum in zip(pairs, strata, strict=True))
    one, other = pairs[0]
    place = positions(tuple(codes))
    apart = dict(zip(codes, great_circle(place[[codes.index(one)]], place)[0], strict=True))
    others = [code for code in codes if code[:2] == one[:2] and code[:4] != one[:4]]
    assert other == min(others, key=apart.__getitem__)


@pytest.mark.parametrize("places", StudyPlaces)
def test_a_field_has_the_residents_of_its_places_and_one_of_each_pair_is_treated(places):
    ground = make_field(QUICK, 1, places)
    assert ground.codes == codes_of(places, QUICK.pairs)
    assert ground.residents.tolist() == ROWS.loc[list(ground.codes), "residents"].tolist()
    assert ground.treated.sum() == QUICK.pairs
    assert (ground.treated != ground.treated[ground.partner]).all()
    assert ground.scale * ground.residents.sum() == pytest.approx(QUICK.people * 2 * QUICK.pairs)


def test_districts_have_constants_of_their_own():
    ground = make_field(QUICK, 0, StudyPlaces.DISTRICTS)
    assert ground.constants.rows() == draw(min(1, available_draws()), ground.codes, 2010).constants.rows()
    assert np.abs(np.array(ground.constants.rows())).max(axis=1).all()


def test_worlds_of_a_study_lie_in_its_places_and_those_of_one_kind_share_the_plain_world():
    chosen = [EXPERIMENTS[key] for key in ("hukou", "arrivals", "dear_homes", "training")]
    grounds = grounds_of(ExperimentSize(2, 100, 1), 0, chosen)
    assert set(grounds) == set(StudyPlaces)
    worlds = worlds_of(grounds, chosen)
    assert len(worlds) == 3 + 4  # a plain world of each kind
    for study in chosen:
        its = [plain_of(study), *(f"{study.key} {name}" for name in study.worlds(grounds[study.places]))]
        assert all(worlds[name].ground is grounds[study.places] for name in its)


def test_points_of_the_evidence_stage_give_counties_what_the_equation_expects_and_districts_nothing():
    size = ExperimentSize(4, 100, 1)
    point = {"residence.alpha": 1.0}
    grounds = comparisons._grounds(point, 3, size, [EXPERIMENTS["hukou"], EXPERIMENTS["arrivals"]])
    assert set(grounds) == {StudyPlaces.BOTH, StudyPlaces.DISTRICTS}
    both = grounds[StudyPlaces.BOTH]
    constants = np.array(both.constants.rows())
    district = np.array(kinds_of(both.codes)) == "districts"
    counties = np.array(both.codes)[~district].tolist()
    expected = equation_in(national_folder()).constants(counties)
    np.testing.assert_allclose(constants[~district], np.tile(expected, 2), atol=1e-6)
    assert not constants[district].any()
    assert not np.array(grounds[StudyPlaces.DISTRICTS].constants.rows()).any()
