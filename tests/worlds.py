"""Small worlds for tests: scenarios written in Python, and models of them that share one base population."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from urbsim.codes import Zone
from urbsim.model import UrbanizationModel
from urbsim.months import parse_month
from urbsim.policies.base import Policy
from urbsim.population import Columns
from urbsim.region.base import base_population
from urbsim.region.mothers import list_children
from urbsim.region.synthesis import BasePopulation
from urbsim.scenario.model import Scenario
from urbsim.state.world import World

JIESHOU = ("341282",)
THREE_COUNTIES = ("140423", "140425", "140426")  # Xiangyuan, Pingshun and Licheng, in the prefecture of Changzhi


def small_scenario(
    counties: tuple[str, ...] = JIESHOU,
    *,
    scale: float = 0.01,
    start: str = "2020-11",
    until: str = "2021-12",
    parameters: Mapping[str, float] | None = None,
    policies: Mapping[str, Policy] | None = None,
    frozen: tuple[str, ...] = (),
) -> Scenario:
    """Return a scenario; ``frozen`` names the feedbacks switched off."""
    return Scenario(
        name="test",
        region=counties[0] if len(counties) == 1 else counties[0][:4],
        counties=counties,
        start=parse_month(start),
        until=parse_month(until),
        scale=scale,
        parameters=dict(parameters or {}),
        policies=dict(policies or {}),
        feedbacks=dict.fromkeys(frozen, False),
    )


@cache
def _base(counties: tuple[str, ...], census: int, scale: float, seed: int, replicate: int) -> BasePopulation:
    plain = Scenario("base", counties[0], counties, census, census, scale)
    return base_population(plain, seed, replicate)


def base_of(scenario: Scenario, seed: int = 1, replicate: int = 0) -> BasePopulation:
    """Return the base population of a scenario, synthesised once for all tests; models copy it."""
    return _base(scenario.counties, scenario.census, scenario.scale, seed, replicate)


def small_model(
    scenario: Scenario | None = None, seed: int = 1, replicate: int = 0, **settings: Any
) -> UrbanizationModel:
    """Return a model of the scenario, or of the small scenario with these settings."""
    scenario = scenario or small_scenario(**settings)
    return UrbanizationModel(scenario, seed, replicate, base=base_of(scenario, seed, replicate))


def stepped(model: UrbanizationModel, months: int) -> UrbanizationModel:
    """Return the model after some months."""
    for _ in range(months):
        model.step()
    return model


def columns_of(columns: Columns[Any]) -> dict[str, np.ndarray]:
    """Return copies of all columns by name."""
    return {name: columns[name].copy() for name in columns}


def differing_people(one: UrbanizationModel, other: UrbanizationModel) -> set[int]:
    """Return the keys of people who differ in any attribute, or exist in one of the two models only.

    Rows of people and households may be numbered differently in two runs; relatives and households are compared by key.
    """
    return _differing(*(_attributes_by_key(model, "people") for model in (one, other)))


def differing_households(one: UrbanizationModel, other: UrbanizationModel) -> set[int]:
    """Return the keys of households that differ in any attribute, or exist in one of the two models only."""
    return _differing(*(_attributes_by_key(model, "households") for model in (one, other)))


def _differing(one: dict[int, bytes], other: dict[int, bytes]) -> set[int]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def _attributes_by_key(model: UrbanizationModel, kind: str) -> dict[int, bytes]:
    people, households = model.world.population.people, model.world.population.households
    columns: Columns[Any] = people if kind == "people" else households
    table = []
    for name in columns:
        column = columns[name]
        if name == "household":
            column = households.key[column]
        elif name in ("spouse", "mother", "first_child", "next_sibling"):
            column = np.where(column >= 0, people.key[column], np.uint64(0))
        table.append(np.ascontiguousarray(column).view(np.uint8).reshape(columns.size, -1))
    rows = np.concatenate(table, axis=1)
    return {int(key): row.tobytes() for key, row in zip(columns.key, rows, strict=True)}


def by_key(model: UrbanizationModel, name: str, kind: str = "people") -> dict[int, int]:
    """Return one attribute of all people or households by key."""
    columns = getattr(model.world.population, kind)
    return dict(zip(columns.key.tolist(), columns[name].tolist(), strict=True))


def without_the_absent(world: World) -> None:
    """Take those who live outside a world at its start out of it."""
    people = world.population.people
    outside = people.zone >= Zone.NEAR
    for links in (people.spouse, people.mother):
        links[outside | (np.append(outside, False)[links])] = -1
    list_children(people.mother, people.birth, people.first_child, people.next_sibling)
    people.alive[outside] = 0
    world.accounts.stocks[:, Zone.NEAR :] = 0
