"""Simulations of a fit are found again by content: scale, members, parameters and constants, not their number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from urbsim.calibration.design import run_design, sobol_points
from urbsim.calibration.regional import calibrate, units_of
from urbsim.experiment import executor
from urbsim.experiment.errors import RunError
from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Broken, Finished, Task
from urbsim.experiment.store import Store

BOUNDS = {"reclassification.rate": (0.003, 0.02), "employment.farm_trend": (-0.08, 0.0)}
CODES = ("140423", "341282")


@pytest.fixture
def simulated(monkeypatch) -> list[Task]:
    """Stand in for the model: what comes out follows from constants and scale at once. Gives the tasks simulated."""
    done: list[Task] = []

    def answer(task: Task, _) -> Finished:
        done.append(task)
        urban, outside, *_ = np.array(task.constants).T
        size = 1000.0 * (1 + task.scenario.scale)
        table = pd.DataFrame({"code": list(task.scenario.counties), "residents_2010": 1000.0})
        ages = {f"age_{age}_2020": 50.0 for age in range(0, 90, 5)}
        urban_2020 = size * (0.4 + 0.1 * urban)
        columns = {"residents_2020": size * np.exp(-0.1 * outside), "urban_2020": urban_2020, **ages}
        columns |= {"share_2020": urban_2020 / size, "seat_2020": 0.5 * urban_2020, "seat_2010": 100.0}
        columns |= {f"from_{origin}_{year}": 10.0 for origin in ("county", "province", "far") for year in (2010, 2020)}
        columns |= {f"{name}_{year}": 0.3 for name in ("farm", "rented") for year in (2010, 2020)}
        columns |= {"urban_2010": 300.0, "reclassified": 5.0, "share_2010": 0.3}
        return Finished({"counties": table.assign(**columns)})

    monkeypatch.setattr(executor, "simulate", answer)
    return done


def test_a_fit_at_another_scale_is_another_fit_and_the_same_again_simulates_nothing(tmp_path, simulated):
    units, store = units_of("341282"), Store(tmp_path)
    small = calibrate(units, 8, Runner(store=store), scale=0.05)
    assert len(simulated) == 24  # eight members, simulated from the prior and after each of two steps
    large = calibrate(units, 8, Runner(store=store), scale=0.5)
    assert len(simulated) == 48
    assert (small.outcomes != large.outcomes).any()
    again = calibrate(units, 8, Runner(store=store), scale=0.05)
    assert len(simulated) == 48
    assert (again.posterior == small.posterior).all()
    calibrate(units, 9, Runner(store=store), scale=0.05)
    assert len(simulated) == 48 + 1 + 2 * 9  # the first pass of eight members is there; all answer to one more


def test_a_damaged_member_is_simulated_again(tmp_path, simulated):
    units, store = units_of("341282"), Store(tmp_path)
    first = calibrate(units, 8, Runner(store=store), scale=0.05)
    damaged = next(tmp_path.rglob("counties.parquet"))
    damaged.write_bytes(damaged.read_bytes()[:40])
    again = calibrate(units, 8, Runner(store=store), scale=0.05)
    assert len(simulated) == 25
    assert (again.posterior == first.posterior).all()


def test_a_design_simulates_what_is_new_of_it(tmp_path, simulated):
    store, points = Store(tmp_path), sobol_points(4, BOUNDS)
    first = run_design(points, CODES, Runner(store=store), scale=0.1)
    count = len(simulated)
    again = run_design(points, CODES, Runner(store=store), scale=0.1)
    assert len(simulated) == count
    pd.testing.assert_frame_equal(again.runs, first.runs)
    pd.testing.assert_frame_equal(again.counties, first.counties)
    run_design(points.assign(**{"reclassification.rate": 0.01}), CODES, Runner(store=store), scale=0.1)
    assert len(simulated) == 2 * count


def test_a_failed_simulation_ends_a_fit_with_what_failed_and_keeps_the_others(tmp_path, simulated, monkeypatch):
    answer = executor.simulate

    def breaking(task, advance):
        return Broken("month 2015-03", "ValueError: no", "trace") if len(simulated) == 5 else answer(task, advance)

    monkeypatch.setattr(executor, "simulate", breaking)
    store = Store(tmp_path)
    with pytest.raises(RunError, match="a simulation failed at month 2015-03: ValueError: no"):
        calibrate(units_of("341282"), 8, Runner(store=store), scale=0.05)
    assert store.contents().entries == 5
