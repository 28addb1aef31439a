"""The scenarios that come with urbsim: what a page can start from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from urbsim.labels import Label
from urbsim.page.errors import RequestError
from urbsim.region.places import places_by_code, shipped_folder
from urbsim.scenario.loading import scenario_from_text
from urbsim.scenario.model import Scenario

#: Folders of scenarios, in the order shown; those of lessons have pages of their own.
_FOLDERS = ("jieshou", "changzhi", "shanxi-2024", "shanxi-2023", "shanxi-2014")


@dataclass(frozen=True)
class Shipped:
    """A scenario file: its path below the folder of scenarios, and what it says of itself in both languages."""

    id: str
    name: Label
    description: Label
    region: Label
    policies: int


@cache
def scenarios_folder() -> Path:
    """Return the folder of the scenarios that come with urbsim, links followed.

    Raises
    ------
    FileNotFoundError
        If the installation is broken.
    """
    return shipped_folder("scenarios", "scenarios", "jieshou/baseline.yaml").resolve()


@cache
def shipped() -> tuple[Shipped, ...]:
    """Return the scenarios to start from."""
    paths = [path for folder in _FOLDERS for path in sorted((scenarios_folder() / folder).glob("*.yaml"))]
    return tuple(_told(f"{path.parent.name}/{path.name}") for path in paths)


def _told(name: str) -> Shipped:
    scenario = shipped_scenario(name)
    place = places_by_code().get(scenario.region)
    region = Label(place.short_pinyin.capitalize(), place.name) if place else Label(scenario.region, scenario.region)
    return Shipped(name, scenario.title, scenario.about, region, len(scenario.policies))


def shipped_text(name: str) -> str:
    """Return the YAML of a scenario as it is written, with its comments.

    Raises
    ------
    RequestError
        If there is no such scenario.
    """
    folder = scenarios_folder()
    path = (folder / name).resolve() if "\0" not in name else folder
    if path.suffix != ".yaml" or not path.is_relative_to(folder) or not path.is_file():
        raise RequestError(Label("no scenario of this name comes with urbsim", "没有随附此名称的情景"), 404)
    return path.read_text(encoding="utf-8")


@cache
def shipped_scenario(name: str) -> Scenario:
    """Return a scenario that comes with urbsim.

    Raises
    ------
    RequestError
        If there is no such scenario.
    ScenarioError
        If it needs code that does not run here.
    """
    return scenario_from_text(shipped_text(name), name, (scenarios_folder() / name).parent, scenarios_folder())
