"""What a plan changes, in groups of policies, and the scenario in which only some of the groups are at work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from urbsim.experiment.errors import ExperimentError
from urbsim.labels import Label, bilingual
from urbsim.policies.base import Policy
from urbsim.scenario.model import Scenario


class By(StrEnum):
    """What the policies of a plan are grouped by."""

    POLICY = "policy"
    PART = "part"
    LEVER = "lever"


#: The group of policies that belong to no part, and the group of what is no policy.
NO_PART = Label("policies of no part", "不属于任何部分的政策")
SETTINGS = Label("parameters, feedbacks, own figures", "参数、反馈与本地数据")


@dataclass(frozen=True)
class PolicyGroup:
    """Policies by name that come and go together.

    Attributes
    ----------
    label
        How people read it; the English text is its name.
    policies
        Names of its policies, in the plan or in what the plan is held against.
    settings
        Whether it stands for the plan's parameters, feedbacks and figures of counties instead.
    first
        Whether it is at work before all other groups: policies of no part, which every variant of the plan has.
    """

    label: Label
    policies: tuple[str, ...] = ()
    settings: bool = False
    first: bool = False

    @property
    def name(self) -> str:
        """The name, which does not depend on the language."""
        return self.label.en


def default_by(plan: Scenario) -> By:
    """Return what to group by where nothing is said: parts where the plan has any, else policies."""
    return By.PART if any(policy.part for policy in plan.policies.values()) else By.POLICY


def without_policies(plan: Scenario) -> Scenario:
    """Return what a plan is held against where no other scenario is named: itself without any policy."""
    title = Label(f"{plan.title.en} without its policies", f"{plan.title.zh}（不含其政策）")
    return replace(plan, policies={}, targets=()).renamed(title)


def groups_of(plan: Scenario, base: Scenario, by: By) -> tuple[PolicyGroup, ...]:
    """Return the groups of what differs between a plan and its base, in the order of the plan.

    A policy differs where only one of both has it, or where its lever, dates or amounts are not the same.

    Raises
    ------
    ExperimentError
        If nothing differs, or the plan has no parts to group by.
    """
    labels: dict[Label, list[str]] = {}
    keys: Mapping[By, Callable[[str, Policy], Label]] = {By.POLICY: _itself, By.PART: _part, By.LEVER: _lever}
    for name in dict.fromkeys([*plan.policies, *base.policies]):
        ours, theirs = plan.policies.get(name), base.policies.get(name)
        if _acts(ours) != _acts(theirs):
            policy = ours or theirs
            assert policy is not None
            labels.setdefault(keys[by](name, policy), []).append(name)
    rest = labels.pop(NO_PART, None)
    if by is By.PART and not labels:
        raise ExperimentError(
            bilingual(
                f"no policy of '{plan.name}' names the part it belongs to; write 'part: NAME' into its policies, "
                "or group "
                "by policy or lever",
                f"“{plan.title.zh}”中没有一项政策写明所属部分；请在政策中加上“part: 名称”，"
                "或者改按 policy 或 lever 分组",
            )
        )
    found = [PolicyGroup(label, tuple(names)) for label, names in labels.items()]
    if _settings(plan) != _settings(base):
        found.append(PolicyGroup(SETTINGS, settings=True))
    if rest is not None:
        found.append(PolicyGroup(NO_PART, tuple(rest), first=True))
    if not found:
        raise ExperimentError(
            bilingual(
                f"'{plan.name}' and '{base.name}' have the same policies, parameters and feedbacks",
                f"“{plan.title.zh}”与“{base.title.zh}”的政策、参数和反馈完全相同",
            )
        )
    return tuple(found)


def coalition(plan: Scenario, base: Scenario, groups: Sequence[PolicyGroup], chosen: Collection[int]) -> Scenario:
    """Return the scenario in which some groups, by their numbers, are as in the plan and the others as in the base.

    With all of them it simulates what the plan simulates, with none what the base does: policies are in the plan's
    order, those that only the base has after them.
    """
    if not chosen:
        return base
    side = {name: number in chosen for number, group in enumerate(groups) for name in group.policies}
    order = dict.fromkeys([*plan.policies, *base.policies])
    picked = {name: (plan if side.get(name, True) else base).policies.get(name) for name in order}
    settings = [number for number, group in enumerate(groups) if group.settings]
    source = base if settings and settings[0] not in chosen else plan
    return replace(
        plan,
        parameters=source.parameters,
        feedbacks=source.feedbacks,
        calibrated=source.calibrated,
        county_data=source.county_data,
        policies={name: policy for name, policy in picked.items() if policy is not None},
    )


def _itself(name: str, _: Policy) -> Label:
    return Label(name, name)


def _part(_: str, policy: Policy) -> Label:
    return policy.part.label if policy.part else NO_PART


def _lever(_: str, policy: Policy) -> Label:
    return Label(policy.spec(), policy.title.zh if policy.origin is None else policy.spec())


def _acts(policy: Policy | None) -> object:
    """Return what a policy does, without where it comes from and what part it belongs to."""
    return policy and (policy.spec(), policy.model_dump(exclude={"source", "part"}))


def _settings(scenario: Scenario) -> object:
    return scenario.parameters, scenario.feedbacks, scenario.calibrated, scenario.county_data
