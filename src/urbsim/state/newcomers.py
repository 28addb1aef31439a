"""What a county is worth to somebody from outside the world who thinks of coming, and how many come for it.

  V = sum over zones of share x [ alpha ln(expected pay / pay outside) - delta ln(1 + rent / expected pay)
        + hukou x access + sigma x children in school x worth of a place + what policies make of the place ]

Pay, rents and pay outside are taken off their trends: a level that grows by itself draws nobody. Shares are those of
arrivals who go to the zone. What counts is the difference to the start of the run, so the rates of arrivals keep their
meaning.
"""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import SCHOOL_STAGES, Group, Schooling, Stage, Zone
from urbsim.state.access import registration_access, school_worth
from urbsim.state.gains import policy_gains
from urbsim.state.pay import expected_wages, group_factors, village_earnings
from urbsim.state.world import World

_STRANGER = int(Group.ELSEWHERE)
_PRIMARY, _JUNIOR = (SCHOOL_STAGES.index(stage) for stage in (Stage.PRIMARY, Stage.JUNIOR))
_LEAST_PAY = 50.0
_MOST_GAINED = 2.0  # a sample in which a zone starts without a post would else draw people without end


def newcomer_worth(world: World) -> Floats:
    """Return what a county is worth to newcomers this month, in utility, shape (C,)."""
    values = world.values
    pay = _pay(world)
    subsidy = world.environment.rent_subsidy.values[:, :, _STRANGER] / 12.0
    rent = np.maximum(world.places.housing.rent - subsidy, 0.0) / world.trends.prices
    worth = values["residence.alpha"] * np.log(pay) - values["residence.delta"] * np.log1p(rent / pay)
    worth += values["residence.hukou"] * registration_access(world)[:, :, _STRANGER]
    # A couple's schooling is averaged over the two, as in the choice of residence.
    pupils = values["arrivals.couple_share"] * values["arrivals.child_share"] / 2.0
    school = school_worth(world)[..., _STRANGER]
    worth += values["residence.sigma"] * pupils * ((school[:, :, _PRIMARY] + school[:, :, _JUNIOR]) / 2.0)
    worth += sum(gain.coefficient * gain.quantity for gain in policy_gains(world))
    seat, town = values["arrivals.seat_share"], values["arrivals.town_share"]
    return np.asarray(worth @ np.array([1.0 - seat - town, town, seat]))


def _pay(world: World) -> Floats:
    """Return what a newcomer of junior schooling can expect to earn, yuan a month off its trend, shape (C, 3)."""
    pay = expected_wages(world) * group_factors(world)[:, :, _STRANGER]
    pay[:, Zone.VILLAGE] = village_earnings(world)[:, Schooling.JUNIOR] / world.trends.village
    return np.asarray(np.maximum(pay / world.trends.pay, _LEAST_PAY))


def arrivals_factor(world: World) -> Floats:
    """Return arrivals relative to their rates, by origin (same and other province), shape (C, 2)."""
    if not world.feedback("arrivals"):
        return np.ones((len(world.codes), 2))
    outside = world.values["residence.alpha"] * np.log(world.trends.outside_wages / world.trends.pay)
    gained = (newcomer_worth(world) - world.first_newcomer)[:, None] - outside
    return np.asarray(np.exp(world.values["arrivals.response"] * np.clip(gained, -_MOST_GAINED, _MOST_GAINED)))
