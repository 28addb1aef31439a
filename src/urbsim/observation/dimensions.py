"""By what people are told apart: age, sex, schooling, registration, income fifth, zone, household type, work."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.codes import GROUP_LABELS, ZONE_LABELS, Group, Zone
from urbsim.labels import Label
from urbsim.observation.people import HouseholdType

Codes = NDArray[np.int64]
#: First years of age of the age groups; the last has no end.
AGE_BOUNDS = (0, 6, 16, 30, 45, 60, 75)
OLDEST = 120
_RANGE = re.compile(r"(\d{1,3})-(\d{1,3})|(\d{1,3})\+")


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to tell people apart: the label of every member by name, and the member of each person.

    ``codes`` gives positions in ``members`` for the rows of ``people.snapshot``, negative for people who are in none.
    """

    name: str
    label: Label
    members: Mapping[str, Label]
    codes: Callable[[pd.DataFrame], Codes]


def _column(name: str) -> Callable[[pd.DataFrame], Codes]:
    return lambda people: people[name].to_numpy().astype(np.int64)


def _age_members() -> dict[str, Label]:
    ends = [f"{low}-{high - 1}" for low, high in pairwise(AGE_BOUNDS)]
    last = AGE_BOUNDS[-1]
    return {name: Label(name, f"{name}岁") for name in ends} | {f"{last}+": Label(f"{last}+", f"{last}岁及以上")}


def _age_codes(people: pd.DataFrame) -> Codes:
    found: Any = np.searchsorted(AGE_BOUNDS, people["age"].to_numpy(), side="right") - 1
    return np.asarray(found, dtype=np.int64)


_KINDS = {
    HouseholdType.ONE_PERSON: Label("living alone", "独居"),
    HouseholdType.OLD_PEOPLE: Label("old people only (60 and over)", "仅有老年人（60岁及以上）"),
    HouseholdType.ADULTS: Label("adults without children", "成年人，无儿童"),
    HouseholdType.MOTHER_AND_CHILDREN: Label("children with their mother", "儿童与母亲同住"),
    HouseholdType.CHILDREN_WITHOUT_MOTHER: Label("children without their mother", "儿童，母亲不同住"),
}
_FIFTHS = {
    "poorest": Label("poorest fifth", "最低收入五分之一"),
    "second": Label("second fifth", "较低收入五分之一"),
    "middle": Label("middle fifth", "中等收入五分之一"),
    "fourth": Label("fourth fifth", "较高收入五分之一"),
    "richest": Label("richest fifth", "最高收入五分之一"),
}
_SCHOOLING = {
    "none": Label("no schooling", "未上过学"),
    "primary": Label("primary school", "小学"),
    "junior": Label("junior secondary school", "初中"),
    "senior": Label("senior secondary school", "高中"),
    "college": Label("college", "大专及以上"),
}
_WORK = {
    "inactive": Label("not in the labour force", "非劳动力"),
    "farm": Label("farming", "务农"),
    "industry": Label("industry", "工业"),
    "services": Label("services", "服务业"),
    "seeking": Label("seeking work", "求职"),
}
_SEX = {"male": Label("men", "男"), "female": Label("women", "女")}

_ALL = (
    Dimension("age", Label("age", "年龄"), _age_members(), _age_codes),
    Dimension("sex", Label("sex", "性别"), _SEX, _column("female")),
    Dimension("schooling", Label("schooling", "受教育程度"), _SCHOOLING, _column("schooling")),
    Dimension(
        "registration",
        Label("registration", "户籍"),
        {group.name.lower(): GROUP_LABELS[group] for group in Group},
        _column("group"),
    ),
    Dimension("income_fifth", Label("income by head", "人均收入"), _FIFTHS, _column("fifth")),
    Dimension(
        "zone", Label("zone", "居住地"), {zone.name.lower(): ZONE_LABELS[zone] for zone in Zone}, _column("zone")
    ),
    Dimension(
        "household_type",
        Label("household type", "家庭类型"),
        {kind.name.lower(): _KINDS[kind] for kind in HouseholdType},
        _column("household_type"),
    ),
    Dimension("work", Label("work", "就业"), _WORK, _column("work")),
)

#: Every dimension by name, in the order shown.
DIMENSIONS: dict[str, Dimension] = {dimension.name: dimension for dimension in _ALL}


def ages_of(text: str) -> tuple[int, int] | None:
    """Return the first and last year of a range of ages such as ``16-59`` or ``75+``; None where it is none."""
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        return None
    low, high = (int(found[3]), OLDEST) if found[3] else (int(found[1]), int(found[2]))
    return (low, high) if low <= high <= OLDEST else None


def written_ages(ages: tuple[int, int]) -> str:
    """Return a range of ages as ``ages_of`` reads it."""
    return f"{ages[0]}+" if ages[1] == OLDEST else f"{ages[0]}-{ages[1]}"
