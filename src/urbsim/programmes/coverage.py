"""How much of a programme the model carries, and the rows that are still open.

A row is open when it names a lever or an indicator that the code does not have yet, or when no scenario sets its
levers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from urbsim.labels import Label
from urbsim.programmes.rows import Measure, Programme, Use

#: Names of the levers that a scenario's policies use, by the scenario's path in the folder of scenarios.
LeversSet = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class ProgrammeCoverage:
    """Numbers of rows of one programme; ``by_lever``, ``by_indicator`` and ``not_modelled`` add up to ``measures``."""

    clauses: int
    measures: int
    by_lever: int
    by_indicator: int
    not_modelled: int
    figures: Mapping[Use, int]


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A measure or figure that nothing stands for yet, and what is missing."""

    programme: str
    row: str
    gloss: Label
    missing: Label


def coverage(programme: Programme) -> ProgrammeCoverage:
    """Count the rows of a programme by what stands for them."""
    measures = [measure for _, measure in programme.measures]
    uses = Counter(figure.use for figure in programme.figures)
    return ProgrammeCoverage(
        clauses=len(programme.clauses),
        measures=len(measures),
        by_lever=sum(bool(measure.levers) for measure in measures),
        by_indicator=sum(measure.indicator is not None for measure in measures),
        not_modelled=sum(measure.not_modelled is not None for measure in measures),
        figures={use: uses[use] for use in Use},
    )


def open_rows(programme: Programme, levers_set: LeversSet) -> list[OpenRow]:
    """Return the rows of a programme that are open, in the order of its file."""
    found = [
        OpenRow(programme.programme, measure.id, measure.gloss, missing)
        for _, measure in programme.measures
        for missing in _missing(measure, levers_set)
    ]
    return found + [
        OpenRow(programme.programme, figure.id, figure.name, missing)
        for figure in programme.figures
        for missing in _missing_indicator(figure.indicator)
    ]


def _missing(measure: Measure, levers_set: LeversSet) -> Iterator[Label]:
    from urbsim.policies.registry import all_levers

    absent = [lever for lever in measure.levers if lever not in all_levers()]
    yield from (Label(f"there is no lever {lever}", f"尚无政策工具 {lever}") for lever in absent)
    yield from _missing_indicator(measure.indicator)
    if absent or not measure.levers:
        return
    if not measure.scenarios:
        yield Label("no scenario is named", "未指明情景")
        return
    lost = [path for path in measure.scenarios if path not in levers_set]
    yield from (Label(f"there is no scenario {path}", f"没有情景 {path}") for path in lost)
    known = [path for path in measure.scenarios if path in levers_set]
    for lever in measure.levers:
        if known and not any(lever in levers_set[path] for path in known):
            paths = ", ".join(known)
            yield Label(f"{paths} does not use {lever}", f"{paths} 未使用 {lever}")


def _missing_indicator(indicator: str | None) -> Iterator[Label]:
    from urbsim.observation.indicators import INDICATORS

    if indicator is not None and indicator not in INDICATORS:
        yield Label(f"there is no indicator {indicator}", f"尚无指标 {indicator}")
