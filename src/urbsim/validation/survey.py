"""What an interviewer would find: everybody registered or resident in the world's counties, at one month.

A survey is a table of persons, so that a study's comparison reads as it would on field data, and a second one of
counties. The same person has the same key in every survey of a replicate, in whichever world it was taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.arrays import Floats, ratio
from urbsim.codes import Sector, Stage, Tenure, Work, Zone
from urbsim.population import NOBODY, years_old
from urbsim.state.income import household_income

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel


EMPLOYED = (int(Work.FARM), int(Work.INDUSTRY), int(Work.SERVICES))
OFF_FARM = (int(Work.INDUSTRY), int(Work.SERVICES))
_ADULT = 16
#: Ages of children that are counted, the first and the last.
_AGES = {"child": (0, 15), "teen": (12, 15), "pupil": (6, 11)}


@dataclass(frozen=True)
class Survey:
    """Persons and counties at the end of one month.

    Attributes
    ----------
    people
        Indexed by key: ``age`` (years), ``female``, ``county`` and ``registration`` (positions in the world, negative
        for places outside it), ``urban_registered``, ``zone`` (``codes.Zone``), ``work`` (``codes.Work``),
        ``earnings`` (yuan a month), ``trained``, ``schooling``, ``stage``, ``household`` (key), ``home_zone`` and
        ``owns`` (of the household), ``income`` (of the household per head, yuan a month), ``mu_rented`` (contracted
        land that the household rents out), ``mother_age`` (years; of a mother who lives in the county, else -1),
        ``spouse`` (1 lives in the same place, 0 elsewhere, -1 there is none), and own children in the same place and
        elsewhere: ``child_with`` and ``child_apart`` (under 16), ``teen_with`` and ``teen_apart`` (12 to 15),
        ``pupil_with`` and ``pupil_apart`` (6 to 11).
    counties
        One row per county: ``residents``, ``urban`` (residents of towns and seat), ``jobs`` (filled posts outside
        farming), ``village_away`` (share of village adults who are away), ``migrants`` (residents registered in
        another county), ``price`` (yuan a square metre, by residents of towns and seat), ``village_places`` (primary
        school places in villages); real persons, posts and places.
    """

    people: pd.DataFrame
    counties: pd.DataFrame


def take_survey(model: UrbanizationModel) -> Survey:
    """Return the state of a model's world at the end of its present month."""
    return Survey(_people(model), _counties(model))


def _people(model: UrbanizationModel) -> pd.DataFrame:
    people, households = model.world.population.people, model.world.population.households
    alive = people.alive == 1
    home = people.household
    columns = {
        "age": years_old(people.birth, model.month),
        "zone": people.zone,
        "work": people.work,
        "earnings": people.earnings.astype(float),
        "household": households.key[home],
        "home_zone": households.zone[home],
        "owns": households.tenure[home] == Tenure.OWNS,
        "income": _income_per_head(model)[home],
        "mu_rented": households.rented[home].astype(float),
        "mother_age": _mother_age(model),
        "spouse": _spouse(model),
        **_children(model),
    }
    same = ("female", "county", "registration", "urban_registered", "trained", "schooling", "stage")
    columns |= {name: people[name] for name in same}
    return pd.DataFrame({name: column[alive] for name, column in columns.items()}, index=people.key[alive])


def _income_per_head(model: UrbanizationModel) -> Floats:
    """Return the income of each household per member at home, yuan a month; missing where nobody is at home."""
    people, size = model.world.population.people, model.world.population.households.size
    at_home = (people.alive == 1) & (people.zone < Zone.NEAR)
    heads = np.bincount(people.household[at_home], minlength=size)
    return ratio(household_income(model.world, model.month), heads)


def _mother_age(model: UrbanizationModel) -> NDArray[np.int64]:
    people = model.world.population.people
    mother = people.mother.astype(np.int64)
    age = years_old(people.birth[mother], model.month)
    at_home = (mother != NOBODY) & (people.alive[mother] == 1) & (people.zone[mother] < Zone.NEAR)
    return np.where(at_home, age, -1)


def _together(model: UrbanizationModel, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which pairs of people live in the same zone of the same county, or both near or both far."""
    people = model.world.population.people
    return np.asarray((people.zone[one] == people.zone[other]) & (people.county[one] == people.county[other]))


def _spouse(model: UrbanizationModel) -> NDArray[np.int8]:
    people = model.world.population.people
    spouse = people.spouse.astype(np.int64)
    together = _together(model, np.arange(people.size), spouse)
    there = (spouse != NOBODY) & (people.alive[spouse] == 1)
    return np.where(there, together, -1).astype(np.int8)


def _children(model: UrbanizationModel) -> dict[str, NDArray[np.int16]]:
    """Count the children of every mother and of her husband by age, and whether they live in the same place."""
    people = model.world.population.people
    age = years_old(people.birth, model.month)
    child = np.flatnonzero((people.alive == 1) & (age < _ADULT) & (people.mother != NOBODY))
    mother = people.mother[child].astype(np.int64)
    father = people.spouse[mother].astype(np.int64)
    found: dict[str, NDArray[np.int16]] = {}
    for name, (low, high) in _AGES.items():
        of_age = (age[child] >= low) & (age[child] <= high)
        counts = np.zeros((2, people.size), dtype=np.int16)
        for parent in (mother, father):
            chosen = of_age & (parent != NOBODY)
            here = _together(model, child, parent)
            for place, side in enumerate((here, ~here)):
                counts[place] += np.bincount(parent[chosen & side], minlength=people.size).astype(np.int16)
        found |= {f"{name}_with": counts[0], f"{name}_apart": counts[1]}
    return found


def _counties(model: UrbanizationModel) -> pd.DataFrame:
    tally, weight, places = model.world.tally, model.world.weight, model.world.places
    jobs = tally.work[:, :, 1 + Sector.INDUSTRY : 2 + Sector.SERVICES]
    urban = tally.stocks[:, Zone.TOWN : Zone.SEAT + 1]
    prices = places.housing.price[:, Zone.TOWN : Zone.SEAT + 1]
    return pd.DataFrame(
        {
            "residents": tally.residents * weight,
            "urban": tally.urban * weight,
            "jobs": jobs.sum(axis=(1, 2)) * weight,
            "village_away": ratio(tally.village_adults_away, tally.village_adults),
            "migrants": tally.registered_from[:, 1:].sum(axis=1) * weight,
            "price": ratio((urban * prices).sum(axis=1), urban.sum(axis=1)),
            "village_places": places.schools.places[:, Zone.VILLAGE, Stage.PRIMARY - 1],
        }
    )
