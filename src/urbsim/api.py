"""The functions of the public API that run something."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.errors import ExperimentError, RunError, stage_in_words
from urbsim.experiment.folder import RunFolder
from urbsim.experiment.plan import DEFAULT_DRAWS, DEFAULT_REPLICATES, make_plan
from urbsim.experiment.progress import Counted, Progress
from urbsim.experiment.runner import Runner, available_store, carry_out
from urbsim.labels import Language, bilingual, spoken
from urbsim.scenario.hints import month_asked
from urbsim.scenario.loading import load_scenario
from urbsim.scenario.model import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from urbsim.distribution.groups import Groups


class FailedRunsWarning(UserWarning):
    """Some runs raised an error and are missing from the results."""


class Result(Ensemble):
    """The results of an experiment, with what it takes to draw and to keep them.

    Attributes
    ----------
    groups : Groups or None
        Results by group of the last month: what the scenarios themselves observe (``observe:``). None where they
        observe nothing; what ``urbsim.groups`` says of the same scenarios may be put in its place.
    """

    groups: Groups | None = None

    def plot(self, indicator: str, place: str | None = None, language: Language | None = None) -> Figure:
        """Return a chart of one indicator over time, all scenarios, with intervals and targets.

        Raises
        ------
        KeyError
            If the indicator was not observed; the message lists those that were.
        """
        from urbsim.report.charts.trajectory import trajectory

        return trajectory(self, indicator, place=place, language=language or spoken()).figure

    def save(
        self,
        folder: str | Path,
        language: Language | None = None,
        *,
        export: Sequence[str] = (),
        charts: bool = True,
    ) -> Path:
        """Write the run folder: tables, comparison, groups, charts, report, scenarios and manifest; return its path.

        Parameters
        ----------
        folder
            Where to write. Answers of ``urbsim.groups`` and ``urbsim.contributions`` that lie in it or beside it become
            part of the report.
        language
            The language of charts and exports, and that which the report shows first; the one in force without it.
        export
            What else to write the report as: ``xlsx``, ``docx``, or both.
        charts
            Whether to write charts and the report, which ``urbsim report`` can do later.

        Raises
        ------
        ExperimentError
            If the folder cannot be written or holds another experiment, or there is no such format.
        """
        from urbsim.report.answers import find_answers
        from urbsim.report.body import Shown
        from urbsim.report.export import known_formats
        from urbsim.report.groups import FOLDER, write_groups
        from urbsim.report.write import write_report

        kinds, said = known_formats(export), language or spoken()
        run_folder = RunFolder(Path(folder), self.plan)
        with run_folder.at_work():
            run_folder.begin()
            run_folder.note_workers(self.workers)
            run_folder.store_merged(self.tables)
            if self.groups is not None:
                write_groups(self.groups, run_folder.path / FOLDER, said)
            shown = Shown(answers=find_answers(self.plan, run_folder.path))
            write_report(self, run_folder.path, said, shown, kinds, charts=charts)
            run_folder.finish(self.tables, self.failures)
        return run_folder.path


def simulate(
    scenario: Scenario | str | Path,
    *,
    scale: float | None = None,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
    replicates: int = DEFAULT_REPLICATES,
    until: str | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    overwrite: bool = False,
    progress: bool | Callable[[int, int], None] = False,
) -> Result:
    """Simulate one scenario.

    Parameters
    ----------
    scenario
        From ``load_scenario`` or ``scenario_from_mapping``, or the path of a scenario file.
    scale
        Sampled share of the population, above 0 and at most 1; the scenario's own without it.
    seed
        Root of all random numbers.
    draws, replicates
        Draws of the parameters from the posterior, 0 for its median alone, and repetitions of each with other random
        numbers.
    until
        Last month simulated, YYYY-MM; the scenario's own without it.
    jobs
        Number of processes, one per core without it, as on the command line; results do not depend on it. A lever
        that is defined in the running script or notebook keeps everything in this one.
    executor
        Where the runs are done in place of ``jobs`` processes: ``urbsim.Cluster("tcp://...")``, or any other
        ``concurrent.futures.Executor``. It is left running.
    overwrite
        Simulate again what was simulated before; finished runs are otherwise taken from the user's cache.
    progress
        True shows on standard error how the work gets on; a function is called with runs done and runs in all.

    Raises
    ------
    ExperimentError
        If a number is out of bounds or ``until`` is not a month.
    ScenarioError
        If a scenario file has mistakes.
    RunError
        If no run succeeded or a worker was killed.
    """
    return compare(
        [scenario],
        scale=scale,
        seed=seed,
        draws=draws,
        replicates=replicates,
        until=until,
        jobs=jobs,
        executor=executor,
        overwrite=overwrite,
        progress=progress,
    )


def compare(
    scenarios: Sequence[Scenario | str | Path],
    *,
    scale: float | None = None,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
    replicates: int = DEFAULT_REPLICATES,
    until: str | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    overwrite: bool = False,
    progress: bool | Callable[[int, int], None] = False,
) -> Result:
    """Simulate several scenarios of the same region and period, paired person by person.

    The first scenario is the baseline. Parameters and errors are those of ``simulate``; scenarios that cannot be
    compared raise ``ExperimentError``. A run that fails is left out and reported by a ``FailedRunsWarning``.
    """
    try:
        last = month_asked(until) if until is not None else None
    except ValueError as error:
        raise ExperimentError(str(error)) from None
    given = _loaded(scenarios)
    plan = make_plan(given, scale=scale, until=last, seed=seed, draws=draws, replicates=replicates)
    runner = runner_of(jobs, executor, progress, overwrite=overwrite)
    ensemble = carry_out(plan, runner)
    result = Result(ensemble.plan, ensemble.tables, ensemble.failures, ensemble.workers)
    if ensemble.failures:
        first = ensemble.failures[0]
        warnings.warn(
            bilingual(
                f"{len(ensemble.failures)} of {len(plan.run_keys())} runs failed and are left out; the first, "
                f"'{first.key.scenario}' replicate {first.key.replicate}, at {stage_in_words(first.stage)}: "
                f"{first.error}",
                f"{len(plan.run_keys())} 次模拟中有 {len(ensemble.failures)} 次失败，已略去；"
                f"第一个是“{first.key.scenario}”第 {first.key.replicate} 次重复，出错于{stage_in_words(first.stage)}："
                f"{first.error}",
            ),
            FailedRunsWarning,
            stacklevel=2,
        )
    else:
        from urbsim.distribution.groups import observe_own

        try:
            result.groups = observe_own(plan, runner)
        except RunError as error:
            said = bilingual(f"results by group are missing: {error}", f"缺少分组结果：{error}")
            warnings.warn(said, FailedRunsWarning, stacklevel=2)
    return result


def groups(
    scenarios: Scenario | str | Path | Sequence[Scenario | str | Path],
    *,
    by: str | Sequence[str] = (),
    indicator: str | Sequence[str] = (),
    of: Mapping[str, str | Sequence[str]] | None = None,
    at: str | Sequence[str] = (),
    people: int = 0,
    scale: float | None = None,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
    replicates: int = DEFAULT_REPLICATES,
    jobs: int | None = None,
    executor: Executor | None = None,
    overwrite: bool = False,
    progress: bool | Callable[[int, int], None] = False,
) -> Groups:
    """Return results by group of one or more scenarios, and what the others do to the same people as the first.

    Parameters
    ----------
    scenarios
        From ``load_scenario`` or ``scenario_from_mapping``, or paths of files; the first is the baseline.
    by
        What people are told apart by: ``age``, ``sex``, ``schooling``, ``registration``, ``income_fifth``, ``zone``,
        ``household_type``, ``work``, or several of them. Without ``by``, ``indicator`` and ``of``: what the scenarios
        observe themselves, or age.
    indicator
        What is told of each group, one or several; the urbanization rate without any.
    of
        Of whom: ``{"age": "16-59", "registration": ["local_rural"]}``; everybody without it.
    at
        Months, YYYY-MM; the last without any.
    people
        Persons of every run that ``Groups.people`` holds.
    scale, seed, draws, replicates, jobs, executor, overwrite, progress
        As for ``simulate``. Runs are kept: another question about the same months simulates nothing.

    Raises
    ------
    ExperimentError
        If a name is unknown, a setting out of bounds, or a month not in the run.
    RunError
        If a run fails.
    """
    from urbsim.distribution.asked import asked
    from urbsim.distribution.groups import observations_of, observe_groups

    given = [scenarios] if isinstance(scenarios, Scenario | str | Path) else scenarios
    plan = make_plan(_loaded(given), scale=scale, seed=seed, draws=draws, replicates=replicates)
    own = {} if indicator or by or of else observations_of(plan.scenarios)
    observations = own or asked(_several(indicator), _several(by), of)
    try:
        months = [month_asked(month) for month in _several(at)] or [plan.baseline.until]
    except ValueError as error:
        raise ExperimentError(str(error)) from None
    runner = runner_of(jobs, executor, progress, overwrite=overwrite)
    return observe_groups(plan, observations, months, runner, people)


def _loaded(scenarios: Sequence[Scenario | str | Path]) -> list[Scenario]:
    """Return scenarios, those given as paths read from their files."""
    return [each if isinstance(each, Scenario) else load_scenario(each) for each in scenarios]


def runner_of(
    jobs: int | None, executor: Executor | None, progress: bool | Callable[[int, int], None], *, overwrite: bool
) -> Runner:
    """Return what carries out the runs of a call."""
    if jobs is not None and jobs < 1:
        raise ExperimentError(
            bilingual(
                f"jobs is {jobs}; it must be 1 or more, or None for one per core",
                f"jobs 是 {jobs}；必须是 1 或更大，None 表示每个处理器核一个",
            )
        )
    told = Counted(progress) if callable(progress) else Progress(silent=not progress)
    return Runner(executor or jobs, told, available_store(), overwrite=overwrite)


def _several(names: str | Sequence[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def trace(
    scenario: Scenario,
    month: str,
    *,
    person: str | None = None,
    pick: str | None = None,
    scale: float | None = None,
    seed: int = 0,
    draw: int = 0,
) -> pd.DataFrame:
    """Return every term of one person's choice of where to live in a month, without and with the policies in force.

    Parameters
    ----------
    scenario
        From ``load_scenario`` or ``scenario_from_mapping``.
    month
        Month of the choice, YYYY-MM; the scenario is simulated up to it.
    person, pick
        Key of the person, or a description such as ``female 25-30 village``: one of the two.
    scale, seed, draw
        As for a run; ``draw`` numbers one draw of the posterior, 0 its median.

    Returns
    -------
    DataFrame
        A row for each term of each alternative: policies (``without`` or ``with``), destination, way, term (the
        parameter that is its coefficient), coefficient, quantity, value (their product, in points of utility), meaning;
        and of the alternative utility, probability, shock and whether it is the one chosen. The attributes ``person``
        and ``chance`` say who it is, and how likely it was that it came to a choice.

    Raises
    ------
    ExperimentError
        If a setting is out of bounds or there is nobody to follow.
    RunError
        If the simulation fails.
    """
    from urbsim.tracing.tables import described
    from urbsim.tracing.trace import trace_person

    try:
        number = month_asked(month)
    except ValueError as error:
        raise ExperimentError(str(error)) from None
    found = trace_person(scenario, number, person=person, pick=pick, scale=scale, seed=seed, draw=draw)
    table = described(found, "en").drop(columns="of").merge(found.options, on=["policies", "destination", "way"])
    table.attrs.update(person=found.person, chance=found.chance)
    return table
