"""The state of a world at the start of a run, from its base population and the registry.

Stocks that no county table gives (posts beyond those filled, dwellings, school places, prices) are set so that the
start is in balance: posts exceed filled posts by the usual vacancies, places exceed pupils by the usual reserve, and
county budgets are covered by transfers.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from urbsim.arrays import Floats
from urbsim.codes import SCHOOL_STAGES, Dwelling, Sector, Stage, Zone
from urbsim.months import year_of
from urbsim.population import Population, months_old
from urbsim.processes import employment, housing, schooling
from urbsim.processes.residence import attention
from urbsim.quantities.environment import Environment
from urbsim.randomness import Randomness
from urbsim.region.distances import distances
from urbsim.region.figures import CountyFigures
from urbsim.state.accounts import Accounts
from urbsim.state.attraction import other_seats
from urbsim.state.capital import labour_outside_farming
from urbsim.state.constants import CountyConstants
from urbsim.state.income import zone_income
from urbsim.state.newcomers import newcomer_worth
from urbsim.state.own_figures import own_pay, own_stocks
from urbsim.state.pay import migrants_to_locals, outside_wages, village_level
from urbsim.state.places import Places
from urbsim.state.services import equip_services
from urbsim.state.tally import Tally, count
from urbsim.state.vital_rates import VitalRates
from urbsim.state.world import World

ZONE_NAMES = ("village", "town", "seat")


def start_world(
    rows: pd.DataFrame,
    population: Population,
    month: int,
    randomness: Randomness,
    values: Mapping[str, float],
    frozen: frozenset[str] = frozenset(),
    constants: CountyConstants | None = None,
    own: CountyFigures | None = None,
) -> World:
    """Return the world at the start of its first month.

    Parameters
    ----------
    rows
        Rows of the county tables, in the order of the population's county index.
    population
        The base population; it becomes part of the world and is changed by the run.
    values
        Parameters of the first month.
    frozen
        Names of feedbacks that are switched off.
    constants
        Each county's own constants; zero without them.
    own
        Figures that are given for the counties, which take the place of estimates.
    """
    counties = len(rows)
    own = own or CountyFigures(tuple(rows["code"]))
    provinces = np.array([int(code[:2]) for code in rows["code"]])
    environment = _environment(counties, values, year_of(month))
    schooling.seat_pupils(population, environment.school_admission.values, randomness)
    tally = count(population, provinces, month - 1)
    weight = 1.0 / population.scale
    places = _places(tally, weight, rows, values, year_of(month), own)
    own_stocks(places, environment, tally, weight, own, values["renewal.old_share"])
    places.schools.chance *= environment.school_admission.values
    apart = distances(rows, values)
    places.infrastructure.distance = apart.km
    residents = tally.residents * weight
    world = World(
        codes=tuple(rows["code"]),
        provinces=provinces,
        rows=rows,
        population=population,
        environment=environment,
        places=places,
        accounts=Accounts(tally.stocks),
        randomness=randomness,
        tally=tally,
        values=values,
        start=month,
        fertility_factor=_fertility_factor(population, tally, month, values),
        distances=apart,
        constants=constants or CountyConstants.none(counties),
        own=own,
        first_beds=places.hospitals.beds / np.maximum(residents, 1.0),
        first_away=tally.village_adults_away / np.maximum(tally.village_adults, 1),
        first_mix=migrants_to_locals(tally),
        villages=1 + (tally.stocks[:, Zone.VILLAGE] * weight / values["reclassification.village_people"]).astype(int),
        frozen=frozen,
    )
    world.village_level = village_level(world)
    # Land is being sold for what developers build; budgets start in balance with that.
    places.housing.built[:, :, Dwelling.FOR_SALE] = housing.developers_want(world)
    world.places.employers.custom = zone_income(world)
    world.first_newcomer[...] = newcomer_worth(world)
    world.first_stay = attention.stay_at_start(world)
    world.first_off_farm[...] = employment.off_farm_gain(world)
    world.first_free = 1.0 - values["employment.land_held"] * (1.0 - values["land.national_certified_share"])
    world.places.employment.finding_chance[...] = values["employment.finding_rate"]
    world.first_premium[...] = _premium(world)
    return world


def _premium(world: World) -> Floats:
    """Return ln of what near and far pay to what the world's seats pay there, shape (C, 2); 0 where it has none.

    Wages of the tables are one for all counties and one for all districts. Elsewhere in the province and in other
    provinces people earn more on average; which part of it a world holds must not change what they expect.
    """
    pay = world.places.employers.wage[:, Zone.SEAT, Sector.INDUSTRY]
    seats = np.stack([weights @ pay for weights in other_seats(world).weights], axis=1)
    return np.asarray(np.where(seats > 0.0, np.log(outside_wages(world) / np.maximum(seats, 1e-300)), 0.0))


def _places(
    tally: Tally, weight: float, rows: pd.DataFrame, values: Mapping[str, float], year: int, own: CountyFigures
) -> Places:
    places = Places(len(rows))
    filled: Floats = np.asarray(tally.work[:, :, 1:4] * weight, dtype=float)
    places.employers.posts = filled / (1.0 - values["employment.vacancy_rate"])
    places.employers.posts[:, :, Sector.FARM] = filled[:, :, Sector.FARM]
    places.employers.capital = labour_outside_farming(tally, weight)
    # Districts are parts of the cities that people of other counties go to, and pay what those pay.
    city = (rows["kind"] == "district").to_numpy()
    wage = own.over("industry_wage", np.where(city, values[f"start.wage_near_{year}"], values[f"start.wage_{year}"]))
    for zone, name in enumerate(ZONE_NAMES):
        places.employers.wage[:, zone, Sector.INDUSTRY] = wage * values[f"start.wage_ratio_{name}"]
        places.employers.wage[:, zone, Sector.SERVICES] = (
            wage * values[f"start.wage_ratio_{name}"] * values["start.services_ratio"]
        )
        places.employers.wage[:, zone, Sector.FARM] = wage * values["start.farm_ratio"]
        places.housing.first_rent[:, zone] = wage * values[f"housing.rent_to_wage_{name}"]
        places.housing.first_price[:, zone] = wage * values[f"housing.price_to_wage_{name}"]
        reserve = np.full(len(SCHOOL_STAGES), values["schooling.reserve_village"])
        if zone != Zone.VILLAGE:
            reserve[:] = values["schooling.reserve_urban"]
            reserve[SCHOOL_STAGES.index(Stage.SENIOR)] = 0.0  # senior schools turn away whom they have no place for
        places.schools.places[:, zone] = tally.pupils[:, zone] * weight * (1.0 + reserve)
        places.schools.chance[:, zone] = np.minimum(1.0 + reserve, 1.0)[:, None]
    own_pay(places.employers, own)
    places.employers.first_wage = places.employers.wage.copy()
    places.housing.rent, places.housing.price = places.housing.first_rent.copy(), places.housing.first_price.copy()
    occupied = tally.households.sum(axis=2) * weight
    places.housing.dwellings = occupied / (1.0 - values["housing.vacancy_rate"])
    places.housing.expected = np.maximum(places.housing.dwellings, 1.0)
    places.infrastructure.old_dwellings = values["renewal.old_share"] * places.housing.dwellings
    places.housing.public_rental = np.asarray(tally.households[:, :, 3] * weight, dtype=float)
    places.housing.first_pressure = np.log(occupied + 1.0) - np.log(places.housing.dwellings + 1.0)
    places.hospitals.beds = np.asarray(values[f"start.beds_{year}"] / 1000.0 * tally.residents * weight)
    equip_services(places, tally, weight, values, year)
    residents = tally.residents * weight
    places.hospitals.doctors = np.asarray(values[f"start.doctors_{year}"] / 1000.0 * residents)
    places.hospitals.nurses = np.asarray(values[f"start.nurses_{year}"] / 1000.0 * residents)
    return places


def _environment(counties: int, values: Mapping[str, float], year: int) -> Environment:
    environment = Environment(counties)
    for zone, name in enumerate(ZONE_NAMES):
        environment.school_quality.set_base(values[f"schooling.quality_{name}"], zone=zone)
        environment.service_quality.set_base(values[f"services.quality_{name}"], zone=zone)
    environment.registration_years.set_base(values["registration.years_required"])
    environment.registration_tenants.set_base(values["registration.tenants_qualify"])
    environment.wage_arrears.set_base(values["employment.arrears_probability"])
    environment.childcare_places.set_base(values[f"start.childcare_{year}"])
    environment.eldercare_space.set_base(values[f"start.eldercare_space_{year}"])
    for name in ("beds", "doctors", "nurses"):
        environment.quantities[f"{name}_per_thousand"].set_base(values[f"start.{name}_{year}"])
    environment.reset()
    return environment


def _fertility_factor(population: Population, tally: Tally, month: int, values: Mapping[str, float]) -> Floats:
    """Return children under five per child that national rates explain, shrunk towards 1, shape (C,)."""
    people = population.people
    young = (months_old(people.birth, month - 1) < 60) & (people.alive == 1)
    children = np.bincount(people.county[young], minlength=len(tally.stocks)).astype(float)
    rates = np.sum([VitalRates.fertility(year_of(month - back)) for back in range(1, 61)], axis=0) / 12.0
    expected = np.maximum(tally.women @ rates, 1.0)
    ratio = children * (1.0 + values[f"start.child_undercount_{year_of(month)}"]) / expected
    # Few children in a small sample carry much noise: the ratio counts for as much as its children do.
    trust = values["demography.county_fertility_weight"] * children / (children + 50.0)
    return np.asarray(np.clip(np.maximum(ratio, 0.1) ** trust, 0.5, 2.0))
