"""Published evaluations of policies, each repeated with its own comparison.

Amounts that a study does not give here are the levers' own examples, and go by a county's size.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, Mask
from urbsim.codes import Zone
from urbsim.labels import Label
from urbsim.policies.base import Payer, ZoneName
from urbsim.policies.levers.employment import IndustrialParks, SkillsTraining
from urbsim.policies.levers.insurance import SocialInsurance
from urbsim.policies.levers.migration import Resettlement, ReturnTalent
from urbsim.policies.levers.registration import HukouRelaxation
from urbsim.validation.estimators import difference_in_differences, growth_difference
from urbsim.validation.places import StudyPlaces
from urbsim.validation.study import Estimate, Study
from urbsim.validation.survey import EMPLOYED, OFF_FARM, Survey
from urbsim.validation.worlds import AFTER, BEFORE, WRITTEN, Change, Field, Observed

EVERY_ZONE = tuple(ZoneName)
NOTHING = float("nan")
WORKING_AGE = (16, 59)


class Panel:
    """The people of a world found at two surveys, in the order of their keys; ``chosen`` at the first."""

    def __init__(self, world: Observed, chosen: pd.Series[bool], first: int = BEFORE, last: int = AFTER) -> None:
        before, after = world.at(first).people, world.at(last).people
        keys = before.index[chosen.to_numpy()]
        self.keys = keys[keys.isin(after.index)].sort_values()
        self.before, self.after = before.loc[self.keys], after.loc[self.keys]

    def treated(self, ground: Field) -> Mask:
        """Tell who lived, or was registered if away, in a treated county at the first survey."""
        return np.asarray(ground.treated[self.before["county"].to_numpy()])


def of_working_age(people: pd.DataFrame) -> pd.Series[bool]:
    """Tell who is of working age and not at school."""
    return people["age"].between(*WORKING_AGE) & (people["stage"] == 0)


def registered_rural(people: pd.DataFrame) -> pd.Series[bool]:
    """Tell who is registered, as rural, in the county of residence."""
    return (people["registration"] == people["county"]) & (people["urban_registered"] == 0)


def away(people: pd.DataFrame) -> Floats:
    """Return 1 for people outside their county of registration, else 0."""
    gone = (people["zone"] >= Zone.NEAR) | (people["county"] != people["registration"])
    return np.asarray(gone, dtype=np.float64)


def employed(people: pd.DataFrame, kinds: tuple[int, ...] = EMPLOYED) -> Floats:
    """Return 1 for people at work of some kinds, else 0."""
    return np.asarray(people["work"].isin(kinds), dtype=np.float64)


def compare_panels(ground: Field, plain: Panel, treated: Panel, measure: object) -> Estimate:
    """Return the difference in differences of a measure of persons, in points, and that between twins."""
    assert callable(measure)
    study = difference_in_differences(measure(treated.before), measure(treated.after), treated.treated(ground))
    both = treated.keys.intersection(plain.keys)
    in_treated = ground.treated[treated.before.loc[both, "county"].to_numpy()]
    twins = measure(treated.after.loc[both]) - measure(plain.after.loc[both])
    return Estimate(100.0 * study, 100.0 * float(np.nanmean(twins[in_treated])))


class PensionAndChildren(Study):
    """A pension for parents of 60 and over, and the out-migration of their adult children.

    Study: children whose parents came to be eligible against those whose parents did not, before and after. Here:
    registered adults of 18 to 50 with a mother of 60 or over in the county, in counties with and without the pension;
    the change of the share living outside the county.
    """

    key = "pension"
    title = Label("Pension for parents of 60 and over", "60岁及以上父母养老金")
    limits = Label(
        "The pension replaces part of the tie that binds children from 35 on to a mother in the county; younger "
        "children, fathers and liquidity (a pension that pays for the journey) are not modelled.",
        "养老金只替代35岁以上子女对县内母亲的部分赡养牵绊；较年轻子女、父亲以及养老金缓解外出资金约束的作用未建模。",
    )
    #: Basic pension of the new rural scheme at its start, yuan a month (recalled, not re-verified).
    amount = 55.0

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Pay the pension in treated counties."""
        pension = SocialInsurance(
            start=WRITTEN,
            counties=ground.treated_codes,
            payer=Payer.CENTRE,
            zones=EVERY_ZONE,
            pension_yuan_per_person_month=self.amount,
        )
        return {"pension": Change({"pension": pension})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare children of mothers of 60 and over."""

        def children(world: Observed) -> Panel:
            people = world.before.people
            chosen = people["age"].between(18, 50) & (people["stage"] == 0) & (people["registration"] >= 0)
            return Panel(world, chosen & (people["mother_age"] >= 60))

        return {"children_away": compare_panels(ground, children(plain), children(worlds["pension"]), away)}


class HukouOpened(Study):
    """Registration opened to everybody who lives in towns and seat: rural work, and wages of migrants and natives.

    Study: cities that opened against those that did not, before and after. Here: treated and untreated counties and
    districts; among incumbents registered rural who work, the share who work in a village; among those who already
    worked in towns or seat outside farming, the growth of wages of migrants (not registered as local urban) and of
    natives.
    """

    key = "hukou"
    places = StudyPlaces.BOTH
    title = Label("Registration (hukou) opened in towns and seat", "城镇落户全面放开")
    limits = Label(
        "Easier registration acts through one term of the choice where to live (residence.hukou), whose weight is an "
        "assumption; newcomers answer to it with the same weight, and those whom it concerns are told. Pay falls while "
        "capital follows labour; that firms come because people do is not modelled.",
        "放宽落户只通过居住选择中的一项（residence.hukou）起作用，其权重为假设；外来者以同一权重作出反应，相关人群会得知政策变化。"
        "资本追随劳动力期间工资下降；未建模企业因人口流入而迁入。",
    )

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Drop years of residence and the home requirement in treated counties and districts."""
        return {"opened": Change({"hukou": open_registration(ground)})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare incumbents."""
        opened = worlds["opened"]
        rural = compare_panels(ground, _rural_workers(plain), _rural_workers(opened), _works_in_a_village)
        found = {"rural_work": rural}
        for name, native in (("migrant_wages", False), ("native_wages", True)):
            found[name] = compare_panels(
                ground, _urban_workers(plain, native), _urban_workers(opened, native), _log_wage
            )
        return found


def open_registration(ground: Field) -> HukouRelaxation:
    """Return registration opened to all residents of towns and seat in treated counties."""
    return HukouRelaxation(
        start=WRITTEN,
        counties=ground.treated_codes,
        payer=Payer.CENTRE,
        years_required=0.0,
        home_required=False,
    )


def _rural_workers(world: Observed) -> Panel:
    people = world.before.people
    return Panel(world, of_working_age(people) & registered_rural(people) & people["work"].isin(EMPLOYED))


def _works_in_a_village(people: pd.DataFrame) -> Floats:
    """Return 1 for work in a village, 0 for work elsewhere, not-a-number for no work."""
    working = people["work"].isin(EMPLOYED).to_numpy()
    return np.where(working, (people["zone"] == Zone.VILLAGE).to_numpy(dtype=float), np.nan)


def _urban_workers(world: Observed, native: bool) -> Panel:
    people = world.before.people
    here = people["zone"].isin((Zone.TOWN, Zone.SEAT)) & people["work"].isin(OFF_FARM)
    local = (people["registration"] == people["county"]) & (people["urban_registered"] == 1)
    return Panel(world, of_working_age(people) & here & (local == native))


def _log_wage(people: pd.DataFrame) -> Floats:
    """Return the logarithm of the wage of those who hold a post in towns or seat, not-a-number for others."""
    here = people["zone"].isin((Zone.TOWN, Zone.SEAT)) & people["work"].isin(OFF_FARM) & (people["earnings"] > 0)
    return np.asarray(np.log(people["earnings"].where(here).to_numpy(dtype=float)))


class RelocationToTown(Study):
    """Households moved from villages to a town, with a dwelling and work for a share, and their income.

    Study: relocated households against those that stayed, before and after. Here: income per head of people of
    households moved in the first month of the programme, against people of other village households of the treated
    counties. The world without the programme tells who moved because of it.
    """

    key = "relocation"
    title = Label("Relocation of households to a town", "易地搬迁到城镇")
    limits = Label(
        "Income holds own produce, transfers and land rent at assumed amounts; the value of the dwelling is left out. "
        "The share given a post and the pay of town posts against farm income decide the result.",
        "收入中的自产自用、转移收入和土地租金按假设数额计入，不含住房价值。结果取决于获安置岗位的比例及城镇岗位与务农收入之差。",
    )
    #: Households moved per resident, in one month.
    share = 0.01

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Move households in one month."""
        policies = ground.in_each(
            "relocation",
            lambda code, residents: Resettlement(
                start=WRITTEN,
                end=WRITTEN,
                counties=(code,),
                payer=Payer.CENTRE,
                zones=(ZoneName.TOWN,),
                households_per_year=12.0 * self.share * residents,
                eligible_share=0.3,
            ),
        )
        return {"relocation": Change(policies)}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare people of households moved with those of households not moved."""
        world = worlds["relocation"]
        people = world.before.people
        panel = Panel(world, (people["zone"] == Zone.VILLAGE) & ground.treated[people["county"].to_numpy()])
        moved = _moved(panel, world.first, plain.first)
        incomes = panel.before["income"].to_numpy(), panel.after["income"].to_numpy()
        same = panel.keys[moved].intersection(plain.after.people.index)
        there, here = (each.after.people.loc[same, "income"].mean() for each in (world, plain))
        return {"income": Estimate(growth_difference(*incomes, moved), 100.0 * float(there / here - 1.0))}


def _moved(panel: Panel, first: Survey, plain: Survey) -> Mask:
    """Tell who lives in a town after the month of the move, but in the village in the world without it."""
    zones = first.people["zone"].reindex(panel.keys), plain.people["zone"].reindex(panel.keys)
    return np.asarray((zones[0] == Zone.TOWN) & (zones[1] == Zone.VILLAGE))


class ReturnPilot(Study):
    """Support for entrepreneurs who come back, and rural income in the county and in its neighbour.

    Study: pilot counties against others, before and after. Here: income per head of residents registered rural, in
    treated and untreated counties. Spill-over: the same of the untreated neighbour, against its twin in a world without
    the pilot.
    """

    key = "return_pilot"
    twins = ("neighbours",)
    title = Label("Pilot for return entrepreneurs", "返乡创业试点")
    limits = Label(
        "Grant, firms per returnee and posts per firm are assumptions of the lever. Neighbours lose only those who "
        "would otherwise have gone to them, so spill-over is small by construction.",
        "补助额、每名返乡者创办企业数和每家企业岗位数均为假设。邻县只失去本会迁往该县的人，因此外溢在设定上就很小。",
    )

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Pay the lever's example in treated counties."""
        pilot = ReturnTalent(
            start=WRITTEN,
            counties=ground.treated_codes,
            payer=Payer.CENTRE,
            zones=EVERY_ZONE,
            yuan_per_returnee=10_000.0,
        )
        return {"pilot": Change({"pilot": pilot})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare the mean income of counties."""
        size = len(ground.codes)
        before, after = (_rural_income(survey, size) for survey in (worlds["pilot"].before, worlds["pilot"].after))
        twins = _rural_income(plain.after, size)
        study = difference_in_differences(np.log(before), np.log(after), ground.treated)
        return {
            "income": Estimate(100.0 * study, _growth(twins, after, ground.treated, ground)),
            "neighbours": Estimate(NOTHING, _growth(twins, after, ~ground.treated, ground)),
        }


def _rural_income(survey: Survey, counties: int) -> Floats:
    """Return the mean income per head of residents registered rural, by county."""
    people = survey.people
    chosen = people[registered_rural(people) & (people["zone"] < Zone.NEAR)]
    return chosen.groupby("county")["income"].mean().reindex(range(counties)).to_numpy(dtype=float)


def _growth(without: Floats, with_policy: Floats, chosen: Mask, ground: Field) -> float:
    """Return by how many per cent the mean over some counties differs between two worlds."""
    weights = ground.residents[chosen]
    means = [np.average(values[chosen], weights=weights) for values in (without, with_policy)]
    return 100.0 * float(means[1] / means[0] - 1.0)


class IndustrialPark(Study):
    """A park that adds posts, and the jobs of the county and of its neighbour.

    Study: counties with and without a park, before and after; firms that enter, expand or move in. Here: filled posts
    outside farming of treated and untreated counties. The model holds posts, not firms: a new post is entry and
    expansion alike, and none ever moves. What it can say is whether the park's jobs come at the neighbour's expense.
    """

    key = "industrial_park"
    twins = ("neighbours",)
    title = Label("Industrial park in a county", "县域产业园区")
    limits = Label(
        "Posts are added by the policy itself, so that jobs rise is a test of filling them, not of a park's success. "
        "Firms do not exist: entry, expansion and moving in cannot be told apart.",
        "岗位由政策直接新增，因此就业上升只检验岗位能否被填补，而非园区是否成功。模型没有企业，无法区分新建、扩张与迁入。",
    )
    #: Posts a year per resident, near the lever's example of 2,000 in a county of 600,000.
    share = 1.0 / 300.0

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Build parks in the seats of treated counties."""
        policies = ground.in_each(
            "park",
            lambda code, residents: IndustrialParks(
                start=WRITTEN, counties=(code,), payer=Payer.CENTRE, posts_per_year=self.share * residents
            ),
        )
        return {"park": Change(policies)}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare the jobs of counties."""
        before, after = (each.counties["jobs"].to_numpy() for each in (worlds["park"].before, worlds["park"].after))
        twins = plain.after.counties["jobs"].to_numpy()
        here = [
            100.0 * float(after[side].sum() / twins[side].sum() - 1.0) for side in (ground.treated, ~ground.treated)
        ]
        study = difference_in_differences(np.log(before), np.log(after), ground.treated)
        return {
            "jobs": Estimate(100.0 * study, here[0]),
            "neighbours": Estimate(NOTHING, here[1]),
        }


class VocationalTraining(Study):
    """Vocational training, and the employment of those trained.

    Study: trained against untrained persons, before and after. Here: residents of treated counties who could be trained
    at the first survey (18 to 50, in the labour force, no college), by whether they were since.
    """

    key = "training"
    title = Label("Vocational training", "职业技能培训")
    limits = Label(
        "Training raises earnings, and the chance of a post by a small assumed amount (employment.training_finding).",
        "培训提高收入，并按较小的假设幅度提高求职成功率（employment.training_finding）。",
    )
    #: Places a year per resident.
    share = 0.05

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Offer training in treated counties."""
        policies = ground.in_each(
            "training",
            lambda code, residents: SkillsTraining(
                start=WRITTEN, counties=(code,), payer=Payer.CENTRE, trainees_per_year=self.share * residents
            ),
        )
        return {"training": Change(policies)}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare those trained with those who could have been."""
        world = worlds["training"]
        people = world.before.people
        chosen = people["age"].between(18, 47) & (people["stage"] == 0) & (people["schooling"] < 4)
        chosen &= (people["zone"] < Zone.NEAR) & (people["work"] > 0) & ground.treated[people["county"].to_numpy()]
        panel = Panel(world, chosen)
        trained = panel.after["trained"].to_numpy() > 0
        study = difference_in_differences(employed(panel.before), employed(panel.after), trained)
        same = panel.keys[trained].intersection(plain.after.people.index)
        twins = employed(world.after.people.loc[same]) - employed(plain.after.people.loc[same])
        return {"employment": Estimate(100.0 * study, 100.0 * float(twins.mean()))}


EVALUATIONS: tuple[Study, ...] = (
    PensionAndChildren(),
    HukouOpened(),
    RelocationToTown(),
    ReturnPilot(),
    IndustrialPark(),
    VocationalTraining(),
)
