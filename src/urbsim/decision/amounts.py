"""Amounts that are varied: fields of a plan's policies and parameters, each between two values.

An amount is written ``policies.NAME.FIELD=LOW:HIGH`` or ``parameters.NAME=LOW:HIGH``, or with values, ``=A,B,C``. Where
a lever refuses 0 (of posts), 0 stands for the plan without that policy.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from urbsim.experiment.errors import ExperimentError
from urbsim.labels import Label, bilingual, bracketed
from urbsim.parameters import registry
from urbsim.policies.base import Policy
from urbsim.reading.marks import plain
from urbsim.reading.suggestions import did_you_mean
from urbsim.reading.wording import listed, quoted
from urbsim.scenario.hints import number_hint
from urbsim.scenario.lever_schema import allowed_by, bounds_of, field_schema, keys_of, unit_of
from urbsim.scenario.model import Scenario
from urbsim.units import unit_label

_FORM = Label(
    "PATH=LOW:HIGH or PATH=A,B,C, where PATH is policies.NAME.FIELD or parameters.NAME, such as "
    "policies.parks.posts_per_year=0:5000",
    "路径=下限:上限，或 路径=A,B,C；路径写作 policies.政策名.字段 或 parameters.参数名，例如 "
    "policies.parks.posts_per_year=0:5000",
)
_POLICIES, _PARAMETERS = "policies.", "parameters."
#: Amounts are rounded to a decimal place of at most this part of their range.
_FINEST = 200.0
_NUMBERS = ("integer", "number")
#: A range as people write it elsewhere.
_DASH = re.compile(r"([0-9.]+)\s*[-~到至]\s*([0-9.]+)")


@dataclass(frozen=True)
class Amount:
    """One number of a scenario that is varied.

    Attributes
    ----------
    path
        As it is written: ``policies.parks.posts_per_year``.
    low, high
        Between which values.
    values
        The values wanted, where they are listed; empty where only the ends are.
    owner, steps
        The policy and the keys below it; of a parameter an empty owner and its name.
    unit, title
        In both languages; the title is what people read in place of the path.
    whole
        Whether only whole numbers are allowed.
    absent
        Whether ``low``, which is 0, stands for the plan without the policy.
    """

    path: str
    low: float
    high: float
    values: tuple[float, ...]
    owner: str
    steps: tuple[str, ...]
    unit: Label
    title: Label
    whole: bool = False
    absent: bool = False

    @property
    def short(self) -> str:
        """The path without what all have in common."""
        return self.path.removeprefix(_POLICIES).removeprefix(_PARAMETERS)

    def rounded(self, value: float) -> float:
        """Return a value within the range, rounded to a fine decimal place; of values listed the nearest."""
        if self.values:
            return min(self.values, key=lambda each: abs(each - value))
        step = 10.0 ** math.floor(math.log10((self.high - self.low) / _FINEST))
        step = max(step, 1.0) if self.whole else step
        digits = max(0, -round(math.log10(step)))
        return min(max(round(round(value / step) * step, digits), self.low), self.high)

    def levels(self, count: int) -> tuple[float, ...]:
        """Return the values listed, else so many evenly spaced ones from low to high."""
        if self.values:
            return self.values
        width = (self.high - self.low) / max(count - 1, 1)
        return tuple(dict.fromkeys(self.rounded(self.low + width * step) for step in range(count)))

    def at(self, share: float) -> float:
        """Return the value so far along the range, 0 to 1 (exclusive), or along the values where they are listed."""
        if self.values:
            return self.values[int(share * len(self.values))]
        return self.rounded(self.low + share * (self.high - self.low))


def amounts_of(texts: Sequence[str], scenario: Scenario) -> tuple[Amount, ...]:
    """Return the amounts that are written, each once.

    Raises
    ------
    ExperimentError
        If one is not written as ``_FORM`` says, names nothing that is a number, has an empty range or goes beyond what
        is allowed; or if there is none.
    """
    found = tuple(_amount(text, scenario) for text in texts)
    if not found:
        raise ExperimentError(bilingual(f"there is nothing to vary; give {_FORM}", f"没有要变动的量；请给出 {_FORM}"))
    for number, amount in enumerate(found):
        if amount.path in [other.path for other in found[:number]]:
            raise ExperimentError(bilingual(f"{amount.path} is varied twice", f"{amount.path} 重复出现"))
    return found


def with_amounts(scenario: Scenario, chosen: Mapping[Amount, float]) -> Scenario:
    """Return a scenario with other amounts.

    Raises
    ------
    ExperimentError
        If a lever refuses the amounts together.
    """
    parameters, policies = dict(scenario.parameters), dict(scenario.policies)
    for amount, value in chosen.items():
        if not amount.owner:
            parameters[amount.steps[0]] = value
    for name in dict.fromkeys(amount.owner for amount in chosen if amount.owner):
        own = {amount: value for amount, value in chosen.items() if amount.owner == name}
        if any(amount.absent and value <= amount.low for amount, value in own.items()):
            del policies[name]
        else:
            policies[name] = _changed(name, policies[name], own)
    ordered = {name: parameters[name] for name in registry() if name in parameters}
    return replace(scenario, parameters=ordered, policies=policies)


def _changed(name: str, policy: Policy, amounts: Mapping[Amount, float]) -> Policy:
    fields = policy.model_dump(mode="json", exclude_none=True, exclude_unset=True)
    for amount, value in amounts.items():
        inner = fields
        for step in amount.steps[:-1]:
            inner = inner.setdefault(step, {})
        inner[amount.steps[-1]] = round(value) if amount.whole else value
    try:
        return type(policy).model_validate_json(json.dumps(fields), strict=True)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        said = ", ".join(f"{amount.short} = {value:g}" for amount, value in amounts.items())
        raise ExperimentError(
            bilingual(
                f"policy {quoted(name)} with {said}: {found['msg']}",
                f"政策{quoted(name)}取 {said} 时：{found['msg']}",
            )
        ) from None


def _amount(text: str, scenario: Scenario) -> Amount:
    path, equals, written = plain(text).partition("=")
    path = path.strip()
    if not equals or not written.strip():
        raise ExperimentError(
            bilingual(f"--vary is {quoted(text)}; allowed: {_FORM}", f"--vary 是{quoted(text)}；可用写法：{_FORM}")
        )
    if path.startswith(_POLICIES):
        return _of_policy(path, written, scenario)
    if path.startswith(_PARAMETERS):
        return _of_parameter(path, written)
    raise ExperimentError(
        bilingual(f"--vary names {quoted(path)}; allowed: {_FORM}", f"--vary 写的是{quoted(path)}；可用写法：{_FORM}")
    )


def _of_policy(path: str, written: str, scenario: Scenario) -> Amount:
    owner, steps = _owner_and_steps(path.removeprefix(_POLICIES), scenario)
    lever = type(scenario.policies[owner])
    schema = field_schema(lever, steps) if steps else {}
    if schema.get("type") not in _NUMBERS:
        numbers = [key for key in keys_of(lever, ()) if field_schema(lever, (key,)).get("type") in _NUMBERS]
        hint = did_you_mean(".".join(steps), numbers)
        raise ExperimentError(
            bilingual(
                f"{path} is no number of the lever {lever.spec()}; allowed: {listed(numbers)}{hint}",
                f"{path} 不是政策工具 {lever.spec()} 的数值字段；可用：{listed(numbers)}{hint}",
            )
        )
    low, high, values = _range(path, written)
    least, most = bounds_of(lever, steps)
    if high > most or (low < least and not low == 0.0 == schema.get("exclusiveMinimum")):
        raise ExperimentError(
            bilingual(
                f"{path} is {low:g} to {high:g}; allowed: {allowed_by(lever, steps)}",
                f"{path} 是 {low:g} 至 {high:g}；允许：{allowed_by(lever, steps)}",
            )
        )
    whole = schema["type"] == "integer"
    if whole and (parts := [value for value in (low, high, *values) if value != round(value)]):
        raise ExperimentError(
            bilingual(f"{path} is {parts[0]:g}; allowed: whole numbers", f"{path} 是 {parts[0]:g}；只能是整数")
        )
    unit = Label(unit_of(lever, steps), unit_of(lever, steps, chinese=True))
    amount = Amount(path, low, high, values, owner, steps, unit, _title(scenario, owner, steps), whole)
    return replace(amount, absent=low == 0.0 and not _takes(scenario.policies[owner], amount, low))


def _owner_and_steps(rest: str, scenario: Scenario) -> tuple[str, tuple[str, ...]]:
    """Return the policy that a path without ``policies.`` begins with, and the keys that follow."""
    owners = [name for name in scenario.policies if f"{rest}.".startswith(f"{name}.")]
    if not owners:
        name = rest.rpartition(".")[0] or rest
        labels = {each: policy.title for each, policy in scenario.policies.items()}
        hint = did_you_mean(name, scenario.policies, labels=labels) or bilingual(
            f"; it has {listed(scenario.policies) or 'none'}", f"；它只有：{listed(scenario.policies) or '无'}"
        )
        raise ExperimentError(
            bilingual(
                f"'{scenario.name}' has no policy {quoted(name)}{hint}",
                f"“{scenario.title.zh}”中没有政策{quoted(name)}{hint}",
            )
        )
    owner = max(owners, key=len)
    return owner, tuple(filter(None, rest.removeprefix(owner).split(".")))


def _title(scenario: Scenario, owner: str, steps: tuple[str, ...]) -> Label:
    """Return lever and field in words, with the name of the policy where another one has the same lever."""
    policy = scenario.policies[owner]
    alone = sum(type(each) is type(policy) for each in scenario.policies.values()) == 1
    english, chinese = policy.title.en, policy.title.zh
    if not alone:
        english, chinese = bracketed(english, owner, "en"), bracketed(chinese, owner, "zh")
    said = str(field_schema(type(policy), steps).get("description_zh", ".".join(steps)))
    field = " ".join(steps).replace("_", " ")
    return Label(": ".join((english, field)), "：".join((chinese, re.split("[，；（]", said, maxsplit=1)[0])))


def _takes(policy: Policy, amount: Amount, value: float) -> bool:
    try:
        _changed(amount.owner, policy, {amount: value})
    except ExperimentError:
        return False
    return True


def _of_parameter(path: str, written: str) -> Amount:
    name, known = path.removeprefix(_PARAMETERS), registry()
    if name not in known:
        labels = {each: parameter.label for each, parameter in known.items()}
        raise ExperimentError(
            bilingual(
                f"there is no parameter {quoted(name)}{did_you_mean(name, known, labels=labels)}",
                f"没有参数{quoted(name)}{did_you_mean(name, known, labels=labels)}",
            )
        )
    low, high, values = _range(path, written)
    parameter = known[name]
    if low < parameter.low or high > parameter.high:
        raise ExperimentError(
            bilingual(
                f"{path} is {low:g} to {high:g}; allowed: {parameter.low:g} to {parameter.high:g}",
                f"{path} 是 {low:g} 至 {high:g}；允许：{parameter.low:g} 至 {parameter.high:g}",
            )
        )
    return Amount(path, low, high, values, "", (name,), unit_label(parameter.unit), parameter.label)


def _range(path: str, written: str) -> tuple[float, float, tuple[float, ...]]:
    """Return the ends of what is written, and the values where they are listed."""
    ends = written.split(":")
    numbers = [_number(path, each) for each in (ends if len(ends) > 1 else written.split(","))]
    if len(ends) > 2 or len(numbers) < 2:
        raise ExperimentError(
            bilingual(
                f"{path} is {quoted(written)}; allowed: LOW:HIGH, or several values A,B,C",
                f"{path} 是{quoted(written)}；允许：下限:上限，或几个取值 A,B,C",
            )
        )
    low, high = min(numbers), max(numbers)
    if len(ends) == 2 and not numbers[0] < numbers[1]:
        turned = f"{ends[1].strip()}:{ends[0].strip()}" if low < high else None
        raise ExperimentError(
            bilingual(
                f"{path} has the empty range {written.strip()}; LOW must be below HIGH{_meant(turned)}",
                f"{path} 的区间 {written.strip()} 是空的；下限必须小于上限{_meant(turned)}",
            )
        )
    if low == high:
        raise ExperimentError(
            bilingual(
                f"{path} has one value only, {low:g}; it takes two to vary",
                f"{path} 只有一个取值 {low:g}；至少要有两个才谈得上变动",
            )
        )
    return low, high, () if len(ends) == 2 else tuple(sorted(dict.fromkeys(numbers)))


def _number(path: str, text: str) -> float:
    written = text.strip()
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        between = _DASH.fullmatch(written)
        meant = f"{between[1]}:{between[2]}" if between else number_hint(written, None)
        raise ExperimentError(
            bilingual(
                f"{path} has {quoted(written)} where a number is needed{_meant(meant)}",
                f"{path} 此处应为数字，却写着{quoted(written)}{_meant(meant)}",
            )
        )
    return value


def _meant(text: str | None) -> str:
    return bilingual(f"; did you mean {text}?", f"；是否想写 {text}？") if text else ""
