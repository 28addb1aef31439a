"""Run all experiments: replicates in parallel, every world of a replicate one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from urbsim.calibration.parallel import run_all
from urbsim.labels import Language
from urbsim.validation.evaluations import EVALUATIONS
from urbsim.validation.expectations import EXPECTATIONS
from urbsim.validation.study import VERDICTS, Estimate, Result, Study, summarise
from urbsim.validation.worlds import Change, Setting, base_of, make_field, observe

STUDIES: tuple[Study, ...] = (*EVALUATIONS, *EXPECTATIONS)


@dataclass(frozen=True)
class Replicate:
    """One replicate of some studies, by key."""

    setting: Setting
    number: int
    studies: tuple[str, ...]


def run_replicate(task: Replicate) -> dict[str, Mapping[str, Estimate]]:
    """Simulate the worlds of a replicate; return the estimates by study."""
    ground = make_field(task.setting, task.number)
    base = base_of(ground)
    plain = observe(ground, Change(), base)
    found: dict[str, Mapping[str, Estimate]] = {}
    for study in STUDIES:
        if study.key in task.studies:
            worlds = {name: observe(ground, change, base) for name, change in study.worlds(ground).items()}
            found[study.key] = study.estimate(ground, plain, worlds)
    return found


def run_experiments(
    setting: Setting, studies: Sequence[str] | None = None, jobs: int = 1, *, quiet: bool = False
) -> list[Result]:
    """Return the results of some studies (all without ``studies``), in their order; they do not depend on ``jobs``."""
    chosen = tuple(study.key for study in STUDIES if studies is None or study.key in studies)
    tasks = [Replicate(setting, number, chosen) for number in range(setting.replicates)]
    found: dict[int, dict[str, Mapping[str, Estimate]]] = dict(
        run_all(run_replicate, tasks, jobs, "experiments", quiet=quiet)
    )
    results: list[Result] = []
    for study in STUDIES:
        if study.key in chosen:
            results += summarise(study, [found[number][study.key] for number in sorted(found)])
    return results


def as_table(results: Sequence[Result], language: Language = "en") -> pd.DataFrame:
    """Return one row per outcome.

    Columns ``study``, ``outcome`` (keys), ``title``, ``label``, ``unit``, ``published``, ``band_low``, ``band_high``
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
                "title": study.title.in_language(language),
                "label": outcome.label.in_language(language),
                "unit": outcome.unit.in_language(language),
                "published": outcome.published.in_language(language),
                "band_low": outcome.low,
                "band_high": outcome.high,
                **{name: getattr(result, name) for name in ("estimate", "low", "high")},
                **{name: getattr(result, name) for name in ("twin", "twin_low", "twin_high", "replicates")},
                "verdict": VERDICTS[result.verdict].in_language(language),
                "source": study.source,
                "limits": study.limits.in_language(language),
            }
        )
    table = pd.DataFrame(rows)
    return table.replace([float("inf"), float("-inf")], float("nan"))
