"""Run a model of the simplified county in an environment without urbsim, and print what it took as JSON.

``benchmarks/others.py`` starts the scripts that call ``main``: ``python laser_model.py START_FILE MONTHS [SEED]``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Protocol

from clock import Stopwatch, peak_megabytes, seconds
from rules import INDUSTRY, SEEKING, Start, Table

FEW, A_YEAR = 20_000, 12  # of the run before the clock starts, which compiles and loads everything


class Model(Protocol):
    """What a model offers: it is made of a start, months and a seed, runs, and knows what happened."""

    births: int
    deaths: int
    counted: list[int]  # people at the end of each month
    counts: Table  # people by zone and work at the end, shape (5, 5)

    def __init__(self, start: Start, months: int, seed: int) -> None: ...

    def simulate(self) -> None:
        """Simulate all months."""

    def zones_of_first(self) -> Table:
        """Return where those of the start live, -1 for the dead."""


def main(model: type[Model]) -> None:
    """Measure the run that the arguments describe, and print it; without arguments do nothing."""
    if len(sys.argv) == 1:
        return
    path, months, seed = (*sys.argv[1:], "0")[:3]
    print(json.dumps(measure(model, Start.load(Path(path)), int(months), int(seed))))


def measure(model: type[Model], start: Start, months: int, seed: int) -> dict[str, Any]:
    """Return times, memory and results of one run."""
    model(start.first(FEW), A_YEAR, seed).simulate()
    before = peak_megabytes()
    with Stopwatch() as making:
        made = model(start, months, seed)
    with Stopwatch() as run:
        made.simulate()
    return {
        "counties": 1,
        "persons": start.people["birth"].size,
        "months": months,
        "person_months": sum(made.counted),
        **seconds(start=making, run=run),
        "megabytes_after_synthesis": before,
        "peak_megabytes": peak_megabytes(),
        **results(start, made),
    }


def results(start: Start, made: Model) -> dict[str, Any]:
    """Return what happened: births, deaths, the share of the living of the start who moved, the share with a post.

    Those moved who live in another zone than at the start.
    """
    zones = made.zones_of_first()
    living = zones >= 0
    moved = (zones[living] != start.people["zone"][living]).mean()
    posts = made.counts[:, INDUSTRY:SEEKING].sum() / made.counts.sum()
    return {"births": made.births, "deaths": made.deaths, "moved": float(moved), "posts": float(posts)}
