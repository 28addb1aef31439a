"""What people do: enrolment and schooling completed, work by sector, insurance.

Enrolment follows age on the last 1 September (kindergarten 3-5, primary 6-11, junior 12-14, senior 15-17, college
18-21) and the education attended or attained of the joint table; schooling completed is one level below the one
attended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Mask
from urbsim.codes import Insurance, Schooling, Stage, Work, Zone
from urbsim.population import birth_month, school_age
from urbsim.region import patterns
from urbsim.region.individuals import Persons
from urbsim.region.margins import Margins
from urbsim.region.proportional_fitting import fit_shares
from urbsim.region.sampling import RandomNumbers, capped, choose

_GROUPS = len(patterns.AGE_GROUPS)
_LEVELS = len(Schooling)
#: Age in years on 1 September at which each stage begins, and the end of college.
_ENTRY = np.array([3, 6, 12, 15, 18, 22])


@dataclass
class Occupation:
    """Columns of what people do; codes as in ``urbsim.codes``."""

    schooling: NDArray[np.uint8]
    stage: NDArray[np.uint8]
    work: NDArray[np.uint8]
    insurance: NDArray[np.uint8]


def occupy(
    people: Persons, margins: Margins, month: int, parameters: Mapping[str, float], random: RandomNumbers
) -> Occupation:
    """Return enrolment, schooling, work and insurance of everybody."""
    stage = _stages(people, margins, month, parameters, random)
    schooling = _schooling(people, stage)
    work = _work(people, stage, schooling, margins, parameters, random)
    return Occupation(schooling, stage, work, _insurance(people, work, parameters, random))


def _stages(
    people: Persons, margins: Margins, month: int, parameters: Mapping[str, float], random: RandomNumbers
) -> NDArray[np.uint8]:
    years = school_age(birth_month(people.age, month), month)
    stage = np.searchsorted(_ENTRY, years, side="right")
    stage[stage == len(_ENTRY)] = Stage.NONE
    chance = random.uniform(people.size)
    kindergarten = parameters[f"synthesis.kindergarten_share_{margins.census}"]
    away = parameters["synthesis.absent_college_share"]
    college = people.level == Schooling.COLLEGE
    college |= ~people.resident & (people.level >= Schooling.SENIOR) & (chance < away)
    stays = np.ones((len(Stage), people.size), dtype=bool)
    stays[Stage.KINDERGARTEN] = chance < kindergarten
    stays[Stage.SENIOR] = people.level >= Schooling.SENIOR
    stays[Stage.COLLEGE] = college & ~people.married
    enrolled = stays[stage, np.arange(people.size)]
    return np.where(enrolled, stage, Stage.NONE).astype(np.uint8)


def _schooling(people: Persons, stage: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return schooling completed: for pupils the level below their stage, else the level attained."""
    below = np.array([0, 0, Schooling.NONE, Schooling.PRIMARY, Schooling.JUNIOR, Schooling.SENIOR])
    return np.where(stage == Stage.NONE, people.level, below[stage]).astype(np.uint8)


def _work(
    people: Persons,
    stage: NDArray[np.uint8],
    schooling: NDArray[np.uint8],
    margins: Margins,
    parameters: Mapping[str, float],
    random: RandomNumbers,
) -> NDArray[np.uint8]:
    work = np.zeros(people.size, dtype=np.uint8)
    able = (people.age >= 16 * 12) & (stage == Stage.NONE)
    here = np.flatnonzero(able & people.resident)
    busy = here[_employed(people, here, margins, random)]
    work[busy] = _sectors(people, busy, schooling, margins, random) + Work.FARM
    away = np.flatnonzero(able & ~people.resident & (people.age < 65 * 12))
    industry = parameters["synthesis.absent_industry_share"]
    works = away[random.uniform(away.size) < parameters["synthesis.absent_employed_share"]]
    work[works] = np.where(random.uniform(works.size) < industry, Work.INDUSTRY, Work.SERVICES)
    return _add_seekers(people, work, able, parameters, random)


def _employed(people: Persons, here: NDArray[np.int64], margins: Margins, random: RandomNumbers) -> Mask:
    """Return who of ``here`` works, so that the county's share of people of working age does."""
    old_enough = int(np.sum(people.resident & (people.age >= margins.working_age * 12)))
    zone, group = people.zone[here], people.group[here]
    pattern = patterns.EMPLOYED[group, people.female[here]]
    odds = pattern / (1.0 - pattern) * patterns.EMPLOYED_ODDS_BY_ZONE[zone]
    cells = (group.astype(np.int64) * 2 + people.female[here]) * 3 + zone
    people_in_cell = np.bincount(cells, minlength=_GROUPS * 6).astype(float)
    cell_odds = np.ones(_GROUPS * 6)
    cell_odds[cells] = odds
    target = min(margins.employed_share * old_enough, 0.999 * here.size)
    either = np.stack([cell_odds, np.ones(cell_odds.size)], axis=1)
    fitted = fit_shares(either, people_in_cell, np.array([target, here.size - target]))
    return np.asarray(choose(random, cells, fitted) == 0)


def _sectors(
    people: Persons, busy: NDArray[np.int64], schooling: NDArray[np.uint8], margins: Margins, random: RandomNumbers
) -> NDArray[np.uint8]:
    """Return the sector of those who work, fitted to the county's shares."""
    zone, group, level = people.zone[busy], people.group[busy], schooling[busy]
    cells = (group.astype(np.int64) * _LEVELS + level) * 3 + zone
    weights = (
        patterns.SECTOR_ODDS_BY_ZONE[None, None, :, :] * patterns.SECTOR_ODDS_BY_LEVEL[None, :, None, :]
    ) * np.ones((_GROUPS, 1, 1, 1))
    weights[..., 0] *= patterns.FARM_ODDS_BY_AGE[:, None, None]
    weights = weights.reshape(-1, 3)
    counts = np.bincount(cells, minlength=len(weights)).astype(float)
    return choose(random, cells, fit_shares(weights, counts, margins.sectors))


def _add_seekers(
    people: Persons, work: NDArray[np.uint8], able: Mask, parameters: Mapping[str, float], random: RandomNumbers
) -> NDArray[np.uint8]:
    """Let some of those without work seek it, so that they are the registered share of the labour force."""
    idle = able & (work == Work.INACTIVE) & (people.age < 60 * 12)
    share = parameters["synthesis.unemployment_share"]
    for place in (people.resident, ~people.resident):
        among = np.flatnonzero(idle & place)
        working = int(np.sum(place & (work != Work.INACTIVE)))
        chance = capped(
            np.where(people.age[among] < 35 * 12, 2.0, 1.0), working * share / (1 - share), np.ones(among.size)
        )
        work[among[random.uniform(among.size) < chance]] = Work.SEEKING
    return work


def _insurance(
    people: Persons, work: NDArray[np.uint8], parameters: Mapping[str, float], random: RandomNumbers
) -> NDArray[np.uint8]:
    """Employees' insurance for a share of industry and services workers in urban places; residents' for the others."""
    employee = np.isin(work, (Work.INDUSTRY, Work.SERVICES)) & (people.zone != Zone.VILLAGE)
    chance = random.uniform(people.size)
    scheme = np.where(chance >= 1.0 - parameters["synthesis.uninsured_share"], Insurance.NONE, Insurance.RESIDENTS)
    covered = employee & (chance < parameters["synthesis.employees_insurance_share"])
    return np.where(covered, Insurance.EMPLOYEES, scheme).astype(np.uint8)
