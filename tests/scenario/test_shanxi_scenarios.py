"""Shanxi's scenarios: traced to clauses, one action apart, carrying what the catalogue says, and read in hindsight."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from scripts import load_script
from urbsim.programmes.reading import catalogued, cited
from urbsim.scenario import load_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FOLDER = SCENARIOS / "shanxi-2024"
PARTS = {1: "二", 2: "三", 3: "四", 4: "五"}
PROGRAMMES = {"shanxi-2014": "programme.yaml", "shanxi-2023": "report.yaml", "shanxi-2024": "programme.yaml"}


def citations(path: Path, programme: str) -> dict[str, tuple[str, ...]]:
    """Return the clauses of a programme that each policy of a scenario cites, of those that cite any."""
    policies = load_scenario(path).policies
    sources = {name: policy.source for name, policy in policies.items()}
    return {name: cited(s.clause) for name, s in sources.items() if s is not None and s.programme == programme}


@pytest.mark.parametrize("action", PARTS)
def test_without_an_action_exactly_the_policies_of_its_part_are_missing(action: int) -> None:
    whole = citations(FOLDER / "programme.yaml", "shanxi-2024")
    left = citations(FOLDER / f"without-action-{action}.yaml", "shanxi-2024")
    gone = set(whole) - set(left)
    assert gone == {name for name, clauses in whole.items() if clauses[0].startswith(PARTS[action])}
    assert gone
    assert set(load_scenario(FOLDER / "baseline.yaml").policies).isdisjoint(gone)


def test_no_policy_of_the_programme_mixes_actions() -> None:
    for name, clauses in citations(FOLDER / "programme.yaml", "shanxi-2024").items():
        assert len({clause[0] for clause in clauses}) == 1, name


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_measure_of_a_lever_is_cited_by_a_policy_with_that_lever(programme: str) -> None:
    path = SCENARIOS / programme / PROGRAMMES[programme]
    scenario = load_scenario(path)
    carried = {
        (clause, scenario.policies[name].lever)
        for name, clauses in citations(path, programme).items()
        for clause in clauses
    }
    rows = {(row.id, lever) for _, row in catalogued(programme).measures for lever in row.levers}
    assert carried == rows


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_policy_beyond_the_ordinary_quota_of_land_says_where_it_comes_from(programme: str) -> None:
    scenario = load_scenario(SCENARIOS / programme / PROGRAMMES[programme])
    without = {name for name, policy in scenario.policies.items() if policy.source is None}
    assert without == {"ordinary_land_cities", "ordinary_land_large", "ordinary_land_small"}


def test_the_types_by_size_hold_every_county_once() -> None:
    for folder in ("shanxi-2014", "shanxi-2023"):
        scenario = load_scenario(SCENARIOS / folder / "baseline.yaml")
        codes = [code for name in ("cities", "large", "small") for code in scenario.county_types[name]]
        assert sorted(codes) == list(scenario.counties)


def test_the_land_released_in_2014_adds_up_to_what_the_document_says() -> None:
    scenario = load_scenario(SCENARIOS / "shanxi-2014" / "programme.yaml")
    released = [policy for name, policy in scenario.policies.items() if name.startswith("land_release")]
    mu = sum(policy.mu_per_year * len(policy.counties) for policy in released)
    assert mu == pytest.approx(100_000, rel=0.001)


def test_hindsight_compares_groups_by_hand() -> None:
    hindsight = load_script(SCENARIOS / "shanxi-2014" / "hindsight.py")
    census = pd.DataFrame({"code": ["140121", "140122"], "urban_2010": [20, 30], "residents_2010": [100, 100]})
    census = census.assign(urban_2020=[30, 90], residents_2020=[100, 200])
    rows = [
        (scenario, draw, 0, place, "2020-10", indicator, value)
        for draw in (0, 1)
        for scenario, more in (("Baseline", 0), ("Programme", 2 + draw))
        for place, urban, residents in (("140121", 36 + more, 100), ("140122", 84 - 4 * draw, 200), ("14", 120, 300))
        for indicator, value in (("urban_residents", urban), ("residents", residents))
    ]
    series = pd.DataFrame(rows, columns=["scenario", "draw", "replicate", "place", "month", "indicator", "value"])
    late = series.assign(month="2020-12", value=0)
    model = hindsight.simulated(pd.concat([series, late]))
    found = hindsight.table(census, model, {"pilots": ["140121"], "all": ["140121", "140122"]}).set_index("group")
    assert found.loc["pilots"].tolist() == pytest.approx([1, 20, 30, 36, 38.5, 6, 6, 6, 2.5, 2, 3])
    # Draw 1 has 4 urban residents less in the other county; what the programme adds is of the same draw.
    both = [2, 25, 40, (40 + 116 / 3) / 2, (122 + 119) / 6, (0 - 4 / 3) / 2, -4 / 3, 0, (2 + 3) / 6, 2 / 3, 1]
    assert found.loc["all"].tolist() == pytest.approx(both)
