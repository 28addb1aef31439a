"""The month is a list of named steps that know the CPU time they take."""

from __future__ import annotations

import time

import pytest

from urbsim.schedule import Step
from worlds import small_model, stepped

MONTH = [
    "opening",
    "policies",
    "trends",
    "insurance",
    "demography",
    "schooling",
    "employers",
    "training",
    "employment",
    "infrastructure",
    "housing",
    "land_exit",
    "resettlement",
    "arrivals",
    "residence",
    "registration",
    "reclassification",
    "count",
    "provision",
    "hospitals",
    "budgets",
    "records",
]


def test_a_month_is_its_named_steps_in_order() -> None:
    model = small_model(scale=0.002)
    assert [step.name for step in model.schedule] == MONTH


def test_going_through_the_schedule_by_hand_is_a_month() -> None:
    by_hand, at_once = small_model(scale=0.002), stepped(small_model(scale=0.002), 1)
    for step in by_hand.schedule:
        step()
    assert by_hand.month == at_once.month
    assert by_hand.recorder.flows == at_once.recorder.flows != []


def test_the_time_of_a_run_is_the_time_of_its_steps() -> None:
    model = stepped(small_model(scale=0.002), 1)
    before = {step.name: step.seconds + step.compiling for step in model.schedule}
    started = time.process_time()
    stepped(model, 6)
    whole = time.process_time() - started
    spent = {step.name: step.seconds + step.compiling - before[step.name] for step in model.schedule}
    assert all(seconds >= 0.0 for seconds in spent.values())
    assert sum(spent.values()) == pytest.approx(whole, rel=0.1, abs=0.01)
    assert spent["residence"] > spent["land_exit"]  # everybody is looked at, against nobody without an offer


def test_compiling_is_kept_apart_from_the_work() -> None:
    from numba import njit

    def first_call_compiles() -> None:
        njit(lambda x: x * x + 1.0)(2.0)
        end = time.process_time() + 0.02
        while time.process_time() < end:
            pass

    step = Step("both", first_call_compiles)
    step()
    assert 0.02 <= step.seconds < 0.06
    assert step.compiling > 0.02
