"""Distances between counties, and one effective distance for many destinations."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.parameters import Parameters
from urbsim.region.distances import Distances, distances, effective, great_circle, positions
from urbsim.region.tables import all_county_rows, county_rows

VALUES = Parameters().at(24_240)


def of(*codes: str, year: int = 2010, gamma: float | None = None) -> Distances:
    values = VALUES if gamma is None else {**VALUES, "residence.gamma": gamma}
    return distances(county_rows(codes, year), values)


def test_known_distances():
    place = positions(("110101", "310115", "440305"))
    km = great_circle(place, place)
    assert km[0, 1] == pytest.approx(1080, rel=0.03)  # Beijing to Shanghai
    assert km[0, 2] == pytest.approx(1940, rel=0.03)  # Beijing to Shenzhen
    assert np.allclose(np.diag(km), 0.0, atol=0.1)


def test_one_destination_is_at_its_own_distance():
    km = np.array([[30.0, 500.0]])
    assert effective(np.array([[0.0, 7.0]]), km, 0.5) == pytest.approx([500.0])


def test_a_nearer_destination_counts_more_the_more_distance_matters():
    km, mass = np.array([[30.0, 900.0]]), np.array([[1.0, 1.0]])
    loose, tight = (float(effective(mass, km, gamma)[0]) for gamma in (0.1, 2.0))
    assert 30 < tight < loose < 900
    assert effective(mass, km, 0.0) == pytest.approx(effective(mass, km, 1e-5), rel=1e-3)


def test_a_remote_county_is_farther_from_everything():
    found = of("320582", "653121")  # by Suzhou, and by Kashgar
    assert found.km[1, 6] > 3 * found.km[0, 6]
    assert found.km[1, 2] > found.km[0, 2]


def test_towns_are_nearer_than_the_seat():
    km = of("341282", "140428").km
    assert (km[:, 1] < km[:, 2]).all()
    assert km[1, 2] == pytest.approx(0.376 * np.sqrt(671), rel=0.01)  # Jieshou


def test_what_a_world_holds_is_taken_from_near():
    alone, together = of("140423"), of("140423", "140425", "140426")
    assert alone.inside[0] == 0.0
    assert 0.0 < together.inside[0] < 0.2
    assert (np.diag(together.pull) == 0.0).all()
    assert together.pull[0, 1] > 0.0
    # The two parts together are the whole: mass and distance of near do not depend on the world.
    gamma = VALUES["residence.gamma"]

    def attraction(one: Distances) -> float:
        inside, near = (1 + one.km[0, 3]) ** -gamma, (1 + one.km[0, 5]) ** -gamma
        return float(one.inside[0] * inside + (1 - one.inside[0]) * near)

    assert attraction(together) == pytest.approx(attraction(alone))


def test_what_a_world_holds_of_other_provinces_is_taken_from_far():
    alone, together = of("140423"), of("140423", "341282", "440305")
    assert alone.far_inside[0] == 0.0
    assert not alone.far_pull.any()
    assert 0.004 < together.far_inside[0] < 0.1  # Nanshan in Shenzhen is the destination of many
    assert together.far_pull[0, 0] == 0.0
    assert 0.0 < together.far_pull[0, 1] < together.far_pull[0, 2]
    gamma = VALUES["residence.gamma"]

    def attraction(one: Distances) -> float:
        inside, far = (1 + one.km[0, 4]) ** -gamma, (1 + one.km[0, 6]) ** -gamma
        return float(one.far_inside[0] * inside + (1 - one.far_inside[0]) * far)

    assert attraction(together) == pytest.approx(attraction(alone))


@pytest.mark.parametrize("year", [2010, 2020])
def test_a_world_of_a_whole_province_leaves_nothing_near(year: int):
    codes = [code for code in all_county_rows(year)["code"] if code.startswith("64")]
    whole, alone = of(*codes, year=year), of(codes[0], year=year)
    assert (whole.inside == 1.0).all()
    assert whole.km[0, 5] == pytest.approx(alone.km[0, 5])  # those who were there before are as far as they were
