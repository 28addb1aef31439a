"""All of China: what its units are, and its tables beside the published figures by hand."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from scripts import load_script
from urbsim.codes import Cause, Zone
from urbsim.model import UrbanizationModel
from urbsim.region.tables import county_rows
from urbsim.scenario import load_scenario
from urbsim.scenario.loading import scenario_from_mapping

FOLDER = Path(__file__).parents[2] / "scenarios" / "china"


@pytest.fixture(scope="module")
def published() -> ModuleType:
    return load_script(FOLDER / "published.py")


def test_the_scenario_holds_every_unit_once_and_development_zones_are_units_of_their_own() -> None:
    scenario = load_scenario(FOLDER / "baseline.yaml")
    assert len(scenario.counties) == len(set(scenario.counties)) == 2946
    assert scenario.title.zh == "基准"
    rows = county_rows(scenario.counties, 2020)
    zones = rows[rows["quality"] == "development_zone"]
    assert len(zones) == 94
    assert zones["kind"].value_counts().to_dict() == {"district": 93, "county": 1}
    # The printed total of the 31 provinces less the islands of Hainan: zones are in it, and nobody of theirs elsewhere.
    assert rows["residents"].sum() == 1_409_778_724 - 2_333
    assert zones["residents"].sum() == 18_966_295


def made_up(published: ModuleType) -> pd.DataFrame:
    """Return the comparison of two runs in which shares rise by a point a year and residents by a million."""
    rows = []
    known = published.published().set_index(["place", "year", "indicator"])["published"]
    for replicate in (0, 1):
        for place in ("CN", "14", "34"):
            first, share = known[place, 2020, "residents"], known[place, 2020, "urbanization_rate"]
            for year in (2020, 2021, 2022, 2035):
                passed = year - 2020
                people = first + 1e6 * passed
                values = {"residents": people, "urbanization_rate": share + 0.01 * passed + 0.002 * replicate}
                values |= {"registered_urbanization_rate": 0.45, "births": 0.008 * people, "deaths": 0.007 * people}
                name = "中国" if place == "CN" else place
                rows += [(0, replicate, f"{year}-12", name, each, value) for each, value in values.items()]
    return published.compared(pd.DataFrame(rows, columns=["draw", "replicate", "month", "place", "indicator", "value"]))


def test_published_figures_stand_beside_the_runs_by_hand(published: ModuleType) -> None:
    table = made_up(published).set_index(["place", "year", "indicator"])
    row = table.loc["CN", 2022, "urbanization_rate"]
    assert row["published"] == pytest.approx(0.6522)
    assert row["median"] == pytest.approx(0.6389 + 0.021)
    assert row["difference"] == pytest.approx(0.6389 + 0.021 - 0.6522)
    assert (row["low"], row["high"]) == pytest.approx((0.6389 + 0.02, 0.6389 + 0.022))
    assert table.loc["CN", 2021, "birth_rate"]["median"] == pytest.approx(0.008)
    assert np.isnan(table.loc["14", 2035, "residents"]["published"])


def test_errors_over_provinces_by_hand(published: ModuleType) -> None:
    found = published.errors(made_up(published), 2022)
    known = published.published().set_index(["place", "year", "indicator"])["published"]
    shares, growth = [], []
    for place in ("14", "34"):
        then, now = (known[place, year, "urbanization_rate"] for year in (2020, 2022))
        shares.append((abs(then + 0.021 - now), abs(then - now)))
        first, last = (known[place, year, "residents"] for year in (2020, 2022))
        growth.append((abs((first + 2e6) / first - last / first), abs(last / first - 1)))
    means = 100 * np.mean(shares, axis=0), 100 * np.mean(growth, axis=0)
    assert [found[name] for name in ("share", "share_kept")] == pytest.approx(means[0])
    assert [found[name] for name in ("residents", "residents_kept")] == pytest.approx(means[1])


def test_the_readmes_are_renewed_between_their_marks(published: ModuleType, tmp_path: Path) -> None:
    record = {
        "settings": {"draws": 0, "replicates": 2, "scale": 0.01},
        "finished": "2026-11-27T15:00:00+00:00",
    }
    for language, name, shanxi in (("en", "README.md", "Shanxi"), ("zh", "README.zh.md", "山西")):
        file = tmp_path / name
        file.write_text((FOLDER / name).read_text(encoding="utf-8"), encoding="utf-8")
        published.renew(file, published.markdown(made_up(published), record, language))
        text = file.read_text(encoding="utf-8")
        assert text.startswith((FOLDER / name).read_text(encoding="utf-8")[:100])
        assert [line for line in text.splitlines() if line.startswith(f"| {shanxi} |")]
        row = next(line for line in text.splitlines() if line.startswith("| 2022 |"))
        assert "65.22 / 65.99" in row
        assert "-0.37 / +2.00" in row
        assert text.count("2026-11-27") == 1


@pytest.mark.slow
def test_the_world_of_all_provinces_is_closed_and_nobody_is_counted_twice() -> None:
    mapping = {"name": "China", "region": "CN", "start": "2020-11", "until": "2021-01", "scale": 0.0003}
    scenario = scenario_from_mapping(mapping)
    model = UrbanizationModel(scenario)
    people, codes = model.world.population.people, scenario.counties
    rows = county_rows(codes, 2020)
    assert (people.zone < Zone.NEAR).all()
    assert (people.registration >= 0).all()
    assert np.bincount(people.county, minlength=len(codes)) == pytest.approx(rows["residents"] * 0.0003, abs=0.5001)
    assert len(people.key) == len(np.unique(people.key))
    start = len(people.key)
    flows = np.zeros_like(model.world.accounts.flows)
    for _ in range(scenario.months):
        model.step()
        flows += model.world.accounts.flows
    by_cause = flows.sum(axis=(0, 2, 3))
    assert by_cause[Cause.ARRIVAL] == by_cause[Cause.DEPARTURE] == 0
    alive = int((model.world.population.people.alive == 1).sum())
    assert alive == start + by_cause[Cause.BIRTH] - by_cause[Cause.DEATH]
    moves = flows[:, Cause.MOVE].sum(axis=0)
    assert moves[:, 6].sum() == moves[6].sum() > 100
