from __future__ import annotations

import warnings

import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from made_up import made_up
from matplotlib.backends.backend_agg import FigureCanvasAgg

from urbsim.codes import CAUSE_LABELS, GROUP_LABELS, ZONE_LABELS
from urbsim.experiment.ensemble import Ensemble
from urbsim.observation.indicators import INDICATORS
from urbsim.policies.registry import all_levers
from urbsim.region.places import all_places
from urbsim.report import fonts
from urbsim.report.charts import all_charts
from urbsim.report.charts.growth import growth_chart
from urbsim.report.charts.spending import spending_chart
from urbsim.report.charts.style import frame, in_lines, panels, styled
from urbsim.report.charts.trajectory import trajectory
from urbsim.report.fonts import _SHIPPED, font_families

EXPECTED = {
    "urbanization",
    "residents_by_zone",
    "seat_residents",
    "targets",
    "urban_growth_by_component",
    "difference_from_baseline",
    "policy_spending_by_lever",
}


def test_every_chart_is_written_as_png_svg_and_the_csv_it_was_drawn_from(saved):
    files = {path.name for path in (saved / "charts").iterdir()}
    assert files == {f"{name}.{kind}" for name in EXPECTED for kind in ("png", "svg", "csv")}


def test_equal_data_give_equal_chart_files(tmp_path, saved, tiny):
    chart = trajectory(tiny, "seat_residents")
    chart.write(tmp_path)
    for kind in ("png", "svg", "csv"):
        name = f"seat_residents.{kind}"
        assert (tmp_path / name).read_bytes() == (saved / "charts" / name).read_bytes()


def test_chart_files_carry_no_date(saved):
    for path in (saved / "charts").glob("*.svg"):
        assert "<dc:date>" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_title_legend_panels_and_note_do_not_overlap(tiny, language):
    for chart in all_charts(tiny, language):
        figure = chart.figure
        FigureCanvasAgg(figure).draw()
        title, note = figure.texts
        boxes = [title.get_window_extent(), note.get_window_extent(), figure.legends[0].get_window_extent()]
        boxes += [axis.get_tightbbox() for axis in figure.axes if axis.axison]
        for number, box in enumerate(boxes):
            assert not [other for other in boxes[number + 1 :] if box.overlaps(other)], chart.name
            assert box.x0 >= 0, chart.name
            assert box.x1 <= figure.bbox.width, chart.name


def test_the_shipped_font_has_every_character_that_labels_and_names_of_places_use():
    assert font_families()[0] == "Urbsim Sans SC"
    labels = [indicator.label for indicator in INDICATORS.values()]
    labels += [*ZONE_LABELS.values(), *CAUSE_LABELS.values(), *GROUP_LABELS.values()]
    labels += [lever.title for lever in all_levers().values()]
    text = "".join(label.zh + label.en for label in labels) + "".join(place.name for place in all_places())
    drawn = TTFont(_SHIPPED).getBestCmap()
    assert {character for character in text if ord(character) not in drawn} == set()


def test_rare_and_traditional_characters_are_in_the_shipped_font():
    """What people write in names: given names, old county names, traditional forms, marks of a Chinese keyboard."""
    drawn = TTFont(_SHIPPED).getBestCmap()
    text = "喆堃鄠昇甯垚淼焱镕祎玥旻峣嬅畲亳濮鄄盱眙歙黟浈邛崃郫灊棗陽臺灣鄉鎮學校國際①②③Ⅰ【】《》“”—…·￥％＋－＝"
    assert {character for character in text if ord(character) not in drawn} == set()


def test_a_character_without_a_glyph_is_said_once_and_in_one_line(capsys, monkeypatch):
    monkeypatch.setattr(fonts, "_said", set())
    ensemble = made_up(("喆堃方案①", "plan \U0010fffd"), until="2020-12")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for chart in all_charts(ensemble, "zh"):
            assert chart.svg
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "urbsim: no font for \U0010fffd (U+10FFFD); charts show boxes, tables and files have them"


