"""What is observed: every indicator as a sum over counties, or a ratio of two sums.

Because each indicator is made of counts that add up, the value of a prefecture or province is computed like that of a
county. Labels and definitions are shown in tables and charts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, ratio
from urbsim.codes import Cause
from urbsim.labels import Label
from urbsim.state.services import eldercare_places

if TYPE_CHECKING:
    from urbsim.state.world import World

#: A count by county, shape (C,), real persons, households, dwellings or yuan.
Count = Callable[["World"], Floats]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One observed quantity: ``numerator`` summed over counties, over ``denominator`` if there is one.

    A ratio with nothing below the line is missing (NaN), as that of pupils in a zone without pupils.
    """

    name: str
    label: Label
    definition: Label
    unit: str
    numerator: Count
    denominator: Count | None = None
    percent: bool = False

    def counts(self, world: World) -> tuple[Floats, Floats | None]:
        """Return the numerator and, if there is one, the denominator of each county, shape (C,)."""
        return self.numerator(world), self.denominator(world) if self.denominator is not None else None

    def by_county(self, world: World) -> Floats:
        """Return the value of each county, shape (C,)."""
        top, bottom = self.counts(world)
        return top if bottom is None else ratio(top, bottom)

    def of_world(self, world: World) -> float:
        """Return the value of all counties together."""
        top, bottom = self.counts(world)
        return float(top.sum() if bottom is None else ratio(top.sum(), bottom.sum()))


def _persons(pick: Callable[[World], NDArray[np.int64]]) -> Count:
    """Turn a count of the sample into real persons or households."""
    return lambda world: np.asarray(pick(world) * world.weight, dtype=float)


def _flow(cause: Cause) -> Count:
    return lambda world: np.asarray(world.accounts.yearly(cause) * world.weight, dtype=float)


residents = _persons(lambda w: w.tally.residents)
urban = _persons(lambda w: w.tally.urban)
registered = _persons(lambda w: w.tally.registered)
labour_force = _persons(lambda w: w.tally.work[:, :, 1:].sum(axis=(1, 2)))
employed = _persons(lambda w: w.tally.work[:, :, 1:4].sum(axis=(1, 2)))
urban_pupils = _persons(lambda w: w.tally.pupils[:, 1:, 1:].sum(axis=(1, 2)))
urban_households = _persons(lambda w: w.tally.households[:, 1:].sum(axis=(1, 2)))
children = _persons(lambda w: w.tally.children.sum(axis=1))


def _seat(pick: Callable[[World], Floats]) -> Count:
    """Weight a value of the seat by its residents, so that a world's value is the mean over its residents."""
    return lambda world: pick(world)[:, 2] * seat_residents(world)


seat_residents = _persons(lambda w: w.tally.stocks[:, 2])
adults = _persons(lambda w: w.tally.work.sum(axis=(1, 2)))

