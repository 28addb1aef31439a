"""Evaluations of what families do: who takes spouse and children along, and where children go to school."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from urbsim.codes import Stage, Zone
from urbsim.labels import Label
from urbsim.policies.base import Payer
from urbsim.policies.levers.insurance import SocialInsurance
from urbsim.validation.estimators import relative_change
from urbsim.validation.evaluations import NOTHING, away
from urbsim.validation.study import Estimate, Study
from urbsim.validation.survey import Survey
from urbsim.validation.worlds import (
    AUTUMN,
    BEFORE,
    GROWN,
    POLICY,
    WRITTEN,
    YEAR_4,
    Change,
    Field,
    Observed,
)


class ClaimsSettledElsewhere(Study):
    """Medical claims settled where migrants live, and whether spouse and children live with them.

    Study: migrant families in cities that settled claims from elsewhere early or late, before and after. Here: adults
    registered in treated and untreated counties who live outside theirs; of those with a spouse, the share who live
    with the spouse, and of those with children under 16 the share who live with one; relative changes.
    """

    key = "insurance"
    title = Label("Medical claims settled elsewhere", "异地就医结算")
    months = (BEFORE, POLICY, YEAR_4)
    limits = Label(
        "All of the gap in reimbursement is closed at once for whoever is registered in the county, at all places; in "
        "the study cities closed part of it one after the other, for hospital bills. Costs of illness of the old, who "
        "moved most, are not told apart.",
        "本县户籍参保人在各地的报销差距一次性全部消除；而研究中各城市先后、部分地结算住院费用。未区分变化最大的老年人。",
    )

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Close the gap for whoever is registered in treated counties."""
        settled = SocialInsurance(start=WRITTEN, counties=ground.treated_codes, payer=Payer.CENTRE, portability=1.0)
        return {"settled": Change({"insurance": settled})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare shares among those who live outside."""
        found = {}
        for key, share in (("with_spouse", _with_spouse), ("with_child", _with_child)):
            before, after, twin = (
                _shares(ground, survey, share)
                for survey in (worlds["settled"].before, worlds["settled"].at(YEAR_4), plain.at(YEAR_4))
            )
            study = relative_change(after[1] * before[0], before[1] * after[0])
            found[key] = Estimate(study, relative_change(after[1], twin[1]))
        return found


def _shares(ground: Field, survey: Survey, share: object) -> tuple[float, float]:
    """Return a share among adults registered in untreated and in treated counties who live outside theirs."""
    assert callable(share)
    people = survey.people[(survey.people["registration"] >= 0) & (survey.people["age"] >= 18)]
    people = people[away(people) > 0]
    treated = ground.treated[people["registration"].to_numpy()]
    return float(share(people[~treated])), float(share(people[treated]))


def _with_spouse(people: pd.DataFrame) -> float:
    return float((people["spouse"] == 1).sum() / max((people["spouse"] >= 0).sum(), 1))


def _with_child(people: pd.DataFrame) -> float:
    along = people["child_with"] > 0
    return float(along.sum() / max((along | (people["child_apart"] > 0)).sum(), 1))


class SchoolsOutsideClosed(Study):
    """Schools outside the county closed to migrants' children, and children of middle-school age left behind.

    Study: migrant parents in larger against other cities, before and after the largest restricted schooling in 2014,
    across the age of middle school. Here: parents who lived outside the county at the first survey; among those with
    children of 12 to 15 four years later, the share who have one of them elsewhere, in a world where schooling outside
    is worth nothing from September 2014, against the same parents in a world without the change.
    """

    key = "school_limits"
    title = Label("Schools outside closed to migrants' children", "流入地限制随迁子女入学")
    twins = ("daughters_left",)
    months = (BEFORE, POLICY, AUTUMN)
    limits = Label(
        "All that a school outside is worth is taken away, in all cities; the study's cities restricted it in part. "
        "Sons and daughters are treated alike, so the number for daughters is an upper end.",
        "县外就学价值在所有城市全部取消，而研究中的城市只是部分限制。模型不区分儿子与女儿，因此女儿的数值是上限。",
    )

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Take away what a school outside is worth."""
        return {"closed": Change(parameters={"schooling.outside_value": {AUTUMN - 24: 0.0}})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare parents who were away at the first survey."""
        people = plain.before.people
        keys = people.index[(away(people) > 0) & (people["registration"] >= 0) & (people["age"] >= 18)]
        shares = [_teens_left(world.at(AUTUMN).people, keys) for world in (plain, worlds["closed"])]
        return {"daughters_left": Estimate(NOTHING, 100.0 * (shares[1] - shares[0]))}


def _teens_left(people: pd.DataFrame, keys: pd.Index[int]) -> float:
    parents = people.loc[keys.intersection(people.index)]
    left = parents["teen_apart"] > 0
    return float(left.sum() / max((left | (parents["teen_with"] > 0)).sum(), 1))


class SchoolFees(Study):
    """Fees of schools outside, and children taken along.

    Study: migrant parents in cities with higher and lower school fees, instrumented. Here: of the children under 16 of
    parents who live outside the county, the share who live with them after three years, where a place at school outside
    is worth less by what a rise of fees takes from income, against the same world without it, per log point of fees. A
    child's school took 19.78 % of the income of families who had one along (2,450 yuan a school year; survey of migrant
    workers by the National Bureau of Statistics, October 2006). Fees rise by half a log point: by a whole one, nothing
    would be left of a place's worth in some draws, and less than nothing cannot be.
    """

    key = "school_fees"
    title = Label("School fees outside", "流入地学费")
    twins = ("children_along",)
    limits = Label(
        "A fee stands for a lower value of the place, translated by the weight of pay. The share of income that fees "
        "took is of a survey of 2006, looked up in place of an assumption (a twentieth) with which the study failed.",
        "学费以学位价值下降表示，按收入权重折算。学费占收入的比例取自2006年的调查；原先假设为二十分之一，检验未通过，后查得该数据予以替换。",
    )
    share_of_income, rise = 0.1978, 0.5

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Lower the value of schooling outside by what dearer fees take from income."""
        left = 1.0 - self.share_of_income * np.expm1(self.rise) / (1.0 - self.share_of_income)
        lost = -ground.value("residence.alpha") * np.log(left) / ground.value("residence.sigma")
        value = max(ground.value("schooling.outside_value") - float(lost), 0.0)
        return {"fees": Change(parameters={"schooling.outside_value": {POLICY: value}})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare the shares of children who are along."""
        shares = [_children_along(world.after.people) for world in (plain, worlds["fees"])]
        return {"children_along": Estimate(NOTHING, 100.0 * (shares[1] - shares[0]) / self.rise)}


def _children_along(people: pd.DataFrame) -> float:
    parents = people[(away(people) > 0) & (people["registration"] >= 0)]
    along, left = parents["child_with"].sum(), parents["child_apart"].sum()
    return float(along / max(along + left, 1))


class VillageSchoolsClosed(Study):
    """Village primary schools closed, and what mothers of pupils earn.

    Study: mothers of primary pupils in villages whose school closed against others, before and after. Here: mothers who
    live in a village with children of 6 to 11 at the first survey; the growth of their mean earnings over four years in
    a world where village schools lose half their places every term, against the same mothers in a world without it.
    """

    key = "school_closure"
    title = Label("Village primary schools closed", "撤并村小")
    twins = ("mothers_income",)
    months = (BEFORE, POLICY, YEAR_4)
    limits = Label(
        "Mothers earn more only where the family moves to a town; that a mother moves alone with her child to study "
        "there is not in the model, nor boarding below the senior stage.",
        "只有全家迁入城镇时母亲收入才会提高；母亲单独陪读以及高中以下寄宿未建模。",
    )

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Close half of the places of village schools every term, however full they are."""
        shut = {"schooling.closure_threshold": 1.0, "schooling.closure_rate": 0.5}
        return {"closed": Change(parameters={name: {POLICY: value} for name, value in shut.items()})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare the earnings of mothers."""
        people = plain.before.people
        mothers = (people["female"] == 1) & (people["pupil_with"] > 0) & (people["zone"] == Zone.VILLAGE)
        after = [world.at(YEAR_4).people for world in (plain, worlds["closed"])]
        same = people.index[mothers].intersection(after[0].index).intersection(after[1].index)
        means = [float(each.loc[same, "earnings"].mean()) for each in after]
        return {"mothers_income": Estimate(NOTHING, relative_change(means[1], means[0]))}


class PupilsOfClosedSchools(Study):
    """Village schools merged faster, and where their pupils live as adults.

    Study: cohorts at primary school when village schools were merged, by how many closed in the prefecture. Here:
    registered children of 6 to 11 who live in a village in January 2012; the share who live in a town, a seat or
    outside the county in 2022, in a world where village schools close twice as fast, against the same children without
    it, per school fewer for 1,000 pupils and year.
    """

    key = "school_closure_later"
    title = Label("Village schools merged faster", "加快撤并村校")
    twins = ("moved_to_city",)
    months = (BEFORE, POLICY, GROWN)
    limits = Label(
        "A school is taken to have 180 places (assumption). Two studies found opposite signs: one of them must fail.",
        "假设每所村小有180个学位。两项研究方向相反，必有一项不符。",
    )
    places_of_a_school = 180.0

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Close village schools twice as fast."""
        faster = min(2.0 * ground.value("schooling.closure_rate"), 0.5)
        return {"faster": Change(parameters={"schooling.closure_rate": {POLICY: faster}})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare where the pupils of the first survey live."""
        people = plain.before.people
        pupils = (people["stage"] == Stage.PRIMARY) & (people["zone"] == Zone.VILLAGE) & (people["registration"] >= 0)
        after = [world.at(GROWN).people for world in (plain, worlds["faster"])]
        same = people.index[pupils].intersection(after[0].index).intersection(after[1].index)
        share = [float((each.loc[same, "zone"] != Zone.VILLAGE).mean()) for each in after]
        pupils_there = pupils.sum() / ground.scale
        places = [float(world.at(GROWN).counties["village_places"].sum()) for world in (plain, worlds["faster"])]
        years = (GROWN - POLICY) / 12.0
        fewer = (places[0] - places[1]) / self.places_of_a_school / (pupils_there / 1000.0) / years
        effect = 100.0 * (share[1] - share[0]) / fewer if fewer > 0.0 else NOTHING
        return {"moved_to_city": Estimate(NOTHING, effect)}


FAMILIES: tuple[Study, ...] = (
    ClaimsSettledElsewhere(),
    SchoolsOutsideClosed(),
    SchoolFees(),
    VillageSchoolsClosed(),
    PupilsOfClosedSchools(),
)
