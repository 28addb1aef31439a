"""How much a process grows that simulates one run after the other, each with other people, places and parameters.

    python benchmarks/memory.py [RUNS]

Prints one line of JSON with the megabytes (10^6 bytes) held after the first 50 runs and after all of them.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path

import numpy as np

from urbsim.experiment.simulate import Finished, Task, simulate
from urbsim.months import parse_month
from urbsim.policies.registry import all_levers
from urbsim.scenario.model import Scenario

COUNTIES = (("341282",), ("140423",), ("140425",), ("140426",))
FIRST = 50  # runs after which everything that is read once has been read


def main() -> None:
    """Simulate and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    print(json.dumps(measure(runs)))


def measure(runs: int, first: int = FIRST) -> dict[str, float]:
    """Return the megabytes held after the first runs, after all, and what came between."""
    held = {}
    for number in range(runs):
        outcome = simulate(task(number))
        assert isinstance(outcome, Finished), outcome
        if number + 1 in (first, runs):
            held[number + 1] = megabytes()
    return {"runs": runs, "after_first": held[first], "after_all": held[runs], "growth": held[runs] - held[first]}


def task(number: int) -> Task:
    """Return a small run that shares nothing with any other but the county."""
    counties = COUNTIES[number % len(COUNTIES)]
    policy = all_levers()["hukou_relaxation"](start="2020-12", zones=("seat", "town"), tenants_eligible=True)
    parameters = {"synthesis.exchange_distance": 1.5 + number // 50 / 100, "residence.gamma": 0.5 + number / 1e4}
    scenario = Scenario(
        f"run {number}",
        counties[0],
        counties,
        parse_month("2020-11"),
        parse_month("2021-01"),
        scale=0.001,
        parameters=parameters,
        policies={"hukou": policy},
    )
    constants = tuple((float(each), 0.0, 0.0, 0.0) for each in np.linspace(0.0, 0.1, len(counties)))
    return Task(scenario, constants, number, number)


def megabytes() -> float:
    """Return the memory this process holds, after all that is unreachable was given back."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
