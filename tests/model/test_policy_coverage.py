"""A policy that reaches one zone or one county touches nobody else in its first month."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from urbsim.codes import Zone
from urbsim.model import UrbanizationModel
from urbsim.policies.base import Policy
from urbsim.policies.levers.employment import IndustrialParks, SkillsTraining
from urbsim.policies.levers.housing import AffordableHousing, HousingSubsidy
from urbsim.policies.levers.land import LandRightsSecurity
from urbsim.policies.levers.registration import HukouRelaxation
from urbsim.policies.levers.schooling import MigrantChildSchooling, SchoolCapacity
from urbsim.policies.levers.transport import LocalTransport
from urbsim.policies.levers.visitors import TourismCulture
from worlds import (
    JIESHOU,
    THREE_COUNTIES,
    base_of,
    by_key,
    differing_households,
    differing_people,
    small_scenario,
    stepped,
)

FIRST = "2021-09"  # the start of a school year, when all processes are at work
TOUCHED_COUNTY = 1
HERE = {"start": FIRST, "counties": (THREE_COUNTIES[TOUCHED_COUNTY],)}
#: Policies that offer nothing to people of other counties.
LOCAL: dict[str, Policy] = {
    "land": LandRightsSecurity(certified_share=1.0, **HERE),
    "training": SkillsTraining(trainees_per_year=100_000, earnings_uplift=0.3, **HERE),
    "hukou": HukouRelaxation(years_required=0, home_required=False, eligible=("local_rural",), **HERE),
    "subsidy": HousingSubsidy(rent_yuan_per_household_year=9000, eligible=("local_rural",), **HERE),
    "places": SchoolCapacity(zones=("town",), stage="primary", places_per_year=60_000, **HERE),
    "roads": LocalTransport(minutes_saved=600, build_months=1, yuan_total=1, payer="province", **HERE),
    "sights": TourismCulture(zones=("town",), posts_per_year=1, amenity_points=0.5, payer="province", **HERE),
}
IN_SEAT = {"start": FIRST, "zones": ("seat",)}
SEAT: dict[str, Policy] = {
    "hukou": HukouRelaxation(years_required=0, home_required=False, **IN_SEAT),
    "admission": MigrantChildSchooling(stages=("primary", "junior", "senior"), **IN_SEAT),
    "places": SchoolCapacity(stage="primary", places_per_year=60_000, **IN_SEAT),
    "subsidy": HousingSubsidy(rent_yuan_per_household_year=9000, yuan_per_purchase=90_000, **IN_SEAT),
    "public rental": AffordableHousing(kind="public_rental", dwellings_per_year=30_000, **IN_SEAT),
    "posts": IndustrialParks(posts_per_year=100_000, **IN_SEAT),
}


#: Rules under which the policies have something to change: land to certify, people eager to register.
ROOM = {
    "land.national_certified_share": 0.2,
    "registration.rate": 0.5,
    "residence.hukou": 2.0,
    "reconsider.floor": 0.5,
    "reconsider.can_afford_seat": 0.0,  # whoever looks because of a subsidy may go anywhere,
    "reconsider.rule_change": 0.0,  # whoever is told of a rule as well,
    "arrivals.response": 0.0,  # and some of the newcomers go to villages
}
SCARCE, PLENTY = 0.7, 1.5  # school places when the policy begins, relative to those there were


def pair_at_first_month(
    counties: tuple[str, ...], policy: Policy, scale: float, places: float = SCARCE
) -> list[UrbanizationModel]:
    """Return the models without and with the policy at the end of its first month."""
    plain = small_scenario(counties, scale=scale, until=FIRST, parameters=ROOM)
    models = []
    for scenario in (plain, replace(plain, policies={"policy": policy})):
        model = UrbanizationModel(scenario, 2, 0, base=base_of(scenario, 2))
        stepped(model, scenario.months - 1)
        model.world.places.schools.places *= places
        models.append(stepped(model, 1))
    return models


def values_in_either(models: list[UrbanizationModel], name: str, kind: str, keys: set[int]) -> list[set[int]]:
    """Return, for every key, the values of an attribute in the two models."""
    tables = [by_key(model, name, kind) for model in models]
    return [{table[key] for table in tables if key in table} for key in keys]


@pytest.mark.parametrize("name", LOCAL)
def test_a_policy_of_one_county_changes_nobody_of_another_in_its_first_month(name: str) -> None:
    models = pair_at_first_month(THREE_COUNTIES, LOCAL[name], 0.08)
    people, households = differing_people(*models), differing_households(*models)
    assert people | households
    for kind, keys in (("people", people), ("households", households)):
        assert all(TOUCHED_COUNTY in counties for counties in values_in_either(models, "county", kind, keys))


def families_of(model: UrbanizationModel, keys: set[int]) -> set[int]:
    """Return the keys with those of spouses, mothers and children, and of the same of these."""
    people = model.world.population.people
    members = np.isin(people.key, np.array(sorted(keys), dtype=np.uint64))
    for _ in range(2):
        for link in (people.spouse, people.mother):
            linked = np.flatnonzero(link >= 0)
            either = members[linked] | members[link[linked]]
            members[linked[either]] = members[link[linked[either]]] = True
    return set(people.key[members].tolist())


@pytest.mark.parametrize("name", SEAT)
def test_a_policy_of_the_seat_changes_only_its_people_those_who_move_to_it_and_their_families_in_its_first_month(
    name: str,
) -> None:
    models = pair_at_first_month(JIESHOU, SEAT[name], 0.05, PLENTY if name == "admission" else SCARCE)
    people = differing_people(*models)
    assert people | differing_households(*models)
    touched: set[int] = set()
    for model in models:
        living_there = {key for key, zone in by_key(model, "zone").items() if zone == Zone.SEAT}
        touched |= families_of(model, living_there)
    assert people <= touched
    assert len(touched) < 0.6 * models[0].world.population.people.size


@pytest.mark.parametrize("name", ["subsidy", "posts"])
def test_what_makes_the_seat_attractive_moves_nobody_between_other_places_in_its_first_month(name: str) -> None:
    models = pair_at_first_month(JIESHOU, SEAT[name], 0.05)
    people = differing_people(*models)
    # Of a couple one may go elsewhere alone because the rest of the family now lives in the seat.
    in_seat = {key for model in models for key, zone in by_key(model, "zone").items() if zone == Zone.SEAT}
    families = set().union(*(families_of(model, in_seat) for model in models))
    elsewhere = {key for key in people if key not in in_seat}
    assert elsewhere <= families
    assert len(elsewhere) < 0.02 * len(people)
