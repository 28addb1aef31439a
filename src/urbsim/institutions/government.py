"""County governments: revenue, ordinary spending, and what is left for policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbsim.codes import Zone
from urbsim.institutions.institution import Institution
from urbsim.months import year_of
from urbsim.state.own_figures import budget_of

if TYPE_CHECKING:
    import mesa

    from urbsim.state.world import World


class CountyGovernment(Institution):
    """A county's budget: it collects revenue, pays ordinary spending and its policies, and borrows up to a limit.

    Amounts are yuan a month. A policy whose cost the budget cannot carry is funded in part the month after; policies
    with the lowest ``cut_order`` are cut first.
    """

    def __init__(self, model: mesa.Model, world: World, county: int) -> None:
        super().__init__(model, world, county)
        values = self.world.values
        own = budget_of(world.own, county)
        self.ordinary_per_resident = values[f"budget.ordinary_spending_{year_of(self.world.start)}"] / 12.0
        if "budget_spending" in own:
            self.ordinary_per_resident = own["budget_spending"] / max(self.residents, 1.0) / 12.0
        self.debt = own.get("debt", 0.0)
        #: Taxes of the county relative to what the registry's share of its wages comes to.
        self.tax_effort = 1.0
        if "budget_revenue" in own:
            taxes = max(own["budget_revenue"] / 12.0 - self._land_sales(), 0.0)
            self.tax_effort = taxes / max(self._tax(), 1.0)
        self.revenue = self.ordinary = self.policy_spending = self.reward = 0.0
        #: Transfers from above that balance the budget at the start, per resident.
        self.transfer_per_resident = 0.0
        self.start_balanced()

    @property
    def residents(self) -> float:
        """Residents of the county, persons."""
        return float(self.world.tally.stocks[self.county, : Zone.NEAR].sum()) * self.world.weight

    def start_balanced(self) -> None:
        """Set transfers so that ordinary spending is covered at the start."""
        gap = self.ordinary_per_resident * self.residents - self._tax() - self._land_sales()
        self.transfer_per_resident = max(gap, 0.0) / max(self.residents, 1.0)

    def _tax(self) -> float:
        places, work = self.world.places, self.world.tally.work[self.county, :, 2:4] * self.world.weight
        wages = float((work * places.employers.wage[self.county, :, 1:]).sum())
        return wages * self.world.values["budget.tax_share"] * self.tax_effort

    def own_revenue(self) -> float:
        """Return taxes and land sales of the month, yuan: what the county takes itself."""
        return self._tax() + self._land_sales()

    def _land_sales(self) -> float:
        places, values = self.world.places, self.world.values
        sold = (
            places.housing.built[self.county, :, 0]
            * places.housing.price[self.county]
            * values["housing.dwelling_area"]
        )
        return float(sold.sum()) * values["budget.land_share"]

    @property
    def debt_limit(self) -> float:
        """Yuan the county may owe: a share of yearly revenue, set by the registry or the strictest policy."""
        cap = self.world.environment.debt_cap
        capped = cap.contributors[self.county] > 0
        share = float(cap.values[self.county]) if capped else self.world.values["budget.debt_limit"]
        return share * 12.0 * self.revenue

    def settle(self, costs: dict[str, float], wanted: dict[str, float], cut_order: dict[str, int]) -> dict[str, float]:
        """Close the month's books; return the share of each policy's cost that next month's budget can carry.

        Parameters
        ----------
        costs
            Yuan of this month by policy paid by the county.
        wanted
            Yuan each would have cost without cuts of the budget, which is what it is expected to cost next month.
        cut_order
            1 is cut first.
        """
        world = self.world
        trend = float(world.trends.budgets[0])
        rewards = world.environment.registration_reward.values[self.county]
        self.reward = float(world.activity.newly_registered[self.county].sum(axis=0) @ rewards)
        self.ordinary = self.ordinary_per_resident * self.residents * trend
        transfers = self.transfer_per_resident * self.residents * trend
        received = float(world.environment.finance_received.values[self.county]) / 12.0
        owed = float(world.environment.finance_owed.values[self.county]) / 12.0
        self.revenue = self._tax() + self._land_sales() + transfers + self.reward + received
        self.policy_spending = sum(costs.values())
        balance = self.revenue - self.ordinary - self.policy_spending
        # A surplus repays debt; what is left is not carried over, so that no scenario lives on old reserves.
        self.debt = max(self.debt + owed - balance, 0.0)
        return self._fund(wanted, cut_order)

    def _fund(self, wanted: dict[str, float], cut_order: dict[str, int]) -> dict[str, float]:
        """Share out what revenue and borrowing leave for policies, those cut last first."""
        if not self.world.feedback("budget"):
            return dict.fromkeys(wanted, 1.0)
        credit = (self.debt_limit - self.debt) / self.world.values["budget.borrowing_months"]
        room = self.revenue - self.ordinary + credit
        funded: dict[str, float] = {}
        for order in sorted({cut_order[name] for name in wanted}, reverse=True):
            names = [name for name in wanted if cut_order[name] == order]
            total = sum(wanted[name] for name in names)
            share = 1.0 if total <= max(room, 0.0) else max(room, 0.0) / total
            funded |= dict.fromkeys(names, share)
            room -= total * share
        return funded
