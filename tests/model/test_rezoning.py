"""Posts, school places and dwellings stay with the people whose villages become urban."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.codes import Stage, Work, Zone
from urbsim.state.rezoning import carry_stocks, zoning
from worlds import small_model


@pytest.mark.parametrize("zone", [Zone.TOWN, Zone.SEAT])
def test_a_quarter_of_the_villagers_takes_a_quarter_of_each_stock_along(zone: Zone) -> None:
    world = small_model(scale=0.02).world
    people, households, places = world.population.people, world.population.households, world.places
    before = zoning(world)
    stocks = (places.employers.posts, places.schools.places, places.housing.dwellings)
    had = [stock[0].copy() for stock in stocks]
    village = (people.alive == 1) & (people.zone == Zone.VILLAGE)
    farmers = np.flatnonzero(village & (people.work == Work.FARM))
    pupils = np.flatnonzero(village & (people.stage == Stage.PRIMARY))
    homes = np.flatnonzero((households.zone == Zone.VILLAGE) & (households.group >= 0))
    going = np.concatenate([farmers[: farmers.size // 4], pupils[: pupils.size // 4]])
    people.zone[going] = zone
    households.zone[homes[: homes.size // 4]] = zone
    carry_stocks(world, before)
    posts, school, dwellings = (stock[0] - old for stock, old in zip(stocks, had, strict=True))
    farms, primary, homes_taken = farmers.size // 4 / farmers.size, pupils.size // 4 / pupils.size, homes.size // 4
    assert posts[zone, 0] == pytest.approx(farms * had[0][Zone.VILLAGE, 0])
    assert posts[Zone.VILLAGE, 0] == pytest.approx(-posts[zone, 0])
    assert (posts[:, 1:] == 0).all()
    assert places.employers.founded[0, zone, 0] == pytest.approx(posts[zone, 0])  # land: given for good
    assert school[zone, Stage.PRIMARY - 1] == pytest.approx(primary * had[1][Zone.VILLAGE, Stage.PRIMARY - 1])
    assert school.sum() == pytest.approx(0.0, abs=1e-6)
    assert dwellings[zone] == pytest.approx(homes_taken / homes.size * had[2][Zone.VILLAGE])
    assert dwellings.sum() == pytest.approx(0.0, abs=1e-6)


def test_nothing_is_carried_where_nobody_is_reclassified() -> None:
    world = small_model(scale=0.01).world
    before = zoning(world)
    had = world.places.employers.posts.copy()
    world.population.people.zone[:10] = Zone.FAR  # who leaves takes nothing along
    carry_stocks(world, before)
    assert (world.places.employers.posts == had).all()
