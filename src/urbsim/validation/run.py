"""Run all experiments: the worlds of every replicate, and what the studies make of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from urbsim.evidence.rows import Role
from urbsim.experiment.runner import Runner
from urbsim.labels import Language
from urbsim.posterior.draws import Draw
from urbsim.validation.evaluations import EVALUATIONS
from urbsim.validation.expectations import EXPECTATIONS
from urbsim.validation.families import FAMILIES
from urbsim.validation.income import INCOME
from urbsim.validation.markets import MARKETS
from urbsim.validation.places import StudyPlaces
from urbsim.validation.study import VERDICTS, Estimate, Outcome, Study, StudyResult, summarise
from urbsim.validation.worlds import (
    FEW_YEARS,
    LONGER,
    Change,
    ExperimentSize,
    Field,
    Observed,
    StudyWorld,
    make_field,
    observed_in,
    world_task,
)

STUDIES: tuple[Study, ...] = (*EVALUATIONS, *FAMILIES, *MARKETS, *INCOME, *EXPECTATIONS)
Estimates = Mapping[str, Estimate]
#: The field of a replicate for every kind of place.
Grounds = Mapping[StudyPlaces, Field]

#: The worlds without any change, by when they are looked at; there is one of each for every kind of place.
PLAIN = {"plain": FEW_YEARS, "plain, longer": LONGER}
#: What ``only`` may name beside experiments and studies.
ROLES = (Role.FIT, Role.TEST, Role.EXPECTATION)


def names() -> tuple[str, ...]:
    """Return what ``only`` may name: roles, experiments, and the studies that these repeat."""
    studies = [outcome.evidence for study in STUDIES for outcome in study.outcomes]
    return tuple(dict.fromkeys([*ROLES, *(study.key for study in STUDIES), *studies]))


def _wanted(study: Study, outcome: Outcome, only: Collection[str]) -> bool:
    return not only or bool({outcome.role, study.key, outcome.evidence}.intersection(only))


def grounds_of(
    setting: ExperimentSize,
    replicate: int,
    studies: Sequence[Study],
    drawn_for: Callable[[tuple[str, ...]], Draw] | None = None,
) -> Grounds:
    """Return the field of a replicate for every kind of place that some study is carried out in; see ``make_field``."""
    kinds = dict.fromkeys(study.places for study in studies)
    return {places: make_field(setting, replicate, places, drawn_for) for places in kinds}


def estimate(grounds: Grounds, studies: Sequence[Study], worlds: Mapping[str, Observed]) -> dict[str, Estimates]:
    """Return the estimates by study, less luck, from the worlds that ``worlds_of`` names."""
    found = {}
    for study in studies:
        ground = grounds[study.places]
        its = {name: worlds[f"{study.key} {name}"] for name in study.worlds(ground)}
        found[study.key] = less_luck(study, ground, worlds[plain_of(study)], its)
    return found


def less_luck(study: Study, ground: Field, plain: Observed, its: Mapping[str, Observed]) -> Estimates:
    """Return what a study finds, its own comparison less what the same comparison finds where nothing was done.

    Much of what a comparison finds in a small world is luck that is there without the policy too, where the true result
    is zero: taking that off leaves the expectation as it is (a control variate). Where nobody is treated without the
    policy, the only comparison is that with twins, or the outcome describes a world as it is, there is nothing to take
    off.
    """
    found = study.estimate(ground, plain, its)
    if set(found) <= set(study.twins):
        return found
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # means of nobody: there may be no treated without a policy
        nothing = study.estimate(ground, plain, dict.fromkeys(its, plain))
    luck = {key: 0.0 if key in study.descriptions else _luck(nothing.get(key)) for key in found}
    return {key: each._replace(study=each.study - luck[key]) for key, each in found.items()}


def _luck(nothing: Estimate | None) -> float:
    return nothing.study if nothing is not None and np.isfinite(nothing.study) else 0.0


def _plain(study: Study) -> str:
    return next(name for name, months in PLAIN.items() if set(study.months) <= set(months))


def plain_of(study: Study) -> str:
    """Return the name of the world that a study's worlds are compared with."""
    return f"{_plain(study)}, {study.places}"


def worlds_of(grounds: Grounds, studies: Sequence[Study]) -> dict[str, StudyWorld]:
    """Return the worlds of a replicate by name: the plain ones and those of each study."""
    plain = {plain_of(study): StudyWorld(grounds[study.places], Change(), PLAIN[_plain(study)]) for study in studies}
    theirs = {
        f"{study.key} {name}": StudyWorld(grounds[study.places], change, study.months)
        for study in studies
        for name, change in study.worlds(grounds[study.places]).items()
    }
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
    grounds = [grounds_of(setting, number, chosen) for number in range(setting.replicates)]
    worlds = [worlds_of(each, chosen) for each in grounds]
    order = [(replicate, name) for replicate, names in enumerate(worlds) for name in names]
    tasks = [world_task(*worlds[replicate][name]) for replicate, name in order]
    surveys: list[dict[str, Observed]] = [{} for _ in grounds]
    estimates: dict[int, dict[str, Estimates]] = {}
    for position, tables in runner.tables(tasks, "worlds"):
        replicate, name = order[position]
        surveys[replicate][name] = observed_in(tables, worlds[replicate][name].months)
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
    none), ``draws_low`` and ``draws_high`` (90 % of draws), ``replicates``, ``verdict``, ``reaches`` (in the band
    widened by the interval over draws), ``source``, ``limits`` and ``cause`` (of a result outside its band, where it is
    known).
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
                **{name: getattr(result, name) for name in ("draws_low", "draws_high")},
                "verdict": VERDICTS[result.verdict].in_language(language),
                "reaches": result.reaches if outcome.modelled else None,
                "source": outcome.source,
                "limits": study.limits.in_language(language),
                "cause": result.cause.in_language(language) if result.cause else "",
            }
        )
    table = pd.DataFrame(rows)
    return table.replace([float("inf"), float("-inf")], float("nan"))