_ALL = (
    Indicator(
        "residents",
        Label("residents", "常住人口"),
        Label("people living in the county for six months or more", "在本县居住半年以上的人口"),
        "persons",
        residents,
    ),
    Indicator(
        "urban_residents",
        Label("urban residents", "城镇常住人口"),
        Label("residents of towns and the county seat", "建制镇和县城的常住人口"),
        "persons",
        urban,
    ),
    Indicator(
        "urbanization_rate",
        Label("resident urbanization rate", "常住人口城镇化率"),
        Label("urban residents / residents", "城镇常住人口占常住人口的比重"),
        "share",
        urban,
        residents,
        percent=True,
    ),
    Indicator(
        "registered_urbanization_rate",
        Label("registered urbanization rate", "户籍人口城镇化率"),
        Label(
            "people registered in towns or seat / people registered in the county, wherever they live",
            "户籍登记在建制镇和县城的人口占全县户籍人口的比重，不论现居何处",
        ),
        "share",
        _persons(lambda w: w.tally.registered_urban),
        registered,
        percent=True,
    ),
    Indicator(
        "registered",
        Label("registered population", "户籍人口"),
        Label("people registered in the county, wherever they live", "户籍在本县的人口，不论现居何处"),
        "persons",
        registered,
    ),
    Indicator(
        "absent_registered",
        Label("absent registered people", "外出户籍人口"),
        Label("registered in the county, living in another county", "户籍在本县、居住在县外的人口"),
        "persons",
        _persons(lambda w: w.tally.registered_away),
    ),
    Indicator(
        "village_residents",
        Label("village residents", "乡村常住人口"),
        Label("residents of villages", "乡村常住人口"),
        "persons",
        _persons(lambda w: w.tally.stocks[:, 0]),
    ),
    Indicator(
        "town_residents",
        Label("town residents", "建制镇常住人口"),
        Label("residents of towns outside the seat", "县城以外建制镇的常住人口"),
        "persons",
        _persons(lambda w: w.tally.stocks[:, 1]),
    ),
    Indicator(
        "seat_residents",
        Label("county-seat population", "县城人口"),
        Label("residents of the county seat or urban core", "县城（城区）常住人口"),
        "persons",
        seat_residents,
    ),
    Indicator(
        "residents_near",
        Label("absent in the province", "省内县外人口"),
        Label("registered in the county, living elsewhere in the province", "户籍在本县、居住在省内县外的人口"),
        "persons",
        _persons(lambda w: w.tally.away[:, 0]),
    ),
    Indicator(
        "residents_far",
        Label("absent in other provinces", "省外人口"),
        Label("registered in the county, living in other provinces", "户籍在本县、居住在省外的人口"),
        "persons",
        _persons(lambda w: w.tally.away[:, 1]),
    ),
    Indicator(
        "in_migrants",
        Label("residents registered elsewhere", "外地户籍常住人口"),
        Label("residents registered in another county", "户籍在外县的常住人口"),
        "persons",
        _persons(lambda w: w.tally.groups[:, :, 2].sum(axis=1)),
    ),
    Indicator(
        "employment_rate",
        Label("employment rate", "就业率"),
        Label("employed residents / residents aged 16 and over", "就业人口占16岁及以上常住人口的比重"),
        "share",
        employed,
        adults,
        percent=True,
    ),
    Indicator(
        "unemployment_rate",
        Label("urban unemployment rate", "城镇失业率"),
        Label("residents of towns and seat seeking work / their labour force", "城镇求职人口占城镇劳动力的比重"),
        "share",
        _persons(lambda w: w.tally.work[:, 1:, 4].sum(axis=1)),
        _persons(lambda w: w.tally.work[:, 1:, 1:].sum(axis=(1, 2))),
        percent=True,
    ),
    Indicator(
        "farm_job_share",
        Label("farm share of jobs", "农业就业占比"),
        Label("residents working in farming / employed residents", "务农人口占就业人口的比重"),
        "share",
        _persons(lambda w: w.tally.work[:, :, 1].sum(axis=1)),
        employed,
        percent=True,
    ),
    Indicator(
        "school_places_per_pupil",
        Label("urban school places per pupil", "城镇生均学位"),
        Label(
            "places in primary, junior and senior schools of towns and seat / pupils living there",
            "城镇小学、初中、高中学位数与居住在城镇的学生数之比",
        ),
        "ratio",
        lambda w: w.places.schools.places[:, 1:, 1:].sum(axis=(1, 2)),
        urban_pupils,
    ),
    Indicator(
        "pupils_without_place",
        Label("urban pupils without a place", "城镇无学位学生"),
        Label("pupils living in towns or seat who have no school place there", "居住在城镇但在当地没有学位的学生"),
        "persons",
        _persons(lambda w: (w.tally.pupils - w.tally.placed)[:, 1:].sum(axis=(1, 2))),
    ),
    Indicator(
        "children_left_behind",
        Label("children left behind", "留守儿童"),
        Label("residents aged 0-15 whose mother lives elsewhere", "母亲不在身边的0-15岁常住儿童"),
        "persons",
        _persons(lambda w: w.tally.left_behind),
    ),
    Indicator(
        "children_share",
        Label("children", "少儿人口占比"),
        Label("residents aged 0-15 / residents", "0-15岁人口占常住人口的比重"),
        "share",
        children,
        residents,
        percent=True,
    ),
    Indicator(
        "old_share",
        Label("aged 65 and over", "65岁及以上人口占比"),
        Label("residents aged 65 and over / residents", "65岁及以上人口占常住人口的比重"),
        "share",
        _persons(lambda w: w.tally.old.sum(axis=1)),
        residents,
        percent=True,
    ),
    Indicator(
        "household_size",
        Label("mean household size", "户均人口"),
        Label("residents / households with a resident member", "常住人口与有人居住的家庭户之比"),
        "persons",
        residents,
        _persons(lambda w: w.tally.households.sum(axis=(1, 2))),
    ),
    Indicator(
        "home_ownership",
        Label("urban home ownership", "城镇自有住房率"),
        Label("urban households that own their dwelling / urban households", "城镇拥有自有住房的家庭占比"),
        "share",
        _persons(lambda w: w.tally.households[:, 1:, 2].sum(axis=1)),
        urban_households,
        percent=True,
    ),
    Indicator(
        "seat_price",
        Label("house price in the seat", "县城房价"),
        Label("price of dwellings in the county seat", "县城住房单价"),
        "yuan/m2",
        _seat(lambda w: w.places.housing.price),
        seat_residents,
    ),
    Indicator(
        "seat_rent",
        Label("rent in the seat", "县城房租"),
        Label("monthly rent of a dwelling in the county seat", "县城住房月租金"),
        "yuan/month",
        _seat(lambda w: w.places.housing.rent),
        seat_residents,
    ),
    Indicator(
        "seat_wage",
        Label("industry wage in the seat", "县城工业工资"),
        Label("monthly wage of a worker with junior schooling", "初中学历工人月工资"),
        "yuan/month",
        _seat(lambda w: w.places.employers.wage[:, :, 1]),
        seat_residents,
    ),
    Indicator(
        "births",
        Label("births in 12 months", "近12个月出生"),
        Label("births to residents and absent people of the county", "常住和外出人口的出生数"),
        "persons/year",
        _flow(Cause.BIRTH),
    ),
    Indicator(
        "deaths",
        Label("deaths in 12 months", "近12个月死亡"),
        Label("deaths of residents and absent people of the county", "常住和外出人口的死亡数"),
        "persons/year",
        _flow(Cause.DEATH),
    ),
    Indicator(
        "beds_per_thousand",
        Label("hospital beds per 1,000", "每千人床位数"),
        Label("hospital beds per 1,000 residents", "每千常住人口医疗床位数"),
        "beds/1000",
        lambda w: 1000.0 * w.places.hospitals.beds,
        residents,
    ),
    Indicator(
        "doctors_per_thousand",
        Label("doctors per 1,000", "每千人执业（助理）医师数"),
        Label("practising and assistant doctors per 1,000 residents", "每千常住人口执业（助理）医师数"),
        "doctors/1000",
        lambda w: 1000.0 * w.places.hospitals.doctors,
        residents,
    ),
    Indicator(
        "nurses_per_thousand",
        Label("nurses per 1,000", "每千人注册护士数"),
        Label("registered nurses per 1,000 residents", "每千常住人口注册护士数"),
        "nurses/1000",
        lambda w: 1000.0 * w.places.hospitals.nurses,
        residents,
    ),
    Indicator(
        "kindergarten_places",
        Label("kindergarten places", "幼儿园学位"),
        Label("places in the kindergartens of all zones", "全县幼儿园学位数"),
        "places",
        lambda w: w.places.schools.places[:, :, 0].sum(axis=1),
    ),
    Indicator(
        "childcare_places_per_thousand",
        Label("childcare places per 1,000", "每千人托位数"),
        Label("places for children under three per 1,000 residents", "每千常住人口拥有的3岁以下婴幼儿托位数"),
        "places/1000",
        lambda w: 1000.0 * w.places.provision.childcare_places.sum(axis=1),
        residents,
    ),
    Indicator(
        "eldercare_beds",
        Label("elder-care beds", "养老床位"),
        Label("beds in homes for the elderly", "养老机构床位数"),
        "beds",
        lambda w: w.places.provision.eldercare_beds.sum(axis=1),
    ),
    Indicator(
        "eldercare_places_per_thousand_old",
        Label("elder-care places per 1,000 old people", "每千名老人养老服务名额"),
        Label(
            "beds in homes and places in community day care per 1,000 residents aged 65 and over",
            "每千名65岁及以上常住老人拥有的机构养老床位和社区日间照料名额",
        ),
        "places/1000 aged 65+",
        lambda w: 1000.0 * eldercare_places(w).sum(axis=1),
        _persons(lambda w: w.tally.old.sum(axis=1)),
    ),
    Indicator(
        "public_spending",
        Label("public spending", "公共支出"),
        Label("ordinary spending and all policies, whoever pays, 12 months", "近12个月经常性支出和各项政策支出"),
        "yuan/year",
        lambda w: w.ledger.yearly("spending"),
    ),
    Indicator(
        "policy_spending",
        Label("spending on policies", "政策支出"),
        Label("all policies, whoever pays, 12 months", "近12个月各项政策支出"),
        "yuan/year",
        lambda w: w.ledger.yearly("policies"),
    ),
    Indicator(
        "county_revenue",
        Label("county revenue", "县级收入"),
        Label("taxes, land sales, transfers and rewards, 12 months", "近12个月税收、土地出让、转移支付和奖励"),
        "yuan/year",
        lambda w: w.ledger.yearly("revenue"),
    ),
    Indicator(
        "county_debt",
        Label("county debt", "县级债务"),
        Label(
            "net borrowing since the census that the run begins at, and the debt of then where county data give it",
            "自作为模拟起点的普查以来的净借款；县级数据给出期初债务的，一并计入",
        ),
        "yuan",
        lambda w: w.ledger.debt,
    ),
)

#: Every indicator by name, in the order shown.
INDICATORS: dict[str, Indicator] = {indicator.name: indicator for indicator in _ALL}
