"""A world reduced to the model of Harris & Todaro (1970): farms, posts at a fixed wage, and free movement.

Everybody is single, has junior schooling and is of working age; nobody is born, dies, studies, arrives or leaves the
county. Villagers farm at a wage that does not fall with their number. The seat offers a fixed number of posts at a
wage that does not respond either. Nothing but expected earnings enters the residence choice, and moving is free.

Expected earnings in the seat are the chance of a post, posts / labour force, times the wage. People move until these
equal the farm wage, so in equilibrium

  posts / labour force = farm wage / urban wage,    urban unemployment = 1 - farm wage / urban wage.

Posts are refilled in the month after their holder left for the village, so the unemployment that is counted exceeds
this by the share of the seat's workers who leave in a month; ``TURNOVER`` keeps that below a quarter of a point.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from urbsim.codes import Sector, Tenure, Work, Zone
from urbsim.model import UrbanizationModel
from urbsim.policies.base import Policy
from urbsim.population import Population
from urbsim.processes.residence.terms import TERMS
from worlds import base_of, small_scenario

TURNOVER = 0.004  # share of people who may choose in a month
SHARPNESS = 300.0  # utility per log point of expected earnings: all but the last percent of earnings decides
NOWHERE = -1e6
URBAN_LABOUR_AT_START = 0.35

_FIXED = {
    **{term.coefficient: 0.0 for term in TERMS if term.coefficient},
    "residence.public_rent": 0.0,
    **{f"reconsider.{name}": 0.0 for name in ("peak", "network", "left_school", "married", "child_changes_school")},
    **{f"reconsider.{name}": 0.0 for name in ("lost_job", "no_school_place", "parent_needs_care", "can_afford_seat")},
    **{f"residence.zeta_{place}": NOWHERE for place in ("town", "near", "far")},
    **{f"employment.{name}_trend": 0.0 for name in ("farm", "industry", "services")},
    **{f"arrivals.{name}": 0.0 for name in ("same_province", "other_province")},
    "residence.zeta_seat": 0.0,
    "residence.alpha": SHARPNESS,
    "residence.nest": 1.0,
    "reconsider.floor": 12.0 * TURNOVER,
    "demography.mortality_factor": 0.0,
    "demography.fertility_factor": 0.0,
    "demography.marriage_rate_young": 0.0,
    "demography.marriage_rate_older": 0.0,
    "employment.vacancy_rate": 0.0,
    "employment.separation_rate": 0.0,
    "employment.finding_rate": 1.0,
    "employment.farm_fallback_rate": 1.0,
    "employment.retire_posts_rate": 0.0,
    "employment.retire_farm_rate": 0.0,
    "employment.industry_elasticity": 0.0,
    "employment.wage_growth": 0.0,
    "employment.village_gain": 0.0,
    "start.services_ratio": 1.0,
    "health.crowding": 0.0,
    "reclassification.rate": 0.0,
}


def harris_todaro_model(
    farm_to_urban_wage: float, seed: int = 1, policies: Mapping[str, Policy] | None = None
) -> UrbanizationModel:
    """Return the reduced world of Jieshou with farm income at a share of the urban wage."""
    scenario = small_scenario(
        scale=0.02,
        until="2049-12",
        parameters={
            **_FIXED,
            "start.farm_ratio": farm_to_urban_wage,
            "start.village_earnings_2020": farm_to_urban_wage,
        },
        policies=policies,
        frozen=("wages", "prices", "schools", "network", "services_jobs", "budget"),
    )
    base = base_of(scenario, seed)
    reduced = type(base)(base.population.copy(), base.fit)
    _reduce(reduced.population, scenario.start)
    return UrbanizationModel(scenario, seed, 0, base=reduced)


def closed_form(farm_to_urban_wage: float) -> float:
    """Return urban unemployment in the equilibrium of Harris & Todaro."""
    return 1.0 - farm_to_urban_wage


def _reduce(population: Population, month: int) -> None:
    """Keep single workers of villages and seat; a part of them holds the seat's posts, the others farm."""
    people, households = population.people, population.households
    age = (month - people.birth) // 12
    kept = (age >= 20) & (age < 50) & ((people.zone == Zone.VILLAGE) | (people.zone == Zone.SEAT))
    people.alive[...] = kept
    for link in ("spouse", "mother", "first_child", "next_sibling"):
        people[link][...] = -1
    people.registration[...] = 0
    people.schooling[...], people.stage[...], people.trained[...] = 2, 0, 0.0
    workers = np.flatnonzero(kept)
    urban = workers[: int(URBAN_LABOUR_AT_START * workers.size)]
    homes = np.arange(workers.size)  # a household for everybody, so that homes and people agree
    assert households.size >= workers.size
    people.household[workers] = homes
    households.county[...], households.zone[...], households.tenure[...] = 0, Zone.VILLAGE, Tenure.NONE
    households.land[...] = 0.0  # nobody has rent to keep
    people.zone[workers], people.work[workers] = Zone.VILLAGE, Work.FARM
    people.zone[urban], people.work[urban] = Zone.SEAT, int(Sector.INDUSTRY) + 1
    households.zone[people.household[urban]], households.tenure[people.household[urban]] = Zone.SEAT, Tenure.RENTS
