"""County governments: revenue, ordinary spending, and what is left for policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Dwelling, Sector, Work
from urbsim.institutions.institution import Institution
from urbsim.months import year_of

if TYPE_CHECKING:
    import mesa

    from urbsim.state.world import World

_TAXED = slice(int(Work.INDUSTRY), int(Work.SERVICES) + 1)


class Governments(Institution):
    """The budgets of C counties: each collects revenue, pays ordinary spending and its policies, borrows to a limit.

    Amounts are yuan a month, shape (C,). A policy whose cost the budget cannot carry is funded in part the month after;
    policies with the lowest ``cut_order`` are cut first.
    """

    def __init__(self, model: mesa.Model, world: World) -> None:
        super().__init__(model, world)
        own, residents = world.own, np.maximum(self.residents, 1.0)
        usual = world.values[f"budget.ordinary_spending_{year_of(world.start)}"] / 12.0
        spending = own["budget_spending"] / residents / 12.0
        self.ordinary_per_resident = np.where(np.isnan(spending), usual, spending)
        self.debt = np.nan_to_num(own["debt"])
        #: Taxes of a county relative to what the registry's share of its wages comes to.
        self.tax_effort = np.ones_like(self.debt)
        taxes = np.maximum(own["budget_revenue"] / 12.0 - self._land_sales(), 0.0) / np.maximum(self._tax(), 1.0)
        self.tax_effort = np.where(np.isnan(taxes), 1.0, taxes)
        self.revenue, self.ordinary, self.policy_spending, self.reward = np.zeros((4, *self.debt.shape))
        #: Transfers from above that balance the budget at the start, per resident.
        self.transfer_per_resident = np.zeros_like(self.debt)
        self.start_balanced()

    @property
    def residents(self) -> Floats:
        """Residents of the counties, persons."""
        return np.asarray(self.world.tally.residents * self.world.weight)

    def start_balanced(self) -> None:
        """Set transfers so that ordinary spending is covered at the start."""
        gap = self.ordinary_per_resident * self.residents - self._tax() - self._land_sales()
        self.transfer_per_resident = np.maximum(gap, 0.0) / np.maximum(self.residents, 1.0)

    def _tax(self) -> Floats:
        work = self.world.tally.work[:, :, _TAXED] * self.world.weight
        wages = work * self.world.places.employers.wage[:, :, Sector.INDUSTRY :]
        return np.asarray(wages.sum(axis=(1, 2)) * self.world.values["budget.tax_share"] * self.tax_effort)

    def own_revenue(self) -> Floats:
        """Return taxes and land sales of the month: what a county takes itself."""
        return self._tax() + self._land_sales()

    def _land_sales(self) -> Floats:
        housing, values = self.world.places.housing, self.world.values
        sold = housing.built[:, :, Dwelling.FOR_SALE] * housing.price * values["housing.dwelling_area"]
        return np.asarray(sold.sum(axis=1) * values["budget.land_share"])

    def _rewards(self) -> Floats:
        """Return what counties are paid for those newly registered."""
        newly, rewards = self.world.activity.newly_registered, self.world.environment.registration_reward.values
        paid = np.zeros_like(self.debt)
        for county in np.flatnonzero(rewards.any(axis=1)):
            paid[county] = newly[county].sum(axis=0) @ rewards[county]
        return paid

    @property
    def debt_limit(self) -> Floats:
        """Yuan a county may owe: a share of yearly revenue, set by the registry or the strictest policy."""
        cap = self.world.environment.debt_cap
        share = np.where(cap.contributors > 0, cap.values, self.world.values["budget.debt_limit"])
        return np.asarray(share * 12.0 * self.revenue)

    def settle(
        self, costs: Mapping[str, Floats], wanted: Mapping[str, Floats], cut_order: Mapping[str, int]
    ) -> dict[str, Floats]:
        """Close the month's books; return the share of each policy's cost that next month's budgets can carry.

        Parameters
        ----------
        costs
            Yuan of this month by policy paid by the counties, shape (C,) each.
        wanted
            Yuan each would have cost without cuts of the budget, which is what it is expected to cost next month.
        cut_order
            1 is cut first.
        """
        environment, residents, trend = self.world.environment, self.residents, float(self.world.trends.budgets[0])
        self.reward = self._rewards()
        self.ordinary = self.ordinary_per_resident * residents * trend
        transfers = self.transfer_per_resident * residents * trend
        received, owed = environment.finance_received.values / 12.0, environment.finance_owed.values / 12.0
        self.revenue = self._tax() + self._land_sales() + transfers + self.reward + received
        self.policy_spending = sum(costs.values(), np.zeros_like(self.debt))
        balance = self.revenue - self.ordinary - self.policy_spending
        # A surplus repays debt; what is left is not carried over, so that no scenario lives on old reserves.
        self.debt = np.maximum(self.debt + owed - balance, 0.0)
        return self._fund(wanted, cut_order)

    def _fund(self, wanted: Mapping[str, Floats], cut_order: Mapping[str, int]) -> dict[str, Floats]:
        """Share out what revenue and borrowing leave for policies, those cut last first."""
        if not wanted or not self.world.feedback("budget"):
            return {name: np.ones_like(self.debt) for name in wanted}
        credit = (self.debt_limit - self.debt) / self.world.values["budget.borrowing_months"]
        room = self.revenue - self.ordinary + credit
        funded: dict[str, Floats] = {}
        for order in sorted({cut_order[name] for name in wanted}, reverse=True):
            names = [name for name in wanted if cut_order[name] == order]
            total, left = sum((wanted[name] for name in names), np.zeros_like(room)), np.maximum(room, 0.0)
            share = np.divide(left, total, out=np.ones_like(room), where=total > left)
            funded |= dict.fromkeys(names, share)
            room = room - total * share
        return funded
