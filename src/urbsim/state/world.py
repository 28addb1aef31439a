"""Everything a process may read or change in one month, and the stocks of places.

A process is a function of the world and the month. It reads the environment's quantities and the counts of the
month before, changes people, households or stocks, and records flows; it never calls another process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.codes import COUNTY_ZONES, SCHOOL_STAGES, Dwelling, Group, Network, Sector
from urbsim.population import Population
from urbsim.quantities.environment import Activity, Environment
from urbsim.randomness import Randomness
from urbsim.region.distances import Distances
from urbsim.region.tables import fertility_table, mortality_table
from urbsim.state.accounts import Accounts
from urbsim.state.tally import Tally
from urbsim.state.trends import Trends

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
AGES = 101


class VitalRates:
    """National mortality and fertility by calendar year (UN World Population Prospects 2024, China, medium)."""

    @staticmethod
    @lru_cache(maxsize=64)
    def mortality(year: int) -> Floats:
        """Return deaths per person-year, shape (2 sexes: male, female; 101 ages)."""
        table = mortality_table()
        periods = table["period_start"]
        table = table[periods == max(start for start in periods.unique() if start <= year)]
        rates = np.empty((2, AGES))
        for index, sex in enumerate(("male", "female")):
            rows = table[table["sex"] == sex].sort_values("age")
            rates[index] = rows["mx"].to_numpy()[np.searchsorted(rows["age"], np.arange(AGES), side="right") - 1]
        return rates

    @staticmethod
    @lru_cache(maxsize=64)
    def fertility(year: int) -> Floats:
        """Return births per woman-year, shape (8 five-year age bands from 10,)."""
        table = fertility_table()
        table = table[(table["year"] == year) & table["variant"].isin(["estimate", "medium"]) & (table["age"] < 50)]
        rates = np.zeros(8)
        for age, rate in zip(table["age"], table["asfr"], strict=True):
            rates[int(age) // 5 - 2] = rate
        return rates


class Places:
    """Stocks of the zones of all counties; C counties, 3 zones. All counts are real, not of the sample."""

    def __init__(self, counties: int) -> None:
        zones, sectors, stages, groups = len(COUNTY_ZONES), len(Sector), len(SCHOOL_STAGES), len(Group)
        self.posts: Floats = np.zeros((counties, zones, sectors))
        self.wage: Floats = np.zeros((counties, zones, sectors))  # yuan a month, junior school = 1
        self.dwellings: Floats = np.zeros((counties, zones))
        self.public_rental: Floats = np.zeros((counties, zones))
        self.affordable_rental: Floats = np.zeros((counties, zones))
        self.price: Floats = np.zeros((counties, zones))  # yuan per square metre
        self.rent: Floats = np.zeros((counties, zones))  # yuan a month per dwelling
        self.first_pressure: Floats = np.zeros((counties, zones))  # ln(occupied / dwellings) at the start
        self.first_price: Floats = np.zeros((counties, zones))
        self.first_rent: Floats = np.zeros((counties, zones))
        self.school_places: Floats = np.zeros((counties, zones, stages))
        self.school_chance: Floats = np.ones((counties, zones, stages, groups))
        self.beds: Floats = np.zeros(counties)
        self.built: Floats = np.zeros((counties, zones, len(Dwelling)))  # dwellings completed this month
        self.finding_chance: Floats = np.full((counties, zones), 0.5)  # chance of a post within a month
        self.coverage: Floats = np.zeros((counties, zones, len(Network)))  # residents covered by policies, share
        self.minutes_saved: Floats = np.zeros((counties, zones))  # of a trip between the zone and the seat
        self.capital_minutes_saved: Floats = np.zeros(counties)  # of a trip to the provincial capital
        self.old_dwellings: Floats = np.zeros((counties, zones))  # at the start
        self.renewed: Floats = np.zeros((counties, zones))  # old dwellings renewed by policies so far
        self.cheap_rentals_lost: Floats = np.zeros((counties, zones))
        self.land_limited: NDArray[np.bool_] = np.zeros(counties, dtype=bool)  # a quota is in force
        self.land_left: Floats = np.zeros(counties)  # mu of the year's quota not built on
        self.land_wanted: Floats = np.zeros(counties)  # mu developers wanted this month under a quota
        self.land_given: Floats = np.zeros(counties)  # mu they got
        self.distance: Floats = np.zeros((counties, 6))  # km from a village: own zones, other seats, near, far
        # Capacity of services: ordinary provision and, apart, what programmes have added to it.
        self.childcare_places: Floats = np.zeros((counties, zones))
        self.childcare_added: Floats = np.zeros((counties, zones))
        self.childcare_equipped: Floats = np.zeros((counties, zones))  # the most places programmes ever ran
        self.eldercare_beds: Floats = np.zeros((counties, zones))
        self.eldercare_added: Floats = np.zeros((counties, zones))
        self.eldercare_space: Floats = np.zeros((counties, zones))  # m2 of community care
        self.eldercare_space_added: Floats = np.zeros((counties, zones))
        self.doctors: Floats = np.zeros(counties)
        self.doctors_added: Floats = np.zeros(counties)
        self.nurses: Floats = np.zeros(counties)
        self.nurses_added: Floats = np.zeros(counties)
        self.founded: Floats = np.zeros((counties, zones, sectors))  # posts founded since employers last planned

    def found_posts(self, posts: Floats) -> None:
        """Bring posts into being at once, shape (C, 3, 3); employers count them as theirs when they next plan."""
        self.posts += posts
        self.founded += posts


class CountyConstants(NamedTuple):
    """What the calibration found of each county's own character, in utility points; zero where nothing is known."""

    urban: Floats  # (C,) added to the county's towns and seat
    outside: Floats  # (C,) added to other counties, near and far

    @classmethod
    def none(cls, counties: int) -> CountyConstants:
        """Return constants of zero."""
        return cls(np.zeros(counties), np.zeros(counties))


