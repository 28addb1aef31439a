"""What is done for all counties at once, or once for a month: as each county by itself, and as if done anew."""

from __future__ import annotations

import sys
from copy import deepcopy

import numpy as np
import pytest

from urbsim.arrays import remembered
from urbsim.observation.indicators import INDICATORS
from urbsim.observation.limits import Limits
from urbsim.observation.months import MonthsTogether, month_of
from urbsim.processes.residence.alternatives import alternatives
from urbsim.quantities.activity import Activity
from worlds import THREE_COUNTIES, small_model, stepped


def test_what_is_remembered_is_made_again_as_soon_as_a_number_differs() -> None:
    calls = []

    @remembered
    def double(numbers: np.ndarray, times: float) -> np.ndarray:
        calls.append(times)
        return numbers * 2.0 * times

    numbers = np.array([1.0, 2.0])
    assert double(numbers, 1.0) is double(numbers.copy(), 1.0)
    assert calls == [1.0]
    numbers[1] = 3.0
    assert double(numbers, 1.0).tolist() == [2.0, 6.0]
    assert double(numbers, 2.0).tolist() == [4.0, 12.0]
    assert calls == [1.0, 1.0, 2.0]


def test_a_copy_of_a_months_activity_is_cleared_as_a_whole() -> None:
    activity = Activity(2)
    twin = deepcopy(activity)
    twin.trainees[...], twin.pupils[1], activity.absent[...] = 3.0, 5.0, 7.0
    twin.clear()
    assert not any(counts.any() for counts in vars(twin).values())
    assert activity.absent.tolist() == [7.0, 7.0]


def test_sums_of_a_year_and_the_highest_debt_are_kept_county_by_county() -> None:
    """By hand: two months of a policy in the second county, none in the first; debt against its limit in each."""
    limits, march = Limits({"park": "industrial_parks"}, 24_000), 24_242
    for wanted, possible in ((10.0, 4.0), (6.0, 6.0)):
        limits.note("money", march, "park", np.array([0.0, wanted]), np.array([1.0, possible]))
    for debt, limit in (([5.0, 0.0], [50.0, 9.0]), ([6.0, 0.0], [100.0, 9.0])):
        limits.note_debt(march, np.array(debt), np.array(limit))
    rows = limits.table(["a", "b"])[["place", "limit", "policy", "wanted", "possible"]].to_numpy().tolist()
    assert rows == [["a", "debt", "", 5.0, 50.0], ["b", "money", "park", 16.0, 10.0]]


def test_a_month_that_is_kept_has_all_that_any_indicator_reads() -> None:
    world = stepped(small_model(scale=0.002), 2).world
    months = MonthsTogether([month_of(world)], world.weight, world.values)
    for indicator in INDICATORS.values():
        np.testing.assert_array_equal(indicator.by_county(months), indicator.by_county(world))  # type: ignore[arg-type]


def test_seats_of_very_many_counties_are_averaged_in_one_product_as_table_by_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = small_model(counties=THREE_COUNTIES, scale=0.005).world
    one_by_one = alternatives(world, world.start)
    monkeypatch.setattr(sys.modules[alternatives.__module__], "VERY_MANY", 2)
    at_once = alternatives(world, world.start)
    for name in ("earnings", "rent", "market_rent", "school", "access"):
        np.testing.assert_allclose(getattr(at_once, name), getattr(one_by_one, name), rtol=1e-12)
    assert (one_by_one.market_rent[:, 3] > 0.0).all()
