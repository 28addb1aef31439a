"""A frozen feedback does not respond; the same feedback at work does."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.codes import Sector, Zone
from urbsim.model import UrbanizationModel
from urbsim.policies.levers.employment import IndustrialParks
from urbsim.processes.residence import attention
from worlds import small_model, stepped

#: People crowd into the seat, so that everything that can respond does.
CROWDING = {"residence.zeta_seat": 5.0, "reconsider.floor": 0.3, "reclassification.rate": 0.0}
MONTHS = 14


def crowded(frozen: tuple[str, ...]) -> UrbanizationModel:
    model = stepped(small_model(scale=0.02, parameters=CROWDING, frozen=frozen), MONTHS)
    stocks = model.world.accounts.stocks[0]
    assert stocks[Zone.SEAT] > 1.3 * stocks[Zone.VILLAGE]
    return model


def wages(model: UrbanizationModel) -> np.ndarray:
    """Return wages relative to their trend, for the sectors of all zones."""
    trend = (1.0 + model.world.values["employment.wage_growth"]) ** (MONTHS / 12.0)
    first = small_model(scale=0.02, parameters=CROWDING).world.places.employers.wage
    return np.asarray(model.world.places.employers.wage / first / trend)


def prices(model: UrbanizationModel) -> np.ndarray:
    """Return prices and rents relative to their trend."""
    places, values = model.world.places, model.world.values
    trend = (1.0 + values["housing.price_growth"]) ** ((MONTHS - 1) / 12.0)
    return (
        np.stack([places.housing.price / places.housing.first_price, places.housing.rent / places.housing.first_rent])
        / trend
    )


def school_chances(model: UrbanizationModel) -> np.ndarray:
    """Return chances relative to those at the start of the run."""
    start = small_model(scale=0.02, parameters=CROWDING)
    return np.asarray(model.world.places.schools.chance / start.world.places.schools.chance)


def network(model: UrbanizationModel) -> np.ndarray:
    """Return the multiplier of the hazard relative to the start of the run."""
    start = small_model(scale=0.02, parameters=CROWDING)
    return attention.network_multiplier(model.world) / attention.network_multiplier(start.world)


def service_posts(model: UrbanizationModel) -> np.ndarray:
    """Return the seat's service posts relative to what their trend alone would give."""
    services, first = (0, Zone.SEAT, Sector.SERVICES), model.employers.start
    speed, posts, trend = model.world.values["employment.posts_adjustment"], first.posts[services], 1.0
    for _ in range(MONTHS):
        trend *= (1.0 + model.world.values["employment.services_trend"]) ** (1.0 / 12.0)
        posts += speed * (first.wanted[services] * trend - posts)
    return np.array([model.world.places.employers.posts[services] / posts])


RESPONSES = {
    "wages": wages,
    "prices": prices,
    "schools": school_chances,
    "network": network,
    "services_jobs": service_posts,
}


@pytest.mark.parametrize("feedback", RESPONSES)
def test_a_frozen_feedback_stays_at_its_trend_and_one_at_work_departs_from_it(feedback: str) -> None:
    respond = RESPONSES[feedback]
    frozen, working = respond(crowded((feedback,))), respond(crowded(()))
    np.testing.assert_allclose(frozen, np.ones_like(frozen), rtol=1e-9)
    assert np.abs(working - 1.0).max() > 0.01


def test_a_crowded_seat_pays_less_costs_more_and_has_more_services() -> None:
    model = crowded(())
    assert wages(model)[0, Zone.SEAT, Sector.INDUSTRY] < 1.0
    assert (prices(model)[:, 0, Zone.SEAT] > 1.0).all()
    assert school_chances(model)[0, Zone.SEAT, 1:, 1:].max() < 1.0
    assert service_posts(model)[0] > 1.0


@pytest.mark.parametrize("frozen", [(), ("budget",)])
def test_the_frozen_budget_funds_every_policy_in_full_and_the_budget_at_work_does_not(frozen: tuple[str, ...]) -> None:
    park = IndustrialParks(start="2020-01", posts_per_year=20_000, yuan_per_post=500_000)
    model = stepped(small_model(policies={"park": park}, frozen=frozen), MONTHS)
    yuan = [row[-1] for row in model.world.ledger.entries]
    full = 20_000 / 12 * 500_000
    if frozen:
        assert yuan == pytest.approx([full] * MONTHS)
    else:
        assert yuan[0] == pytest.approx(full)
        assert max(yuan[1:]) < full
