"""What must hold in sign and order: no published number, but a result the other way round would be a defect.

Some of these are causes that no field study can switch on and off. They are compared with the same people in a world
without the cause.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from urbsim.codes import Zone
from urbsim.labels import Label
from urbsim.policies.base import GroupName, Payer
from urbsim.policies.levers.housing import HousingSubsidy
from urbsim.policies.levers.land import LandRightsSecurity
from urbsim.validation.estimators import adjusted_slope
from urbsim.validation.evaluations import (
    NOTHING,
    Panel,
    away,
    compare_panels,
    employed,
    of_working_age,
    open_registration,
    registered_rural,
)
from urbsim.validation.study import Estimate, Study
from urbsim.validation.survey import OFF_FARM
from urbsim.validation.worlds import POLICY, WRITTEN, Change, Field, Observed


class OutsideWages(Study):
    """Wages outside the county one tenth higher, and how many registered adults live outside.

    Here: the share of registered adults outside after four years, against the world with the usual wages.
    """

    key = "outside_wages"
    twins = ("away",)
    title = Label("Higher wages outside", "县外工资上升")
    limits = Label(
        "Holds by construction as long as the weight of earnings is positive; the size is what it tells.",
        "只要收入权重为正即必然成立；有意义的是幅度。",
    )
    rise = 1.1

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Raise wages near and far from the start."""
        names = ("start.wage_near_2010", "start.wage_far_2010")
        return {"wages": Change(parameters={name: self.rise * ground.value(name) for name in names})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare the share outside in the two worlds."""
        shares = []
        for world in (plain, worlds["wages"]):
            people = world.after.people
            shares.append(float(away(people[(people["age"] >= 16) & (people["registration"] >= 0)]).mean()))
        return {"away": Estimate(NOTHING, 100.0 * (shares[1] - shares[0]))}


class CoVillagersAway(Study):
    """The share of a county's villagers who are away, and the chance that another leaves.

    Study: regressions of leaving on the share of co-villagers away. Here: a linear regression of having left within
    three years on the county's share at the first survey, with age, sex and schooling as controls, among rural adults
    of 16 to 50 at home. Counties differ in other things that make many leave, so the slope is compared with that of a
    world where earlier migrants have no effect (reconsider.network 0).
    """

    key = "network"
    twins = ("network",)
    descriptions = ("slope",)
    title = Label("Co-villagers away", "同村外出者比例")
    limits = Label(
        "The villages of a county are one place: the share away is the county's. It raises who looks for a place to "
        "live, not the choice of one.",
        "一个县的乡村视为一地，外出比例为全县比例；它只提高重新考虑去留的概率，不影响去向选择。",
    )

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Take the effect of earlier migrants away after the first survey."""
        return {"alone": Change(parameters={"reconsider.network": {POLICY: 0.0}})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare slopes."""
        slope, alone = (self._slope(world) for world in (plain, worlds["alone"]))
        return {"slope": Estimate(slope, NOTHING), "network": Estimate(NOTHING, slope - alone)}

    @staticmethod
    def _slope(world: Observed) -> float:
        people = world.before.people
        at_home = (people["zone"] == Zone.VILLAGE) & registered_rural(people) & (people["stage"] == 0)
        panel = Panel(world, at_home & people["age"].between(16, 50))
        share = world.before.counties["village_away"].to_numpy()[panel.before["county"].to_numpy()]
        return 100.0 * 0.1 * adjusted_slope(away(panel.after), share, panel.before[["age", "female", "schooling"]])


class LandCertified(Study):
    """Certified land, off-farm work, and renting out.

    Study: places where contracted land was certified earlier against later ones. Here: all land certified at once in
    treated counties, against the national course elsewhere; the share of working-age villagers, registered rural, who
    work off the farm.
    """

    key = "land"
    title = Label("Land certified", "承包地确权")
    limits = Label(
        "A certificate takes the loss of land out of the choice to leave the village, and lets households without a "
        "farm worker rent it out more often; those who farm are not touched.",
        "确权在离村选择中消除失地风险，并使无人务农的家庭更常出租土地；不影响务农者。",
    )

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Certify all land of treated counties."""
        policy = LandRightsSecurity(
            start=WRITTEN, counties=ground.treated_codes, payer=Payer.CENTRE, certified_share=1.0
        )
        return {"certified": Change({"land": policy})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare villagers of treated and untreated counties."""

        def villagers(world: Observed) -> Panel:
            people = world.before.people
            chosen = of_working_age(people) & registered_rural(people) & (people["zone"] == Zone.VILLAGE)
            return Panel(world, chosen)

        panels = villagers(plain), villagers(worlds["certified"])
        measures = {"off_farm": _off_farm, "renting_out": _rents_out}
        return {key: compare_panels(ground, *panels, measure) for key, measure in measures.items()}


def _off_farm(people: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return employed(people, OFF_FARM)


def _rents_out(people: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return 1 for people whose household rents land out, else 0."""
    return np.asarray(people["mu_rented"] > 0.0, dtype=np.float64)


class DearerHousing(Study):
    """Dearer housing in the county, and who stays in the seat: owners or others.

    Here: prices and rents rise by up to 15 % a year instead of the usual; adults of the seat at the first survey, by
    whether their household owns its dwelling; the change of the share still there against the world with usual prices.
    """

    key = "housing"
    twins = ("non_owners",)
    title = Label("Dearer housing", "住房变贵")
    limits = Label(
        "Owners pay no rent in the model and cannot sell, so that they do not respond at all to prices of their own "
        "seat; the order holds by construction.",
        "模型中自有住房者不付租金也不能出售，对本县房价几乎无反应；这一次序由设定决定。",
    )
    growth = 0.15

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Let prices and rents rise faster from the policy's month."""
        return {"dear": Change(parameters={"housing.price_growth": {POLICY: self.growth}})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare who is still there."""
        people = plain.before.people
        chosen = people.index[(people["zone"] == Zone.SEAT) & (people["age"] >= 18) & (people["stage"] == 0)]
        after = [world.after.people for world in (plain, worlds["dear"])]
        same = chosen.intersection(after[0].index).intersection(after[1].index)
        change = [(each.loc[same, "zone"] == Zone.SEAT).to_numpy(dtype=float) for each in after]
        owns = people.loc[same, "owns"].to_numpy(dtype=bool)
        effect = 100.0 * (change[1] - change[0])
        return {"non_owners": Estimate(NOTHING, float(effect[~owns].mean() - effect[owns].mean()))}


class FrozenFeedbacks(Study):
    """How much larger a policy's effect is when wages, prices and school places do not respond.

    Here: registration opened and rents subsidised in treated counties; the rise of urban residents there against the
    world without it, once as it is and once with these feedbacks frozen. The result is the ratio of the two.
    """

    key = "feedbacks"
    twins = ("ratio",)
    title = Label("Wages, prices and school places frozen", "冻结工资、房价与学位反馈")
    limits = Label(
        "The published ratio is of the long run, with housing that does not follow; capital, dwellings and schools "
        "follow in part within a few years here. 'Several-fold' is read as twice or more; 'urbsim experiments "
        "--feedbacks' shows the ratio after 3, 6 and 16 years.",
        "已发表的比值为长期且住房不随人口调整；此处资本、住房和学校数年内会部分调整。“数倍”按两倍及以上理解；"
        "“urbsim experiments --feedbacks”给出3年、6年和16年后的比值。",
    )
    frozen = ("wages", "prices", "schools")
    #: About the rent of a dwelling in the seat in 2010.
    yuan_a_year = 3_600.0

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Carry out the package with and without feedbacks."""
        subsidy = HousingSubsidy(
            start=WRITTEN,
            counties=ground.treated_codes,
            payer=Payer.CENTRE,
            rent_yuan_per_household_year=self.yuan_a_year,
            eligible=tuple(GroupName),
        )
        policies = {"hukou": open_registration(ground), "subsidy": subsidy}
        return {
            "package": Change(policies),
            "frozen": Change(frozen=self.frozen),
            "frozen_package": Change(policies, frozen=self.frozen),
        }

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare the two effects."""
        urban = {
            name: float(world.after.counties["urban"].to_numpy()[ground.treated].sum())
            for name, world in {"plain": plain, **worlds}.items()
        }
        full, partial = urban["package"] - urban["plain"], urban["frozen_package"] - urban["frozen"]
        return {"ratio": Estimate(NOTHING, partial / full if full else NOTHING)}


EXPECTATIONS: tuple[Study, ...] = (
    OutsideWages(),
    CoVillagersAway(),
    LandCertified(),
    DearerHousing(),
    FrozenFeedbacks(),
)