@dataclass
class World:
    """One world of ``len(codes)`` counties in one month.

    ``values`` are the parameters of the month; ``frozen`` names the feedbacks that are switched off.
    """

    codes: tuple[str, ...]
    provinces: NDArray[np.int64]  # (C,) two-digit code of each county's province
    rows: pd.DataFrame
    population: Population
    environment: Environment
    places: Places
    accounts: Accounts
    randomness: Randomness
    tally: Tally
    values: Mapping[str, float]
    start: int
    fertility_factor: Floats  # (C,) births relative to national rates
    distances: Distances
    constants: CountyConstants
    first_beds: Floats  # (C,) hospital beds per resident at the start
    first_chance: Floats  # (C,) posts per worker in towns and seat at the start
    first_away: Floats  # (C,) share of village adults away at the start
    frozen: frozenset[str] = frozenset()
    programme_insures: bool = False  # somebody's insurance premium is paid by a programme
    activity: Activity = field(init=False)
    trends: Trends = field(init=False)
    vital: VitalRates = field(default_factory=VitalRates)

    def __post_init__(self) -> None:
        self.activity = Activity(len(self.codes))
        self.trends = Trends(len(self.codes))

    @property
    def near_open(self) -> Floats:
        """Share of the rest of the province that lies outside the world, shape (C,)."""
        return np.asarray(1.0 - self.distances.inside)

    @property
    def weight(self) -> float:
        """Real persons per person of the sample."""
        return 1.0 / self.population.scale

    def open_activity(self) -> None:
        """Begin the month's record of what levers pay for, with people as they were counted last."""
        activity, tally = self.activity, self.tally
        activity.clear()
        activity.residents[...] = tally.groups * self.weight
        activity.pensioners[...] = tally.pensioners * self.weight
        activity.absent[...] = tally.registered_away * self.weight
        activity.job_seekers[...] = tally.work[:, :, 4] * self.weight

    def feedback(self, name: str) -> bool:
        """Tell whether a feedback is at work; a scenario may freeze it."""
        return name not in self.frozen
