"""Reading the targets of a scenario: numbers by month, how they are compared, and the clause they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from urbsim.labels import Label, bilingual
from urbsim.observation.indicators import INDICATORS
from urbsim.policies.base import Source
from urbsim.reading.located import Node
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import either, listed, shortened
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
TARGET_KEYS: Mapping[str, Label] = {
    "comparator": Label(
        "how the simulated value is compared: at_least (without it), at_most or about",
        "模拟值如何比较：at_least（不写即为此）、at_most 或 about",
    ),
    "tolerance": Label(
        "of a target with 'about': distance from the target that still counts, in the indicator's unit",
        "用于“about”的目标：与目标相差多少仍算达到，用该指标的单位",
    ),
    "relative_to": Label(
        "what the numbers are added to: province or country (with reference), or a month of the run itself",
        "这些数加在什么之上：province 或 country（须写 reference），或模拟中的某个月",
    ),
    "reference": Label(
        "of a target relative to province or country: their value by month, in the indicator's unit",
        "用于相对于 province 或 country 的目标：它们各月的数值，用该指标的单位",
    ),
    "source": Label("programme clause the target comes from", "目标所出自的规划条款"),
}


def targets_of(nodes: Mapping[str, Node], report: Report) -> tuple[Target, ...]:
    """Return the targets by indicator and month; what is wrong is noted."""
    found: list[Target] = []
    for name, node in nodes.items():
        if name not in INDICATORS:
            labels = {each: indicator.label for each, indicator in INDICATORS.items()}
            note_unknown(name, node, bilingual("indicator", "指标"), labels, report)
            continue
        entries = entries_of(node, bilingual(f"target {name}", f"目标 {name}"), report)
        if isinstance(node.value, dict) and entries.keys() <= TARGET_KEYS.keys():
            report.note(
                node.key_at,
                bilingual(f"target {name} has no month", f"目标 {name} 没有月份"),
                bilingual("'YYYY-MM: value', for example '2025-12: 0.55'", "“YYYY-MM: 数值”，例如“2025-12: 0.55”"),
            )
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
                note_unknown(
                    text,
                    node,
                    bilingual("key", "键"),
                    TARGET_KEYS,
                    self.report,
                    bilingual(f"target {self.name}", f"目标 {self.name}"),
                )
                continue
            month = month_from(
                text,
                node.key_at,
                bilingual(f"the date of target {self.name} is", f"目标 {self.name} 的日期是"),
                self.report,
                end_hint,
            )
            value = self._number(node, text, signed=relative_to is not None)
            if relative_to in REFERENCES and month is not None and text not in stated:
                allowed = bilingual(
                    f"reference: {{{text}: value of the {relative_to}}}", f"reference: {{{text}: {relative_to} 的数值}}"
                )
                self.report.note(
                    node.key_at,
                    bilingual(
                        f"target {self.name} in {shortened(text)} has no reference",
                        f"目标 {self.name}（{shortened(text)}）没有 reference",
                    ),
                    allowed,
                )
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
        key = bilingual(
            f"{what}target {self.name} in {shortened(text)}", f"{what}目标 {self.name}（{shortened(text)}）"
        )
        return number_of(node, key, bounds, indicator.unit, self.report)

    def _comparator(self) -> Comparator:
        node = self.entries.get("comparator")
        if node is None:
            return Comparator.AT_LEAST
        if node.value in list(Comparator):
            return Comparator(str(node.value))
        text = str(node.value)
        found = bilingual(
            f"comparator of target {self.name} is {node.describe()}",
            f"目标 {self.name} 的 comparator 的值是{node.describe()}",
        )
        self.report.note(node.at, found, listed(Comparator), similar(text, Comparator))
        return Comparator.AT_LEAST

    def _tolerance(self, comparator: Comparator) -> float | None:
        node = self.entries.get("tolerance")
        if node is None:
            return None
        if comparator is not Comparator.ABOUT and not self._is_blank("comparator"):
            found = bilingual(
                f"target {self.name} has a tolerance and the comparator {comparator}",
                f"目标 {self.name} 写了 tolerance，而 comparator 是 {comparator}",
            )
            self.report.note(
                node.key_at,
                found,
                bilingual("a tolerance only with comparator: about", "tolerance 只与 comparator: about 一起用"),
            )
        indicator = INDICATORS[self.name]
        bounds = (0.0, 1.0 if indicator.percent else float("inf"))
        return number_of(
            node,
            bilingual(f"tolerance of target {self.name}", f"目标 {self.name} 的 tolerance"),
            bounds,
            indicator.unit,
            self.report,
        )

    def _relative_to(self) -> str | None:
        node = self.entries.get("relative_to")
        if node is None:
            return None
        text = str(node.value)
        if text in REFERENCES:
            return text
        if isinstance(node.value, str) and text[:1].isdigit():
            is_month = (
                month_from(
                    text,
                    node.at,
                    bilingual(f"relative_to of target {self.name} is", f"目标 {self.name} 的 relative_to 的值是"),
                    self.report,
                )
                is not None
            )
            return text if is_month else None
        found = bilingual(
            f"relative_to of target {self.name} is {node.describe()}",
            f"目标 {self.name} 的 relative_to 的值是{node.describe()}",
        )
        self.report.note(
            node.at,
            found,
            bilingual(f"{listed(REFERENCES)} or {MONTH_FORM}", f"{listed(REFERENCES)}，或{MONTH_FORM}"),
            similar(text, REFERENCES),
        )
        return None

    def _reference(self, relative_to: str | None) -> dict[int, float]:
        node = self.entries.get("reference")
        if node is None:
            return {}
        if relative_to not in REFERENCES and not self._is_blank("relative_to"):
            found = bilingual(
                f"target {self.name} has a reference that nothing is relative to",
                f"目标 {self.name} 写了 reference，却没有相对于它的内容",
            )
            self.report.note(
                node.key_at,
                found,
                bilingual(
                    f"a reference only with relative_to: {either(REFERENCES)}",
                    f"reference 只与 relative_to: {'、'.join(REFERENCES)} 一起用",
                ),
            )
        values: dict[int, float] = {}
        for text, inner in entries_of(
            node, bilingual(f"reference of target {self.name}", f"目标 {self.name} 的 reference"), self.report
        ).items():
            month = month_from(
                text,
                inner.key_at,
                bilingual(
                    f"a date of the reference of target {self.name} is", f"目标 {self.name} 的 reference 的一个日期是"
                ),
                self.report,
                end_hint,
            )
            value = self._number(inner, text, what=bilingual("reference of ", "参照值："))
            if month is not None and value is not None:
                values[month] = value
        return values


def _source_of(node: Node | None, name: str, report: Report) -> Source | None:
    """Return the clause a target comes from; what a programme sets as a target is given by it."""
    if node is None:
        return None
    key = bilingual(f"source of target {name}", f"目标 {name} 的来源")
    check_source(node, report)
    entries = entries_of(node, key, report)
    unknowns = [field for field in entries if field not in Source.model_fields]
    for unknown in unknowns:
        note_unknown(unknown, entries[unknown], bilingual("key", "键"), Source.model_fields, report, key)
    for required in ("programme", "clause"):
        if required not in entries and isinstance(node.value, dict) and similar(required, unknowns) is None:
            report.note(
                node.key_at, bilingual(f"{key} has no {required}", f"{key} 没有 {required}"), f"{required}: text"
            )
    present = [field for field in ("programme", "clause") if field in entries]
    texts = {field: text_of(entries[field], field, report) for field in present}
    given = boolean_of(entries["given"], "given", report) if "given" in entries else True
    if len(texts) < 2 or None in texts.values() or given is None:
        return None
    return Source(programme=str(texts["programme"]), clause=str(texts["clause"]), given=given)
