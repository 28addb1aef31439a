"""Who is married to whom: couples at home, couples with one partner away, couples away together.

Partners share the home zone. Husbands and wives are paired by age after adding a random deviation, so that husbands are
about two years older and gaps vary. A married person for whom nobody is left becomes unmarried; the fit reports it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Ints
from urbsim.codes import COUNTY_ZONES, Zone
from urbsim.population import NOBODY
from urbsim.region.individuals import Persons
from urbsim.region.sampling import RandomNumbers, pair_nearest

#: The widest gap between partners' ages, in months, when one of them is sought for the other; assumption.
_WIDEST_GAP = 12 * 12.0
#: Couples live apart only below this age of the husband, and exchange partners only with others of about his age.
_OLDEST_PARTED = 65 * 12
_EXCHANGE_YEARS = 3
_ABROAD = (Zone.NEAR, Zone.FAR)


def marry(people: Persons, parameters: Mapping[str, float], random: RandomNumbers) -> None:
    """Set ``spouse`` of all married people and unmarry those who find nobody."""
    older = 12.0 * parameters["synthesis.husband_older_years"]
    noise = 12.0 * parameters["synthesis.partner_age_deviation"]
    wives_age = people.age + older * people.female  # on the husbands' scale
    wives_age = wives_age + noise * (random.uniform(people.size) + random.uniform(people.size) - 1.0)
    for zone in COUNTY_ZONES:
        _split_couples(people, zone, wives_age, parameters["synthesis.split_couple_share"], random)
        for place in (zone, *_ABROAD):
            _pair_by_rank(people, zone, (place,), wives_age, random)
        _pair_by_rank(people, zone, _ABROAD, wives_age, random)
        _pair_by_rank(people, zone, (zone, *_ABROAD), wives_age, random)
    people.married &= people.spouse != NOBODY


def _waiting(people: Persons, home: Zone, places: tuple[Zone, ...], female: int) -> Ints:
    here = people.married & (people.spouse == NOBODY) & (people.home == home) & (people.female == female)
    found = np.flatnonzero(here)
    return found[np.isin(people.zone[found], places)]


def _split_couples(people: Persons, home: Zone, age: NDArray[np.float64], share: float, random: RandomNumbers) -> None:
    """Leave wives at home for a share of the absent husbands, and husbands for as many absent wives as balance them."""
    wives, husbands = _waiting(people, home, (home,), 1), _waiting(people, home, (home,), 0)
    away_husbands, away_wives = _waiting(people, home, _ABROAD, 0), _waiting(people, home, _ABROAD, 1)
    surplus = wives.size - husbands.size
    left_wives = max(surplus, round(share * away_husbands.size), 0)
    left_husbands = max(left_wives - surplus, 0)
    _pair_by_age(people, random.shuffled(away_husbands)[:left_wives], wives, age, random)
    _pair_by_age(people, random.shuffled(away_wives)[:left_husbands], husbands, age, random)


def _pair_by_age(people: Persons, seekers: Ints, others: Ints, age: NDArray[np.float64], random: RandomNumbers) -> None:
    first, second = pair_nearest(random, age[seekers], age[others], _WIDEST_GAP)
    _join(people, seekers[first], others[second])


def _pair_by_rank(
    people: Persons, home: Zone, places: tuple[Zone, ...], age: NDArray[np.float64], random: RandomNumbers
) -> None:
    """Pair all who wait in the same places by rank of age; the more numerous sex leaves a random rest unpaired."""
    wives, husbands = _waiting(people, home, places, 1), _waiting(people, home, places, 0)
    pairs = min(wives.size, husbands.size)
    wives, husbands = random.shuffled(wives)[:pairs], random.shuffled(husbands)[:pairs]
    _join(people, wives[np.argsort(age[wives], kind="stable")], husbands[np.argsort(age[husbands], kind="stable")])


def _join(people: Persons, one: Ints, other: NDArray[np.integer]) -> None:
    people.spouse[one], people.spouse[other] = other, one


def part_couples(people: Persons, number: int, only_childless: bool, random: RandomNumbers) -> int:
    """Let up to ``number`` couples at home and as many couples away exchange partners; return how many did.

    The husbands exchanged are of about the same age and from the same zone; ``only_childless`` leaves out couples with
    minor children. Both couples then live apart, one partner at home.
    """
    husbands = np.flatnonzero((people.female == 0) & (people.spouse != NOBODY) & (people.age < _OLDEST_PARTED))
    if only_childless:
        parents = np.zeros(people.size, dtype=bool)
        parents[people.mother[(people.age < 18 * 12) & (people.mother != NOBODY)]] = True
        husbands = husbands[~parents[people.spouse[husbands]]]
    return _exchange(people, husbands, number, random)


def _exchange(people: Persons, husbands: Ints, number: int, random: RandomNumbers) -> int:
    home, home_wife = people.resident[husbands], people.resident[people.spouse[husbands]]
    together, away = husbands[home & home_wife], husbands[~home & ~home_wife]
    value = people.age + 1e5 * people.home
    first, second = pair_nearest(random, value[away], value[together], 12.0 * _EXCHANGE_YEARS)
    left, stayed = away[first[:number]], together[second[:number]]
    left_wife, stayed_wife = people.spouse[left], people.spouse[stayed]
    _join(people, left, stayed_wife)
    _join(people, stayed, left_wife)
    return int(left.size)
