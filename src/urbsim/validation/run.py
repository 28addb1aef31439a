"""Run all experiments: the worlds of every replicate, and what the studies make of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from urbsim.evidence.rows import Role
from urbsim.experiment.runner import Runner
from urbsim.labels import Language
from urbsim.validation.evaluations import EVALUATIONS
from urbsim.validation.expectations import EXPECTATIONS
from urbsim.validation.families import FAMILIES
from urbsim.validation.income import INCOME
from urbsim.validation.markets import MARKETS
from urbsim.validation.study import VERDICTS, Estimate, Outcome, Study, StudyResult, summarise
from urbsim.validation.worlds import (
    FEW_YEARS,
    LONGER,
    Change,
    ExperimentSize,
    Field,
    Observed,
    make_field,
    observed_in,
    world_task,
)

STUDIES: tuple[Study, ...] = (*EVALUATIONS, *FAMILIES, *MARKETS, *INCOME, *EXPECTATIONS)
Estimates = Mapping[str, Estimate]


#: The worlds without any change, by when they are looked at.
PLAIN = {"plain": FEW_YEARS, "plain, longer": LONGER}
#: What ``only`` may name beside experiments and studies.
ROLES = (Role.FIT, Role.TEST, Role.EXPECTATION)


def names() -> tuple[str, ...]:
    """Return what ``only`` may name: roles, experiments, and the studies that these repeat."""
    studies = [outcome.evidence for study in STUDIES for outcome in study.outcomes]
    return tuple(dict.fromkeys([*ROLES, *(study.key for study in STUDIES), *studies]))


def _wanted(study: Study, outcome: Outcome, only: Collection[str]) -> bool:
    return not only or bool({outcome.role, study.key, outcome.evidence}.intersection(only))


def estimate(ground: Field, studies: Sequence[Study], worlds: Mapping[str, Observed]) -> dict[str, Estimates]:
    """Return the estimates by study, from the worlds that ``worlds_of`` names."""
    found = {}
    for study in studies:
        its = {name: worlds[f"{study.key} {name}"] for name in study.worlds(ground)}
        found[study.key] = study.estimate(ground, worlds[plain_of(study)], its)
    return found


def plain_of(study: Study) -> str:
    """Return the name of the world that a study's worlds are compared with."""
    return next(name for name, months in PLAIN.items() if set(study.months) <= set(months))


def worlds_of(ground: Field, studies: Sequence[Study]) -> dict[str, tuple[Change, tuple[int, ...]]]:
    """Return the worlds of a replicate by name, the plain ones and those of each study, and when to look at each."""
    plain = {name: (Change(), PLAIN[name]) for name in PLAIN if name in {plain_of(study) for study in studies}}
    theirs = {f"{s.key} {name}": (change, s.months) for s in studies for name, change in s.worlds(ground).items()}
    return {**plain, **theirs}


def run_experiments(
    setting: ExperimentSize,
    studies: Sequence[str] | None = None,
    runner: Runner | None = None,
    only: Collection[str] = (),
) -> list[StudyResult]:
    """Return the results of some experiments (all without ``studies``), in their order.

    ``only`` names roles, experiments or studies of the list: other outcomes are left out, and so are the simulations
    that only they need.
    """
    runner = runner or Runner()
    chosen = [
        study
        for study in STUDIES
        if (studies is None or study.key in studies)
        and any(_wanted(study, outcome, only) for outcome in study.outcomes)
    ]
    grounds = [make_field(setting, number) for number in range(setting.replicates)]
    worlds = [worlds_of(ground, chosen) for ground in grounds]
    places = [(replicate, name) for replicate, names in enumerate(worlds) for name in names]
    tasks = [world_task(grounds[replicate], *worlds[replicate][name]) for replicate, name in places]
    surveys: list[dict[str, Observed]] = [{} for _ in grounds]
    estimates: dict[int, dict[str, Estimates]] = {}
    for position, tables in runner.tables(tasks, "worlds"):
        replicate, name = places[position]
        surveys[replicate][name] = observed_in(tables, worlds[replicate][name][1])
        if len(surveys[replicate]) == len(worlds[replicate]):
            estimates[replicate] = estimate(grounds[replicate], chosen, surveys[replicate])
            surveys[replicate] = {}  # many people, no longer needed
    results: list[StudyResult] = []
    for study in chosen:
        results += summarise(study, [estimates[replicate][study.key] for replicate in sorted(estimates)])
    return [result for result in results if _wanted(result.study, result.outcome, only)]


def as_table(results: Sequence[StudyResult], language: Language = "en") -> pd.DataFrame:
    """Return one row per outcome.

    Columns ``study`` (the experiment), ``outcome`` (keys), ``evidence`` (name in the list of studies), ``role``
    (``fit``, ``test`` or ``expectation``), ``title``, ``label``, ``unit``, ``published``, ``band_low``, ``band_high``
    (empty where open), ``estimate``, ``low``, ``high``, ``twin``, ``twin_low``, ``twin_high`` (empty where there is
    none), ``replicates``, ``verdict``, ``source`` and ``limits``.
    """
    rows = []
    for result in results:
        study, outcome = result.study, result.outcome
        rows.append(
            {
                "study": study.key,
                "outcome": outcome.key,
                "evidence": outcome.evidence,
                "role": str(outcome.role),
                "title": study.title.in_language(language),
                "label": outcome.label.in_language(language),
                "unit": outcome.unit.in_language(language),
                "published": outcome.published.in_language(language),
                "band_low": outcome.low,
                "band_high": outcome.high,
                **{name: getattr(result, name) for name in ("estimate", "low", "high")},
                **{name: getattr(result, name) for name in ("twin", "twin_low", "twin_high", "replicates")},
                "verdict": VERDICTS[result.verdict].in_language(language),
                "source": outcome.source,
                "limits": study.limits.in_language(language),
            }
        )
    table = pd.DataFrame(rows)
    return table.replace([float("inf"), float("-inf")], float("nan"))
