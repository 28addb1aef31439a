"""The plain Mesa model that speed is compared with: it keeps account of people and follows the rules it states."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from urbsim.population import Population
from urbsim.region.base import base_population
from urbsim.scenario.model import Scenario

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from plain_mesa import ADULT_AGE, NEAR, PlainModel
from start import start_of

PEOPLE, MONTHS = 500, 13


@pytest.fixture(scope="module")
def few(baseline: Scenario) -> Scenario:
    return replace(baseline, scale=PEOPLE / 866_000)


@pytest.fixture(scope="module")
def people(few: Scenario) -> Population:
    return base_population(few, 0, 0).population


@pytest.fixture
def model(few: Scenario, people: Population) -> Iterator[PlainModel]:
    made = PlainModel(start_of(few, people), seed=1)
    yield made
    made.close()


def quiet(scenario: Scenario, **changed: float) -> Scenario:
    """Return the scenario without births and deaths, and with further parameters."""
    still = {"demography.mortality_factor": 0.0, "demography.fertility_factor": 0.0}
    return replace(scenario, parameters={**scenario.parameters, **still, **changed})


def run(model: PlainModel, months: int = MONTHS) -> None:
    for _ in range(months):
        model.step()


def test_people_are_those_of_the_base_population(model: PlainModel, people: Population) -> None:
    assert len(model.agents) == people.people.size == pytest.approx(PEOPLE, rel=0.05)
    assert Counter(person.zone for person in model.agents) == Counter(people.people.zone.tolist())


def test_people_change_by_births_less_deaths_alone(model: PlainModel) -> None:
    expected = len(model.agents)
    for _ in range(MONTHS):
        before = model.births - model.deaths
        model.step()
        expected += model.births - model.deaths - before
        assert len(model.agents) == expected == model.counts.sum()
    run(model, 5 * 12)
    assert model.births > 0
    assert model.deaths > 0


def test_the_dead_are_nobodys_spouse(model: PlainModel) -> None:
    run(model, 5 * 12)
    living = set(model.agents)
    assert model.deaths > 0
    assert all(person.spouse in living for person in model.agents if person.spouse is not None)


def test_without_births_and_deaths_the_same_people_remain(few: Scenario, people: Population) -> None:
    model = PlainModel(start_of(quiet(few), people))
    before = set(model.agents)
    zones = {person: person.zone for person in before}
    run(model)
    assert set(model.agents) == before
    assert any(person.zone != zone for person, zone in zones.items())
    model.close()


def test_nobody_moves_when_nobody_looks(few: Scenario, people: Population) -> None:
    still = {"reconsider.peak": 0.0, "reconsider.floor": 0.0, "reclassification.rate": 0.0}
    model = PlainModel(start_of(quiet(few, **still), people))
    zones = {person: person.zone for person in model.agents}
    run(model)
    assert {person: person.zone for person in model.agents} == zones
    model.close()


def test_strangers_stay_and_pupils_do_not_work(model: PlainModel) -> None:
    run(model)
    assert all(person.zone < NEAR for person in model.agents if not person.registered_here)
    young = [person for person in model.agents if (model.month - person.birth) // 12 < ADULT_AGE]
    assert young
    assert all(person.work == 0 for person in young)


def test_the_same_seed_gives_the_same_run(few: Scenario, people: Population) -> None:
    runs = []
    for _ in range(2):
        model = PlainModel(start_of(few, people), seed=3)
        run(model)
        runs.append(model.datacollector.get_model_vars_dataframe())
        model.close()
    assert runs[0].equals(runs[1])
