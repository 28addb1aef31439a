"""Nobody twice, nobody lost: who is absent from one county lives in another, and a world has them once."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from urbsim.codes import Zone
from urbsim.months import month_number
from urbsim.parameters import Parameters
from urbsim.population import Columns, People
from urbsim.randomness import Decision, Randomness
from urbsim.region.sampling import RandomNumbers
from urbsim.region.synthesis import synthesise
from urbsim.region.tables import all_county_rows
from urbsim.region.whereabouts import OUTSIDE, assign, fit_sums, fit_whereabouts, whereabouts

VALUES = Parameters().at(month_number(2020))
#: Three counties of two provinces that stand for everything there is: 140423 and 140425 of one, 341282 of the other.
ALL = ("140423", "140425", "341282")
TABLE = pd.DataFrame(
    {
        "code": ALL,
        "absent_near": [300.0, 100.0, 0.0],
        "absent_far": [500.0, 200.0, 400.0],
        "migrants_same_province": [100.0, 300.0, 0.0],
        "migrants_other_province": [100.0, 300.0, 700.0],
    }
)


def random(code: str = "140423") -> RandomNumbers:
    return RandomNumbers(Randomness(1).stream(Decision.SYNTHESIS, 0), code)


@pytest.mark.parametrize("year", [2010, 2020])
def test_in_every_province_as_many_are_absent_near_as_are_residents_from_the_same_province(year: int) -> None:
    rows, found = all_county_rows(year), whereabouts(year, VALUES)
    for province in range(len(found.far)):
        mine, table = rows[found.province == province], found.near(province)
        assert table.sum(axis=0) == pytest.approx(mine["migrants_same_province"].to_numpy(), abs=1e-3)
        assert table.sum(axis=1) == pytest.approx(mine["absent_near"].to_numpy(), rel=0.01, abs=1.0)
        assert not np.diag(table).any()
    assert found.far.sum() == pytest.approx(rows["migrants_other_province"].sum())
    by_province = rows.groupby(found.province)[["absent_far", "migrants_other_province"]].sum()
    assert found.far.sum(axis=1) == pytest.approx(by_province["absent_far"].to_numpy(), rel=1e-3)
    assert found.far.sum(axis=0) == pytest.approx(by_province["migrants_other_province"].to_numpy())
    assert not np.diag(found.far).any()


def test_lines_of_the_table_are_what_each_county_sends_and_holds() -> None:
    found = fit_whereabouts(TABLE, 1.0)
    assert found.hosts("140423", far=False) == pytest.approx([0, 300, 0])
    assert found.origins("140423", far=False) == pytest.approx([0, 100, 0])
    assert found.hosts("140425", far=True) == pytest.approx([0, 0, 200])
    assert found.hosts("341282", far=True) == pytest.approx([100, 300, 0])
    assert found.origins("341282", far=True) == pytest.approx([500, 200, 0])
    assert not found.origins("341282", far=False).any()
    assert not found.hosts("999999", far=True).any()


def test_tables_within_provinces_are_fitted_where_somebody_asks() -> None:
    found = fit_whereabouts(TABLE, 1.0)
    assert not found._near
    found.hosts("140423", far=True)
    assert not found._near
    found.hosts("140423", far=False)
    own = int(found.province[found.codes.index("140423")])
    assert list(found._near) == [own]
    assert found.near(own) is found.near(own)


def test_more_people_go_to_the_nearer_of_two_like_counties() -> None:
    rows = all_county_rows(2020)
    rows = rows[rows["code"].str.startswith("62")].reset_index(drop=True)
    close = fit_whereabouts(rows, 2.0).near(0)
    loose = fit_whereabouts(rows, 0.0).near(0)
    number = {code: row for row, code in enumerate(rows["code"])}
    one, near, far = (number[code] for code in ("620523", "620525", "620921"))  # Gangu, Zhangjiachuan by it; Jinta
    assert close[one, near] / close[one, far] > 1.5 * loose[one, near] / loose[one, far]


def test_a_table_that_cannot_have_its_row_sums_keeps_its_column_sums() -> None:
    seed = np.array([[0.0, 1.0], [1.0, 0.0]])
    found = fit_sums(seed, np.array([90.0, 10.0]), np.array([50.0, 50.0]))
    assert found == pytest.approx(np.array([[0.0, 50.0], [50.0, 0.0]]))


def test_groups_are_given_counties_in_proportion_and_go_together() -> None:
    sizes = np.array([1, 2, 3] * 400)
    given = assign(random(), np.array([0.0, 1.0, 0.0, 3.0]), sizes)
    persons = np.bincount(given, weights=sizes, minlength=4)
    assert persons / sizes.sum() == pytest.approx([0, 0.25, 0, 0.75], abs=0.003)
    assert (assign(random(), np.zeros(4), sizes) == OUTSIDE).all()
    assert assign(random(), np.ones(4), sizes[:0]).size == 0


def world_of(monkeypatch: pytest.MonkeyPatch, *codes: str, scale: float = 0.1) -> Columns[People]:
    """Return the people of some counties in a country that has only those of ``ALL``."""
    rows = all_county_rows(2020)
    everything = rows[rows["code"].isin(ALL)].reset_index(drop=True).copy()
    for column in TABLE.columns[1:]:
        everything[column] = 20.0 * TABLE[column]
    monkeypatch.setattr("urbsim.region.synthesis.whereabouts", lambda *_: fit_whereabouts(everything, 1.0))
    mine = everything[everything["code"].isin(codes)].reset_index(drop=True)
    return synthesise(mine, month_number(2020), scale, Randomness(1), VALUES).population.people


def test_a_world_of_everything_has_nobody_outside_and_everybody_once(monkeypatch: pytest.MonkeyPatch) -> None:
    people = world_of(monkeypatch, *ALL)
    assert (people.zone <= Zone.SEAT).all()
    assert (people.registration >= 0).all()
    moved = np.zeros((3, 3), dtype=int)
    np.add.at(moved, (people.registration, people.county), 1)
    # 20 x 0.1 people for each of the table: rows by registration, columns by residence.
    np.fill_diagonal(moved, 0)
    assert moved == pytest.approx(2 * np.array([[0, 300, 500], [100, 0, 200], [100, 300, 0]]), rel=0.02, abs=4)
    assert len(np.unique(people.key)) == people.size


def test_a_part_of_everything_has_the_rest_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = world_of(monkeypatch, ALL[0])
    assert [np.sum(alone.zone == zone) for zone in (Zone.NEAR, Zone.FAR)] == [600, 1000]
    assert [np.sum(alone.registration == -n) for n in (1, 2)] == pytest.approx([200, 200], abs=3)
    province = world_of(monkeypatch, *ALL[:2])
    assert not np.sum(province.zone == Zone.NEAR)
    assert np.sum(province.zone == Zone.FAR) == 1400
    assert not np.sum(province.registration == -1)
    assert np.sum(province.registration == -2) == pytest.approx(800, abs=4)
    apart = world_of(monkeypatch, ALL[0], ALL[2])
    assert np.sum((apart.zone == Zone.NEAR) & (apart.county == 0)) == 600
    assert np.sum((apart.zone == Zone.FAR) & (apart.county == 0)) == 0  # all of them live in the other county
    assert np.sum((apart.zone == Zone.FAR) & (apart.county == 1)) == pytest.approx(600, abs=10)
    assert np.sum((apart.registration == 0) & (apart.county == 1)) == pytest.approx(1000, abs=10)


@cache
def _gansu() -> tuple[Columns[People], pd.DataFrame, float]:
    rows, scale = all_county_rows(2020), 0.005
    rows = rows[rows["code"].str.startswith("62")].reset_index(drop=True)
    return synthesise(rows, month_number(2020), scale, Randomness(1), VALUES).population.people, rows, scale


def _married(people: Columns[People], female: int) -> int:
    """Return residents with a spouse, wherever the spouse lives."""
    return int(np.sum((people.zone <= Zone.SEAT) & (people.spouse >= 0) & (people.female == female)))


def test_a_province_has_its_registered_people_once() -> None:
    people, rows, scale = _gansu()
    elsewhere = (people.registration >= 0) & (people.registration != people.county)
    from_same = rows["migrants_same_province"].sum()
    assert elsewhere.sum() / scale == pytest.approx(from_same, rel=0.005)
    assert not np.sum(people.zone == Zone.NEAR)
    strangers = from_same + rows["migrants_other_province"].sum()
    registered = rows["residents"].sum() - strangers + rows["absent_near"].sum() + rows["absent_far"].sum()
    assert np.sum(people.registration >= 0) / scale == pytest.approx(registered, rel=0.002)
    by_county = np.bincount(people.registration[people.registration >= 0], minlength=len(rows)) / scale
    migrants = rows["migrants_same_province"] + rows["migrants_other_province"]
    wanted = (rows["residents"] - migrants + rows["absent_near"] + rows["absent_far"]).to_numpy()
    assert np.abs(by_county - wanted).sum() / wanted.sum() < 0.02


def test_ties_of_those_who_are_there_once_are_whole() -> None:
    people, _, _ = _gansu()
    married = np.flatnonzero(people.spouse >= 0)
    np.testing.assert_array_equal(people.spouse[people.spouse[married]], married)
    assert (people.female[people.spouse[married]] != people.female[married]).all()
    children = np.flatnonzero(people.mother >= 0)
    gap = people.birth[children] - people.birth[people.mother[children]]
    assert gap.min() > 15 * 12
    assert gap.max() < 50 * 12
    listed = np.zeros(people.size, dtype=int)
    for child in (*people.first_child[people.first_child >= 0], *people.next_sibling[people.next_sibling >= 0]):
        listed[child] += 1
    assert (listed == (people.mother >= 0)).all()
    apart = people.county[people.spouse[married]] != people.county[married]
    assert 0.01 < apart.mean() < 0.2  # some of those who left a spouse behind live in another county of the world
    small = (month_number(2020) - people.birth < 16 * 12) & (people.zone <= Zone.SEAT)
    assert np.mean(people.mother[small] < 0) < 0.02
    away = people.county[people.mother[small]] != people.county[small]
    assert 0.02 < np.mean(away & (people.mother[small] >= 0)) < 0.3  # left behind


def test_as_many_residents_are_married_as_in_their_counties_alone() -> None:
    """Who is left by a partner that is not there twice finds somebody who stands for the partner, or is paired anew."""
    people, rows, scale = _gansu()
    alone = [
        synthesise(rows.iloc[[n]].reset_index(drop=True), month_number(2020), scale, Randomness(1), VALUES).population
        for n in range(0, len(rows), 8)
    ]
    for female in (0, 1):
        wanted = sum(_married(population.people, female) for population in alone)
        some = np.isin(people.county, np.arange(0, len(rows), 8))
        found = np.sum(some & (people.zone <= Zone.SEAT) & (people.spouse >= 0) & (people.female == female))
        assert found == pytest.approx(wanted, rel=0.03)
