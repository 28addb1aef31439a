"""One measurement in a process of its own: run a model, print times and memory as one line of JSON.

`benchmarks/run.py` starts it: ``python benchmarks/measure.py '{"model": "urbsim", "region": "341282", ...}'``. Before
the clock starts, a tiny run of the same model loads all compiled code.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace
from typing import Any

from urbsim.model import UrbanizationModel
from urbsim.region.base import base_population
from urbsim.region.tables import county_rows
from urbsim.scenario.loading import scenario_from_mapping
from urbsim.scenario.model import Scenario
from urbsim.threads import use_threads

WARM_UP = {"name": "warm-up", "region": "341282", "start": "2020-11", "until": "2021-11", "scale": 0.002}
REST = "tables of results"


class Stopwatch:
    """CPU and wall seconds of one stretch of work: ``with Stopwatch() as watch: ...``."""

    cpu = wall = 0.0

    def __enter__(self) -> Stopwatch:
        self.cpu, self.wall = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu, self.wall = time.process_time() - self.cpu, time.perf_counter() - self.wall


def main() -> None:
    """Measure what the first argument describes, and print it."""
    task = json.loads(sys.argv[1])
    use_threads(task.get("threads", 1))
    print(json.dumps(MODELS[task["model"]](task)))


def measure_urbsim(task: dict[str, Any]) -> dict[str, Any]:
    """Return times, memory and the breakdown by process of one urbsim run."""
    UrbanizationModel(scenario_from_mapping(WARM_UP)).run()
    scenario = scenario_of(task)
    with Stopwatch() as synthesis:
        base = base_population(scenario, 0, 0)
    after_synthesis = peak_megabytes()
    with Stopwatch() as start:
        model = UrbanizationModel(scenario, base=base)
    persons, person_months = base.population.people.size, 0

    def add_persons(_done: int, _total: int) -> None:
        nonlocal person_months
        person_months += int(model.world.tally.stocks.sum())

    model.progress = add_persons
    with Stopwatch() as run:
        model.run()
    spent = {step.name: step.seconds for step in model.schedule}
    spent[REST] = run.cpu - sum(spent.values())
    return {
        "counties": len(scenario.counties),
        "scale": scenario.scale,
        "persons": persons,
        "months": scenario.months,
        "person_months": person_months,
        **seconds(synthesis=synthesis, start=start, run=run),
        "megabytes_after_synthesis": after_synthesis,
        "peak_megabytes": peak_megabytes(),
        "processes": spent,
    }


def measure_plain(task: dict[str, Any]) -> dict[str, Any]:
    """Return times and memory of one run of the plain Mesa model."""
    from plain_mesa import PlainModel

    tiny = scenario_from_mapping(WARM_UP)
    few = PlainModel(tiny, base_population(tiny, 0, 0).population)
    few.step()
    few.close()
    scenario = scenario_of(task)
    with Stopwatch() as synthesis:
        population = base_population(scenario, 0, 0).population
    after_synthesis = peak_megabytes()
    with Stopwatch() as start:
        model = PlainModel(scenario, population)
    person_months = 0
    with Stopwatch() as run:
        for _ in range(scenario.months):
            model.step()
            person_months += len(model.agents)
    return {
        "counties": 1,
        "scale": scenario.scale,
        "persons": population.people.size,
        "months": scenario.months,
        "person_months": person_months,
        **seconds(synthesis=synthesis, start=start, run=run),
        "megabytes_after_synthesis": after_synthesis,
        "peak_megabytes": peak_megabytes(),
    }


def measure_columns(task: dict[str, Any]) -> dict[str, Any]:
    """Return times and memory of bare columns, the limit that speeds are compared with."""
    from bare_columns import measure_bare

    return {**measure_bare(task["persons"], task["months"]), "start_cpu": 0.0, "peak_megabytes": peak_megabytes()}


MODELS = {"urbsim": measure_urbsim, "plain Mesa": measure_plain, "bare columns": measure_columns}


def scenario_of(task: dict[str, Any]) -> Scenario:
    """Return the scenario of a task: a region and a period, without policies, at ``persons`` people or ``scale``."""
    mapping = {"name": "benchmark", "region": task["region"], "start": "2020-11", "until": "2035-12"}
    scenario = scenario_from_mapping(mapping)
    rows = county_rows(scenario.counties, scenario.base_year)
    everybody = float((rows["residents"] + rows["absent_registered"].fillna(0)).sum())
    scale = min(task["persons"] / everybody, 1.0) if "persons" in task else task["scale"]
    return replace(scenario, scale=scale, until=scenario.start + task["months"] - 1)


def seconds(**watches: Stopwatch) -> dict[str, float]:
    """Return ``<name>_cpu`` and ``<name>_wall`` of each stretch of work."""
    return {f"{name}_{kind}": getattr(watch, kind) for name, watch in watches.items() for kind in ("cpu", "wall")}


def peak_megabytes() -> float:
    """Return the largest memory this process has held so far, MB of 10^6 bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


if __name__ == "__main__":
    main()
