"""What differs between the scenarios of a report: policies, parameters and feedbacks, from the baseline to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import ANSWERS, MISSING, Label, Language, bracketed, plain_number
from urbsim.months import format_month
from urbsim.parameters import DatedValue, registry
from urbsim.policies.base import Policy
from urbsim.policies.choices import choice_label
from urbsim.policies.reference import lever_reference
from urbsim.report import text
from urbsim.scenario.model import FEEDBACKS, Scenario
from urbsim.scenario.writing import policy_document
from urbsim.units import unit_label

HEADINGS = (
    Label("What", "内容"),
    Label("Baseline", "基准"),
    Label("Here", "本情景"),
)
#: What stands over the kinds of ``changes_by_kind``.
KIND = Label("Kind", "类别")
_ADDED, _REMOVED = Label("{count} added", "新增{count}项"), Label("{count} left out", "减少{count}项")
_ON, _OFF = Label("on", "开"), Label("off", "关")
_ALWAYS = Label("from the registry: {value}", "参数表：{value}")
_KINDS = {
    "policy": Label("Policies", "政策"),
    "parameter": Label("Parameters", "参数"),
    "feedback": Label("Feedbacks", "反馈"),
    "other": Label("Other settings", "其他设定"),
}
_COUNTY_DATA = Label("own figures of counties at the start", "期初本县数据")
_POSTERIOR = Label("posterior of parameters", "参数后验")
_USUAL = Label("that of all scenarios", "通用后验")
_NAMES = {
    "start": Label("start", "开始"),
    "end": Label("end", "结束"),
    "ramp_months": Label("months to full strength", "见效月数"),
    "zones": Label("zones", "范围"),
    "counties": Label("counties", "县"),
    "payer": Label("payer", "支付方"),
}


@dataclass(frozen=True)
class Departure:
    """One thing that differs: its kind, what it is, and both values in words."""

    kind: str
    what: str
    before: str
    after: str

    _: KW_ONLY
    #: Whether it is whole policies, which one of the two scenarios lacks.
    lacking: bool = False

    @property
    def in_words(self) -> str:
        """Both values, or what one of the scenarios lacks."""
        if self.lacking:
            return self.after if self.before == MISSING else self.before
        return f"{self.before} → {self.after}"


def changes(ensemble: Ensemble, name: str, language: Language) -> list[Departure]:
    """Return what a scenario has that the baseline has not, or not so, old value and new."""
    base = ensemble.plan.baseline
    other = next(scenario for scenario in ensemble.plan.scenarios if scenario.name == name)
    return [
        *_policies(base.policies, other.policies, language),
        *_parameters(base, other, language),
        *_feedbacks(base, other, language),
        *_others(base, other, language),
    ]


def changes_by_kind(ensemble: Ensemble, language: Language) -> list[tuple[str, list[tuple[str, list[Departure]]]]]:
    """Return what differs by title of the scenario and heading of the kind; where nothing does, nothing."""
    found = []
    for scenario in ensemble.plan.scenarios[1:]:
        every = changes(ensemble, scenario.name, language)
        kinds = [
            (label.in_language(language), [change for change in every if change.kind == kind])
            for kind, label in _KINDS.items()
        ]
        found.append((scenario.title.in_language(language), [(label, each) for label, each in kinds if each]))
    return found


def _policies(before: Mapping[str, Policy], after: Mapping[str, Policy], language: Language) -> Iterator[Departure]:
    """Yield policies that one of the scenarios lacks, in a row each way, and then every field that differs."""
    for word, here, there in ((_ADDED, after, before), (_REMOVED, before, after)):
        alone = [policy.title.in_language(language) for name, policy in here.items() if name not in there]
        if alone:
            counts = Counter(alone)
            named = [title if count == 1 else f"{title} ×{count}" for title, count in counts.items()]
            names = text.enumerated(named, language)
            yield Departure(
                "policy", word.in_language(language).format(count=len(alone)), *_sides(word, names), lacking=True
            )
    for name, old in before.items():
        new = after.get(name)
        if new is not None and new != old:
            yield from _fields(bracketed(new.title.in_language(language), name, language), old, new, language)


def _sides(word: Label, names: str) -> tuple[str, str]:
    return (MISSING, names) if word is _ADDED else (names, MISSING)


def _fields(what: str, old: Policy, new: Policy, language: Language) -> Iterator[Departure]:
    """Yield the fields of a policy that differ, each with its unit."""
    known = {field["name"]: field for field in lever_reference(type(new), language)["fields"]}
    left, right = policy_document(old), policy_document(new)
    left.pop("source", None)
    right.pop("source", None)
    for field in dict.fromkeys((*left, *right)):
        if left.get(field) != right.get(field):
            described = known.get(field, {})
            label = _NAMES[field].in_language(language) if field in _NAMES else described.get("description", field)
            unit = described.get("unit") or ""
            values = (_said(each.get(field), language, unit) for each in (left, right))
            yield Departure("policy", text.headed(what, label, language), *values)


def _said(value: object, language: Language, unit: str = "") -> str:
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return ANSWERS[value].in_language(language)
    if isinstance(value, list):
        return text.enumerated((_said(each, language) for each in value), language)
    if isinstance(value, dict):
        return text.enumerated((f"{key} {_said(each, language)}" for key, each in value.items()), language)
    if isinstance(value, int | float):
        space = " " if language == "en" and unit else ""
        return f"{plain_number(value)}{space}{unit}"
    return choice_label(str(value)).in_language(language)


def _parameters(base: Scenario, other: Scenario, language: Language) -> Iterator[Departure]:
    known = registry()
    for name in known:
        old, new = base.parameters.get(name), other.parameters.get(name)
        if old != new:
            parameter = known[name]
            unit = "" if parameter.unit == "1" else unit_label(parameter.unit).in_language(language)
            usual = _ALWAYS.in_language(language).format(value=_dated(parameter.value, language, unit))
            what = bracketed(parameter.label.in_language(language), name, language)
            values = (usual if each is None else _dated(each, language, unit) for each in (old, new))
            yield Departure("parameter", what, *values)


def _dated(value: DatedValue, language: Language, unit: str) -> str:
    if isinstance(value, Mapping):
        said = {format_month(month): _said(each, language, unit) for month, each in value.items()}
        return text.behind_commas((text.headed(*pair, language) for pair in said.items()), language)
    return _said(value, language, unit)


def _feedbacks(base: Scenario, other: Scenario, language: Language) -> Iterator[Departure]:
    for name, label in FEEDBACKS.items():
        old, new = (each.feedbacks.get(name, True) for each in (base, other))
        if old != new:
            words = ((_ON if each else _OFF).in_language(language) for each in (old, new))
            yield Departure("feedback", label.in_language(language), *words)


def _others(base: Scenario, other: Scenario, language: Language) -> Iterator[Departure]:
    if base.county_data != other.county_data:
        counts = (str(sum(map(len, each.county_data.values()))) for each in (base, other))
        yield Departure("other", _COUNTY_DATA.in_language(language), *counts)
    if base.posterior != other.posterior:
        usual = _USUAL.in_language(language)
        names = (each.posterior.folder.name if each.posterior else usual for each in (base, other))
        yield Departure("other", _POSTERIOR.in_language(language), *names)
