"""Units and helpers shared by the levers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Group
from urbsim.labels import Label
from urbsim.policies.base import GroupName
from urbsim.quantities.quantity import AXES

SHARE = Label("share", "比例")
YEARS = Label("years", "年")
YUAN_PER_PERSON = Label("yuan per newly registered person", "元/新落户人口")
YUAN_PER_HOUSEHOLD = Label("yuan per household", "元/户")
YUAN_PER_HOUSEHOLD_YEAR = Label("yuan per household and year", "元/户·年")
YUAN_PER_PURCHASE = Label("yuan per purchase", "元/套")
YUAN_PER_PUPIL_YEAR = Label("yuan per pupil and year", "元/学生·年")
YUAN_PER_PLACE = Label("yuan per place", "元/学位")
YUAN_PER_PLACE_YEAR = Label("yuan per place and year", "元/学位·年")
YUAN_PER_DWELLING = Label("yuan per dwelling", "元/套")
YUAN_PER_DWELLING_YEAR = Label("yuan per dwelling and year", "元/套·年")
YUAN_PER_POST = Label("yuan per post", "元/岗位")
YUAN_PER_TRAINEE = Label("yuan per trainee", "元/人")
PLACES_A_YEAR = Label("places a year, in each zone reached of each county", "个学位/年（每县每个覆盖区域）")
DWELLINGS_A_YEAR = Label("dwellings a year, in each zone reached of each county", "套/年（每县每个覆盖区域）")
POSTS_A_YEAR = Label("posts a year, in each zone reached of each county", "个岗位/年（每县每个覆盖区域）")
TRAINEES_A_YEAR = Label("trainees a year, in each county", "人/年（每县）")
YUAN_PER_PERSON_YEAR = Label("yuan per person and year", "元/人·年")
YUAN_PER_PERSON_MONTH = Label("yuan per person and month", "元/人·月")
YUAN_PER_CARE_PLACE = Label("yuan per place", "元/托位或床位")
YUAN_PER_CARE_PLACE_YEAR = Label("yuan per place and year", "元/托位或床位·年")
YUAN_PER_M2 = Label("yuan per m2", "元/平方米")
YUAN_PER_BED = Label("yuan per bed", "元/床位")
YUAN_PER_RETURNEE = Label("yuan per returnee", "元/返乡人员")
YUAN_PER_WORKER = Label("yuan per worker given a post", "元/安置就业人员")
PER_THOUSAND = Label("per 1,000 residents", "每千常住人口")
BEDS_A_YEAR = Label("beds a year, in each zone reached of each county", "张床位/年（每县每个覆盖区域）")
M2_PER_HUNDRED = Label("m2 per 100 households", "平方米/百户")
HOUSEHOLDS_A_YEAR = Label("households a year, to each zone reached of each county", "户/年（每县每个覆盖区域）")
RATIO = Label("ratio to the seat", "与县城之比")
FACTOR = Label("factor", "倍数")
CHANCE = Label("chance in a year", "年概率")
QUALITY_POINTS = Label("points of the index, 1 = national mean", "指数点，全国平均为1")
LOG_POINTS = Label("log points of earnings", "收入对数点")
GROWTH_A_YEAR = Label("share a year, 0.02 = 2 %", "年增长率，0.02即2%")
WORKERS_A_YEAR = Label("farm workers a year, in each zone reached of each county", "人/年（每县每个覆盖区域）")
YUAN_PER_WORKER = Label("yuan per worker freed", "元/转移劳动力")
YUAN_PER_WORKER_YEAR = Label("yuan per worker and year", "元/从业者·年")
YUAN_A_YEAR = Label("yuan a year, in each county", "元/年（每县）")
YUAN_A_YEAR_ZONE = Label("yuan a year, in each zone reached of each county", "元/年（每县每个覆盖区域）")
YUAN = Label("yuan, in each county", "元（每县）")
YUAN_PER_RESIDENT = Label("yuan per resident newly covered", "元/新增覆盖居民")
YUAN_PER_RESIDENT_YEAR = Label("yuan per resident covered and year", "元/已覆盖居民·年")
YUAN_PER_MU = Label("yuan per mu built on", "元/亩（实际使用）")
MU_A_YEAR = Label("mu a year, in each county", "亩/年（每县）")
UTILITY_POINTS = Label(
    "points of utility; a year of school is worth about 0.1 in pay", "效用点；多受一年教育的收入效用约0.1"
)
MINUTES = Label("minutes of a single trip", "分钟（单程）")
MONTHS = Label("months", "月")
SHARE_A_YEAR = Label("share a year", "比例/年")
SHARE_OF_REVENUE = Label("share of yearly revenue", "占年度财政收入比例")


def codes(groups: Iterable[GroupName]) -> list[Group]:
    """Return the codes of the groups named."""
    return [name.group for name in groups]


def by_group(counts: Floats, groups: Iterable[GroupName]) -> Floats:
    """Return the sum over the groups named, the last axis of ``counts``."""
    total: Floats = counts[..., [AXES["group"].index(group) for group in codes(groups)]].sum(axis=-1)
    return total


def shared(counts: Floats, contributors: Floats) -> Floats:
    """Return each policy's equal part of ``counts`` where several policies pay for the same people."""
    return counts / np.maximum(contributors, 1.0)
