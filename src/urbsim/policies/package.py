"""The policies of a scenario at work: how strongly each acts this month, what that costs, and what cuts it.

Two things cut a policy: the budget, whose share was set when last month's books were closed, and land, where a quota
is in force. Both lower its strength, so that what is not paid for or has no land neither happens nor costs anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from urbsim.arrays import Floats, anything
from urbsim.observation.limits import Limits
from urbsim.policies.base import Payer, Policy
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.state import land

if TYPE_CHECKING:
    from urbsim.institutions.governments import Governments
    from urbsim.state.world import World


class PolicyPackage:
    """All policies of a scenario in one world of C counties.

    A policy whose start lies before the run is in force from its first month on, as strong as its own dates say. What
    it had done by then is in the census, so what it accrues counts from the first month.

    Parameters
    ----------
    first
        First month of the output; ``limits`` leave out what is before.

    Attributes
    ----------
    funded : dict of arrays (C,)
        Share of each policy that this month's budget carries.
    permitted : array (C,)
        Share of the policies that build on land which the land left allows; 1 without a quota.
    coverages : dict of Coverage
        This month's coverage of each policy.
    limits : Limits
        What was wanted and what was possible, year by year.
    """

    def __init__(self, world: World, policies: Mapping[str, Policy], first: int) -> None:
        counties = len(world.codes)
        self.world, self.policies = world, policies
        self.funded: dict[str, Floats] = {name: np.ones(counties) for name in policies}
        self.permitted = np.ones(counties)
        self.coverages: dict[str, Coverage] = {}
        self.limits = Limits({name: policy.lever for name, policy in policies.items()}, first)
        self._before: dict[str, Floats] = {}  # what each policy had accrued by the end of last month
        self._wanted: dict[str, Floats] = {name: np.zeros(counties) for name in policies}
        self._alone = Environment(counties)
        self._on_land = {name for name, policy in policies.items() if not land.LAND_USES.isdisjoint(policy.quantities)}

    def succeeded_by(self, policies: Mapping[str, Policy]) -> PolicyPackage:
        """Return the package of other policies in the same world; those in both go on from where they are."""
        new = PolicyPackage(self.world, policies, self.limits.first)
        for mine, its in ((self.funded, new.funded), (self._wanted, new._wanted)):
            its.update({name: mine[name].copy() for name in policies if name in mine})
        new.coverages = {name: self.coverages[name] for name in policies if name in self.coverages}
        new.permitted = self.permitted.copy()
        new.limits.take_over(self.limits)
        return new

    def apply(self, month: int) -> None:
        """Write this month's value of each named quantity, as far as money and land allow."""
        world = self.world
        nothing = np.zeros(len(world.codes))
        self._before = {
            name: self.coverages[name].accrued if name in self.coverages else nothing for name in self.policies
        }
        self.permitted = np.ones(len(world.codes))
        self._contribute(month)
        land.release(world, month)
        if not anything(world.places.land.limited):
            return
        wanted = land.land_of_policies(world.environment, world.values)
        self.permitted = land.permitted(world, wanted)
        self._note_land(month)
        if anything(self.permitted < 1.0):
            self._contribute(month)
        land.take(world, self.permitted * wanted)

    def _contribute(self, month: int) -> None:
        environment = self.world.environment
        environment.reset()
        for name, policy in self.policies.items():
            coverage = self._coverage(name, month, self.funded[name])
            self.coverages[name] = coverage
            if anything(coverage.strength):
                policy.apply(environment, coverage)

    def _coverage(self, name: str, month: int, funded: Floats) -> Coverage:
        policy = self.policies[name]
        share = funded * self.permitted if name in self._on_land else funded
        return policy.coverage(month, self.world.codes, share, self._before[name])

    def _note_land(self, month: int) -> None:
        """Note how much land each policy wanted, where a quota is in force; call before the land cuts anything."""
        limited = self.world.places.land.limited
        for name, policy in self.policies.items():
            if name not in self._on_land or not anything(self.coverages[name].strength):
                continue
            self._alone.reset()
            policy.apply(self._alone, self.coverages[name])
            mu = np.where(limited, land.land_of_policies(self._alone, self.world.values), 0.0)
            self.limits.note("land", month, name, mu, mu * self.permitted)

    def costs(self) -> dict[str, Floats]:
        """Return what every policy costs this month, yuan, shape (C,) each."""
        world = self.world
        return {
            name: policy.spending(world.environment, world.activity, self.coverages[name])
            for name, policy in self.policies.items()
        }

    def book(self, month: int, costs: Mapping[str, Floats]) -> Floats:
        """Enter the month's costs in the ledger; return what all policies cost together, shape (C,)."""
        for name, yuan in costs.items():
            policy = self.policies[name]
            self.world.ledger.book(month, name, policy.lever, str(policy.payer), yuan)
        return sum(costs.values(), np.zeros(len(self.world.codes)))

    def settle(self, month: int, costs: Mapping[str, Floats], governments: Governments) -> None:
        """Let county governments close their books and set the funded shares of next month."""
        own = {name: policy.cut_order for name, policy in self.policies.items() if policy.payer is Payer.COUNTY}
        funded = governments.settle(
            {name: costs[name] for name in own}, {name: self._wanted[name] for name in own}, own
        )
        for name, share in funded.items():
            self.funded[name][...] = share
        self.limits.note_debt(month, governments.debt, governments.debt_limit)

    def want(self, month: int, costs: Mapping[str, Floats]) -> None:
        """Work out what every policy would have cost without cuts of the budget, and note it beside ``costs``."""
        world = self.world
        for name, policy in self.policies.items():
            if not anything(self.funded[name] != 1.0):
                self._wanted[name] = costs[name]
            else:
                whole = self._coverage(name, month, np.ones(len(world.codes)))
                wanted = np.maximum(policy.spending(world.environment, world.activity, whole), costs[name])
                # Without any money nobody is trained or certified, and nothing says what that would have cost.
                unfunded = (whole.strength > 0.0) & (self.coverages[name].strength == 0.0)
                self._wanted[name] = np.where(unfunded, np.maximum(wanted, self._wanted[name]), wanted)
            self.limits.note("money", month, name, self._wanted[name], costs[name])
        self.limits.note("land", month, "", world.places.land.wanted, world.places.land.given)
