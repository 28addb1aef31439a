"""The simplified county that every other framework simulates: its start, its constants, and what a month offers.

Here is what concerns the county as a whole, so that each model only adds what happens to people. It needs NumPy alone,
because the frameworks run in environments of their own, without urbsim.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Table = NDArray[np.int64]

# The codes of urbsim.codes, as plain integers.
VILLAGE, TOWN, SEAT, NEAR, FAR = ZONES = range(5)
COUNTY_ZONES = ZONES[:NEAR]
INACTIVE, FARM, INDUSTRY, SERVICES, SEEKING = WORK = range(5)
KINDERGARTEN, PRIMARY, JUNIOR, SENIOR, COLLEGE = range(1, 6)
ADULT_AGE, OLDEST, RETIREMENT_AGE, LAST_ENTRY_AGE, HOME_AGE = 16, 100, 60, 50, 45
COLUMNS = ("birth", "female", "zone", "registered_here", "schooling", "stage", "work", "spouse", "mother")


class Start(NamedTuple):
    """Where a run begins: ``people`` by column of ``COLUMNS`` (-1: no spouse, no mother), parameters, UN rates by year.

    ``month`` is the last month before the first one simulated, as year x 12 + month - 1; ``km`` has shape (5 zones,),
    ``mortality`` (years, 2 sexes, 101 ages) and ``fertility`` (years, 8 age bands from 10) begin with its year.
    """

    month: int
    values: Mapping[str, float]
    km: Floats
    mortality: Floats
    fertility: Floats
    people: Mapping[str, Table]

    def save(self, path: Path) -> None:
        """Write it to a file that ``load`` reads."""
        people = {f"people_{name}": column for name, column in self.people.items()}
        text = json.dumps({"month": self.month, "values": dict(self.values)})
        np.savez(path, text=text, km=self.km, mortality=self.mortality, fertility=self.fertility, **people)

    @classmethod
    def load(cls, path: Path) -> Start:
        """Return what ``save`` wrote."""
        with np.load(path) as file:
            text = json.loads(str(file["text"]))
            people = {name: file[f"people_{name}"] for name in COLUMNS}
            return cls(text["month"], text["values"], file["km"], file["mortality"], file["fertility"], people)

    def first(self, count: int) -> Start:
        """Return the start of the first people alone, who know nobody else."""
        people = {name: column[:count].copy() for name, column in self.people.items()}
        for name in ("spouse", "mother"):
            people[name][people[name] >= count] = -1
        return self._replace(people=people)


class Constants(NamedTuple):
    """What stays the same in all months. Chances are of a month but for schooling, which changes once a year."""

    newborn_sent_home: float
    share_male: float
    kindergarten: float
    senior: float
    college: float
    participation: Floats  # male, female
    retire: float
    enter: float
    farm_fallback: float
    farm_search: float
    hazard: Floats  # of reconsidering, by age, shape (101,)
    alpha: float
    attraction: Floats  # registered elsewhere or here, zone: shape (2, 5)
    home_age: float
    move: float
    separation: float
    reclassification: float
    seat_share: float


class Month(NamedTuple):
    """What a month offers: chances, and the log of expected monthly earnings in yuan."""

    death: Floats  # sex, age: shape (2, 101)
    birth: Floats  # rural or urban, age band of the mother from 10: shape (2, 8)
    separation: Floats  # zone, work: shape (5, 5)
    finding: Floats  # zone: shape (5,)
    industry: Floats  # share of industry among posts found, by zone: shape (5,)
    log_earnings: Floats  # zone, schooling: shape (5, 5)


class County:
    """Vital rates, labour market and wages of one county."""

    def __init__(self, start: Start, counts: Table) -> None:
        self.start, self.values = start, start.values
        self.constants = _constants(start.values, start.km)
        self.skill = np.exp(self.values["employment.return_to_schooling"] * np.array([-6.0, -3.0, 0.0, 3.0, 6.5]))
        work = counts[:NEAR].astype(float)
        self.posts = work[:, INDUSTRY:SEEKING] / (1.0 - self.values["employment.vacancy_rate"])
        self.capital, self.first_residents = _labour(work), work.sum(axis=1)

    def offer(self, month: int, counts: Table) -> Month:
        """Return what a month offers after ``counts``, people by zone and work, shape (5, 5), of the month before."""
        v, years = self.values, (month - self.start.month - 1) / 12.0
        year = month // 12 - (self.start.month + 1) // 12
        deaths = self.start.mortality[year] * v["demography.mortality_factor"] / 12.0
        births = self.start.fertility[year] * v["demography.fertility_factor"] / 12.0
        rural_urban = np.array([v["demography.rural_fertility"], v["demography.urban_fertility"]])
        return Month(1.0 - np.exp(-deaths), np.outer(rural_urban, births), *self._labour_market(years, counts))

    def _labour_market(self, years: float, counts: Table) -> tuple[Floats, Floats, Floats, Floats]:
        """Return chances of losing and finding a post, the share of industry, and expected earnings."""
        v, work = self.values, counts[:NEAR].astype(float)
        served = work.sum(axis=1) / np.maximum(self.first_residents, 1.0)
        growth = np.array([1.0 + v["employment.industry_trend"], 1.0 + v["employment.services_trend"]]) ** years
        posts = self.posts * growth
        posts[:, 1] *= served ** v["employment.services_elasticity"]
        jobs = work[:, INDUSTRY:SEEKING]
        layoffs = np.maximum(jobs - posts, 0.0) / np.maximum(jobs, 1.0)
        lost = np.minimum(v["employment.separation_rate"] + layoffs, 1.0)
        vacant = np.maximum(posts - jobs * (1.0 - lost), 0.0)
        applicants = work[:, SEEKING] + v["employment.farm_search_rate"] * work[:, FARM] + (jobs * lost).sum(axis=1)
        separation, finding, industry = np.zeros((5, 5)), np.zeros(5), np.full(5, 0.5)
        separation[:NEAR, INDUSTRY:SEEKING], separation[NEAR:, INDUSTRY:SEEKING] = lost, v["outside.separation_rate"]
        finding[:NEAR] = np.minimum(1.0, vacant.sum(axis=1) / np.maximum(applicants, 1.0))
        finding[:NEAR] *= v["employment.finding_rate"]
        finding[NEAR:] = v["outside.finding_rate"]
        industry[:NEAR] = (vacant[:, 0] + 1e-9) / (vacant.sum(axis=1) + 2e-9)
        return separation, finding, industry, np.log(self._expected_earnings(work, posts, years))

    def _expected_earnings(self, work: Floats, posts: Floats, years: float) -> Floats:
        """Return expected monthly earnings, yuan, by zone and schooling, shape (5, 5)."""
        v, year = self.values, (self.start.month + 1) // 12
        expected = np.array([v[f"employment.labour_growth_{name}"] for name in ("village", "town", "seat")])
        gap = np.log(_labour(work) / self.capital)
        self.capital *= np.exp((expected + v["employment.capital_adjustment"] * gap) / 12.0)
        slack = np.clip(_labour(work) / self.capital, 0.2, 5.0)
        ratio = np.array([v[f"start.wage_ratio_{name}"] for name in ("village", "town", "seat")])
        wage = v[f"start.wage_{year}"] * ratio * (1.0 + v["employment.wage_growth"]) ** years
        wage *= slack ** -v["employment.wage_elasticity"]
        chance = np.minimum(posts.sum(axis=1) / np.maximum(work[:, INDUSTRY:].sum(axis=1), 1.0), 1.0)
        away = [
            v["outside.employment"] * v[f"start.wage_{name}_{year}"] * (1.0 + v[f"outside.{name}.wage_growth"]) ** years
            for name in ("near", "far")
        ]
        earnings = np.append(chance * wage, away)[:, None] * self.skill
        farming = work[VILLAGE, FARM] / max(work[VILLAGE, FARM:].sum(), 1.0)
        farm = v[f"start.wage_{year}"] * v["start.farm_ratio"]
        earnings[VILLAGE] = farming * farm + (1.0 - farming) * earnings[VILLAGE]
        return np.maximum(earnings, 50.0)


def count(zone: NDArray[Any], work: NDArray[Any]) -> Table:
    """Return people by zone and work, shape (5, 5)."""
    return np.bincount(zone.astype(np.int64) * 5 + work, minlength=25).reshape(5, 5)


def urbanization_rate(counts: Table) -> float:
    """Return the share of residents of the county who live in towns and the seat."""
    return float(counts[TOWN:NEAR].sum() / max(counts[:NEAR].sum(), 1))


def _constants(v: Mapping[str, float], km: Floats) -> Constants:
    home = np.where(np.arange(5) < NEAR, v["residence.home"], 0.0)
    zeta = np.array([0.0, *(v[f"residence.zeta_{name}"] for name in ("town", "seat", "near", "far"))])
    return Constants(
        newborn_sent_home=v["demography.newborn_sent_home"],
        share_male=v["demography.sex_ratio_at_birth"] / (1.0 + v["demography.sex_ratio_at_birth"]),
        kindergarten=v["schooling.kindergarten_rate"],
        senior=v["schooling.senior_rate"],
        college=v["college_chance"],
        participation=np.array([v["employment.male_participation"], v["employment.female_participation"]]),
        retire=v["employment.retire_posts_rate"] / 12.0,
        enter=v["employment.enter_rate"] / 12.0,
        farm_fallback=v["employment.farm_fallback_rate"],
        farm_search=v["employment.farm_search_rate"],
        hazard=_rogers_castro(v),
        alpha=v["residence.alpha"],
        attraction=np.array([zeta, zeta - v["residence.gamma"] * np.log1p(km) + home]),
        home_age=v["residence.home_age"],
        move=v["residence.move"],
        separation=v["residence.separation"],
        reclassification=v["reclassification.rate"],
        seat_share=v["reclassification.seat_share"],
    )


def _labour(work: Floats) -> Floats:
    """Return those who work or seek work outside farming by zone of the county, at least 1."""
    return np.asarray(np.maximum(work[:, INDUSTRY:].sum(axis=1), 1.0))


def _rogers_castro(values: Mapping[str, float]) -> Floats:
    """Return the monthly chance of reconsidering by single year of age, shape (101,)."""
    x = np.arange(OLDEST + 1.0) - values["reconsider.peak_age"]
    labour = np.exp(-values["reconsider.descent"] * x - np.exp(-values["reconsider.ascent"] * x))
    return np.asarray(np.minimum((values["reconsider.floor"] + values["reconsider.peak"] * labour) / 12.0, 1.0))
