"""From what somebody asks for, in words, to observations and a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from urbsim.distribution.groups import DEFAULT_BY, DEFAULT_INDICATOR
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.manifest import read_manifest
from urbsim.experiment.plan import DEFAULT_DRAWS, DEFAULT_REPLICATES, Plan, make_plan
from urbsim.experiment.reopen import recorded_plan
from urbsim.labels import Label, bilingual
from urbsim.observation.dimensions import DIMENSIONS, ages_of
from urbsim.observation.measures import MEASURES, of_the_whole_county
from urbsim.observation.observe import Observation
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.suggestions import did_you_mean, named
from urbsim.reading.wording import listed, quoted
from urbsim.scenario.loading import load_scenario
from urbsim.scenario.model import Scenario


def asked(
    indicators: Sequence[str] = (), by: Sequence[str] = (), of: Mapping[str, str | Sequence[str]] | None = None
) -> dict[str, Observation]:
    """Return an observation for each indicator, by its name.

    Parameters
    ----------
    indicators
        Names of ``MEASURES``; the urbanization rate without any.
    by
        Names of ``DIMENSIONS``; age without any.
    of
        Of whom: a range of ages by ``age``, one or more members by other dimensions.

    Raises
    ------
    ExperimentError
        If a name is unknown; the message says what is allowed and what was probably meant.
    """
    labels = {name: measure.label for name, measure in MEASURES.items()}
    indicators = [named(name, labels) or name for name in indicators]
    groups = {each: dimension.label for each, dimension in DIMENSIONS.items()}
    by = [named(name, groups) or name for name in by]
    for name in indicators:
        if found := of_the_whole_county(name):
            raise ExperimentError(
                bilingual(f"{found}; allowed: {listed(MEASURES)}", f"{found}；允许：{listed(MEASURES)}")
            )
        _check(bilingual("indicator by group", "分组指标"), name, labels)
    for name in by:
        _check(bilingual("group", "分组"), name, groups)
    members, ages = _whom(of or {})
    dimensions = tuple(dict.fromkeys(by or DEFAULT_BY))
    return {name: Observation(name, dimensions, members, ages) for name in indicators or (DEFAULT_INDICATOR,)}


def _whom(of: Mapping[str, str | Sequence[str]]) -> tuple[dict[str, tuple[str, ...]], tuple[int, int] | None]:
    members: dict[str, tuple[str, ...]] = {}
    ages = None
    for name, wanted in of.items():
        _check(bilingual("group", "分组"), name, {each: dimension.label for each, dimension in DIMENSIONS.items()})
        chosen = (wanted,) if isinstance(wanted, str) else tuple(wanted)
        if name == "age":
            ages = ages_of(chosen[0]) if len(chosen) == 1 else None
            if ages is None:
                raise ExperimentError(
                    bilingual(
                        f"age is {quoted(', '.join(chosen))}; allowed: one range, such as 16-59 or 75+",
                        f"age 是{quoted(', '.join(chosen))}；允许：一个年龄区间，例如 16-59 或 75+",
                    )
                )
            continue
        for member in chosen:
            _check(bilingual(f"{name} of people", f"{name} 的取值"), member, DIMENSIONS[name].members)
        members[name] = chosen
    return members, ages


def _check(what: str, name: str, known: Mapping[str, Label]) -> None:
    if name not in known:
        meant = did_you_mean(name, known, labels=known)
        raise ExperimentError(
            bilingual(
                f"there is no {what} {quoted(name)}; allowed: {listed(known)}{meant}",
                f"没有{what}{quoted(name)}；允许：{listed(known)}{meant}",
            )
        )


def plan_of(
    paths: Sequence[Path],
    *,
    scale: float | None = None,
    seed: int | None = None,
    draws: int | None = None,
    replicates: int | None = None,
    allow_code: bool = False,
) -> Plan:
    """Return the plan of run folders and scenario files, in their order, each scenario once.

    Settings that are not given are those of the folders, with the draws that these used.

    Raises
    ------
    ExperimentError
        If a folder holds no run, folders differ in a setting that is not given, or scenarios cannot be compared.
    ScenarioError
        With every mistake of the scenario files.
    """
    load = partial(load_scenario, allow_code=allow_code)
    folders = {path: recorded_plan(path, read_manifest(path), load) for path in paths if path.is_dir()}
    settings = {"seed": seed, "draws": draws, "replicates": replicates}
    usual: dict[str, Any] = {"seed": 0, "draws": DEFAULT_DRAWS, "replicates": DEFAULT_REPLICATES}
    for name, value in settings.items():
        found = {getattr(plan, name) for plan in folders.values()}
        if value is None and len(found) > 1:
            raise ExperimentError(
                bilingual(
                    f"the run folders differ in {name}: {listed(map(str, sorted(found)))}; give --{name}",
                    f"各结果文件夹的 {name} 不同：{listed(map(str, sorted(found)))}；请给出 --{name}",
                )
            )
        settings[name] = value if value is not None else next(iter(found), usual[name])
    scenarios = _scenarios(paths, folders, allow_code=allow_code)
    if folders and scale is None:
        scale = next(iter(folders.values())).baseline.scale
    until = max(plan.baseline.until for plan in folders.values()) if folders else None
    plan = make_plan(scenarios, scale=scale, until=until, **settings)  # type: ignore[arg-type]
    recorded = {key: its for folder in folders.values() for key, its in folder.recorded.items()}
    return replace(plan, recorded=recorded)


def _scenarios(paths: Sequence[Path], folders: Mapping[Path, Plan], *, allow_code: bool) -> list[Scenario]:
    found: list[Scenario] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            several = folders[path].scenarios if path in folders else (load_scenario(path, allow_code=allow_code),)
        except ScenarioError as error:
            problems += error.problems
            continue
        found += [scenario for scenario in several if scenario not in found]
    if problems:
        raise ScenarioError(list(dict.fromkeys(problems)))
    return found