def test_without_any_chinese_font_it_is_said_on_standard_error(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("urbsim.report.fonts._SHIPPED", tmp_path / "gone.otf")
    monkeypatch.setattr("urbsim.report.fonts._INSTALLED", ("No Such Font",))
    assert font_families.__wrapped__() == ("DejaVu Sans",)
    assert "no Chinese font found" in capsys.readouterr().err


def test_an_indicator_that_was_not_observed_is_refused_with_those_that_were(tiny):
    with pytest.raises(KeyError, match=r"'happiness' was not observed in 341282; there are .*urbanization_rate"):
        tiny.plot("happiness")


def test_a_target_is_marked_where_it_is_set(tiny):
    chart = trajectory(tiny, "urbanization_rate")
    markers = [line for line in chart.figure.axes[0].lines if line.get_marker() == "D"]
    assert [(round(line.get_xdata()[0], 3), line.get_ydata()[0]) for line in markers] == [(2020.917, 99.0)]


def test_components_of_urban_growth_add_up_to_the_change_of_the_urban_population(tiny):
    growth = tiny.urban_growth()
    series = tiny.series[tiny.series["scenario"] == tiny.baseline]
    urban = series[series["indicator"] == "urban_residents"].groupby("month", observed=True)["value"].mean()
    change_in_2021 = urban["2021-12"] - urban["2020-12"]
    components = growth.query("scenario == @tiny.baseline and year == 2021")["persons"].sum()
    assert components == pytest.approx(change_in_2021, abs=1e-6)


@pytest.mark.parametrize(("language", "words"), [("en", ["2 months", "1 month"]), ("zh", ["2个月", "1个月"])])
def test_a_year_that_is_not_whole_is_pale_and_says_its_months(language, words):
    parks = {"lever": "industrial_parks", "start": "2020-01", "posts_per_year": 100}
    ensemble = made_up(until="2023-01", policies={"parks": parks})
    for chart in (growth_chart(ensemble, language), spending_chart(ensemble, language)):
        axis = chart.figure.axes[0]
        assert [text.get_text() for text in axis.texts] == words
        pale = {bar.get_x() + bar.get_width() / 2: bar.get_alpha() for bars in axis.containers for bar in bars}
        assert pale == pytest.approx({2020.0: 0.45, 2021.0: None, 2022.0: None, 2023.0: 0.45})
        months = chart.data.drop_duplicates("year").set_index("year")["months"].to_dict()
        assert months == {2020: 2, 2021: 12, 2022: 12, 2023: 1}


def test_spending_by_lever_adds_up_to_the_ledger(tiny):
    plan = tiny.names[1]
    booked = tiny.ledger.loc[tiny.ledger["scenario"] == plan, "yuan"].sum() / 2
    assert booked > 0
    assert tiny.spending(("year", "lever")).query("scenario == @plan")["yuan"].sum() == pytest.approx(booked)


def test_a_chart_holds_the_numbers_it_shows(tiny):
    chart = trajectory(tiny, "residents")
    line = chart.figure.axes[0].lines[0]
    shown = pd.Series(line.get_ydata())
    table = chart.data[chart.data["scenario"] == tiny.baseline].sort_values("month")
    assert shown.tolist() == table["median"].tolist()


def test_levers_without_a_colour_of_their_own_are_drawn_together(tiny):
    plan = tiny.names[1]
    ledger = pd.DataFrame(
        [
            (plan, 0, replicate, "2021-04", "341282", lever, lever, "county", 1e6 * (number + 1))
            for number, lever in enumerate(all_levers())
            for replicate in range(2)
        ],
        columns=["scenario", "draw", "replicate", "month", "place", "lever", "policy", "payer", "yuan"],
    )
    chart = spending_chart(Ensemble(tiny.plan, {**tiny.tables, "ledger": ledger}), "en")
    assert chart is not None
    names = [entry.get_text() for entry in chart.figure.legends[0].get_texts()]
    assert names[-1] == "Other levers"
    drawn = sum(bar.get_height() for container in chart.figure.axes[0].containers for bar in container)
    count = len(all_levers())
    assert drawn == pytest.approx(count * (count + 1) / 2)
    assert set(chart.data["lever"]) == set(all_levers())


def test_a_note_too_long_for_a_line_goes_on_in_the_next():
    note = "median of 8 runs; scale 0.01. Parameters drawn."
    assert in_lines(note, 60) == note
    assert in_lines(note, 30) == "median of 8 runs; scale 0.01.\nParameters drawn."
    assert in_lines("8次模拟；抽样比例0.01。参数为抽取。", 24) == "8次模拟；抽样比例0.01。\n参数为抽取。"


def test_a_legend_of_many_rows_makes_the_figure_taller_and_leaves_the_panels_their_room():
    with styled():
        figure, axes = panels(1, 1)
        before = figure.get_figheight()
        handles = axes[0].plot([0, 1], [0, 1]) * 30
        frame(figure, "Spending", "note", handles, ["Integration with the capital's region"] * 30)
        figure.draw_without_rendering()
    assert figure.get_figheight() > before
    assert axes[0].get_position().height * figure.get_figheight() > 2.0
