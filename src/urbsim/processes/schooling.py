"""School entry and leaving, and the rationing of school places.

Rule. In September children move through kindergarten (3-5), primary (6-11), junior (12-14), senior (15-17) and
college (18-21); entry to kindergarten, to senior school and to college is by chance, and the chances are dated: a
cohort's share that enters college is the nation's times a county factor. Leaving school sets the schooling level and
opens working life. College students live outside the county: in a seat of the world as far as it holds the province, or
other provinces, and beyond it for the rest; some give up their village registration. In September and February pupils
without a place apply where they live, except villagers in the senior stage, who board; each school serves the classes
of its admission rule in order (registered in the zone, registered elsewhere in the county, at least a year's residence,
others), by lot within a class. Below the senior stage schools take in more pupils than they have places for before they
turn anybody away (nearby enrolment, 免试就近入学). Who finds no place keeps commuting to a school elsewhere, and the
family looks again at where it lives.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, Mask
from urbsim.codes import SCHOOL_STAGES, Cause, Event, Group, Stage, Tenure, Work, Zone
from urbsim.institutions.schools import Queues, Schools
from urbsim.kernels import inlined, people_kernel
from urbsim.months import is_month_of_year
from urbsim.population import SCHOOL_YEAR, Households, People, Population, school_age
from urbsim.randomness import Decision, Randomness, child_key, uniform, uniforms
from urbsim.records import record
from urbsim.state.accounts import relocate, remove
from urbsim.state.attraction import Attraction, other_seats, pick_county
from urbsim.state.tally import group_of
from urbsim.state.world import World

_SENIOR, _COLLEGE = int(Stage.SENIOR), int(Stage.COLLEGE)
_MOVE, _DEPARTURE = int(Cause.MOVE), int(Cause.DEPARTURE)
_SEEKING, _RENTS = int(Work.SEEKING), int(Tenure.RENTS)
_SEAT, _NEAR, _FAR = int(Zone.SEAT), int(Zone.NEAR), int(Zone.FAR)
_LEFT_SCHOOL, _CHILD, _NO_PLACE = int(Event.LEFT_SCHOOL), int(Event.CHILD_CHANGES_SCHOOL), int(Event.NO_SCHOOL_PLACE)
#: School age (``population.school_age``) at which each stage begins, from kindergarten to college, and college ends.
STAGE_AGES = (3, 6, 12, 15, 18, 22)
SECOND_TERM = 2
PERMIT_MONTHS = 12


@record
class SchoolEntry(NamedTuple):
    """Chances of going on at the points where not everybody does, and of entering the labour force afterwards."""

    kindergarten: float
    senior: float
    college: float
    college_far: float  # share of new students whose college is in another province
    college_registration: float  # share of new students who transfer their registration
    participation: Floats  # (2,) men, women
    inside: Attraction  # (C,) share of the colleges in the province, and in other provinces, that lies in the world
    seats: Attraction  # (C, C) pull of the seats of other counties of the world, cumulated
    study: np.uint64  # random streams of going on and of entering the labour force
    labour: np.uint64
    registration: np.uint64  # random stream of students' transfers of registration
    month: int


def advance(world: World, month: int, schools: Schools) -> None:
    """Start the school year in September, and fill school places in both terms."""
    world.places.schools.places += world.environment.school_places.values / 12.0
    world.activity.pupils[...] = world.tally.placed * world.weight
    world.activity.pupils_from_elsewhere[...] = world.tally.placed_strangers * world.weight
    starts_year = is_month_of_year(month, SCHOOL_YEAR)
    if starts_year:
        _start_year(world, month)
    if starts_year or is_month_of_year(month, SECOND_TERM):
        _fill_places(world, month, schools)


def seat_pupils(population: Population, admission: Floats, randomness: Randomness) -> None:
    """Let pupils who are not entitled to a place go without one before a run begins, as they will in it.

    ``admission`` is the share of each group that is entitled, by county, zone, stage and group.
    """
    view = population.people.view()
    pupils = np.flatnonzero((view.alive == 1) & (view.zone < Zone.NEAR) & (view.stage > 0) & (view.stage <= _SENIOR))
    groups = np.empty_like(pupils)
    _find_groups(view, pupils, groups)
    boards = (view.zone[pupils] == Zone.VILLAGE) & (view.stage[pupils] == _SENIOR)
    view.has_place[pupils] &= _entitled(view, pupils, groups, admission, randomness) | boards


def _entitled(
    view: People, pupils: NDArray[np.int64], groups: NDArray[np.int64], admission: Floats, randomness: Randomness
) -> Mask:
    """Return which pupils may be admitted where they live: those whose lot, theirs for good, is below the share."""
    zones, stages = view.zone[pupils].astype(np.int64), view.stage[pupils].astype(np.int64) - 1
    lots = uniforms(randomness.stream(Decision.ADMISSION_SHARE, 0), view.key[pupils])
    return np.asarray(lots < admission[view.county[pupils], zones, stages, groups])


def college_chance(values: Mapping[str, float]) -> float:
    """Return the chance that a senior pupil enters college, so that the stated share of a cohort does."""
    of_cohort = values["schooling.college_rate"] * values["schooling.college_county"]
    return min(of_cohort / max(values["schooling.senior_rate"], 1e-9), 1.0)


def _start_year(world: World, month: int) -> None:
    values = world.values
    entry = SchoolEntry(
        values["schooling.kindergarten_rate"],
        values["schooling.senior_rate"],
        college_chance(values),
        values["schooling.college_far_share"],
        values["registration.college_share"],
        np.array([values["employment.male_participation"], values["employment.female_participation"]]),
        Attraction(world.distances.inside, world.distances.far_inside),
        other_seats(world).cumulated,
        world.randomness.stream(Decision.STUDY, month),
        world.randomness.stream(Decision.LABOUR_FORCE, month),
        world.randomness.stream(Decision.STUDENT_REGISTRATION, month),
        month,
    )
    people, households = world.population.people, world.population.households
    rows = households.append(int(np.sum((people.stage == _SENIOR) & (people.alive == 1))))
    used = _change_stages(people.view(), households.view(), world.accounts.flows, entry, rows.start)
    households.drop_last(rows.stop - used)


@people_kernel
def _change_stages(people: People, households: Households, flows: Any, entry: SchoolEntry, free: int) -> int:
    """Change stages; students elsewhere in the world get the households from row ``free`` on. Return the next free."""
    month = entry.month
    for i in range(people.key.size):
        if people.alive[i] == 0:
            continue
        age = school_age(people.birth[i], month)
        if age < STAGE_AGES[0] or (people.stage[i] == 0 and age >= STAGE_AGES[4]):
            continue
        old, new = people.stage[i], _next_stage(people, i, age, entry, uniform(entry.study, people.key[i]))
        if new == old:
            continue
        people.stage[i], people.has_place[i] = new, 0
        if old > 1:
            people.schooling[i] = max(people.schooling[i], old - 1)  # schooling level of the stage completed
        if new == 0:
            enters = uniform(entry.labour, people.key[i]) < entry.participation[people.female[i]]
            people.work[i] = _SEEKING if enters else 0
            people.events[i] |= _LEFT_SCHOOL
        elif new == _COLLEGE:
            free = _leave_for_college(people, households, flows, i, entry, free)
        elif new > 1:
            alert_parents(people, i, _CHILD)
    return free


@inlined
def _next_stage(people: People, i: int, age: int, entry: SchoolEntry, number: float) -> int:
    """Return the stage of the new school year; ``number`` is held against the chances of going on."""
    old = people.stage[i]
    if age < STAGE_AGES[1]:  # whoever goes to kindergarten enters it at three
        return 1 if old == 1 or (age == STAGE_AGES[0] and number < entry.kindergarten) else 0
    if age < STAGE_AGES[2]:
        return 2
    if age < STAGE_AGES[3]:
        return 3
    if age < STAGE_AGES[4]:
        return 4 if old == 4 or (old == 3 and number < entry.senior) else 0
    if age < STAGE_AGES[5]:
        return 5 if old == 5 or (old == 4 and number < entry.college) else 0
    return 0


@inlined
def _leave_for_college(
    people: People, households: Households, flows: Any, i: int, entry: SchoolEntry, free: int
) -> int:
    """Send a new student to a college outside the county; return the next free row of households."""
    if people.zone[i] >= _NEAR:
        return free
    if people.registration[i] < 0:
        remove(people, flows, i, _DEPARTURE)
        return free
    if people.registered_zone[i] == 0 and uniform(entry.registration, people.key[i]) < entry.college_registration:
        # The collective household is elsewhere, but the register goes back to the seat, not to the village.
        people.registered_zone[i], people.urban_registered[i] = _SEAT, 1
    county, month = people.county[i], entry.month
    far = uniform(entry.study, child_key(people.key[i], 1)) < entry.college_far
    inside = entry.inside.far[county] if far else entry.inside.near[county]
    number = uniform(entry.study, child_key(people.key[i], 2))
    if number >= inside:
        relocate(people, flows, i, (county, _FAR if far else _NEAR), month, _MOVE)
        return free
    seats = entry.seats.far if far else entry.seats.near
    host = pick_county(seats[county], number / inside)
    households.key[free] = child_key(people.key[i], month)
    households.county[free], households.zone[free], households.tenure[free] = host, _SEAT, _RENTS
    people.household[i] = free
    relocate(people, flows, i, (host, _SEAT), month, _MOVE)
    return free + 1


@inlined
def alert_parents(people: People, child: int, event: int) -> None:
    """Make a child's living parents look at where they live."""
    mother = people.mother[child]
    if mother >= 0 and people.alive[mother]:
        people.events[mother] |= event
        father = people.spouse[mother]
        if father >= 0:
            people.events[father] |= event


