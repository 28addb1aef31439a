"""What can be said of a group of people: counts, shares, means and inequality.

Measures that have the name of an indicator are the same number, counted person by person: those of all groups together
give the indicator of the county.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, Mask
from urbsim.codes import Group, Stage, Tenure, Work, Zone
from urbsim.labels import Label, bilingual
from urbsim.observation.indicators import INDICATORS
from urbsim.reading.wording import quoted
from urbsim.state.tally import ADULT_AGE, OLD_AGE

#: Which of the people of ``people.snapshot`` something is true of.
Who = Callable[[pd.DataFrame], Mask]


@dataclass(frozen=True, slots=True)
class GroupMeasure:
    """One number about people.

    Of those in ``base``: the share in ``part``, the mean of the column ``mean_of``, the Gini coefficient of the column
    ``gini_of``, or without these how many they are.
    """

    name: str
    label: Label
    definition: Label
    unit: str
    base: Who
    part: Who | None = None
    mean_of: str | None = None
    gini_of: str | None = None

    @property
    def percent(self) -> bool:
        """Whether it is shown in percent."""
        return self.part is not None

    @property
    def is_count(self) -> bool:
        """Whether it counts people, so that values of groups add up."""
        return self.part is None and self.mean_of is None and self.gini_of is None


def gini(amounts: Floats) -> float:
    """Return the Gini coefficient of amounts of zero and more, NaN where all are zero or there are none."""
    ordered = np.sort(np.asarray(amounts, dtype=float))
    total = ordered.sum()
    if not total > 0.0:
        return float("nan")
    ranks = np.arange(1, len(ordered) + 1)
    return float(2.0 * (ranks * ordered).sum() / (len(ordered) * total) - (len(ordered) + 1.0) / len(ordered))


def _is(column: str, values: Iterable[int]) -> Who:
    wanted = [int(value) for value in values]
    return lambda people: np.isin(people[column].to_numpy(), wanted)


def _aged(low: int, high: int = 200) -> Who:
    return lambda people: np.asarray((people["age"] >= low) & (people["age"] < high))


def _both(*conditions: Who) -> Who:
    return lambda people: np.logical_and.reduce([condition(people) for condition in conditions])


def _registered(people: pd.DataFrame) -> Mask:
    return np.asarray(people["registered"] >= 0)


resident = _is("zone", (Zone.VILLAGE, Zone.TOWN, Zone.SEAT))
_urban = _is("zone", (Zone.TOWN, Zone.SEAT))
_adult = _both(resident, _aged(ADULT_AGE))
_child = _both(resident, _aged(0, ADULT_AGE))
_employed = _both(_adult, _is("work", (Work.FARM, Work.INDUSTRY, Work.SERVICES)))
_posts = _is("work", (Work.INDUSTRY, Work.SERVICES))
pupil = _both(resident, _is("stage", (Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR)))
_away = _is("away", (1, 2))
_without_place = _is("has_place", (0,))
_with_place = _is("has_place", (1,))
_mother_elsewhere = _is("mother_elsewhere", (1,))
#: Whose household owns its dwelling in a town or the seat, or has a public rental one.
housed = _is("tenure", (Tenure.OWNS, Tenure.PUBLIC_RENTAL))
has_post = _posts
placed = _with_place


def _as_indicator(name: str, base: Who, part: Who | None = None) -> GroupMeasure:
    known = INDICATORS[name]
    return GroupMeasure(name, known.label, known.definition, known.unit, base, part)


def _share(name: str, label: Label, definition: Label, base: Who, part: Who) -> GroupMeasure:
    return GroupMeasure(name, label, definition, "share", base, part)


_ALL = (
    _as_indicator("residents", resident),
    _as_indicator("urban_residents", _urban),
    _as_indicator("urbanization_rate", resident, _urban),
    _as_indicator("registered_urbanization_rate", _registered, _is("registered", (Zone.TOWN, Zone.SEAT))),
    _as_indicator("registered", _registered),
    _as_indicator("absent_registered", _both(_registered, _away)),
    _as_indicator("village_residents", _is("zone", (Zone.VILLAGE,))),
    _as_indicator("town_residents", _is("zone", (Zone.TOWN,))),
    _as_indicator("seat_residents", _is("zone", (Zone.SEAT,))),
    _as_indicator("residents_near", _both(_registered, _is("away", (1,)))),
    _as_indicator("residents_far", _both(_registered, _is("away", (2,)))),
    _as_indicator("in_migrants", _both(resident, _is("group", (Group.ELSEWHERE,)))),
    _as_indicator("employment_rate", _adult, _employed),
    _as_indicator(
        "unemployment_rate",
        _both(_urban, _aged(ADULT_AGE), _is("work", [work for work in Work if work != Work.INACTIVE])),
        _is("work", (Work.SEEKING,)),
    ),
    _as_indicator("farm_job_share", _employed, _is("work", (Work.FARM,))),
    _as_indicator("pupils_without_place", _both(_urban, pupil, _without_place)),
    _as_indicator("children_left_behind", _both(_child, _mother_elsewhere)),
    _as_indicator("children_share", resident, _aged(0, ADULT_AGE)),
    _as_indicator("old_share", resident, _aged(OLD_AGE)),
    _share(
        "left_behind_share",
        Label("share of children left behind", "留守儿童占比"),
        Label(
            "residents aged 0-15 whose mother lives elsewhere / residents aged 0-15",
            "0-15岁常住儿童中母亲不在身边的占比",
        ),
        _child,
        _mother_elsewhere,
    ),
    _share(
        "post_share",
        Label("share with a post", "非农就业占比"),
        Label(
            "residents in industry or services / residents aged 16 and over",
            "16岁及以上常住人口中在工业或服务业就业的占比",
        ),
        _adult,
        _posts,
    ),
    _share(
        "school_place_share",
        Label("pupils with a place where they live", "就近入学占比"),
        Label(
            "pupils from kindergarten to senior school with a place where they live / those pupils",
            "幼儿园至高中学生中在居住地有学位的占比",
        ),
        pupil,
        _with_place,
    ),
    _share(
        "owner_share",
        Label("urban residents who own their home", "城镇居民自有住房占比"),
        Label(
            "residents of towns and seat whose household owns its dwelling / those residents",
            "城镇常住人口中家庭自有住房的占比",
        ),
        _urban,
        _is("tenure", (Tenure.OWNS,)),
    ),
    _share(
        "away_share",
        Label("share of registered people away", "户籍人口外出占比"),
        Label(
            "people registered in the county who live in another county / all registered", "户籍人口中居住在县外的占比"
        ),
        _registered,
        _away,
    ),
    GroupMeasure(
        "income_per_head",
        Label("income by head", "人均收入"),
        Label(
            "monthly earnings of the household's members at home, what members away send, own produce, transfers, "
            "pensions of policies and rent of land, over the members at home; mean over residents",
            "在家成员月收入、外出成员汇款、自产自用、转移收入、政策养老金与土地租金之和除以在家成员数，按常住人口平均",
        ),
        "yuan/month",
        resident,
        mean_of="income",
    ),
    GroupMeasure(
        "earnings",
        Label("earnings of workers", "就业者收入"),
        Label("mean monthly earnings of employed residents", "就业常住人口的月平均收入"),
        "yuan/month",
        _employed,
        mean_of="earnings",
    ),
    GroupMeasure(
        "income_gini",
        Label("Gini coefficient of income", "收入基尼系数"),
        Label(
            "Gini coefficient of income by head over residents, 0 (all equal) to 1",
            "常住人口人均收入的基尼系数，0（完全平均）至1",
        ),
        "ratio",
        resident,
        gini_of="income",
    ),
)

#: Every measure by name, in the order shown.
MEASURES: dict[str, GroupMeasure] = {measure.name: measure for measure in _ALL}


def of_the_whole_county(name: object) -> str | None:
    """Return why an indicator has no value by group, in words; None for measures and for what is no indicator."""
    if not isinstance(name, str) or name in MEASURES or name not in INDICATORS:
        return None
    return bilingual(
        f"the indicator {quoted(name)} is of the whole county and cannot be told apart by group",
        f"指标{quoted(name)}是全县的，不能按人群分组",
    )


def value_of(measure: GroupMeasure, people: pd.DataFrame, base: Mask, weight: float) -> tuple[float, int]:
    """Return the value over people of whom ``base`` says who counts, and how many of the sample it rests on."""
    agents = int(base.sum())
    if measure.is_count:
        return agents * weight, agents
    if agents == 0:
        return float("nan"), 0
    if measure.part is not None:
        return float(measure.part(people)[base].sum()) / agents, agents
    if measure.gini_of is not None:
        return gini(people[measure.gini_of].to_numpy()[base]), agents
    amounts: Any = people[measure.mean_of].to_numpy()[base]
    return float(amounts.mean(dtype=float)), agents
