"""The scenarios of the repository: they run, mark every amount, and carry what the catalogue says they carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from urbsim.model import UrbanizationModel
from urbsim.months import parse_month
from urbsim.policies.base import Policy
from urbsim.programmes.reading import catalogued, cited
from urbsim.region.base import base_population
from urbsim.region.synthesis import BasePopulation
from urbsim.scenario.loading import load_scenario
from urbsim.scenario.model import Scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
OF_PROGRAMMES = sorted(path for folder in ("jieshou", "changzhi") for path in (SCENARIOS / folder).glob("*.yaml"))
FULL = {"jieshou-2022": "jieshou/plan-2025.yaml", "changzhi-2024": "changzhi/programme-2024.yaml"}
MONTHS_RUN = 3
SCALES = {"jieshou": 0.003, "changzhi": 0.002}
_HEAD = re.compile(r"^(?P<indent> +)(?P<key>\w+): *(?P<value>\S.*?)? *(?P<comment>#.*)?$")
_AMOUNT = re.compile(r"^(-?\d+(\.\d+)?|true|false)$")


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@cache
def scenario_of(name: str) -> Scenario:
    return load_scenario(SCENARIOS / name)


@cache
def small_base(folder: str) -> BasePopulation:
    """Return a few thousand people of a folder's counties."""
    baseline = scenario_of(f"{folder}/baseline.yaml")
    return base_population(replace(baseline, scale=SCALES[folder]), seed=1, replicate=0)


def brought_forward(scenario: Scenario, scale: float) -> Scenario:
    """Return a short scenario with every policy in force from its first month on."""
    forward: dict[str, Policy] = {
        name: policy.model_copy(update={"start": scenario.start, "end": None})
        for name, policy in scenario.policies.items()
    }
    return replace(scenario, policies=forward, scale=scale, until=scenario.start + MONTHS_RUN - 1)


def test_every_scenario_says_of_itself_what_it_is_in_both_languages() -> None:
    told: dict[str, set[str]] = {}
    for path in sorted(SCENARIOS.rglob("*.yaml")):
        scenario = load_scenario(path, allow_code=True)
        for label in (scenario.title, scenario.about):
            assert re.search("[\u4e00-\u9fff]", label.zh), f"{name_of(path)}: {label.zh}"
            assert not re.search("^[\u4e00-\u9fff]|[\u4e00-\u9fff]$", label.en), f"{name_of(path)}: {label.en}"
        names = told.setdefault(str(path.parent), set())
        assert scenario.title.zh not in names, f"{name_of(path)}: {scenario.title.zh} is another scenario's name"
        names.add(scenario.title.zh)


@pytest.mark.parametrize("path", OF_PROGRAMMES, ids=name_of)
def test_every_scenario_runs_with_all_its_policies_at_work(path: Path) -> None:
    folder = path.parent.name
    scenario = brought_forward(load_scenario(path), SCALES[folder])
    model = UrbanizationModel(scenario, seed=1, base=small_base(folder))
    for _ in range(MONTHS_RUN):
        model.step()
    assert np.isfinite(model.world.tally.stocks).all()
    reached = {name for name, coverage in model.package.coverages.items() if coverage.accrued.any()}
    assert reached == set(scenario.policies)
    costs = {name: float(yuan.sum()) for name, yuan in model.package.costs().items()}
    assert min(costs.values(), default=0.0) >= 0.0
    # Among few people a month can pass without a single registration or purchase; something of a plan is always built.
    assert path.name not in {Path(name).name for name in FULL.values()} or sum(costs.values()) > 0.0


def policy_lines(path: Path) -> Iterator[tuple[int, str, str, str]]:
    """Yield line number, key, value and comment of every field of a policy that holds one plain value."""
    section = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line[:1].isalpha():
            section = line.split(":")[0]
        found = _HEAD.match(line)
        if section == "policies" and found and len(found["indent"]) == 4 and found["value"]:
            yield number, found["key"], found["value"], found["comment"] or ""


@pytest.mark.parametrize("path", OF_PROGRAMMES, ids=name_of)
def test_every_amount_is_marked_as_given_or_as_an_assumption(path: Path) -> None:
    unmarked = [
        f"{path.name}:{number}: {key}"
        for number, key, value, comment in policy_lines(path)
        if _AMOUNT.match(value) and not re.match(r"# (given|assumption)\b", comment)
    ]
    assert not unmarked


def test_an_amount_without_a_mark_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("policies:\n  a:\n    start: 2023-01\n    posts: 12  # many\n    home: false\n", encoding="utf-8")
    assert [(number, key) for number, key, value, _ in policy_lines(path) if _AMOUNT.match(value)] == [
        (4, "posts"),
        (5, "home"),
    ]


