"""Arrivals follow what a county offers a newcomer: by hand, and frozen."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.codes import Zone
from urbsim.model import UrbanizationModel
from urbsim.policies.levers.registration import HukouRelaxation
from urbsim.processes.arrivals import expected_households
from urbsim.state.newcomers import arrivals_factor, newcomer_worth
from worlds import small_model

SEAT = int(Zone.SEAT)
#: Nothing grows by itself, and capital is laid out for the labour that is there.
STILL = {f"employment.labour_growth_{zone}": 0.0 for zone in ("village", "town", "seat")}
WEIGHTS = {
    "arrivals.response": 0.7,
    "residence.alpha": 1.5,
    "residence.delta": 1.2,
    "residence.hukou": 0.5,
    "residence.sigma": 2.0,
    "arrivals.seat_share": 0.6,
    "arrivals.town_share": 0.2,
    "arrivals.couple_share": 0.4,
    "arrivals.child_share": 0.5,
}


def model_with(frozen: tuple[str, ...] = (), **settings: object) -> UrbanizationModel:
    return small_model(scale=0.02, parameters=STILL | WEIGHTS, frozen=frozen, **settings)  # type: ignore[arg-type]


def test_nothing_is_gained_at_the_start_and_what_grows_by_itself_draws_nobody() -> None:
    world = model_with().world
    np.testing.assert_allclose(arrivals_factor(world), 1.0, rtol=1e-12)
    for index, risen in ((world.trends.pay, 1.5), (world.trends.outside_wages, 1.5), (world.trends.prices, 1.2)):
        index[...] = risen
    world.places.employers.wage *= 1.5
    world.places.housing.rent *= 1.2
    np.testing.assert_allclose(arrivals_factor(world), 1.0, rtol=1e-12)


def test_each_part_of_the_worth_counts_by_its_weight() -> None:
    world = model_with().world
    first = newcomer_worth(world)[0]

    def gained() -> float:
        return float(newcomer_worth(world)[0] - first)

    world.environment.amenity.values[0, SEAT] += 0.1
    assert gained() == pytest.approx(0.6 * 0.1)
    world.environment.amenity.values[0, SEAT] -= 0.1
    world.places.schools.chance[0, SEAT, 1:3, 2] -= 0.5
    quality = world.environment.school_quality.values[0, SEAT, 1:3]
    lost = np.minimum(world.environment.exam_years.values[0, 2] / world.values["schooling.exam_years_full"], 1.0)
    devalued = 1.0 - np.array([0.5, 0.75]) * lost * world.values["schooling.exam_penalty"]
    assert gained() == pytest.approx(-0.6 * 2.0 * 0.4 * 0.5 / 2 * (0.5 * quality * devalued).mean())
    world.places.schools.chance[0, SEAT, 1:3, 2] += 0.5
    world.trends.outside_wages[1] *= 1.1
    assert arrivals_factor(world)[0] == pytest.approx([1.0, 1.1 ** (-1.5 * 0.7)])


def test_a_rent_subsidy_brings_as_many_more_households_as_it_eases_the_burden() -> None:
    world = model_with().world
    before = expected_households(world)
    rent, share = world.places.housing.rent[0, SEAT], 0.5
    supply = world.tally.work[0, SEAT, 2:].sum() * world.weight
    posts, wage = world.places.employers.posts[0, SEAT, 1:], world.places.employers.wage[0, SEAT, 1:]
    pay = min(posts.sum() / supply, 1.0) * (posts * wage).sum() / posts.sum()
    world.environment.rent_subsidy.values[0, SEAT, 2] = 12.0 * share * rent
    eased = np.log(1.0 + rent / pay) - np.log(1.0 + (1.0 - share) * rent / pay)
    assert expected_households(world)[0] == pytest.approx(before[0] * np.exp(0.7 * 0.6 * 1.2 * eased))


def test_open_registration_draws_newcomers_and_frozen_arrivals_do_not_answer() -> None:
    policy = {
        "hukou": HukouRelaxation(
            start="2020-11", zones=("town", "seat"), years_required=0, tenants_eligible=True, payer="province"
        )
    }
    worlds = [model_with(frozen, policies=policy) for frozen in ((), ("arrivals",))]
    plain = model_with().world
    for model in worlds:
        model.package.apply(model.world.start)
    open_world, frozen = (model.world for model in worlds)
    access = 0.65 / 2.0  # owners half of those who come, three in ten tenants qualify, a year required
    expected = np.exp(0.7 * 0.5 * 0.8 * (1.0 - access))  # villages are not opened
    assert arrivals_factor(open_world)[0] == pytest.approx([expected, expected], rel=1e-9)
    assert (expected_households(frozen) == expected_households(plain)).all()
