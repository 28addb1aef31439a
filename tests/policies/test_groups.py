"""Every lever that acts by registration group pays for the groups it reaches, and reaches those it pays for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from urbsim.codes import Group, Origin
from urbsim.months import parse_month
from urbsim.policies.base import GroupName, Policy
from urbsim.policies.registry import all_levers
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import DECLARATIONS, Environment

JANUARY = parse_month("2023-01")
CODES = ("341282",)
ALL_ZONES = ["village", "town", "seat"]
#: Registration group of a newly registered person, by where the registration was before.
GROUP_OF_ORIGIN = {
    Origin.SAME_COUNTY: Group.LOCAL_RURAL,
    Origin.SAME_PROVINCE: Group.ELSEWHERE,
    Origin.OTHER_PROVINCE: Group.ELSEWHERE,
}
#: Levers whose cost does not depend on whom they reach: dwellings are built and paid for whoever may queue for them.
PAID_OTHERWISE = {"affordable_housing"}
#: Nobody registered here and in town can register in town: the urban of the county gain nothing and cost nothing.
REACHES_NOTHING = {("hukou_relaxation", Group.LOCAL_URBAN)}


def by_group() -> list[str]:
    """Return the levers that write a quantity with an axis of groups."""
    return [
        name
        for name, cls in all_levers().items()
        if any("group" in DECLARATIONS[quantity].axes for quantity in cls.quantities)
    ]


def for_groups() -> list[tuple[str, Group | None]]:
    """Return these levers with each group that a scenario may name, or with none where the lever has its own."""
    return [
        (name, group)
        for name in by_group()
        for group in (Group if "eligible" in all_levers()[name].model_fields else (None,))
    ]


def policy(name: str, group: Group | None) -> Policy:
    cls = all_levers()[name]
    fields: dict[str, Any] = {"start": "2023-01", **cls.example, "zones": ALL_ZONES}
    if group is not None:
        fields["eligible"] = [GroupName[group.name]]
    return cls(**fields)


def reached(one: Policy) -> set[Group]:
    """Return the groups for which some quantity changes."""
    environment = Environment(1)
    if one.lever == "residence_based_services":
        environment.school_admission.base[...] = 0.5
    environment.reset()
    one.apply(environment, one.coverage(JANUARY, CODES, np.ones(1)))
    found: set[Group] = set()
    for name in one.quantities:
        quantity = environment.quantities[name]
        if "group" in quantity.axes:
            changed = np.moveaxis(quantity.values != quantity.base, quantity.axes.index("group") + 1, -1)
            found |= {group for group in Group if changed[..., group].any()}
    return found


def counts(group: Group) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the counts of a month in which only people and households of one group live, with their names."""
    activity = Activity(1)
    for name in ("renting_households", "purchases", "residents"):
        found = getattr(activity, name)
        found[..., group] = 120.0
        yield name, found
    for origin, its_group in GROUP_OF_ORIGIN.items():
        activity.newly_registered[..., origin] = 120.0 * (its_group is group)
    yield "newly_registered", activity.newly_registered
    activity.pupils_from_elsewhere[...] = 120.0 * (group is Group.ELSEWHERE)
    yield "pupils_from_elsewhere", activity.pupils_from_elsewhere


def paid_for(one: Policy) -> set[Group]:
    """Return the groups that add to the policy's cost."""
    found = set()
    for group in Group:
        activity = Activity(1)
        for name, amounts in counts(group):
            getattr(activity, name)[...] = amounts
        environment = Environment(1)
        coverage = one.coverage(JANUARY, CODES, np.ones(1))
        one.apply(environment, coverage)
        nobody = one.spending(environment, Activity(1), coverage)
        if one.spending(environment, activity, coverage)[0] > nobody[0]:
            found.add(group)
    return found


def test_the_levers_by_group_are_those_this_test_knows() -> None:
    assert set(by_group()) == {
        "hukou_relaxation",
        "housing_subsidy",
        "migrant_child_schooling",
        "affordable_housing",
        "residence_based_services",
    }


@pytest.mark.parametrize(("name", "group"), for_groups())
def test_a_lever_pays_for_the_groups_it_reaches_and_no_others(name: str, group: Group | None) -> None:
    one = policy(name, group)
    wanted = {group if group is not None else Group.ELSEWHERE}
    assert reached(one) == wanted
    if name not in PAID_OTHERWISE:
        assert paid_for(one) == (set() if (name, group) in REACHES_NOTHING else wanted)


def test_services_by_residence_leave_the_cost_of_pupils_to_the_lever_that_pays_for_them() -> None:
    """Both open schools to pupils from elsewhere; only one pays for pupils, and pays for all of them."""
    schools, services = policy("migrant_child_schooling", None), policy("residence_based_services", Group.ELSEWHERE)
    activity, environment = Activity(1), Environment(1)
    activity.pupils_from_elsewhere[...] = 100.0
    for one in (schools, services):
        one.apply(environment, one.coverage(JANUARY, CODES, np.ones(1)))
    alone = Environment(1)
    schools.apply(alone, schools.coverage(JANUARY, CODES, np.ones(1)))
    together = schools.spending(environment, activity, schools.coverage(JANUARY, CODES, np.ones(1)))
    assert together[0] > 0
    assert together[0] == schools.spending(alone, activity, schools.coverage(JANUARY, CODES, np.ones(1)))[0]