@pytest.mark.parametrize("path", OF_PROGRAMMES, ids=name_of)
def test_a_policy_that_claims_a_given_amount_marks_one(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name, block in re.findall(r"^  (\w+):(.*?)(?=^  \w|^\w|^  #|\Z)", text, flags=re.M | re.S):
        if "given: true}" in block and "lever:" in block:
            assert "# given" in block, name


@pytest.mark.parametrize("programme", sorted(FULL))
def test_every_row_that_names_a_lever_is_cited_by_a_policy_of_that_lever(programme: str) -> None:
    policies = scenario_of(FULL[programme]).policies.values()
    carried = {(clause, policy.lever) for policy in policies if policy.source for clause in cited(policy.source.clause)}
    asked = {(clause.id, lever) for clause, row in catalogued(programme).measures for lever in row.levers}
    assert asked - carried == set()


@pytest.mark.parametrize("programme", sorted(FULL))
def test_every_policy_of_a_programme_names_its_clause(programme: str) -> None:
    for name, policy in scenario_of(FULL[programme]).policies.items():
        assert policy.source is not None, name
        assert policy.source.programme == programme, name


@pytest.mark.parametrize("programme", sorted(FULL))
def test_targets_stand_for_every_figure_that_an_indicator_reports(programme: str) -> None:
    figures = catalogued(programme).figures
    asked = {figure.indicator for figure in figures if figure.use == "target" and figure.indicator}
    assert asked <= {target.indicator for target in scenario_of(FULL[programme]).targets}


PARTS = {"industry": "三(一)", "works": "三(二)", "services": "三(三)", "environment": "三(四)"}


@pytest.mark.parametrize(("name", "part"), PARTS.items())
def test_the_plan_without_a_part_lacks_all_policies_of_that_part_and_no_other(name: str, part: str) -> None:
    plan, without = scenario_of(FULL["jieshou-2022"]), scenario_of(f"jieshou/plan-2025-without-{name}.yaml")
    of_part = {
        key
        for key, policy in plan.policies.items()
        if policy.source and any(clause.startswith(part) for clause in cited(policy.source.clause))
    }
    assert of_part
    assert plan.policies.keys() - without.policies.keys() == of_part
    assert without.policies.keys() < plan.policies.keys()
    assert without.targets == plan.targets


def test_the_plan_with_hukou_and_housing_adds_the_measures_of_the_two_scenarios_unchanged() -> None:
    plan, more = scenario_of(FULL["jieshou-2022"]), scenario_of("jieshou/plan-2025-with-hukou-and-housing.yaml")
    singles = scenario_of("jieshou/hukou-relaxation.yaml"), scenario_of("jieshou/housing-subsidy.yaml")
    assert more.policies == {**plan.policies, **singles[0].policies, **singles[1].policies}


def test_the_types_of_county_are_those_of_the_programme() -> None:
    types = scenario_of(FULL["changzhi-2024"]).county_types
    named = {place.id: place.codes for place in catalogued("changzhi-2024").places}
    for kind in ("specialised", "tourism", "farm_products", "ecological_function"):
        assert types[kind] == tuple(named[f"type-{kind.replace('_', '-')}"])
    assert types["pilot"] == tuple(named["county-pilot"]) == tuple(named["type-city-integrated"])
    assert types["districts"] == tuple(named["districts-refuse"])
    hubs = sorted(code for place, codes in named.items() if place.startswith("hub-") for code in codes)
    assert list(types["rail_hubs"]) == hubs


def test_every_county_of_changzhi_belongs_to_one_class_of_size() -> None:
    scenario = scenario_of(FULL["changzhi-2024"])
    sizes = [code for kind in ("city_core", "mid_sized", "small") for code in scenario.county_types[kind]]
    assert sorted(sizes) == sorted(scenario.counties)
    assert len(scenario.counties) == 12


def test_changzhi_treats_tenants_like_buyers_and_asks_for_no_land() -> None:
    policies = scenario_of(FULL["changzhi-2024"]).policies
    opened: Any = policies["open_registration"]
    assert opened.tenants_eligible
    assert not opened.home_required
    assert opened.years_required == 0
    assert not [name for name, policy in policies.items() if policy.lever == "land_exit_compensation"]


def test_building_of_jieshous_plan_stops_with_the_plan() -> None:
    for name, policy in scenario_of(FULL["jieshou-2022"]).policies.items():
        assert policy.start == parse_month("2023-01"), name
        if name not in {"hospitals", "childcare", "primary_school_quality"}:
            assert policy.end == parse_month("2025-12"), name
