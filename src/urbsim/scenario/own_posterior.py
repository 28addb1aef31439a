"""The posterior that a scenario names: a folder of constants and of what they were fitted to."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from urbsim.months import parse_month
from urbsim.scenario.model import ObservedValue, OwnPosterior, Scenario

CONSTANTS, FIT = "constants.parquet", "fit.csv"


def own_posterior(folder: Path) -> OwnPosterior:
    """Return the posterior of a folder; its digest is empty where nothing is there yet."""
    path = folder / CONSTANTS
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return OwnPosterior(folder, digest)


def keep_posterior(scenario: Scenario, folder: Path) -> None:
    """Copy what a scenario's posterior consists of into a folder of its own below ``folder``."""
    own = scenario.posterior
    if own is None or not own.digest:
        return
    kept = folder / own.name
    kept.mkdir(parents=True, exist_ok=True)
    for name in (CONSTANTS, FIT):
        if (own.folder / name).is_file() and (own.folder / name).resolve() != (kept / name).resolve():
            shutil.copyfile(own.folder / name, kept / name)


def fitted_to(scenarios: Iterable[Scenario]) -> frozenset[tuple[str, int, str]]:
    """Return place, month and indicator of everything that the posteriors of scenarios were fitted to.

    ``place`` is as in observations; what was used cannot test the fit.
    """
    found: set[tuple[str, int, str]] = set()
    for folder in {scenario.posterior.folder for scenario in scenarios if scenario.posterior is not None}:
        path = folder / FIT
        if path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as stream:
                rows = csv.DictReader(stream)
                found |= {(row["place"], parse_month(row["month"]), row["indicator"]) for row in rows}
    return frozenset(found)


def is_fitted(observation: ObservedValue, used: frozenset[tuple[str, int, str]]) -> bool:
    """Return whether an observation is among those that were fitted to."""
    return (observation.place, observation.month, observation.indicator) in used
