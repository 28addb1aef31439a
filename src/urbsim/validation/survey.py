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
from urbsim.codes import Sector, Tenure, Work, Zone
from urbsim.population import NOBODY, years_old
from urbsim.state.income import household_income

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel


EMPLOYED = (int(Work.FARM), int(Work.INDUSTRY), int(Work.SERVICES))
OFF_FARM = (int(Work.INDUSTRY), int(Work.SERVICES))


@dataclass(frozen=True)
class Survey:
    """Persons and counties at the end of one month.

    Attributes
    ----------
    people
        Indexed by key: ``age`` (years), ``female``, ``county`` and ``registration`` (positions in the world, negative
        for places outside it), ``urban_registered``, ``zone`` (``codes.Zone``), ``work`` (``codes.Work``),
        ``earnings`` (yuan a month), ``trained``, ``schooling``, ``stage``, ``household`` (key), ``home_zone`` and
        ``owns`` (of the household), ``income`` (of the household per head, yuan a month), ``mother_age`` (years; of a
        mother who lives in the county, else -1).
    counties
        One row per county: ``residents``, ``urban`` (residents of towns and seat), ``jobs`` (filled posts outside
        farming), ``village_away`` (share of village adults who are away); real persons and posts.
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
        "mother_age": _mother_age(model),
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


def _counties(model: UrbanizationModel) -> pd.DataFrame:
    tally, weight = model.world.tally, model.world.weight
    jobs = tally.work[:, :, 1 + Sector.INDUSTRY : 2 + Sector.SERVICES]
    return pd.DataFrame(
        {
            "residents": tally.residents * weight,
            "urban": tally.urban * weight,
            "jobs": jobs.sum(axis=(1, 2)) * weight,
            "village_away": ratio(tally.village_adults_away, tally.village_adults),
        }
    )
