"""Levers on jobs, infrastructure and renewal in a whole run: direction and magnitude, against hand calculation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from urbsim.codes import Network, Sector, Zone
from urbsim.model import UrbanizationModel
from urbsim.observation.indicators import INDICATORS
from urbsim.policies.base import Policy
from urbsim.policies.registry import all_levers
from urbsim.processes.residence.alternatives import Alternatives, alternatives
from urbsim.processes.residence.destinations import FAR, NEAR, OTHER_SEAT, SEAT, TOWN, VILLAGE
from worlds import THREE_COUNTIES, base_of, small_model, small_scenario, stepped

SCALE = 0.01
FREE: dict[str, Any] = {"start": "2020-11", "payer": "province"}  # paid from above: no budget limits it
#: Posts reach what employers want at once and follow nothing else.
STIFF = {
    "employment.posts_adjustment": 1.0,
    "employment.industry_elasticity": 0.0,
    "employment.services_elasticity": 0.0,
    "reclassification.rate": 0.0,  # posts and dwellings stay where they are
}

NO_BUILDING = ("housing.construction_response", "housing.household_growth_town", "housing.household_growth_seat")


def lever(name: str, **fields: Any) -> Policy:
    return all_levers()[name](**{**FREE, **fields})


def pair(policy: Policy, months: int, **settings: Any) -> list[UrbanizationModel]:
    """Return the models without and with the policy after some months."""
    models = [small_model(scale=SCALE, policies=policies, **settings) for policies in ({}, {"policy": policy})]
    return [stepped(model, months) for model in models]


def yuan_by_month(model: UrbanizationModel, months: int) -> list[float]:
    booked = []
    for _ in range(months):
        seen = len(model.world.ledger.entries)
        model.step()
        booked.append(sum(row[-1] for row in model.world.ledger.entries[seen:]))
    return booked


def alternatives_of(model: UrbanizationModel) -> Alternatives:
    return alternatives(model.world, model.month)


def constants_gained(without: UrbanizationModel, having: UrbanizationModel) -> list[float]:
    """Return what the constants of village, town and seat gained, with equally crowded hospitals."""
    having.world.tally, having.world.places.hospitals.beds = without.world.tally, without.world.places.hospitals.beds
    one, other = (alternatives_of(model).constant[0, :OTHER_SEAT] for model in (without, having))
    return (other - one).tolist()


# -- posts and wages


@pytest.mark.parametrize("name", ["industry_clusters", "industry_relocation"])
def test_posts_of_a_lever_come_into_being(name: str) -> None:
    models = pair(lever(name, posts_per_year=1200), 6, parameters=STIFF)
    added = models[1].world.places.employers.posts - models[0].world.places.employers.posts
    assert added[0, Zone.SEAT, Sector.INDUSTRY] == pytest.approx(600)
    assert added[0].sum() == pytest.approx(600)


@pytest.mark.parametrize("name", ["tourism_culture", "commerce_logistics"])
def test_service_posts_and_amenity_of_a_lever_arrive_where_it_acts(name: str) -> None:
    models = pair(lever(name, zones=["town"], posts_per_year=1200, amenity_points=0.05), 3, parameters=STIFF)
    added = models[1].world.places.employers.posts - models[0].world.places.employers.posts
    assert added[0, Zone.TOWN, Sector.SERVICES] == pytest.approx(300)
    assert constants_gained(*models) == pytest.approx([0, 0.05, 0])


def test_wages_of_an_innovating_sector_grow_by_its_rate_and_stay_higher_afterwards() -> None:
    policy = lever("innovation_productivity", growth_per_year=0.06, zones=["seat"], end="2021-10")
    without, having = pair(policy, 18, frozen=("wages",))
    ratio = having.world.places.employers.wage[0] / without.world.places.employers.wage[0]
    assert ratio[Zone.SEAT, Sector.INDUSTRY] == pytest.approx(1.10 / 1.04)  # twelve months, trend 0.04
    ratio[Zone.SEAT, Sector.INDUSTRY] = 1.0
    assert (ratio == 1.0).all()


def test_innovation_costs_a_twelfth_for_every_worker_of_the_month_before() -> None:
    policy = lever("innovation_productivity", growth_per_year=0.01, zones=["seat"], yuan_per_worker_year=1200)
    model = small_model(scale=SCALE, policies={"policy": policy})
    for _ in range(4):
        people = model.world.population.people
        workers = ((people.alive == 1) & (people.zone == Zone.SEAT) & (people.work == 2)).sum()
        assert yuan_by_month(model, 1) == pytest.approx([workers / SCALE * 100.0])


def test_upgraded_farms_pay_more_and_need_fewer_workers() -> None:
    policy = lever("agri_upgrading", income_growth_per_year=0.05, workers_freed_per_year=6000)
    without, having = pair(policy, 12, parameters=STIFF, frozen=("wages",))
    places = [model.world.places for model in (without, having)]
    fewer = places[0].employers.posts - places[1].employers.posts
    assert fewer[0, Zone.VILLAGE, Sector.FARM] == pytest.approx(6000)
    assert fewer[0].sum() == pytest.approx(6000)
    assert places[1].employers.wage[0, Zone.VILLAGE, 0] / places[0].employers.wage[0, Zone.VILLAGE, 0] == pytest.approx(
        1.09 / 1.04
    )


def test_where_farms_need_fewer_fewer_farm() -> None:
    policy = lever("agri_upgrading", workers_freed_per_year=60_000)
    shares = [INDICATORS["farm_job_share"].by_county(model.world)[0] for model in pair(policy, 24)]
    assert shares[1] < shares[0]


def test_farms_never_need_fewer_than_nobody() -> None:
    having = pair(lever("agri_upgrading", workers_freed_per_year=1_000_000), 12, parameters=STIFF)[1]
    assert having.world.places.employers.posts[0, Zone.VILLAGE, Sector.FARM] == 0.0
    assert np.isfinite(having.world.places.employers.wage).all()


# -- travel


def test_minutes_saved_shorten_the_way_to_the_seat_at_the_stated_speed() -> None:
    policy = lever("local_transport", zones=["village"], minutes_saved=6, build_months=6, yuan_total=1.0)
    models = pair(policy, 8)
    without, having = (alternatives_of(model).log_distance[0] for model in models)
    km = models[0].world.places.infrastructure.distance[0, SEAT]
    assert np.exp(having[VILLAGE, SEAT]) - 1 == pytest.approx(km - 6 / 60 * 40)
    assert np.exp(without[VILLAGE, SEAT]) - 1 == pytest.approx(km)
    having[VILLAGE, SEAT] = without[VILLAGE, SEAT]
    assert (having == without).all()


def test_a_road_half_built_saves_half_the_minutes() -> None:
    policy = lever("local_transport", zones=["town"], minutes_saved=6, build_months=12, yuan_total=1200.0)
    model = small_model(scale=SCALE, policies={"policy": policy})
    assert yuan_by_month(model, 6) == pytest.approx([100.0] * 6)
    assert np.exp(alternatives_of(model).log_distance[0, TOWN, SEAT]) - 1 == pytest.approx(
        model.world.places.infrastructure.distance[0, SEAT] - 3 / 60 * 40
    )
    assert model.world.places.infrastructure.minutes_saved[0].tolist() == pytest.approx([0, 3, 0])


def test_no_road_brings_a_place_nearer_than_the_floor() -> None:
    policy = lever("local_transport", minutes_saved=600, build_months=1, yuan_total=1.0)
    model = pair(policy, 2)[1]
    distance = np.exp(alternatives_of(model).log_distance[0]) - 1
    assert distance[[VILLAGE, TOWN], SEAT] == pytest.approx(
        [0.4 * model.world.places.infrastructure.distance[0, SEAT]] * 2
    )


def test_a_line_to_the_capital_brings_the_rest_of_the_province_nearer() -> None:
    policy = lever("metro_integration", minutes_saved=30, build_months=2, yuan_total=1.0)
    models = pair(policy, 4)
    without, having = (alternatives_of(model).log_distance[0] for model in models)
    km = models[0].world.places.infrastructure.distance[0, NEAR]
    assert np.exp(having[:, NEAR]) - 1 == pytest.approx([km - 0.5 * 30 / 60 * 80] * 3)
    others = [VILLAGE, TOWN, SEAT, OTHER_SEAT, FAR]
    assert (having[:, others] == without[:, others]).all()


def test_distances_of_each_county_are_shortened_by_its_own_minutes() -> None:
    policy = lever("local_transport", counties=THREE_COUNTIES[:1], minutes_saved=15, build_months=1, yuan_total=1.0)
    model = small_model(counties=THREE_COUNTIES, scale=0.005, policies={"policy": policy})
    model.world.places.infrastructure.distance[:, SEAT] = [30.0, 40.0, 50.0]
    distance = np.exp(alternatives_of(stepped(model, 1)).log_distance[:, VILLAGE, SEAT]) - 1
    assert distance == pytest.approx([20.0, 40.0, 50.0])


# -- networks and renewal


@pytest.mark.parametrize(
    ("name", "network", "prior"),
    [
        ("utilities_resilience", Network.UTILITIES, 0.05),
        ("rural_habitat", Network.HABITAT, 0.05),
        ("green_environment", Network.GREEN, 0.03),
        ("digital_services", Network.DIGITAL, 0.02),
    ],
)
def test_a_network_adds_its_prior_in_proportion_to_coverage_and_costs_what_it_covers(
    name: str, network: Network, prior: float
) -> None:
    policy = lever(name, zones=["town"], share_per_year=0.6, yuan_per_resident=1000, upkeep_yuan_per_resident_year=120)
    without, having = small_model(scale=SCALE), small_model(scale=SCALE, policies={"policy": policy})
    covered = 0.0
    for _ in range(5):
        residents = having.world.tally.stocks[0, Zone.TOWN] / SCALE
        covered += 0.05
        assert yuan_by_month(having, 1) == pytest.approx([0.05 * residents * 1000 + covered * residents * 10])
    stepped(without, 5)
    assert having.world.places.infrastructure.network_coverage[0, Zone.TOWN, network] == pytest.approx(0.25)
    assert having.world.places.infrastructure.network_coverage.sum() == pytest.approx(0.25)
    assert constants_gained(without, having) == pytest.approx([0, 0.25 * prior, 0])


def test_two_policies_cover_everybody_once_and_pay_for_everybody_once() -> None:
    both = {
        name: lever(
            "green_environment",
            zones=["seat"],
            share_per_year=1.0,
            yuan_per_resident=100,
            upkeep_yuan_per_resident_year=0,
        )
        for name in ("one", "other")
    }
    model = small_model(scale=SCALE, policies=both)
    residents, booked = [], []
    for _ in range(8):
        residents.append(model.world.tally.stocks[0, Zone.SEAT] / SCALE)
        booked += yuan_by_month(model, 1)
    assert model.world.places.infrastructure.network_coverage[0, Zone.SEAT, Network.GREEN] == pytest.approx(1.0)
    assert booked == pytest.approx([100 / 6 * count for count in residents[:6]] + [0, 0], abs=1e-6)


def test_renewal_raises_rents_by_the_cheap_rentals_lost_and_amenity_by_its_prior() -> None:
    policy = lever("urban_renewal", share_per_year=0.6, rentals_lost_share=0.5, yuan_per_dwelling=1000)
    calm: dict[str, Any] = {
        "parameters": dict.fromkeys((*NO_BUILDING, "reclassification.rate"), 0.0),
        "frozen": ("prices",),
    }
    dwellings = small_model(scale=SCALE, **calm).world.places.housing.dwellings[0, Zone.SEAT]
    without, having = pair(policy, 10, **calm)
    renewed = 0.6 * 10 / 12 * 0.3 * dwellings  # 0.3 of the dwellings are old
    assert having.world.places.infrastructure.renewed[0].tolist() == pytest.approx([0, 0, renewed])
    rents = [model.world.places.housing.rent[0] for model in (without, having)]
    assert rents[1] / rents[0] == pytest.approx([1, 1, 1 + 0.4 * 0.5 * renewed / dwellings])  # discount 0.4
    assert sum(row[-1] for row in having.world.ledger.entries) == pytest.approx(renewed * 1000)
    assert constants_gained(without, having) == pytest.approx([0, 0, 0.1 * renewed / dwellings])


def test_no_more_than_all_old_dwellings_are_renewed_or_paid_for() -> None:
    policy = lever("urban_renewal", share_per_year=1.0, rentals_lost_share=0.5, yuan_per_dwelling=1000)
    model = pair(policy, 18)[1]
    places = model.world.places
    assert places.infrastructure.renewed[0, Zone.SEAT] == pytest.approx(
        places.infrastructure.old_dwellings[0, Zone.SEAT]
    )
    assert places.infrastructure.cheap_rentals_lost[0, Zone.SEAT] == pytest.approx(
        0.5 * places.infrastructure.old_dwellings[0, Zone.SEAT]
    )
    assert sum(row[-1] for row in model.world.ledger.entries) == pytest.approx(
        places.infrastructure.renewed.sum() * 1000
    )


# -- direction, over two replicates

DIRECTIONS: dict[str, tuple[Policy, str, int]] = {
    "roads to the seat bring people to it": (
        lever("local_transport", minutes_saved=20, build_months=1, yuan_total=1.0),
        "seat_residents",
        +1,
    ),
    "a line to the capital takes people there": (
        lever("metro_integration", minutes_saved=240, build_months=1, yuan_total=1.0),
        "residents_near",
        +1,
    ),
    "clusters raise employment": (lever("industry_clusters", posts_per_year=10_000), "employment_rate", +1),
    "firms from elsewhere raise employment": (
        lever("industry_relocation", posts_per_year=10_000),
        "employment_rate",
        +1,
    ),
    "higher wages keep people from leaving": (
        lever("innovation_productivity", growth_per_year=0.15),
        "absent_registered",
        -1,
    ),
    "tourism fills towns": (
        lever("tourism_culture", zones=["town"], posts_per_year=5000, amenity_points=0.2),
        "town_residents",
        +1,
    ),
    "trade raises employment": (lever("commerce_logistics", posts_per_year=5000), "employment_rate", +1),
    "better paid farms keep villagers": (lever("agri_upgrading", income_growth_per_year=0.2), "village_residents", +1),
    "renewal raises the rent": (
        lever("urban_renewal", share_per_year=0.5, rentals_lost_share=0.5),
        "seat_rent",
        +1,
    ),
}
BY_COVERAGE = {
    "utilities_resilience": ("seat", "seat_residents"),
    "green_environment": ("seat", "seat_residents"),
    "rural_habitat": ("village", "village_residents"),
    "digital_services": ("town", "town_residents"),
}


def run_of(
    policies: dict[str, Policy], replicate: int, parameters: dict[str, float] | None = None
) -> UrbanizationModel:
    scenario = small_scenario(scale=0.03, policies=policies, parameters=parameters)
    return stepped(UrbanizationModel(scenario, 1, replicate, base=base_of(scenario, 1, replicate)), 24)


@pytest.fixture(scope="module")
def plain() -> list[UrbanizationModel]:
    return [run_of({}, replicate) for replicate in range(2)]


@pytest.mark.parametrize("name", DIRECTIONS)
def test_in_every_replicate(name: str, plain: list[UrbanizationModel]) -> None:
    policy, indicator, sign = DIRECTIONS[name]
    for replicate, without in enumerate(plain):
        values = [INDICATORS[indicator].by_county(m.world)[0] for m in (without, run_of({"policy": policy}, replicate))]
        assert np.sign(values[1] - values[0]) == sign, (replicate, values)


@pytest.mark.parametrize("name", BY_COVERAGE)
def test_coverage_draws_people_where_its_value_is_not_small(name: str) -> None:
    """The shipped priors are too small to see in a sample of this size; ten times larger ones are not."""
    zone, indicator = BY_COVERAGE[name]
    priors = {f"amenity.{network.name.lower()}": 0.5 for network in Network}
    policy = lever(name, zones=[zone], share_per_year=1.0)
    values = [
        INDICATORS[indicator].by_county(run_of(policies, 0, priors).world)[0] for policies in ({}, {"policy": policy})
    ]
    assert values[1] > values[0]
