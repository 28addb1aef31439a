"""Schools: whom they admit, and how their places follow demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, Ints
from urbsim.codes import SCHOOL_STAGES, Group, Stage, Zone
from urbsim.institutions.institution import Institution
from urbsim.kernels import inlined, people_kernel
from urbsim.records import record

if TYPE_CHECKING:
    from urbsim.state.world import World

_VILLAGE, _SENIOR = int(Zone.VILLAGE), SCHOOL_STAGES.index(Stage.SENIOR)
_GROUPS = len(Group)


@record
class Queues(NamedTuple):
    """Who applies at all schools, school by school and in order of admission there; entitled applicants come first."""

    first: Ints  # (schools + 1,) position of each school's first applicant
    entitled: NDArray[np.bool_]  # (applicants,)
    groups: Ints  # (applicants,) codes.Group
    placed: Ints  # (C, 3, 4, 3) pupils by group who keep their place


@record
class Stocks(NamedTuple):
    """What schools are; C counties, 3 zones, 4 stages."""

    places: Floats  # (C, 3, 4) in classes of ordinary size
    chance: Floats  # (C, 3, 4, 3) of a place, by group, as families see it
    scale: float  # pupils of the sample for one of the real county
    weight: float


@record
class SchoolRules(NamedTuple):
    """How schools fill up, are built and closed, and how fast families learn; 0 where they do not."""

    crowding: float
    learning: float
    closure_threshold: float
    closure_rate: float
    building_limit: float
    expansion: float


class Schools(Institution):
    """All schools of a world, by county, zone and stage: they admit pupils by rule, grow and close with demand.

    Below the senior stage a school fills up beyond its places before it turns children away.
    """

    world: World

    def admit(self, queues: Queues, learn: bool = True) -> Ints:
        """Return how many of each queue find a place, shape (schools,).

        With ``learn`` the chance of a place that families expect moves to what they see this term.
        """
        world, schools, values = self.world, self.world.places.schools, self.world.values
        rules = {name: values[f"schooling.{name}"] for name in SchoolRules._fields}
        rules["learning"] *= learn
        accepted = np.zeros(schools.places.size, dtype=np.int64)
        stocks = Stocks(schools.places, schools.chance, world.population.scale, world.weight)
        _admit(stocks, queues, SchoolRules(**rules), accepted)
        return accepted


@people_kernel
def _admit(stocks: Stocks, queues: Queues, rules: SchoolRules, accepted: Ints) -> None:
    counties, zones, stages = stocks.places.shape
    for county in range(counties):
        for zone in range(zones):
            for stage in range(stages):
                school = (county * zones + zone) * stages + stage
                groups = queues.groups[queues.first[school] : queues.first[school + 1]]
                entitled, placed = 0, 0
                for n in range(queues.first[school], queues.first[school + 1]):
                    entitled += queues.entitled[n]
                for group in range(_GROUPS):
                    placed += queues.placed[county, zone, stage, group]
                cell = (county, zone, stage)
                found = min(max(_capacity(stocks, rules, cell) - placed, 0), entitled)
                accepted[school] = found
                if rules.learning > 0.0 and not (zone == _VILLAGE and stage == _SENIOR):
                    _announce(stocks, queues.placed[cell], groups, found, rules.learning, cell)
                if zone == _VILLAGE:
                    _consolidate(stocks, rules, cell, placed + found)
                else:
                    _extend(stocks, rules, cell, placed + groups.size)


@inlined
def _capacity(stocks: Stocks, rules: SchoolRules, cell: tuple[int, int, int]) -> int:
    """Return the pupils of the sample that can be admitted in all; a fraction of a pupil is not."""
    crowded = 0.0 if cell[2] == _SENIOR else rules.crowding
    return int(stocks.places[cell] * stocks.scale * (1.0 + crowded) + 1e-9)


@inlined
def _announce(
    stocks: Stocks, placed: Ints, groups: Ints, accepted: int, learning: float, cell: tuple[int, int, int]
) -> None:
    """Let families learn the chance of an ordinary place: the group's pupils who have one, less the crowded part.

    Villagers in the senior stage board, and always find a place. Of a group without pupils nothing is seen.
    """
    seats = 0
    for group in range(_GROUPS):
        seats += placed[group]
    ordinary = min(stocks.places[cell] * stocks.scale / max(seats + accepted, 1), 1.0)
    for group in range(_GROUPS):
        applied, seated = 0, placed[group]
        for n in range(groups.size):
            if groups[n] == group:
                applied += 1
                seated += n < accepted
        pupils = placed[group] + applied
        if pupils > 0:
            chance = stocks.chance[cell][group]
            stocks.chance[cell][group] = chance + learning * (seated / pupils * ordinary - chance)


@inlined
def _consolidate(stocks: Stocks, rules: SchoolRules, cell: tuple[int, int, int], pupils: int) -> None:
    """Close village schools that fall below the threshold of use, a share of the places at a time."""
    if pupils < rules.closure_threshold * (stocks.places[cell] * stocks.scale):
        stocks.places[cell] *= 1.0 - rules.closure_rate


@inlined
def _extend(stocks: Stocks, rules: SchoolRules, cell: tuple[int, int, int], wanted: int) -> None:
    """Build towards the places that were asked for this term, as counties did without any policy and could pay."""
    missing = wanted * stocks.weight - stocks.places[cell]
    if missing > 0.0:
        most = rules.building_limit * max(stocks.places[cell], missing)  # the first are built, too
        stocks.places[cell] += min(rules.expansion * missing, most)
