"""Text that people wrote is shown as they wrote it: in charts, on the page, in tables, and in files."""

from __future__ import annotations

import html
import io
import re
import warnings

import pytest
from made_up import made_up, some_policies
from matplotlib.text import Text
from rich.console import Console

from urbsim.experiment.ensemble import Ensemble
from urbsim.policies.base import Source
from urbsim.report.charts import all_charts
from urbsim.report.counties import counties_table
from urbsim.report.cuts import cut_tables
from urbsim.report.page import report_page
from urbsim.report.tables import comparison_table
from urbsim.report.targets import targets_table

NAMES = (
    "grant_$500_vs_$800",
    "a $x^$ b",
    r"\\frac{$1$}",
    "$ $",
    "[bold]loud[/bold]",
    "[/nothing]",
    "<b>&amp;",
    "_underscore",
    "{{ 7 * 7 }}",
    "100 % {place}",
)
LIMITS = [
    (2021, "140403", "money", "policy_0", "hukou_relaxation", "yuan", 6e6, 1e6),
    (2021, "140404", "debt", "", "", "yuan", 2e6, 1e6),
]


@pytest.fixture(autouse=True)
def _without_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the font out of pages, which takes a third of their time and has tests of its own."""
    monkeypatch.setattr("urbsim.report.page.font_face", lambda _: "")


@pytest.fixture(scope="module")
def odd() -> Ensemble:
    return made_up(
        NAMES,
        region="1404",
        until="2021-12",
        policies=some_policies(2),
        targets={"urbanization_rate": {"2021-12": 0.5}},
        source=Source(programme="own", clause="$a$ [b]", given=True),
        limits=LIMITS,
    )


def printed(ensemble: Ensemble) -> str:
    console = Console(file=io.StringIO(), width=2000)
    tables = [comparison_table(ensemble, "en"), targets_table(ensemble, "en"), counties_table(ensemble, "en")]
    for table in [*tables, *cut_tables(ensemble, "en")]:
        console.print(table)
    return console.file.getvalue()  # type: ignore[attr-defined]


def page_words(page: str) -> str:
    return html.unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.S))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_chart_takes_a_name_for_a_formula_or_leaves_it_out(odd, language):
    shown: set[str] = set()
    for chart in all_charts(odd, language, ("residents_far",)):
        if language == "en":
            assert chart.svg
        texts = chart.figure.findobj(Text)
        assert not [text.get_text() for text in texts if text.get_parse_math() and "$" in text.get_text()]
        legend = {entry.get_text() for entry in chart.figure.legends[0].get_texts()} if chart.figure.legends else set()
        if chart.name == "urbanization":
            assert set(NAMES) <= legend
        shown |= {text.get_text() for text in texts}
    assert any("$a$ [b]" in text for text in shown), "the clause of a target"


def test_names_are_neither_markup_nor_formulas_on_the_page(odd):
    page = report_page(odd, {}, "en")
    words = page_words(page)
    for name in (*NAMES, "$a$ [b]"):
        assert name in words
    assert "<b>&amp;" not in page.replace("&lt;b&gt;&amp;amp;", "")


def test_names_are_no_markup_in_tables(odd):
    text = printed(odd)
    for name in (*NAMES, "$a$ [b]"):
        assert name in text
    assert f"below: difference from '{NAMES[0]}'" in text


def test_control_characters_are_shown_and_do_nothing():
    sly = made_up(("base\x1b[2J", "plan\u202egnp\x07"), until="2020-12", description="line\x1b one")
    shown = {text.get_text() for chart in all_charts(sly, "en") for text in chart.figure.findobj(Text)}
    page, table = report_page(sly, {}, "en"), printed_plain(sly)
    for place in (page, table, *shown):
        assert not set("\x1b\u202e\x07") & set(place)
    for place in (page, table, "\n".join(shown)):
        assert r"base\x1b[2J" in place
        assert r"plan\u202egnp\x07" in place
    assert r"line\x1b one" in page


def printed_plain(ensemble: Ensemble) -> str:
    console = Console(file=io.StringIO(), width=2000)
    console.print(comparison_table(ensemble, "en"))
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_a_name_too_long_for_a_chart_is_cut_there_and_whole_in_the_tables():
    long = "很长的情景名称" * 14
    ensemble = made_up(("Baseline", long), until="2021-01")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for chart in all_charts(ensemble, "zh"):
            assert chart.svg
            texts = [text.get_text() for text in chart.figure.findobj(Text)]
            assert not [text for text in texts if long in text]
    assert long in page_words(report_page(ensemble, {}, "zh"))
