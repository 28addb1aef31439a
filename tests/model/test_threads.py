"""Loops over people in parts, side by side: the same bytes at any number of threads, and how many there are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from urbsim import threads
from urbsim.cli import main
from urbsim.codes import Event
from urbsim.experiment.executor import run_all
from urbsim.experiment.simulate import Finished, Task
from urbsim.model import UrbanizationModel
from urbsim.policies.levers.employment import SkillsTraining
from urbsim.policies.levers.housing import HousingSubsidy
from urbsim.processes import residence
from urbsim.processes.residence import choice
from urbsim.threads import VARIABLE, ThreadsError, parts_of, put_together, side_by_side, threads_each, use_threads
from worlds import THREE_COUNTIES, small_model, small_scenario

#: Many look at where they live, and many of them move, so that they get in each other's way.
RESTLESS = {"reconsider.floor": 0.3, "residence.move": 0.0, "residence.move_inside": 0.0, "reclassification.rate": 0.05}
POLICIES = {
    "training": SkillsTraining(start="2020-12", trainees_per_year=5000),
    "rent": HousingSubsidy(start="2020-12", zones=("seat",), rent_yuan_per_household_year=2400),
}


@pytest.fixture(autouse=True)
def tiny_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even small worlds be divided, and nobody have asked for threads before or afterwards."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(threads, "LEAST_ROWS", 100)
    monkeypatch.setattr(choice, "_FEWEST", 5)
    monkeypatch.setattr(threads, "_crew", threads._Crew())


def state_of(model: UrbanizationModel) -> dict[str, bytes]:
    """Return all that a month leaves behind, to the byte."""
    world = model.world
    found = {
        f"{kind}.{name}": columns[name].tobytes()
        for kind, columns in (("people", world.population.people), ("households", world.population.households))
        for name in columns
    }
    found |= {name: numbers.tobytes() for name, numbers in world.tally._asdict().items()}
    found |= {name: np.asarray(numbers).tobytes() for name, numbers in vars(world.activity).items()}
    return found | {"flows": world.accounts.flows.tobytes(), "posts": world.places.employers.posts.tobytes()}


@pytest.mark.parametrize(("counties", "scale"), [(("341282",), 0.01), (THREE_COUNTIES, 0.01)])
def test_every_month_ends_with_the_same_bytes_at_one_two_and_three_threads(
    counties: tuple[str, ...], scale: float
) -> None:
    scenario = small_scenario(counties, scale=scale, parameters=RESTLESS, policies=POLICIES)
    models = {count: small_model(scenario) for count in (1, 2, 3)}
    for _ in range(7):
        states = []
        for count, model in models.items():
            use_threads(count)
            model.step()
            states.append(state_of(model))
        assert states[1] == states[0]
        assert states[2] == states[0]
    assert models[1].world.activity.trainees.sum() > 0


def test_who_depends_on_somebody_who_moved_first_chooses_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """All decide in one month, many move, and what some chose ahead is not what they choose when it is their turn."""
    changed, decide = [], choice._decide

    def note(*arguments: Any) -> None:
        decisions = arguments[-1]
        before = decisions.picks.copy()
        decide(*arguments)
        if decisions.carried_out:
            changed.append(int(((before >= 0) & (before != decisions.picks)).sum()))

    monkeypatch.setattr(choice, "_decide", note)
    states = []
    for count in (1, 2):
        use_threads(count)
        model = small_model(scale=0.01, parameters={**RESTLESS, "reconsider.left_school": 1.0})
        model.world.population.people.events[...] = Event.LEFT_SCHOOL
        residence.advance(model.world, model.scenario.start)
        states.append(state_of(model))
    assert states[1] == states[0]
    assert changed[0] == 0  # one thread chooses nothing ahead
    assert changed[1] > 0


def test_parts_cover_all_rows_and_none_is_too_small() -> None:
    use_threads(3)
    assert parts_of(1000) == [(0, 333), (333, 666), (666, 1000)]
    assert parts_of(250) == [(0, 125), (125, 250)]
    assert parts_of(199) == [(0, 199)]
    assert parts_of(0) == [(0, 0)]
    assert parts_of(9, least=4) == [(0, 4), (4, 9)]


def test_what_parts_find_is_put_together_in_order() -> None:
    use_threads(3)
    rows = np.full(1000, -1)

    def find(first: int, last: int) -> int:
        every = np.arange(first, last)[np.arange(first, last) % 7 == 0]
        rows[first : first + every.size] = every
        return every.size

    count = put_together(rows, side_by_side(find, rows.size))
    assert rows[:count].tolist() == list(range(0, 1000, 7))


def test_an_error_in_a_part_is_raised_once_all_parts_are_done() -> None:
    use_threads(2)
    done = []

    def fail(first: int, last: int) -> None:
        done.append((first, last))
        raise MemoryError(str(first))

    with pytest.raises(MemoryError):
        side_by_side(fail, 1000)
    assert len(done) == 2


def test_threads_are_those_asked_for_else_of_the_environment_else_a_part_of_the_cores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "cores_here", lambda: 8)
    assert [threads_each(processes) for processes in (1, 3, 8, 20)] == [8, 2, 1, 1]
    monkeypatch.setenv(VARIABLE, "5")
    assert (threads_each(8), threads.threads()) == (5, 5)
    use_threads(2)
    assert (threads_each(8), threads.threads()) == (2, 2)
    use_threads(None)
    monkeypatch.delenv(VARIABLE)
    assert threads.threads() == 1


@pytest.mark.parametrize("bad", ["two", "0", "-1", "1.5", "257"])
def test_what_is_no_number_of_threads_is_refused(
    bad: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, bad)
    with pytest.raises(ThreadsError, match=VARIABLE):
        threads.threads()
    monkeypatch.setattr("sys.argv", ["urbsim", "regions", "jieshou"])
    with pytest.raises(SystemExit) as end:
        main()
    message = capfd.readouterr().err
    assert end.value.code == 2
    assert VARIABLE in message
    assert "whole number from 1 to 256" in " ".join(message.replace("│", " ").split())


@pytest.mark.parametrize("bad", [0, 257, True, "2", 1.0])
def test_python_code_cannot_ask_for_them_either(bad: Any) -> None:
    with pytest.raises(ThreadsError, match="whole number"):
        use_threads(bad)


def test_a_run_alone_gets_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "cores_here", lambda: 3)
    scenario = small_scenario(scale=0.001, until="2020-12")
    task = Task(scenario, ((0.0, 0.0, 0.0, 0.0),), seed=1, stream=0)
    (_, outcome), *_ = run_all([task], 1)
    assert isinstance(outcome, Finished), outcome
    assert threads.threads() == 3