def _fill_places(world: World, month: int, schools: Schools) -> None:
    view = world.population.people.view()
    counties = len(world.codes)
    placed = np.zeros((counties, 3, len(SCHOOL_STAGES), len(Group)), dtype=np.int64)
    found = np.empty(view.key.size, dtype=np.int64)
    applicants = found[: _applicants(view, placed, found)]
    groups = np.empty_like(applicants)
    _find_groups(view, applicants, groups)
    stream = world.randomness.stream(Decision.ADMISSION, month)
    lots = uniforms(stream, view.key[applicants])
    zones, stages = view.zone[applicants].astype(np.int64), view.stage[applicants].astype(np.int64) - 1
    admission = world.environment.school_admission.values
    entitled = _entitled(view, applicants, groups, admission, world.randomness)
    classes = admission_class(view, applicants, groups, month)
    cells = (view.county[applicants].astype(np.int64) * 3 + zones) * len(SCHOOL_STAGES) + stages
    order = np.lexsort((lots, classes, ~entitled, cells))
    first = np.searchsorted(cells[order], np.arange(placed[..., 0].size + 1))
    accepted = schools.admit(Queues(first, entitled[order], groups[order], placed), world.feedback("schools"))
    places = np.arange(order.size) - np.repeat(first[:-1], np.diff(first))  # in the queue of each
    view.has_place[applicants[order[places < np.repeat(accepted, np.diff(first))]]] = 1
    _alert_all(view, applicants[view.has_place[applicants] == 0])


