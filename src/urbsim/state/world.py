"""Everything a process may read or change in one month.

A process is a function of the world and the month. It reads the environment's quantities and the counts of the
month before, changes people, households or stocks, and records flows; it never calls another process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, Ints, Mask
from urbsim.population import Population
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.randomness import Randomness
from urbsim.region.distances import Distances
from urbsim.region.figures import CountyFigures
from urbsim.state.accounts import Accounts
from urbsim.state.constants import CountyConstants
from urbsim.state.ledger import Ledger
from urbsim.state.places import Places, RuleNews
from urbsim.state.tally import Tally
from urbsim.state.trends import Trends
from urbsim.state.vital_rates import VitalRates

if TYPE_CHECKING:
    import pandas as pd

Known = TypeVar("Known")


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
    own: CountyFigures
    first_beds: Floats  # (C,) hospital beds per resident at the start
    first_away: Floats  # (C,) share of village adults away at the start
    first_mix: Floats  # (C,) ln of migrants to locals at work in towns and seat at the start
    villages: Ints  # (C,) number of villages that reclassification may reach, as at the start
    frozen: frozenset[str] = frozenset()
    village_level: Floats = field(default_factory=lambda: np.ones(1))  # (C,) earnings of the registry over the mix's
    first_off_farm: Floats = field(
        init=False
    )  # (C,) expected pay beside farming over farm pay in villages at the start
    first_free: float = (
        1.0  # mean readiness of farm workers at the start to leave land for a post, 1 if all is certified
    )
    first_stay: float = 1.0  # factor of the hazard of people away, so that at the start they look as often as others
    rule_news: RuleNews = field(init=False)
    premiums_paid: bool = False  # somebody's insurance premium is paid by a policy
    first_premium: Floats = field(init=False)  # (C, 2) ln(pay near and far / in the world's seats there) at the start
    first_newcomer: Floats = field(init=False)  # (C,) what the county is worth to newcomers at the start, in utility
    activity: Activity = field(init=False)
    ledger: Ledger = field(init=False)
    trends: Trends = field(init=False)
    vital: VitalRates = field(default_factory=VitalRates)
    districts: Mask = field(init=False)  # (C,) which counties are districts of cities
    room: tuple[Any, ...] | None = field(init=False, default=None)  # arrays to be written anew every month
    _known: dict[tuple[Callable[..., object], int], tuple[Mapping[str, float], object]] = field(
        init=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        self.districts = (self.rows["kind"] == "district").to_numpy()
        self.rule_news = RuleNews(len(self.codes))
        self.first_off_farm = np.ones(len(self.codes))
        self.first_premium, self.first_newcomer = np.zeros((len(self.codes), 2)), np.zeros(len(self.codes))
        self.activity = Activity(len(self.codes))
        self.ledger = Ledger(len(self.codes))
        self.trends = Trends(len(self.codes))

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy needs: ``room`` holds nothing that lasts."""
        return {**self.__dict__, "room": None}

    def known(self, made: Callable[[World, int], Known], of: int = 0) -> Known:
        """Return what a function makes of the world's parameters, and of a number such as a year; made again with them.

        For what depends on nothing that changes from month to month. Nobody may write into it.
        """
        found = self._known.get((made, of))
        if found is None or found[0] is not self.values:
            found = self._known[made, of] = (self.values, made(self, of))
        return cast(Known, found[1])

    @property
    def near_open(self) -> Floats:
        """Share of the rest of the province that lies outside the world, shape (C,)."""
        return np.asarray(1.0 - self.distances.inside)

    @property
    def far_open(self) -> Floats:
        """Share of other provinces that lies outside the world, shape (C,)."""
        return np.asarray(1.0 - self.distances.far_inside)

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
        """Return whether a feedback is at work; a scenario may freeze it."""
        return name not in self.frozen
