"""What an experiment will run: scenarios, replicates and the identity of each run.

A run is identified by (scenario, draw, replicate). Its luck depends on the seed, draw and replicate only, so runs of
different scenarios with the same draw and replicate are paired person by person. ``draw`` numbers draws of parameters
from the posterior, 0 being its median; every draw has luck of its own, so that an interval holds both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from urbsim.experiment.errors import ExperimentError
from urbsim.months import format_month
from urbsim.posterior.draws import available_draws
from urbsim.scenario.model import Scenario

DEFAULT_DRAWS = 8
DEFAULT_REPLICATES = 1


@dataclass(frozen=True, slots=True)
class RunKey:
    """Identity of one run of an experiment."""

    scenario: str
    draw: int
    replicate: int


@dataclass(frozen=True)
class Task:
    """One run to do."""

    key: RunKey
    scenario: Scenario
    seed: int
    luck: int  # number of the luck, and of the base population; the same in every scenario


@dataclass(frozen=True)
class Plan:
    """Scenarios to run side by side, the first being the baseline, and how often."""

    scenarios: tuple[Scenario, ...]
    seed: int
    draws: int
    replicates: int

    @property
    def baseline(self) -> Scenario:
        """The scenario that the others are compared with."""
        return self.scenarios[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios in order."""
        return tuple(scenario.name for scenario in self.scenarios)

    @property
    def world(self) -> str:
        """The place that stands for the whole world in the series: the only county, or the region."""
        counties = self.baseline.counties
        return counties[0] if len(counties) == 1 else self.baseline.region

    @property
    def months(self) -> int:
        """Months of all runs together."""
        return self.baseline.months * len(self.run_keys())

    @property
    def draw_numbers(self) -> tuple[int, ...]:
        """Numbers of the draws: 1 and on, or 0 alone for the median."""
        return tuple(range(1, self.draws + 1)) or (0,)

    @property
    def _pairs(self) -> list[tuple[int, int]]:
        return [(draw, replicate) for draw in self.draw_numbers for replicate in range(self.replicates)]

    def tasks(self) -> Iterator[Task]:
        """Yield every run, scenario by scenario within draw and replicate, so that they can share a base population."""
        for luck, (draw, replicate) in enumerate(self._pairs):
            for scenario in self.scenarios:
                yield Task(RunKey(scenario.name, draw, replicate), scenario, self.seed, luck)

    def run_keys(self) -> list[RunKey]:
        """Return every run's identity, scenario by scenario: the order of rows in the merged tables."""
        return [RunKey(name, draw, replicate) for name in self.names for draw, replicate in self._pairs]

    def file_names(self) -> dict[str, str]:
        """Return a distinct name fit for files by scenario name."""
        found: dict[str, str] = {}
        for name in self.names:
            stem = re.sub(r"[^\w.-]+", "-", name).strip("-._").lower() or "scenario"
            twins = sum(re.fullmatch(re.escape(stem) + r"(-\d+)?", other) is not None for other in found.values())
            found[name] = f"{stem}-{twins + 1}" if twins else stem
        return found


def make_plan(
    scenarios: Sequence[Scenario],
    *,
    scale: float | None = None,
    until: int | None = None,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
    replicates: int = DEFAULT_REPLICATES,
) -> Plan:
    """Return the plan for scenarios that can be compared.

    Parameters
    ----------
    scenarios
        One scenario, or several of the same region and period; the first is the baseline.
    scale, until
        Sampled share of the population and last month simulated, in place of the scenarios' own.
    seed
        Root of all random numbers.
    draws, replicates
        Draws of the parameters from the posterior, 0 for its median alone, and repetitions of each with different luck.

    Raises
    ------
    ExperimentError
        If a number is out of bounds, two scenarios share a name, or region, start, until or scale differ.
    """
    _check_numbers(scenarios, scale, until, seed, draws, replicates)
    changes = {key: value for key, value in (("scale", scale), ("until", until)) if value is not None}
    final = tuple(replace(scenario, **changes) for scenario in scenarios)  # type: ignore[arg-type]
    _check_names(final)
    for other in final[1:]:
        _check_comparable(final[0], other)
    return Plan(final, seed, draws, replicates)


def _check_numbers(
    scenarios: Sequence[Scenario], scale: float | None, until: int | None, seed: int, draws: int, replicates: int
) -> None:
    if not scenarios:
        raise ExperimentError("there is no scenario to run")
    if replicates < 1:
        raise ExperimentError(f"replicates is {replicates}; it must be 1 or more")
    available = available_draws()
    if not 0 <= draws <= available:
        raise ExperimentError(f"draws is {draws}; the posterior holds {available}, and 0 stands for its median")
    if not 0 <= seed < 2**63:
        raise ExperimentError(f"seed is {seed}; it must be between 0 and 2^63 - 1")
    if scale is not None and not 0 < scale <= 1:
        raise ExperimentError(f"scale is {scale:g}; it must be above 0 and at most 1 (1 simulates every person)")
    for scenario in scenarios:
        if until is not None and until < scenario.start:
            start = format_month(scenario.start)
            raise ExperimentError(f"until {format_month(until)} is before '{scenario.name}' starts, {start}")


def _check_names(scenarios: Sequence[Scenario]) -> None:
    seen: dict[str, Scenario] = {}
    for scenario in scenarios:
        first = seen.setdefault(scenario.name, scenario)
        if first is not scenario:
            files = " and ".join(str(one.path) for one in (first, scenario) if one.path)
            raise ExperimentError(
                f"two scenarios are named '{scenario.name}'{f' ({files})' if files else ''}; give each its own name"
            )


def _check_comparable(baseline: Scenario, other: Scenario) -> None:
    pairs = [
        ("region", ", ".join(baseline.counties[:5]), ", ".join(other.counties[:5]), baseline.counties, other.counties),
        ("start", format_month(baseline.start), format_month(other.start), baseline.start, other.start),
        ("until", format_month(baseline.until), format_month(other.until), baseline.until, other.until),
        ("scale", f"{baseline.scale:g}", f"{other.scale:g}", baseline.scale, other.scale),
    ]
    unlike = [
        f"{what} ({ours} in '{baseline.name}', {theirs} in '{other.name}')"
        for what, ours, theirs, left, right in pairs
        if left != right
    ]
    if unlike:
        raise ExperimentError(f"these scenarios cannot be compared, they differ in {'; '.join(unlike)}")