@people_kernel
def _applicants(people: People, placed: Any, found: Any) -> int:
    count = 0
    for i in range(people.key.size):
        if people.alive[i] == 0 or people.zone[i] > 2 or people.stage[i] == 0 or people.stage[i] > _SENIOR:
            continue
        if people.zone[i] == 0 and people.stage[i] == _SENIOR:
            people.has_place[i] = 1  # villages have no senior schools of their own: these pupils board
        if people.has_place[i]:
            placed[people.county[i], people.zone[i], people.stage[i] - 1, group_of(people, i)] += 1
        else:
            found[count] = i
            count += 1
    return count


@people_kernel
def _find_groups(people: People, who: Any, groups: Any) -> None:
    for n in range(who.size):
        groups[n] = group_of(people, who[n])


def admission_class(view: Any, who: NDArray[np.int64], groups: NDArray[np.int64], month: int) -> NDArray[np.int64]:
    """Return 0 to 3 in order of admission: registered in the zone, in the county, a year's residence, others."""
    registered_here = (groups < 2) & (view.registered_zone[who] == view.zone[who])
    settled = month - view.arrival[who] >= PERMIT_MONTHS
    return np.where(registered_here, 0, np.where(groups < 2, 1, np.where(settled, 2, 3)))


@people_kernel
def _alert_all(people: People, children: Any) -> None:
    for n in range(children.size):
        alert_parents(people, children[n], _NO_PLACE)
