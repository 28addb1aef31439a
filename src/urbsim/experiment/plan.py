"""What an experiment will run: scenarios, replicates and the identity of each run.

A run is identified by (scenario, draw, replicate). Its random stream depends on the seed, draw and replicate only, so
runs of different scenarios with the same draw and replicate are paired person by person, and more draws or replicates
add runs without changing those there were. ``draw`` numbers draws of parameters from the posterior, 0 being its median;
every draw has a random stream of its own, so that an interval holds both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from urbsim.experiment.checkpoint import Checkpoint
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.names import distinct_names
from urbsim.experiment.simulate import Task
from urbsim.labels import Language, bilingual, printable
from urbsim.months import format_month
from urbsim.parameters import DatedValue, overlay
from urbsim.posterior.draws import available_draws, draw, draws_of, own_draw
from urbsim.reading.wording import together
from urbsim.scenario.model import LAST_MONTH, SCALE_BOUNDS, Scenario
from urbsim.state.constants import NO_CONSTANTS, OwnConstants

DEFAULT_DRAWS = 8
DEFAULT_REPLICATES = 1
#: More would fill any disk before they tell anything new.
MOST_REPLICATES = 10_000
#: More draws than any posterior holds: replicates of a draw take their random streams from beyond.
_MOST_DRAWS = 2**32


@dataclass(frozen=True, slots=True)
class RunKey:
    """Identity of one run of an experiment."""

    scenario: str
    draw: int
    replicate: int

    def __str__(self) -> str:
        return bilingual(
            f"{self.scenario}, draw {self.draw}, replicate {self.replicate}",
            f"{self.scenario}，第 {self.draw} 组抽样，第 {self.replicate} 次重复",
        )


@dataclass(frozen=True)
class Failure:
    """A run that raised an error: at which stage, what, and the traceback."""

    key: RunKey
    stage: str
    error: str
    details: str


@dataclass(frozen=True)
class Given:
    """What a scenario runs with in one draw: its final parameters, and the constants of its counties in their order."""

    parameters: Mapping[str, DatedValue]
    constants: tuple[OwnConstants, ...]


def given(scenario: Scenario, number: int) -> Given:
    """Return what a scenario runs with in a draw: what was written holds against the posterior.

    A scenario that is not calibrated runs with the registry's values and constants of zero, whatever the draw.
    """
    if not scenario.calibrated:
        return Given(scenario.parameters, (NO_CONSTANTS,) * len(scenario.counties))
    if scenario.posterior is not None:
        drawn = own_draw(scenario.posterior.folder, number, scenario.counties, scenario.base_year)
    else:
        drawn = draw(number, scenario.counties, scenario.base_year)
    return Given(overlay(drawn.parameters, scenario.parameters), drawn.constants.rows())


def stream_of(number: int, replicate: int) -> int:
    """Return the number of the random stream of a draw's replicate: no two of an experiment share one."""
    return replicate if number == 0 else number - 1 + replicate * _MOST_DRAWS


