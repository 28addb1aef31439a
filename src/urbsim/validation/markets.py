"""Evaluations of markets: pay elsewhere, newcomers in the labour and housing market, prices and loans of dwellings.

Most of these causes act on a whole world, so that the same people in a world without them are the comparison: it is
what the instruments and fixed effects of the studies aim at.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from urbsim.arrays import Mask
from urbsim.codes import Zone
from urbsim.labels import Label
from urbsim.parameters import DatedValue
from urbsim.policies.base import Payer, ZoneName
from urbsim.policies.levers.housing import HousingSubsidy
from urbsim.validation.evaluations import NOTHING, employed, of_working_age
from urbsim.validation.places import StudyPlaces
from urbsim.validation.study import Estimate, Study
from urbsim.validation.survey import OFF_FARM
from urbsim.validation.worlds import (
    BEFORE,
    DECADE,
    POLICY,
    WRITTEN,
    YEAR_2,
    YEAR_4,
    Change,
    Field,
    Observed,
)

COLLEGE = 4


class PayInOtherProvinces(Study):
    """Pay in other provinces, and how many people live in another province than that of their registration.

    Study: flows between pairs of provinces by the difference of real minimum wages, with fixed effects and an
    instrument. Here: adults registered in the counties who live in another province after ten years, where pay there is
    one tenth higher from the start, against a world with the usual pay; logarithm over logarithm.
    """

    key = "minimum_wages"
    title = Label("Pay in other provinces", "省外工资")
    twins = ("flow_between_provinces",)
    months = (BEFORE, POLICY, DECADE)
    limits = Label(
        "Pay itself is raised, not a minimum wage, which moves pay less than one to one: the elasticity to pay should "
        "be the higher one.",
        "此处提高的是工资本身而非最低工资；最低工资对工资的传导不足一比一，因此对工资的弹性应更高。",
    )
    rise = 1.1

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Raise pay in other provinces from the start."""
        name = "start.wage_far_2010"
        return {"pay": Change(parameters={name: self.rise * ground.value(name)})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare stocks."""
        far = [_in_other_provinces(ground, world.at(DECADE).people) for world in (plain, worlds["pay"])]
        return {"flow_between_provinces": Estimate(NOTHING, float(np.log(far[1] / far[0]) / np.log(self.rise)))}


def _in_other_provinces(ground: Field, people: pd.DataFrame) -> int:
    """Count adults registered in the world who live in another province than that of their registration."""
    adults = people[(people["age"] >= 16) & (people["registration"] >= 0)]
    province = np.array([code[:2] for code in ground.codes])
    here, registered = (province[adults[name].to_numpy()] for name in ("county", "registration"))
    far = (adults["zone"] == Zone.FAR).to_numpy() | ((adults["zone"] < Zone.NEAR).to_numpy() & (here != registered))
    return int(far.sum())


class MoreNewcomers(Study):
    """More newcomers from outside, and prices of dwellings, pay and work of those who live there.

    Studies: cities or districts that received more and fewer migrants, flows instrumented. Here: arrivals from outside
    districts of cities are higher by half from the policies' first month, against the same world without; prices of
    dwellings per 1 % more residents registered elsewhere, and income, employment and pay of residents registered in the
    district per point of their share. For pay of natives between cities at the third and first quartile of the share,
    the effect of a point times the distance between the quartiles of the districts.
    """

    key = "arrivals"
    places = StudyPlaces.DISTRICTS
    title = Label("More newcomers", "外来人口增加")
    twins = ("price", "income", "employment", "native_wages")
    limits = Label(
        "Districts of cities, each a market of its own, and none of the largest cities. Of the two studies of pay one "
        "found a fall and one a rise; firms do not become more productive with size in the model, which the second is "
        "about.",
        "此处为城市的市辖区，各区自成市场，不含最大的城市。两项工资研究一降一升；后者反映的集聚效应（企业随规模提高生产率）"
        "未建模。",
    )
    rise = 1.5

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Raise arrivals."""
        names = ("arrivals.same_province", "arrivals.other_province")
        more: dict[str, DatedValue] = {name: {POLICY: min(self.rise * ground.value(name), 0.5)} for name in names}
        return {"more": Change(parameters=more)}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare both worlds."""
        more = worlds["more"]
        counties = plain.after.counties, more.after.counties
        migrants, residents = (np.array([each[name].sum() for each in counties]) for name in ("migrants", "residents"))
        points = 100.0 * float(np.diff(migrants / residents)[0])
        prices = [float(np.average(each["price"], weights=each["urban"])) for each in counties]
        share = plain.before.counties["migrants"] / plain.before.counties["residents"]
        between_quartiles = 100.0 * float(np.diff(np.quantile(share, [0.25, 0.75]))[0])
        income, work, wages = _locals(plain, more)
        return {
            "price": Estimate(NOTHING, float(np.log(prices[1] / prices[0]) / np.log(migrants[1] / migrants[0]))),
            "income": Estimate(NOTHING, income / points),
            "employment": Estimate(NOTHING, work / points),
            "native_wages": Estimate(NOTHING, wages / points * between_quartiles),
        }


def _locals(plain: Observed, more: Observed) -> tuple[float, float, float]:
    """Return by how much more newcomers change income (%), employment (points) and pay (%) of those registered."""
    people = plain.before.people
    here = (people["registration"] == people["county"]) & (people["zone"] < Zone.NEAR) & of_working_age(people)
    same = people.index[here].intersection(plain.after.people.index).intersection(more.after.people.index)
    one, other = (world.after.people.loc[same] for world in (plain, more))
    work = 100.0 * float((employed(other) - employed(one)).mean())
    at_work = _paid_in_town(one) & _paid_in_town(other)
    wages = [float(each["earnings"].to_numpy()[at_work].mean()) for each in (one, other)]
    income = [float(each["income"].mean()) for each in (one, other)]
    return 100.0 * (income[1] / income[0] - 1.0), work, 100.0 * (wages[1] / wages[0] - 1.0)


def _paid_in_town(people: pd.DataFrame) -> Mask:
    at_work = people["zone"].isin((Zone.TOWN, Zone.SEAT)) & people["work"].isin(OFF_FARM) & (people["earnings"] > 0)
    return np.asarray(at_work)


class DearerHomesAndGraduates(Study):
    """Prices of dwellings, and graduates who leave.

    Study: college graduates in cities where prices rose more and less, instrumented. Here: people of 20 to 26 with
    college who live in a town or seat of a district and own no dwelling at the first survey; the rise of the share who
    have left the district two years later where prices and rents rise by up to 15 % a year, against the same people
    with the usual prices, per 1,000 yuan a square metre.
    """

    key = "dear_homes"
    places = StudyPlaces.DISTRICTS
    title = Label("Dearer dwellings and graduates", "房价与高校毕业生")
    twins = ("graduates_leave",)
    months = (BEFORE, POLICY, YEAR_2)
    limits = Label(
        "Dwellings of districts cost about 2,300 yuan a square metre in the model in 2012, which is less than in the "
        "study's cities, so that 1,000 yuan are more; the result is carried over in proportion.",
        "模型中市辖区2012年房价约为每平方米2300元，低于研究城市，每平方米1000元的含义更大；结果按比例折算。",
    )
    growth = 0.15

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Let prices and rents rise faster."""
        return {"dear": Change(parameters={"housing.price_growth": {POLICY: self.growth}})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare who has left."""
        people = plain.before.people
        chosen = people["age"].between(20, 26) & (people["schooling"] >= COLLEGE) & (people["stage"] == 0)
        chosen &= people["zone"].isin((Zone.TOWN, Zone.SEAT)) & ~people["owns"].astype(bool)
        after = [world.at(YEAR_2) for world in (plain, worlds["dear"])]
        left = [float(_left(people[chosen], each.people).mean()) for each in after]
        prices = [float(np.average(each.counties["price"], weights=each.counties["urban"])) for each in after]
        thousands = (prices[1] - prices[0]) / 1000.0
        return {"graduates_leave": Estimate(NOTHING, 100.0 * (left[1] - left[0]) / thousands)}


def _left(before: pd.DataFrame, after: pd.DataFrame) -> Mask:
    """Tell which people of a survey no longer live in their place; a newcomer who has left is in no later survey."""
    now = after.reindex(before.index)
    return np.asarray(~((now["zone"] < Zone.NEAR) & (now["county"] == before["county"])))


class LoansForNewcomers(Study):
    """Loans of a provident fund, and newcomers who own a dwelling.

    Study: migrant workers who pay into a housing provident fund against others, matched. Here: adults registered
    elsewhere who live in a town or seat of a district as tenants at the first survey; the rise of the share who own a
    dwelling there after four years, where loans are those of the fund, against the same people with ordinary loans.
    """

    key = "provident_fund"
    places = StudyPlaces.DISTRICTS
    title = Label("Provident fund of newcomers", "外来人口住房公积金")
    twins = ("bought",)
    months = (BEFORE, POLICY, YEAR_4)
    limits = Label(
        "The fund is a down-payment of a fifth in place of three tenths, and instalments at 3.25 % in place of about "
        "4.3 % interest; its savings are left out. Who pays in has a formal post and would buy more often anyway: the "
        "study's number is an upper end.",
        "公积金以首付由三成降至两成、利率由约4.3%降至3.25%表示，未计其积累。缴存者多有正规就业，本就更可能购房，"
        "研究数值为上限。",
    )
    down_payment = 0.2
    #: Yearly instalment of a loan of twenty years at 3.25 %, relative to that at 4.3 %.
    instalment = 0.91

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Let everybody have loans of the fund."""
        loans = HousingSubsidy(
            start=WRITTEN,
            payer=Payer.CENTRE,
            zones=(ZoneName.TOWN, ZoneName.SEAT),
            down_payment_share=self.down_payment,
        )
        rate = "housing.mortgage_rate"
        cheaper: dict[str, DatedValue] = {rate: {POLICY: max(self.instalment * ground.value(rate), 0.03)}}
        return {"loans": Change({"loans": loans}, cheaper)}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare tenants registered elsewhere."""
        people = plain.before.people
        tenants = people["zone"].isin((Zone.TOWN, Zone.SEAT)) & people["age"].between(18, 59)
        tenants &= (people["registration"] != people["county"]) & ~people["owns"].astype(bool)
        after = [world.at(YEAR_4).people for world in (plain, worlds["loans"])]
        same = people.index[tenants].intersection(after[0].index).intersection(after[1].index)
        owning = [float(_owns_here(each.loc[same]).mean()) if len(same) else NOTHING for each in after]
        return {"bought": Estimate(NOTHING, 100.0 * (owning[1] - owning[0]))}


def _owns_here(people: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return 1 for those who live in a town or seat in a dwelling of their own, else 0."""
    here = people["zone"].isin((Zone.TOWN, Zone.SEAT)).to_numpy()
    return np.asarray(here & people["owns"].to_numpy(dtype=bool), dtype=np.float64)


MARKETS: tuple[Study, ...] = (
    PayInOtherProvinces(),
    MoreNewcomers(),
    DearerHomesAndGraduates(),
    LoansForNewcomers(),
)
