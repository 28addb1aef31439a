"""The report page: one file, true to its tables, in both languages."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from made_up import made_up, some_policies

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.reopen import read_manifest
from urbsim.report.charts import all_charts, chart_tables
from urbsim.report.charts.style import MARKERS, PALETTE, STROKES
from urbsim.report.cuts import cut_rows, debt_lines
from urbsim.report.measures import measures
from urbsim.report.numbers import format_of
from urbsim.report.page import report_page
from urbsim.report.sureness import sureness

LIMITS = ["scenario", "draw", "replicate", "year", "place", "limit", "policy", "lever", "unit", "wanted", "possible"]


@pytest.fixture(scope="module")
def page(saved) -> str:
    return (saved / "report.html").read_text(encoding="utf-8")


def plain(page: str, language: str = "en") -> str:
    """Return the words of one language of a page without its programs, pictures and marks."""
    main = re.search(rf'<main lang="{language}[^>]*>(.*?)</main>', page, flags=re.S)
    assert main is not None
    return " ".join(html.unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", main[1], flags=re.S)).split())


def embedded(page: str) -> dict:
    """Return the numbers and charts that a page holds for the browser."""
    found = re.search(r'<script type="application/json" id="report-data">(.*?)</script>', page, flags=re.S)
    assert found is not None
    return json.loads(found[1])


def test_the_page_needs_no_network(page):
    frame = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!data:|#)""", frame)
    assert "http://" not in frame
    assert not re.search(r"url\((?!data:|#)", frame)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_chart_of_the_folder_is_in_the_page_with_a_text_for_those_who_do_not_see_it(page, saved, language):
    panels = embedded(page)["panels"][language]
    drawn = {identity.removeprefix(f"view-{language}-").rpartition("-")[0] for identity, _, _ in panels}
    assert drawn == {"opening"} | {path.stem for path in (saved / "charts").glob("*.svg")}
    for identity, _, _ in panels:
        assert f'id="{identity}"' in page
    texts = re.findall(r'class="panels" role="img" aria-label="([^"]+)"', page)
    assert len(texts) == 2 * len(drawn)
    assert all(len(text) > 3 for text in texts)


def test_the_numbers_behind_the_charts_are_those_of_the_files(page, saved):
    tables = embedded(page)["tables"]
    assert len(tables) > 4
    for name in set(tables) - {"opening"}:
        file = pd.read_csv(saved / "charts" / f"{name}.csv", dtype={"place": str})
        shown = pd.DataFrame(tables[name]["rows"], columns=tables[name]["columns"])
        pd.testing.assert_frame_equal(shown, file, check_dtype=False, rtol=1e-6)


@pytest.mark.parametrize(
    ("indicators", "only"), [((), False), (("births", "seat_residents"), False), (("births",), True)]
)
def test_tables_of_charts_are_those_that_the_charts_are_drawn_from(indicators, only):
    targets = {"urbanization_rate": {"2021-03": 0.5}}
    ensemble = made_up(region="1404", until="2021-03", policies=some_policies(2), targets=targets)
    tables = chart_tables(ensemble, indicators, only=only)
    charts = list(all_charts(ensemble, "en", indicators, only=only))
    assert list(tables) == [chart.name for chart in charts] or set(tables) == {chart.name for chart in charts}
    for chart in charts:
        pd.testing.assert_frame_equal(tables[chart.name], chart.data)


def test_each_scenario_has_a_colour_and_strokes_of_its_own_in_every_chart(page):
    panels = embedded(page)["panels"]["en"]
    (spec,) = (spec for identity, _, spec in panels if identity == "view-en-seat_residents-0")
    line = spec["layer"][1]["encoding"]
    assert line["color"]["scale"]["range"] == ["#000000", "#0072B2"]
    assert line["strokeDash"]["scale"]["range"] == [[1, 0], [9, 3]]
    assert len(set(STROKES)) == len(set(MARKERS)) == len(PALETTE)


def test_headline_numbers_are_those_of_the_table(page, tiny):
    words = plain(page)
    for record in tiny.table(("residents", "urbanization_rate")).to_dict("records"):
        form = format_of(record["indicator"], float(record["median"]), "en")
        assert f"{form.value(record['median'])} {form.interval(record['low'], record['high'])}" in words


def test_targets_stand_with_their_probability(page):
    assert "Resident urbanization rate (%) ≥ 99 2020-12" in plain(page)
    assert "0% (0/2)" in plain(page)


def test_every_policy_is_named_with_its_clause_and_whether_its_amounts_are_given(page, tiny):
    words = plain(page)
    found = measures(tiny, "en")
    assert len(found) == sum(len(scenario.policies) for scenario in tiny.plan.scenarios)
    for measure in found:
        assert f"{measure.title} {measure.name}" in words
        assert measure.clause in words
    given = sum(
        policy.source is not None and policy.source.given for policy in tiny.plan.scenarios[1].policies.values()
    )
    assert words.count(" assumption ") >= len(found) - given
    assert given > 0


