"""Reading the targets of a scenario: numbers by month, how they are compared, and the clause they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from urbsim.observation.indicators import INDICATORS
from urbsim.policies.base import Source
from urbsim.reading.located import Node
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import listed, shortened
from urbsim.scenario.fields import (
    MONTH_FORM,
    Report,
    boolean_of,
    entries_of,
    month_from,
    note_unknown,
    number_of,
    text_of,
)
from urbsim.scenario.hints import end_hint
from urbsim.scenario.model import REFERENCES, Comparator, Target
from urbsim.scenario.rules import check_source

#: Keys of a target beside its months, and what they mean.
TARGET_KEYS: Mapping[str, str] = {
    "comparator": "how the simulated value is compared: at_least (without it), at_most or about",
    "tolerance": "of a target with 'about': distance from the target that still counts, in the indicator's unit",
    "relative_to": "what the numbers are added to: province or country (with reference), or a month of the run itself",
    "reference": "of a target relative to province or country: their value by month, in the indicator's unit",
    "source": "programme clause the target comes from",
}


def targets_of(nodes: Mapping[str, Node], report: Report) -> tuple[Target, ...]:
    """Return the targets by indicator and month; what is wrong is noted."""
    found: list[Target] = []
    for name, node in nodes.items():
        if name not in INDICATORS:
            labels = {each: indicator.label for each, indicator in INDICATORS.items()}
            note_unknown(name, node, "indicator", labels, report)
            continue
        entries = entries_of(node, f"target {name}", report)
        if isinstance(node.value, dict) and entries.keys() <= TARGET_KEYS.keys():
            report.note(node.key_at, f"target {name} has no month", "'YYYY-MM: value', for example '2025-12: 0.55'")
        found += _Entry(name, entries, report).targets()
    return tuple(sorted(found, key=lambda target: (target.indicator, target.month)))


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one indicator's target says."""

    name: str
    entries: Mapping[str, Node]
    report: Report

    def targets(self) -> list[Target]:
        """Return the indicator's targets, one a month."""
        relative_to, comparator = self._relative_to(), self._comparator()
        tolerance = self._tolerance(comparator)
        reference = self._reference(relative_to)
        # What is wrong with a reference that is there is said where it stands.
        stated = self._entries_of("reference") if not self._is_blank("reference") else self.entries
        source = _source_of(self.entries.get("source"), self.name, self.report)
        found: list[Target] = []
        for text, node in self.entries.items():
            if text in TARGET_KEYS:
                continue
            if similar(text, TARGET_KEYS) is not None and not text[:1].isdigit():
                note_unknown(text, node, "key", TARGET_KEYS, self.report, f"target {self.name}")
                continue
            month = month_from(text, node.key_at, f"the date of target {self.name} is", self.report, end_hint)
            value = self._number(node, text, signed=relative_to is not None)
            if relative_to in REFERENCES and month is not None and text not in stated:
                allowed = f"reference: {{{text}: value of the {relative_to}}}"
                self.report.note(node.key_at, f"target {self.name} in {shortened(text)} has no reference", allowed)
            if month is not None and value is not None:
                told = (source, comparator, tolerance, relative_to, reference.get(month))
                found.append(Target(self.name, month, value, *told))
        return found

    def _is_blank(self, key: str) -> bool:
        return key in self.entries and self.entries[key].is_blank

    def _entries_of(self, key: str) -> Mapping[str, Node]:
        return self.entries[key].entries if key in self.entries else {}

    def _number(self, node: Node, text: str, *, signed: bool = False, what: str = "") -> float | None:
        indicator = INDICATORS[self.name]
        bounds = (-1.0 if signed else 0.0, 1.0) if indicator.percent else None
        key = f"{what}target {self.name} in {shortened(text)}"
        return number_of(node, key, bounds, indicator.unit, self.report)

    def _comparator(self) -> Comparator:
        node = self.entries.get("comparator")
        if node is None:
            return Comparator.AT_LEAST
        if node.value in list(Comparator):
            return Comparator(str(node.value))
        text = str(node.value)
        found = f"comparator of target {self.name} is {node.describe()}"
        self.report.note(node.at, found, listed(Comparator), similar(text, Comparator))
        return Comparator.AT_LEAST

    def _tolerance(self, comparator: Comparator) -> float | None:
        node = self.entries.get("tolerance")
        if node is None:
            return None
        if comparator is not Comparator.ABOUT and not self._is_blank("comparator"):
            found = f"target {self.name} has a tolerance and the comparator {comparator}"
            self.report.note(node.key_at, found, "a tolerance only with comparator: about")
        indicator = INDICATORS[self.name]
        bounds = (0.0, 1.0 if indicator.percent else float("inf"))
        return number_of(node, f"tolerance of target {self.name}", bounds, indicator.unit, self.report)

    def _relative_to(self) -> str | None:
        node = self.entries.get("relative_to")
        if node is None:
            return None
        text = str(node.value)
        if text in REFERENCES:
            return text
        if isinstance(node.value, str) and text[:1].isdigit():
            is_month = month_from(text, node.at, f"relative_to of target {self.name} is", self.report) is not None
            return text if is_month else None
        found = f"relative_to of target {self.name} is {node.describe()}"
        self.report.note(node.at, found, f"{listed(REFERENCES)} or {MONTH_FORM}", similar(text, REFERENCES))
        return None

    def _reference(self, relative_to: str | None) -> dict[int, float]:
        node = self.entries.get("reference")
        if node is None:
            return {}
        if relative_to not in REFERENCES and not self._is_blank("relative_to"):
            found = f"target {self.name} has a reference that nothing is relative to"
            self.report.note(node.key_at, found, f"a reference only with relative_to: {' or '.join(REFERENCES)}")
        values: dict[int, float] = {}
        for text, inner in entries_of(node, f"reference of target {self.name}", self.report).items():
            month = month_from(
                text, inner.key_at, f"a date of the reference of target {self.name} is", self.report, end_hint
            )
            value = self._number(inner, text, what="reference of ")
            if month is not None and value is not None:
                values[month] = value
        return values


def _source_of(node: Node | None, name: str, report: Report) -> Source | None:
    """Return the clause a target comes from; what a programme sets as a target is given by it."""
    if node is None:
        return None
    key = f"source of target {name}"
    check_source(node, report)
    entries = entries_of(node, key, report)
    unknowns = [field for field in entries if field not in Source.model_fields]
    for unknown in unknowns:
        note_unknown(unknown, entries[unknown], "key", Source.model_fields, report, key)
    for required in ("programme", "clause"):
        if required not in entries and isinstance(node.value, dict) and similar(required, unknowns) is None:
            report.note(node.key_at, f"{key} has no {required}", f"{required}: text")
    present = [field for field in ("programme", "clause") if field in entries]
    texts = {field: text_of(entries[field], field, report) for field in present}
    given = boolean_of(entries["given"], "given", report) if "given" in entries else True
    if len(texts) < 2 or None in texts.values() or given is None:
        return None
    return Source(programme=str(texts["programme"]), clause=str(texts["clause"]), given=given)
