"""How closely a synthetic county meets the margins it was fitted to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from urbsim.codes import COUNTY_ZONES, Origin, Schooling, Sector, Tenure, Work
from urbsim.region import patterns
from urbsim.region.activity import Occupation
from urbsim.region.dwellings import Holdings
from urbsim.region.individuals import Persons
from urbsim.region.margins import Margins
from urbsim.region.registration import Registration
from urbsim.region.units import Joined

COLUMNS = ("county", "margin", "category", "target", "synthetic", "error")
_GENERATIONS = ("one", "two", "three", "four or more")

Margin = tuple[str, Sequence[str], ArrayLike, ArrayLike]


def measure(
    margins: Margins,
    people: Persons,
    joined: Joined,
    registration: Registration,
    activity: Occupation,
    holdings: Holdings,
) -> pd.DataFrame:
    """Return one row per county, margin and category: target, synthetic number and error, in synthetic units."""
    found = [*_person_margins(margins, people), *_household_margins(margins, joined, holdings)]
    found += [*_registration_margins(margins, registration), *_work_margins(margins, people, activity)]
    sizes = [len(categories) for _, categories, _, _ in found]
    target = np.concatenate([np.asarray(values, dtype=float) for _, _, values, _ in found])
    synthetic = np.concatenate([np.asarray(values, dtype=float) for _, _, _, values in found])
    columns = (
        [margins.code] * len(target),
        np.repeat([name for name, _, _, _ in found], sizes),
        [category for _, categories, _, _ in found for category in categories],
        target,
        synthetic,
        synthetic - target,
    )
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def _person_margins(margins: Margins, people: Persons) -> Iterator[Margin]:
    here = people.resident
    age_sex = _count(people.group[here] * 2 + people.female[here], 38)
    ages = [f"{sex} {group}" for group in patterns.AGE_GROUPS for sex in patterns.SEXES]
    yield "age and sex", ages, margins.age_sex.ravel(), age_sex
    yield "zone", _names(COUNTY_ZONES), margins.zones, _count(people.zone[here], 3)
    levels = _count(people.female[here] * 5 + people.level[here], 10)
    names = [f"{sex} {level}" for sex in patterns.SEXES for level in _names(Schooling)]
    yield "education", names, margins.levels.ravel(), levels
    yield "married", patterns.SEXES, margins.married, _count(people.female[here & people.married], 2)
    yield "absent registered", ["all"], [margins.absent], [np.sum(~here)]


def _household_margins(margins: Margins, joined: Joined, holdings: Holdings) -> Iterator[Margin]:
    generations = _count(np.clip(joined.generations, 1, 4) - 1, 4)
    yield "generations", _GENERATIONS, margins.generations, generations
    yield "households", ["all"], [margins.households], [joined.residents.size]
    yield "one-person households", ["all"], [margins.one_person], [np.sum(joined.residents == 1)]
    yield "household residents", ["all"], [margins.household_residents], [joined.residents.sum()]
    renting = np.sum(holdings.tenure == Tenure.RENTS)
    yield "renting households", ["all"], [margins.rented_share * margins.households], [renting]


def _registration_margins(margins: Margins, registration: Registration) -> Iterator[Margin]:
    moved = (registration.elsewhere == 0) & registration.in_migrant
    origin = [np.sum(moved), *(np.sum(registration.elsewhere == code) for code in (-1, -2))]
    yield "registered elsewhere", _names(Origin), margins.migrants, origin
    ours = registration.elsewhere == 0
    registered = margins.residents - int(margins.migrants[1:].sum()) + margins.absent
    yield "registered", ["all"], [registered], [np.sum(ours)]
    urban = margins.urban_place_share * np.sum(ours)
    yield "registered in town or seat", ["all"], [urban], [np.sum(ours & (registration.zone > 0))]
    if margins.nonagricultural_share is not None:
        urban = margins.nonagricultural_share * np.sum(ours)
        yield "urban status", ["all"], [urban], [np.sum(ours & registration.urban)]


def _work_margins(margins: Margins, people: Persons, activity: Occupation) -> Iterator[Margin]:
    here = people.resident
    working = here & np.isin(activity.work, (Work.FARM, Work.INDUSTRY, Work.SERVICES))
    adults = np.sum(here & (people.age >= margins.working_age * 12))
    yield "employed", ["all"], [margins.employed_share * adults], [np.sum(working)]
    sectors = _count(activity.work[working] - np.uint8(Work.FARM), 3)
    yield "sector", _names(Sector), margins.sectors * np.sum(working), sectors


def _count(codes: NDArray[np.generic], length: int) -> NDArray[np.int64]:
    return np.bincount(codes.astype(np.int64), minlength=length)


def _names(members: Sequence[object] | type) -> list[str]:
    return [str(member.name).lower().replace("_", " ") for member in members]  # type: ignore[union-attr]


def summarise_fit(fit: pd.DataFrame) -> pd.DataFrame:
    """Return one row per margin over all counties of a fit.

    ``total_absolute_error`` is the sum of absolute errors in per cent of the sum of targets; ``worst_county``,
    ``worst_category`` and ``worst_error`` name the cell with the largest absolute error.
    """
    grouped = fit.assign(size=fit["error"].abs()).groupby("margin", sort=False)
    worst = fit.loc[grouped["size"].idxmax()].set_index("margin")
    summary = pd.DataFrame(
        {
            "target": grouped["target"].sum(),
            "synthetic": grouped["synthetic"].sum(),
            "total_absolute_error": 100.0 * grouped["size"].sum() / grouped["target"].sum().replace(0.0, np.nan),
        }
    )
    return summary.assign(worst_county=worst["county"], worst_category=worst["category"], worst_error=worst["error"])
