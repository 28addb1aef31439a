"""Where experiments are carried out: neighbouring pairs of counties, of districts of cities, or half of each.

Counties are drawn evenly over the urban share of 2010 from the whole country, each with its nearest neighbour of the
same province and similar size. Studies of cities need places that many came to: districts with an urban share of at
least 0.7, a fifth or more of whose residents are registered outside the district, with a territory that both censuses
know. They are drawn evenly over the share of these migrants, each with the nearest such district of the same province
in another city, because districts of one city are one market. Provinces of the second test are not looked at to choose
anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cache

import numpy as np
import pandas as pd

from urbsim.posterior.outcomes import observed, second_test_provinces, testing, training
from urbsim.region.distances import great_circle, positions
from urbsim.region.tables import all_county_rows

#: Seed of the experiments: which places they take, who is treated, and the luck of their worlds.
SEED = 2012
#: Residents in 2010 of the places drawn: one scale then serves all.
COUNTY_SIZES = (150_000, 700_000)
DISTRICT_SIZES = (150_000, 900_000)
#: The least share of a district's residents that are urban, and that are registered outside the district.
LEAST_URBAN, LEAST_MIGRANTS = 0.7, 0.2


class StudyPlaces(StrEnum):
    """The kind of place that an experiment is carried out in, in the words of the list of studies."""

    COUNTIES = "counties"
    DISTRICTS = "districts"
    BOTH = "counties and districts"


@cache
def pairs_of(places: StudyPlaces, count: int) -> tuple[tuple[str, str], ...]:
    """Return ``count`` pairs of neighbours by their codes of 2010; of both kinds, half are districts."""
    if places is StudyPlaces.BOTH:
        districts = count // 2
        return pairs_of(StudyPlaces.COUNTIES, count - districts) + pairs_of(StudyPlaces.DISTRICTS, districts)
    if places is StudyPlaces.DISTRICTS:
        table = districts_of_many_migrants()
        return _draw(table, [code[:4] for code in table.index], count)
    table = observed()
    known = training(table) | testing(table)
    table = table[known & table["residents_2010"].between(*COUNTY_SIZES)].sort_values("share_2010")
    return _draw(table, list(table.index), count)


def codes_of(places: StudyPlaces, count: int) -> tuple[str, ...]:
    """Return the codes of ``count`` pairs, in order."""
    return tuple(sorted(code for pair in pairs_of(places, count) for code in pair))


def districts_of_many_migrants() -> pd.DataFrame:
    """Return the districts that may be drawn, by code, in the order of the share of migrants.

    Columns ``residents`` (persons), ``urban`` and ``migrants`` (registered outside the district), shares of residents.
    """
    rows = all_county_rows(2010).set_index("code")
    rows = rows[(rows["kind"] == "district") & rows["comparable"]]
    outside = rows["migrants_same_province"] + rows["migrants_other_province"]
    table = pd.DataFrame(
        {
            "residents": rows["residents"],
            "urban": rows["urban"] / rows["residents"],
            "migrants": outside / rows["residents"],
        }
    )
    chosen = table["residents"].between(*DISTRICT_SIZES)
    chosen &= (table["urban"] >= LEAST_URBAN) & (table["migrants"] >= LEAST_MIGRANTS)
    chosen &= ~table.index.str[:2].isin(second_test_provinces())
    return table[chosen].sort_values("migrants", kind="stable")


def _draw(table: pd.DataFrame, apart: Sequence[str], count: int) -> tuple[tuple[str, str], ...]:
    """Return pairs drawn evenly over the order of ``table``, each place with its nearest one of the same province.

    Neighbours may not share what ``apart`` says of each place; nobody is drawn twice.
    """
    codes, groups = list(table.index), np.array(apart)
    provinces = np.array([code[:2] for code in codes])
    place = positions(tuple(codes))
    rng = np.random.default_rng(SEED)
    pairs: list[tuple[str, str]] = []
    taken = np.zeros(len(codes), dtype=bool)
    for stratum in np.array_split(np.arange(len(codes)), count):
        for one in rng.permutation(stratum):
            free = (provinces == provinces[one]) & (groups != groups[one]) & ~taken
            if taken[one] or not free.any():
                continue
            other = int(np.argmin(np.where(free, great_circle(place[[one]], place)[0], np.inf)))
            pairs.append((codes[one], codes[other]))
            taken[[one, other]] = True
            break
    return tuple(pairs)
