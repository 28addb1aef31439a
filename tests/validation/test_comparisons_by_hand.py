"""Every comparison of a study on a handful of made-up people, by hand; and luck that is taken off."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from urbsim.codes import Work, Zone
from urbsim.state.constants import CountyConstants
from urbsim.validation.families import ClaimsSettledElsewhere, SchoolFees, SchoolsOutsideClosed, VillageSchoolsClosed
from urbsim.validation.income import LandAndMembersAway, PensionAndIncome
from urbsim.validation.markets import (
    DearerHomesAndGraduates,
    LoansForNewcomers,
    MoreNewcomers,
    PayInOtherProvinces,
)
from urbsim.validation.run import less_luck, plain_of
from urbsim.validation.study import Estimate, Study
from urbsim.validation.survey import Survey
from urbsim.validation.worlds import Field, Observed

#: Two counties of Anhui and one of Henan; the first is treated.
CODES = ("341282", "341222", "411621")
NONE = CountyConstants.of(np.zeros((3, 2)))
GROUND = Field(CODES, np.full(3, 5e5), np.array([True, False, False]), np.array([1, 0, 0]), 0.01, 0, {}, NONE)
PERSON = {
    "age": 30, "zone": int(Zone.VILLAGE), "work": int(Work.FARM), "earnings": 1000.0, "household": 1, "home_zone": 0,
    "owns": False, "income": 500.0, "mu_rented": 0.0, "mother_age": -1, "spouse": -1, "female": 1,
    "county": 0, "registration": 0, "urban_registered": 0, "trained": 0.0, "schooling": 2, "stage": 0,
    **{f"{name}_{side}": 0 for name in ("child", "teen", "pupil") for side in ("with", "apart")},
}  # fmt: skip
COUNTY = {"residents": 1000.0, "urban": 300.0, "jobs": 200.0, "village_away": 0.2, "migrants": 50.0, "price": 2000.0}


def people(*rows):
    return pd.DataFrame([{**PERSON, **row} for row in rows], index=pd.RangeIndex(len(rows), name="key"))


def world(study, before, after, counties=None, later=None):
    """A world whose people are ``before`` until the last month the study looks at, and ``after`` then."""
    plain = pd.DataFrame([COUNTY | {"village_places": 900.0}] * 3)
    last = max(study.months)
    surveys = {month: Survey(people(*before), plain) for month in study.months}
    table = plain if counties is None else plain.assign(**counties)
    for month in study.months[2:] if later is None else later:
        surveys[month] = Survey(people(*after), table)
    assert last in surveys
    return Observed(surveys)


def away_family(county, spouse, with_child=0, apart_child=0):
    return {
        "zone": int(Zone.NEAR), "registration": county, "county": county, "spouse": spouse,
        "child_with": with_child, "child_apart": apart_child,
    }  # fmt: skip


def test_spouses_and_children_of_those_away_are_counted_as_shares():
    study = ClaimsSettledElsewhere()
    before = [away_family(0, 1, 1), away_family(0, 0, 0, 1), away_family(1, 1, 1), away_family(1, 0, 0, 1)]
    after = [away_family(0, 1, 1), away_family(0, 1, 1), away_family(1, 1, 1), away_family(1, 0, 0, 1)]
    plain = world(study, before, before)
    found = study.estimate(GROUND, plain, {"settled": world(study, before, after)})
    assert found["with_spouse"] == pytest.approx((100.0, 100.0))  # from a half to all, against a half that stays
    assert found["with_child"] == pytest.approx((100.0, 100.0))


def test_teens_left_behind_are_those_of_parents_who_were_away():
    study = SchoolsOutsideClosed()
    along = {"zone": int(Zone.FAR), "teen_with": 1}
    left = {"zone": int(Zone.FAR), "teen_apart": 1}
    at_home = {"teen_with": 1}
    plain = world(study, [along] * 4 + [at_home], [along] * 3 + [left, at_home])
    closed = world(study, [along] * 4 + [at_home], [along] * 2 + [left] * 2 + [at_home])
    found = study.estimate(GROUND, plain, {"closed": closed})
    assert found["daughters_left"].twin == pytest.approx(25.0)


def test_a_fee_lowers_what_a_place_is_worth_by_what_it_takes_from_income():
    change = SchoolFees().worlds(GROUND)["fees"]
    (value,) = change.parameters["schooling.outside_value"].values()
    alpha, sigma, usual = (
        GROUND.value(name) for name in ("residence.alpha", "residence.sigma", "schooling.outside_value")
    )
    left = (1.0 - 0.1978 * np.exp(0.5)) / (1.0 - 0.1978)  # of what is left of income after the fee
    assert value == pytest.approx(usual + alpha * np.log(left) / sigma)


def test_children_who_stay_behind_for_a_dearer_school_are_counted_per_log_point():
    study = SchoolFees()
    along, left = {"zone": int(Zone.FAR), "child_with": 1}, {"zone": int(Zone.FAR), "child_apart": 1}
    plain, dear = world(study, [along] * 4, [along] * 4), world(study, [along] * 4, [along] * 3 + [left])
    assert study.estimate(GROUND, plain, {"fees": dear})["children_along"].twin == pytest.approx(-25.0 / 0.5)


def test_mothers_of_pupils_in_villages_are_followed():
    study = VillageSchoolsClosed()
    mother, other = {"pupil_with": 1, "earnings": 800.0}, {"earnings": 100.0}
    plain = world(study, [mother, mother, other], [mother, mother, other])
    rich = {**mother, "earnings": 1200.0}
    closed = world(study, [mother, mother, other], [rich, mother, {"earnings": 9e9}])
    assert study.estimate(GROUND, plain, {"closed": closed})["mothers_income"].twin == pytest.approx(25.0)


def test_people_in_another_province_are_far_or_in_a_county_of_one():
    study = PayInOtherProvinces()
    home, far = {}, {"zone": int(Zone.FAR)}
    in_henan, in_anhui = {"county": 2}, {"county": 1}
    plain = world(study, [home], [far, home, in_anhui, home])
    more = world(study, [home], [far, in_henan, in_anhui, home])
    found = study.estimate(GROUND, plain, {"pay": more})
    assert found["flow_between_provinces"].twin == pytest.approx(np.log(2.0) / np.log(1.1))


def test_newcomers_raise_prices_and_change_pay_by_point():
    study = MoreNewcomers()
    at_work = {"zone": int(Zone.SEAT), "work": int(Work.SERVICES), "earnings": 2000.0, "income": 1000.0}
    out = {**at_work, "work": int(Work.SEEKING), "earnings": 0.0}
    plain = world(study, [at_work, at_work], [at_work, at_work])
    counties = {"migrants": 100.0, "price": 2200.0}
    more = world(study, [at_work, at_work], [{**at_work, "earnings": 1900.0, "income": 950.0}, out], counties)
    found = study.estimate(GROUND, plain, {"more": more})
    assert found["price"].twin == pytest.approx(np.log(1.1) / np.log(2.0))
    assert found["income"].twin == pytest.approx(-2.5 / 5.0)  # 975 against 1,000, for five points more
    assert found["employment"].twin == pytest.approx(-50.0 / 5.0)
    assert found["native_wages"].twin == 0.0  # all counties have the same share: there are no quartiles between


def test_graduates_have_left_who_live_elsewhere_or_are_registered_elsewhere_and_gone():
    study = DearerHomesAndGraduates()
    here = {"age": 24, "schooling": 4, "zone": int(Zone.SEAT)}
    newcomer, gone = {**here, "registration": -1}, {**here, "zone": int(Zone.FAR)}
    before = [here, here, {**here, "owns": True}, newcomer, newcomer]
    plain = world(study, before, [here, here, gone, newcomer, newcomer])
    moved = {**here, "county": 1}
    dear = world(study, before, [gone, moved, gone, newcomer], {"price": 2500.0})  # the last newcomer is in no survey
    found = study.estimate(GROUND, plain, {"dear": dear})
    assert found["graduates_leave"].twin == pytest.approx(75.0 / 0.5)  # three of four who own nothing, for 500 yuan


def test_tenants_registered_elsewhere_who_own_later():
    study = LoansForNewcomers()
    tenants = [{"county": c, "registration": -1, "zone": int(Zone.SEAT)} for c in (0, 0, 1, 1)]
    here = {"zone": int(Zone.SEAT), "owns": True}
    bought = [{**tenants[0], "owns": True}, tenants[1], {**tenants[2], "owns": True}, tenants[3], here]
    few = [tenants[0], tenants[1], {**tenants[2], "owns": True}, tenants[3], here]
    before = [*tenants, {**here, "owns": False}]  # one who is registered in the county does not count
    found = study.estimate(GROUND, world(study, before, few), {"loans": world(study, before, bought)})
    assert found["bought"].twin == pytest.approx(25.0)
    change = study.worlds(GROUND)["loans"]
    (rate,) = change.parameters["housing.mortgage_rate"].values()

    def instalment(interest):
        return interest / (1.0 - (1.0 + interest) ** -20)

    cheaper = instalment(0.0325) / instalment(0.043)
    assert rate / GROUND.value("housing.mortgage_rate") == pytest.approx(cheaper, abs=1e-3)


def test_the_income_of_the_old_and_households_with_a_member_away():
    study = PensionAndIncome()
    old = [{"age": 70, "county": c, "registration": c, "income": 500.0} for c in (0, 1)]
    paid = [{**old[0], "income": 660.0}, {**old[1], "income": 550.0}]
    plain = [{**row, "income": 550.0} for row in old]
    found = study.estimate(GROUND, world(study, old, plain), {"pension": world(study, old, paid)})
    assert found["household_income"] == pytest.approx((20.0, 20.0))
    study = LandAndMembersAway()
    home = [{"household": h, "county": h // 2, "registration": h // 2} for h in range(4)]
    gone = [{**row, "zone": int(Zone.FAR)} for row in home]
    before = [{**row, "mu_rented": 2.0} for row in (gone[0], home[1], gone[2], home[3])]
    certified = [{**gone[0], "mu_rented": 4.0}, {**gone[1], "mu_rented": 3.0}, *before[2:]]
    found = study.estimate(GROUND, world(study, before, before), {"certified": world(study, before, certified)})
    assert found["member_far"] == pytest.approx((100.0, 100.0))
    assert found["migrant_member"] == pytest.approx((100.0, 100.0))
    assert found["land_rented"] == pytest.approx((75.0, 75.0))  # seven mu against four


class Lucky(Study):
    """A comparison that finds 2 by luck in every world, and 3 more where something was done."""

    key, twins, descriptions = "lucky", (), ("level",)

    def worlds(self, ground):  # noqa: ARG002
        return {"done": None}

    def estimate(self, ground, plain, worlds):  # noqa: ARG002
        done = worlds["done"] != plain
        effect, nobody = Estimate(2.0 + 3.0 * done, 3.0 * done), Estimate(np.nan if not done else 4.0, 4.0)
        return {"effect": effect, "nobody": nobody, "level": Estimate(7.0, np.nan)}


def test_luck_that_is_there_without_the_policy_is_taken_off():
    found = less_luck(Lucky(), GROUND, "plain", {"done": "done"})
    assert found["effect"] == Estimate(3.0, 3.0)
    assert found["level"].study == 7.0  # there in every world
    assert found["nobody"] == Estimate(4.0, 4.0)  # nobody was treated without it: nothing to take off


def test_a_study_is_compared_with_the_plain_world_that_goes_as_far():
    assert plain_of(ClaimsSettledElsewhere()) == "plain, counties"
    assert plain_of(PayInOtherProvinces()) == "plain, longer, counties"
    assert plain_of(MoreNewcomers()) == "plain, districts"
