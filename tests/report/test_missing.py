"""Values that are missing, that never vary, and experiments of one month or run: all is shown, nothing warns."""

from __future__ import annotations

import html
import io
import json
import math
import re
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from made_up import made_up, rising, some_policies
from matplotlib.text import Text
from rich.console import Console

from urbsim.experiment.ensemble import Ensemble
from urbsim.observation.indicators import INDICATORS
from urbsim.report.charts import all_charts
from urbsim.report.charts.style import styled
from urbsim.report.counties import counties_table
from urbsim.report.cuts import cut_tables
from urbsim.report.page import report_page
from urbsim.report.tables import as_data, comparison_table
from urbsim.report.targets import targets_table

TARGETS = {"urbanization_rate": {"2021-01": 0.5}, "residents": {"2021-01": 30000.0, "comparator": "about"}}
MISSING_MONTH = 1


@pytest.fixture(autouse=True)
def _without_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the font out of pages, which takes a third of their time and has tests of its own."""
    monkeypatch.setattr("urbsim.report.page.font_face", lambda _: "")


def nothing(*_: object) -> float:
    return math.nan


def constant(*_: object) -> float:
    return 0.5


def zero(*_: object) -> float:
    return 0.0


def a_gap(indicator: str, scenario: int, place: int, month: int, run: int) -> float:
    return math.nan if month == MISSING_MONTH else rising(indicator, scenario, place, month, run)


def in_one_run(indicator: str, scenario: int, place: int, month: int, run: int) -> float:
    return math.nan if run == 0 else rising(indicator, scenario, place, month, run)


CASES: dict[str, Callable[[], Ensemble]] = {
    "all missing": lambda: made_up(until="2021-02", value=nothing, targets=TARGETS),
    "all missing, many counties": lambda: made_up(region="1404", until="2021-02", value=nothing, targets=TARGETS),
    "missing in one run": lambda: made_up(region="1404", until="2021-02", value=in_one_run, targets=TARGETS),
    "a month missing": lambda: made_up(until="2021-02", value=a_gap, targets=TARGETS),
    "constant": lambda: made_up(region="1404", until="2021-02", value=constant, targets=TARGETS),
    "zero": lambda: made_up(until="2021-02", value=zero, targets=TARGETS),
    "one month": lambda: made_up(until="2020-11"),
    "one run": lambda: made_up(region="1404", until="2021-02", replicates=1, targets=TARGETS),
    "one scenario, one run, one month": lambda: made_up(("only",), until="2020-11", replicates=1),
    "forty policies": lambda: made_up(until="2021-02", policies=some_policies(40)),
    "nine scenarios": lambda: made_up([f"scenario {number}" for number in range(9)], until="2021-02"),
}


@pytest.fixture(scope="module", params=CASES, ids=lambda name: name.replace(" ", "-"))
def ensemble(request: pytest.FixtureRequest) -> Ensemble:
    return CASES[request.param]()


def printed(ensemble: Ensemble) -> str:
    console = Console(file=io.StringIO(), width=400)
    tables = [comparison_table(ensemble, "en"), targets_table(ensemble, "zh"), counties_table(ensemble, "en")]
    for table in [*(table for table in tables if table is not None), *cut_tables(ensemble, "en")]:
        console.print(table)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_everything_is_shown_without_a_warning(ensemble):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        charts = list(all_charts(ensemble, "en", ("seat_rent",)))
        for chart in charts:
            with styled():
                chart.figure.draw_without_rendering()
        page = report_page(ensemble, {}, "en")
        table = printed(ensemble)
        data = json.loads(json.dumps(as_data(ensemble, "en"), allow_nan=False))
        ensemble.summary()
    texts = [text.get_text() for chart in charts for text in chart.figure.findobj(Text)]
    words = html.unescape(re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", page, flags=re.S))
    for place in (words, table, *texts):
        assert not re.search(r"\bnan\b|\bNaN\b|\binf\b", place)
    assert data["comparison"]


def test_what_is_missing_everywhere_is_a_dash_and_null():
    ensemble = CASES["all missing"]()
    table = printed(ensemble)
    line = next(line for line in table.splitlines() if line.startswith("  Baseline"))
    assert line.split() == ["Baseline", "–", "–"]
    assert {row["median"] for row in as_data(ensemble, "en")["comparison"]} == {None}
    targets = ensemble.targets()
    assert (targets["runs"] == 0).all()
    assert targets["median"].isna().all()


def test_a_run_without_a_value_is_left_out_of_median_and_targets():
    ensemble = CASES["missing in one run"]()
    row = ensemble.targets().set_index("indicator").loc["urbanization_rate"].iloc[0]
    assert (row["runs"], row["median"]) == (1, pytest.approx(rising("urbanization_rate", 0, 12, 2, 1)))
    table = ensemble.over_time(["urbanization_rate"])
    assert not table["median"].isna().any()
    assert (table["replicates"] == 1).all()


def test_a_missing_month_is_a_gap_in_the_line():
    ensemble = CASES["a month missing"]()
    (chart,) = [chart for chart in all_charts(ensemble, "en") if chart.name == "urbanization"]
    line = chart.figure.axes[0].lines[0]
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False, False]
    assert (line.get_marker(), line.get_markevery()) == ("o", [0]), "a value with a gap beside it is a dot"


def test_a_run_of_one_month_is_drawn_as_dots():
    (chart,) = [chart for chart in all_charts(CASES["one month"](), "en") if chart.name == "urbanization"]
    for line in chart.figure.axes[0].lines:
        assert (line.get_marker(), line.get_markevery()) == ("o", [0])


def test_the_word_for_every_indicator_is_shown_in_both_languages():
    ensemble = made_up(until="2020-12")
    for language in ("en", "zh"):
        table = printed_all(ensemble, language)
        for indicator in INDICATORS.values():
            assert indicator.label.in_language(language) in table.lower()


def printed_all(ensemble: Ensemble, language: str) -> str:
    console = Console(file=io.StringIO(), width=400)
    console.print(comparison_table(ensemble, language, tuple(INDICATORS)))
    return console.file.getvalue().lower()  # type: ignore[attr-defined]


def test_the_base_population_of_no_known_fit_is_not_spoken_of():
    ensemble = made_up(until="2020-12")
    without = Ensemble(ensemble.plan, {**ensemble.tables, "synthesis": ensemble.synthesis.iloc[:0]})
    page = report_page(without, {}, "en")
    assert "census margins" not in page
    assert isinstance(pd.Series(without.base_fit()), pd.Series)
