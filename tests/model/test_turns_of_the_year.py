"""What is renewed once a year is renewed in every household's and person's own month, so that no month is a wave."""

from __future__ import annotations

import numpy as np
import pytest

from plainly import from_python
from urbsim import randomness
from urbsim.codes import Cause, Zone
from urbsim.randomness import find_turns
from worlds import small_model, stepped

has_turn = from_python(randomness.has_turn)

#: School terms begin in September and February; July ends them.
TERM_MONTHS = (2, 7, 9)


def test_every_key_has_one_month_of_the_year_and_all_months_have_about_as_many() -> None:
    keys = small_model(scale=0.02).world.population.people.key
    turns = np.array([[has_turn(key, 24_240 + month) for month in range(24)] for key in keys[:2400]])
    assert (turns[:, :12].sum(axis=1) == 1).all()
    assert (turns[:, :12] == turns[:, 12:]).all()
    by_month = turns[:, :12].sum(axis=0)
    assert by_month.min() > 140
    assert by_month.max() < 260  # 200 expected, standard deviation 14


def test_the_turn_is_the_rest_of_the_key_divided_by_twelve() -> None:
    keys = np.random.default_rng(1).integers(0, 2**64, 3000, dtype=np.uint64)
    keys[:48] = [*range(24), *range(2**64 - 24, 2**64)]  # where the difference from a turn passes zero
    for month in range(24_251, 24_263):
        np.testing.assert_array_equal(find_turns(keys, month), keys % np.uint64(12) == month % 12)


def test_january_is_a_month_like_others() -> None:
    model = stepped(small_model(scale=0.1), 12)
    moves: dict[int, list[float]] = {month: [] for month in range(1, 13)}
    events: dict[int, list[int]] = {month: [] for month in range(1, 13)}
    for _ in range(36):
        for step in model.schedule:
            step()
            if step.name == "housing":
                afford = int((model.world.population.people.events & 64 > 0).sum())
        month = model.month % 12 + 1
        moved = model.world.accounts.flows[:, Cause.MOVE]
        events[month].append(afford)
        moves[month].append(float(moved[:, Zone.NEAR : Zone.FAR + 1, Zone.VILLAGE].sum()))
    others = [month for month in moves if month not in (1, *TERM_MONTHS)]
    for seen in (moves, events):
        usual = np.mean([np.mean(seen[month]) for month in others])
        assert usual > 20
        assert np.mean(seen[1]) == pytest.approx(usual, rel=0.25)


def test_everybody_is_paid_and_every_household_has_an_income_from_the_first_month() -> None:
    earnings_alone = {"income.own_produce": 0.0, "income.transfers": 0.0}  # rent received is rent paid
    model = stepped(small_model(scale=0.02, parameters=earnings_alone), 1)
    people, households = model.world.population.people, model.world.population.households
    working = (people.alive == 1) & (people.work >= 1) & (people.work <= 3)
    assert (people.earnings[working] > 0).all()
    earned = np.zeros(households.size)
    share = np.where(people.zone >= Zone.NEAR, model.world.values["housing.remitted_share"], 1.0)
    np.add.at(earned, people.household[people.alive == 1], (share * people.earnings)[people.alive == 1])
    assert households.income.sum() == pytest.approx(earned.sum(), rel=0.02)  # moves of the month come after


def test_savings_grow_by_a_year_once_a_year_and_not_in_the_first_month() -> None:
    model = small_model(scale=0.02, parameters={"housing.purchase_rate": 0.0})
    households = model.world.population.households
    saved, count = households.savings.copy(), households.size
    times = np.zeros(count, dtype=int)
    for month in range(13):
        for step in model.schedule:
            before = households.savings[:count].copy()
            step()
            if step.name == "housing":
                grew = households.savings[:count] > before
                times += grew
                assert month > 0 or not grew.any()
    assert saved.size == count
    earning = households.income[:count] > 0
    assert times.max() == 1
    assert times[earning].mean() > 0.85