@dataclass(frozen=True)
class Plan:
    """Scenarios to run side by side, the first being the baseline, and how often.

    ``recorded`` holds what a run folder recorded by scenario and draw, which then stands for the present posterior;
    ``checkpoints`` what runs go on from.
    """

    scenarios: tuple[Scenario, ...]
    seed: int
    draws: int
    replicates: int
    recorded: Mapping[tuple[str, int], Given] = field(default_factory=dict)
    checkpoints: Mapping[RunKey, Checkpoint] = field(default_factory=dict)

    @property
    def baseline(self) -> Scenario:
        """The scenario that the others are compared with."""
        return self.scenarios[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios in order."""
        return tuple(scenario.name for scenario in self.scenarios)

    def titles(self, language: Language) -> dict[str, str]:
        """Return what people are shown of each scenario's name, by name, in order."""
        return {scenario.name: printable(scenario.title.in_language(language)) for scenario in self.scenarios}

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

    @cached_property
    def _given(self) -> dict[tuple[str, int], Given]:
        return {
            (scenario.name, number): self.recorded.get((scenario.name, number)) or given(scenario, number)
            for scenario in self.scenarios
            for number in self.draw_numbers
        }

    def given(self) -> dict[tuple[str, int], Given]:
        """Return what every scenario runs with in every draw, by name and number; it is looked up once."""
        return dict(self._given)

    def tasks(self) -> dict[RunKey, Task]:
        """Return every run; scenarios of a draw and replicate follow each other, to share a base population."""
        known = self.given()
        found = {}
        for number, replicate in self._pairs:
            for scenario in self.scenarios:
                its = known[scenario.name, number]
                final = replace(scenario, parameters=its.parameters)
                key = RunKey(scenario.name, number, replicate)
                stream = stream_of(number, replicate)
                found[key] = Task(final, its.constants, self.seed, stream, checkpoint=self.checkpoints.get(key))
        return found

    def run_keys(self) -> list[RunKey]:
        """Return every run's identity, scenario by scenario: the order of rows in the merged tables."""
        return [RunKey(name, draw, replicate) for name in self.names for draw, replicate in self._pairs]

    def file_names(self) -> dict[str, str]:
        """Return a distinct name fit for files by scenario name."""
        return dict(zip(self.names, distinct_names(self.names), strict=True))


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
        Draws of the parameters from the posterior, 0 for its median alone, and repetitions of each with other random
        numbers.

    Raises
    ------
    ExperimentError
        If a number is out of bounds, a scenario's own posterior is missing, two scenarios share a name, or region,
        start, until or scale differ.
    """
    _check_numbers(scenarios, scale, until, seed, draws, replicates)
    changes = {key: value for key, value in (("scale", scale), ("until", until)) if value is not None}
    for scenario in scenarios:
        _check_posterior(scenario, draws)
    final = tuple(replace(scenario, **changes) for scenario in scenarios)  # type: ignore[arg-type]
    _check_names(final)
    for other in final[1:]:
        _check_comparable(final[0], other)
    return Plan(final, seed, draws, replicates)


def _check_numbers(
    scenarios: Sequence[Scenario], scale: float | None, until: int | None, seed: int, draws: int, replicates: int
) -> None:
    if not scenarios:
        raise ExperimentError(bilingual("there is no scenario to run", "没有要模拟的情景"))
    if replicates < 1:
        raise ExperimentError(
            bilingual(
                f"replicates is {replicates}; it must be 1 or more", f"replicates 是 {replicates}；必须是 1 或更大"
            )
        )
    if replicates > MOST_REPLICATES:
        raise ExperimentError(
            bilingual(
                f"replicates is {replicates}; it must be at most {MOST_REPLICATES:,}",
                f"replicates 是 {replicates}；至多 {MOST_REPLICATES:,}",
            )
        )
    available = available_draws()
    if not 0 <= draws <= available:
        raise ExperimentError(
            bilingual(
                f"draws is {draws}; the posterior holds {available}, and 0 stands for its median",
                f"draws 是 {draws}；后验有 {available} 组抽样，0 表示中位数",
            )
        )
    if not 0 <= seed < 2**63:
        raise ExperimentError(
            bilingual(
                f"seed is {seed}; it must be between 0 and 2^63 - 1", f"seed 是 {seed}；必须在 0 与 2^63 - 1 之间"
            )
        )
    if scale is not None and not 0 < scale <= 1:
        raise ExperimentError(
            bilingual(
                f"scale is {scale:g}; it must be above 0 and at most 1 (1 simulates every person)",
                f"scale 是 {scale:g}；必须大于 0 且不超过 1（1 表示模拟每一个人）",
            )
        )
    if scale is not None and scale < SCALE_BOUNDS[0]:
        raise ExperimentError(
            bilingual(
                f"scale is {scale:g}; it must be at least {SCALE_BOUNDS[0]:g}, or nobody is left",
                f"scale 是 {scale:g}；至少 {SCALE_BOUNDS[0]:g}，否则一个人也不剩",
            )
        )
    for scenario in scenarios:
        if until is not None and until < scenario.start:
            start = format_month(scenario.start)
            raise ExperimentError(
                bilingual(
                    f"until {format_month(until)} is before '{scenario.name}' starts, {start}",
                    f"until {format_month(until)} 早于“{scenario.title.zh}”的起始月 {start}",
                )
            )
    if until is not None and until > LAST_MONTH:
        last = format_month(LAST_MONTH)
        raise ExperimentError(
            bilingual(
                f"until is {format_month(until)}; it must be {last} or before, as rates of birth end there",
                f"until 是 {format_month(until)}；不得晚于 {last}，生育率数据到此为止",
            )
        )


def _check_posterior(scenario: Scenario, draws: int) -> None:
    """Raise ``ExperimentError`` if a scenario's own posterior is missing or holds fewer draws than are asked for."""
    if scenario.posterior is None or not scenario.calibrated:
        return
    whose = bilingual(
        f"the posterior of '{scenario.name}', {scenario.posterior.folder},",
        f"“{scenario.title.zh}”的后验 {scenario.posterior.folder}",
    )
    if not scenario.posterior.digest:
        raise ExperimentError(
            bilingual(
                f"{whose} is not there; make it with: urbsim calibrate {scenario.path or 'SCENARIO.yaml'}",
                f"没有{whose}；可用此命令生成：urbsim calibrate {scenario.path or 'SCENARIO.yaml'}",
            )
        )
    available = draws_of(scenario.posterior.folder)
    if draws > available:
        raise ExperimentError(
            bilingual(
                f"draws is {draws}; {whose} holds {available}, and 0 stands for its middle",
                f"draws 是 {draws}；{whose}有 {available} 组抽样，0 表示中间值",
            )
        )


def _check_names(scenarios: Sequence[Scenario]) -> None:
    seen: dict[str, Scenario] = {}
    for scenario in scenarios:
        first = seen.setdefault(scenario.name, scenario)
        if first is not scenario:
            files = together(str(one.path) for one in (first, scenario) if one.path)
            raise ExperimentError(
                bilingual(
                    f"two scenarios are named '{scenario.name}'{f' ({files})' if files else ''}; give each its "
                    "own name",
                    f"两个情景都叫“{scenario.name}”{f'（{files}）' if files else ''}；请各用不同的名称",
                )
            )


def _check_comparable(baseline: Scenario, other: Scenario) -> None:
    pairs = [
        ("region", ", ".join(baseline.counties[:5]), ", ".join(other.counties[:5]), baseline.counties, other.counties),
        ("start", format_month(baseline.start), format_month(other.start), baseline.start, other.start),
        ("until", format_month(baseline.until), format_month(other.until), baseline.until, other.until),
        ("scale", f"{baseline.scale:g}", f"{other.scale:g}", baseline.scale, other.scale),
    ]
    unlike = [
        bilingual(
            f"{what} ({ours} in '{baseline.name}', {theirs} in '{other.name}')",
            f"{what}（“{baseline.title.zh}”为 {ours}，“{other.title.zh}”为 {theirs}）",
        )
        for what, ours, theirs, left, right in pairs
        if left != right
    ]
    if unlike:
        raise ExperimentError(
            bilingual(
                f"these scenarios cannot be compared, they differ in {'; '.join(unlike)}",
                f"这些情景不能比较，它们不同之处：{'；'.join(unlike)}",
            )
        )
