"""Rules that policies change: what they are worth to whom, and whom news of that makes look.

Rule. What the rules of a zone are worth to a registration group changes with policies. Such news makes people of that
group who live in the county, or are registered there and away, look at where they live: the more the larger the change,
and not all at once, since people hear of it and act on it over months. What has been responded to is news no longer. A
change that is taken back before people have responded is no news either. In the first month of a run there is none:
what is in force then has been known.
"""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats
from urbsim.state.access import registration_access
from urbsim.state.pay import expected_wages
from urbsim.state.world import World

_LEAST_PAY = 500.0


def spread_news(world: World) -> None:
    """Age the news by a month and add this month's; call after policies have written the month's quantities."""
    news, left = world.rule_news, 1.0 - 1.0 / world.values["reconsider.rule_months"]
    fresh_inside, fresh_outside = left * news.fresh_inside - news.inside, left * news.fresh_outside - news.outside
    take_for_known(world)
    news.fresh_inside, news.fresh_outside = fresh_inside + news.inside, fresh_outside + news.outside


def take_for_known(world: World) -> None:
    """Take the rules of the month for known."""
    world.rule_news.inside, world.rule_news.outside = worth_inside(world), worth_outside(world)


def rates_of_looking(world: World) -> Floats:
    """Return at what rate news of rules makes people look, a month, shape (C, 4).

    By registration group of who lives in the county or, registered there, is away; the last column is for all who are
    registered there, on account of what is worth something outside it. Of several zones the one that has changed most
    counts.
    """
    values, news = world.values, world.rule_news
    sizes = np.column_stack((np.abs(news.fresh_inside).max(axis=1), np.abs(news.fresh_outside)))
    return np.asarray(values["reconsider.rule_change"] / values["reconsider.rule_months"] * sizes)


def worth_inside(world: World) -> Floats:
    """Return what rules of the zones are worth to the registration groups, in utility, shape (C, 3, 3).

    Access to registration, admission to schools (a child's, over the stages), and what is paid towards rent.
    """
    environment, values = world.environment, world.values
    admission = environment.school_admission.values * environment.school_quality.values[:, :, :, None]
    worth = values["residence.hukou"] * registration_access(world)
    worth += values["residence.sigma"] * admission.mean(axis=2)
    pay = np.maximum(expected_wages(world), _LEAST_PAY)[:, :, None]
    worth += values["residence.delta"] * np.log1p(environment.rent_subsidy.values / 12.0 / pay)
    return np.asarray(worth)


def worth_outside(world: World) -> Floats:
    """Return what medical insurance that pays elsewhere is worth to those who live away, in utility, shape (C,)."""
    gap = world.values["residence.insurance"] * world.values["insurance.gap_far"]
    return np.asarray(gap * world.environment.insurance_portability.values)
