"""Hospitals: beds and staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from urbsim.arrays import Floats
from urbsim.institutions.institution import Institution
from urbsim.kernels import inlined, people_kernel
from urbsim.records import record

if TYPE_CHECKING:
    import mesa

    from urbsim.state.world import World


@record
class Capacity(NamedTuple):
    """Something that policies set a standard for; C counties."""

    stock: Floats  # (C,) what there is
    added: Floats  # (C,) of it beyond ordinary provision
    paid: Floats  # (C,) what policies pay for this month
    usual: Floats  # (C,) per 1,000 residents without a policy
    standard: Floats  # (C,) per 1,000 residents that policies ask for


@record
class Beds(NamedTuple):
    """How beds came about."""

    first: Floats  # (C,) at the start
    added: Floats  # (C,) of policies that add so many a year
    yearly: Floats  # (C,) that they add
    before: float  # trend of the month before, relative to the start
    trend: float


@record
class Staff(NamedTuple):
    """The two kinds of staff."""

    doctors: Capacity
    nurses: Capacity


class Hospitals(Institution):
    """The hospitals of all counties: beds follow the national trend, staff the residents, both more under a policy.

    A policy adds beds every year, or sets a standard: beds, doctors or nurses per 1,000 residents. What a standard
    lacks is built or employed month by month (``services.built_up``) until the standard is reached for the residents
    present at the end of the month, and is then held: beds that the trend would add later have been built already.
    Beds stay, staff beyond the ordinary number per resident are employed for as long as the policy pays them.
    """

    def __init__(self, model: mesa.Model, world: World) -> None:
        super().__init__(model, world)
        self.first_beds = world.places.hospitals.beds.copy()
        self.added = np.zeros_like(self.first_beds)  # beds of policies that add so many a year
        self.ahead = np.zeros_like(self.first_beds)  # beds of a standard that the trend has not caught up with
        self._trend = 1.0

    @property
    def residents(self) -> Floats:
        """Residents of the counties at the last count, persons, shape (C,)."""
        return np.asarray(self.world.tally.residents * self.world.weight)

    @property
    def ordinary(self) -> Floats:
        """Beds without any policy, shape (C,)."""
        return self.first_beds * self._trend

    def provide(self) -> None:
        """Build beds and employ staff for the residents counted at the end of the month."""
        world, environment = self.world, self.world.environment
        places, activity = world.places.hospitals, world.activity
        trend = float(world.trends.beds[0])
        beds = Beds(self.first_beds, self.added, environment.hospital_beds.values, self._trend, trend)
        self._trend = trend
        kinds = (
            (environment.beds_per_thousand, places.beds, self.ahead, activity.beds_built),
            (environment.doctors_per_thousand, places.doctors, places.doctors_added, activity.doctors_added),
            (environment.nurses_per_thousand, places.nurses, places.nurses_added, activity.nurses_added),
        )
        built, doctors, nurses = (
            Capacity(stock, added, paid, quantity.base, quantity.values) for quantity, stock, added, paid in kinds
        )
        _provide(self.residents, beds, built, Staff(doctors, nurses), 12.0 * world.values["provision.building_years"])


@people_kernel
def _provide(residents: Floats, beds: Beds, built: Capacity, staff: Staff, building_months: float) -> None:
    for county in range(residents.size):
        people = residents[county]
        _build(people, county, beds, built, building_months)
        for kind in (staff.doctors, staff.nurses):
            ordinary, wanted = kind.usual[county] / 1000.0 * people, _wanted(kind, county, people)
            missing = max(wanted - ordinary, 0.0)
            kind.added[county] = kind.paid[county] = min(missing, kind.added[county] + wanted / building_months)
            kind.stock[county] = ordinary + kind.added[county]


@inlined
def _build(people: float, county: int, beds: Beds, built: Capacity, building_months: float) -> None:
    """Add the beds of the trend, of policies that add beds, and of what a standard lacks."""
    ordinary = beds.first[county] * beds.trend
    ahead = max(built.added[county] - max(ordinary - beds.first[county] * beds.before, 0.0), 0.0)
    beds.added[county] += beds.yearly[county] / 12.0
    present, wanted = ordinary + beds.added[county] + ahead, _wanted(built, county, people)
    more = min(max(wanted - present, 0.0), wanted / building_months)
    built.added[county], built.paid[county] = ahead + more, more
    built.stock[county] = present + more


@inlined
def _wanted(kind: Capacity, county: int, people: float) -> float:
    """Return the number that a policy's standard asks for; 0 without a policy."""
    usual, asked = kind.usual[county] / 1000.0 * people, kind.standard[county] / 1000.0 * people
    return float(asked) if asked > usual else 0.0
