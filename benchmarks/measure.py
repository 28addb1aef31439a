"""One measurement in a process of its own: run a model, print times and memory as one line of JSON.

`benchmarks/run.py` starts it: ``python benchmarks/measure.py '{"model": "urbsim", "region": "341282", ...}'``. Before
the clock starts, a tiny run of the same model loads all compiled code.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from clock import Stopwatch, peak_megabytes, seconds
from urbsim.model import UrbanizationModel
from urbsim.region.base import base_population
from urbsim.region.tables import county_rows
from urbsim.scenario.loading import scenario_from_mapping
from urbsim.scenario.model import Scenario
from urbsim.threads import use_threads

WARM_UP = {"name": "warm-up", "region": "341282", "start": "2020-11", "until": "2021-11", "scale": 0.002}
REST = "tables of results"


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
    """Return times, memory and results of one run of the plain Mesa model."""
    from alone import results
    from plain_mesa import PlainModel
    from start import start_of

    tiny = scenario_from_mapping(WARM_UP)
    few = PlainModel(start_of(tiny, base_population(tiny, 0, 0).population))
    few.step()
    few.close()
    scenario = scenario_of(task)
    with Stopwatch() as synthesis:
        population = base_population(scenario, 0, 0).population
    after_synthesis, given = peak_megabytes(), start_of(scenario, population)
    with Stopwatch() as start:
        model = PlainModel(given)
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
        **results(given, model),
    }


def write_start(task: dict[str, Any]) -> dict[str, Any]:
    """Write the start of the simplified county to the file ``path``, for frameworks that run without urbsim."""
    from start import start_of

    scenario = scenario_of(task)
    with Stopwatch() as synthesis:
        population = base_population(scenario, 0, 0).population
    start_of(scenario, population).save(Path(task["path"]))
    return seconds(synthesis=synthesis)


def measure_columns(task: dict[str, Any]) -> dict[str, Any]:
    """Return times and memory of bare columns, the limit that speeds are compared with."""
    from bare_columns import measure_bare

    return {**measure_bare(task["persons"], task["months"]), "start_cpu": 0.0, "peak_megabytes": peak_megabytes()}


MODELS = {"urbsim": measure_urbsim, "plain Mesa": measure_plain, "bare columns": measure_columns, "start": write_start}


def scenario_of(task: dict[str, Any]) -> Scenario:
    """Return the scenario of a task: a region and a period, without policies, at ``persons`` people or ``scale``."""
    mapping = {"name": "benchmark", "region": task["region"], "start": "2020-11", "until": "2035-12"}
    scenario = scenario_from_mapping(mapping)
    rows = county_rows(scenario.counties, scenario.base_year)
    everybody = float((rows["residents"] + rows["absent_registered"].fillna(0)).sum())
    scale = min(task["persons"] / everybody, 1.0) if "persons" in task else task["scale"]
    return replace(scenario, scale=scale, until=scenario.start + task["months"] - 1)


if __name__ == "__main__":
    main()