def test_spending_of_the_policies_adds_up_to_the_ledger(tiny):
    total = sum(measure.yuan for measure in measures(tiny, "en"))
    assert total == pytest.approx(tiny.ledger["yuan"].sum() / 2)


def test_the_page_says_how_to_get_the_same_numbers(page, saved):
    words = plain(page)
    versions = read_manifest(saved)["versions"]
    assert f"numpy {versions['numpy']}" in words
    assert (
        "urbsim compare scenarios/baseline.yaml scenarios/plan-to-2025.yaml --seed 0 --draws 0 --replicates 2" in words
    )


def test_the_chinese_page_has_chinese_words_and_a_font_for_them(tiny, saved):
    page = report_page(tiny, read_manifest(saved), "zh")
    assert '<html lang="zh-CN">' in page
    assert "@font-face" in page
    words = plain(page, "zh")
    for text in ("主要结果", "目标达成", "执行的政策", "结果的可靠程度", "如何重现", "常住人口城镇化率"):
        assert text in words
    assert "At a glance" not in words
    assert "At a glance" in plain(page, "en")


def test_text_of_a_scenario_cannot_become_markup(tiny, saved):
    baseline, plan = tiny.plan.scenarios
    sly = replace(plan, description="<script>alert(1)</script>")
    page = report_page(Ensemble(replace(tiny.plan, scenarios=(baseline, sly)), tiny.tables), read_manifest(saved))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_names_of_scenarios_cannot_end_the_data_of_the_charts(tiny, saved):
    sly = replace(tiny.plan.baseline, name_zh="</script><b>'\\")
    ensemble = Ensemble(replace(tiny.plan, scenarios=(sly, tiny.plan.scenarios[1])), tiny.tables)
    page = report_page(ensemble, read_manifest(saved), "zh")
    assert page.count("</script>") == 2
    assert "</script><b>'" in json.dumps(embedded(page)["panels"]["zh"], ensure_ascii=False)


def with_limits(tiny: Ensemble, rows: list[tuple]) -> Ensemble:
    full = [(tiny.names[1], 0, replicate, *row) for replicate in range(2) for row in rows]
    return Ensemble(tiny.plan, {**tiny.tables, "limits": pd.DataFrame(full, columns=LIMITS)})


def test_what_money_land_and_debt_cut_is_summed_over_the_run_and_averaged_over_runs(tiny, saved):
    cut = with_limits(
        tiny,
        [
            (2020, "341282", "money", "industry_clusters", "industrial_parks", "yuan", 4e6, 4e6),
            (2021, "341282", "money", "industry_clusters", "industrial_parks", "yuan", 6e6, 1e6),
            (2020, "341282", "money", "modern_services", "industrial_parks", "yuan", 2e6, 2e6),
            (2021, "341282", "land", "", "", "mu", 100.0, 40.0),
            (2020, "341282", "debt", "", "", "yuan", 9e6, 10e6),
            (2021, "341282", "debt", "", "", "yuan", 20e6, 10e6),
        ],
    )
    found = {(each.name, each.limit_words.en): each for each in cut_rows(cut, "en")}
    parks = found["industry_clusters", "money, million yuan"]
    assert (parks.wanted, parks.possible, parks.share, parks.first) == (10e6, 5e6, 0.5, 2021)
    assert found["", "land, mu"].share == 0.4
    assert len(found) == 2
    page = plain(report_page(cut, read_manifest(saved)))
    assert "Industry clusters industry_clusters money, million yuan 2021 10.0 5.0 50%" in page
    (line,) = debt_lines(cut, "en")
    assert line.endswith(
        "1 of 1 counties, first in 2021; debt in per cent of the limit at its highest: Jieshou 200% (in 2 of 2 runs)"
    )
    assert line in page


def test_where_nothing_was_cut_the_page_says_so(tiny, saved):
    uncut = with_limits(tiny, [(2020, "341282", "money", "modern_services", "industrial_parks", "yuan", 2e6, 2e6)])
    assert cut_rows(uncut, "en") == []
    assert "money and land carried every policy in full" in plain(report_page(uncut, read_manifest(saved)))


def test_sureness_counts_what_this_experiment_holds(tiny):
    said = " ".join(sureness(tiny, "en"))
    assert "median and range of 2 replicates" in said
    assert "Parameters were held at one set of values" in said
    policies = tiny.plan.scenarios[1].policies.values()
    given = sum(policy.source is not None and policy.source.given for policy in policies)
    assert f"The amounts of {given} of {len(policies)} policies are given by a programme" in said
    drawn = Ensemble(replace(tiny.plan, draws=2, replicates=1), tiny.tables)
    assert "They cover 2 draws" in " ".join(sureness(drawn, "en"))
    assert "median and range of 2 runs, 2 draws of the parameters" in " ".join(sureness(drawn, "en"))
