"""What an analyst does on the page, in both languages: a place, its state, scenarios, policies and what came of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe import violations
from serving import PATIENCE, Server
from steps import BOTH, LANGUAGES, PARK, PLAN, TABS, add_plan, add_policy, asked, begin, complete, drawn, open_tab

expect = pytest.importorskip("playwright.sync_api").expect
HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.mark.parametrize("language", BOTH)
def test_an_analyst_compares_a_plan(server: Server, open_page: Any, pictures: Path, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page, text={"en": "jieshou", "zh": "界首"}[language])
    page.locator("#result svg").first.wait_for()
    add_plan(page)
    drawn(page, PLAN[language])
    complete(page)
    page.locator("#difference").check()
    line = page.locator("#result .mark-line path")
    expect(line).to_have_count(1, timeout=1000 * PATIENCE)
    assert line.get_attribute("stroke").lower() == "#0072b2"  # as beside the baseline
    page.locator("#difference").uncheck()
    _a_point_tells_its_numbers(page, language)
    for tab in TABS:
        open_tab(page, tab)
        assert violations(page) == [], tab
        page.screenshot(path=pictures / f"{language}-{tab}.png", full_page=True)
    open_tab(page, "table")
    page.locator("#result .hint").get_by_text({"en": "In blue", "zh": "蓝色"}[language]).wait_for()
    other = {"en": "数据", "zh": "Numbers"}[language]
    page.locator("#language").click()
    page.locator("#tab-table").get_by_text(other, exact=True).wait_for()
    assert page.locator("html").get_attribute("lang") == {"en": "zh-CN", "zh": "en"}[language]


def _a_point_tells_its_numbers(page: Any, language: str) -> None:
    """Pointing at a line says of which scenario and month it is, its median and its interval; after a switch too."""
    page.locator("#indicator").select_option("residents")
    axes = page.locator("#result .role-axis").first.locator("..")
    expect(axes).to_contain_text(re.compile("[0-9],[0-9]{3}"), timeout=1000 * PATIENCE)
    _points_at_last(page, language, PLAN[language])
    page.locator("#result .chart .drawn").evaluate("(drawn) => drawn.id = 'kept'")
    for other in ({"en": "zh", "zh": "en"}[language], language):  # texts change in the chart that is there
        page.locator("#language").click()
        page.locator("#kept svg text").get_by_text(
            {"en": "Residents", "zh": "常住人口"}[other], exact=True
        ).first.wait_for()
        _points_at_last(page, other, PLAN[language])
    page.locator("#indicator").select_option("urbanization_rate")


def _points_at_last(page: Any, language: str, scenario: str) -> None:
    page.mouse.move(0, 0)
    page.locator("#result svg .mark-symbol.role-mark path").last.hover()
    words = {"en": ("Month", "Median", "from", "to"), "zh": ("月份", "中位数", "自", "至")}[language]
    tip = page.locator("#vg-tooltip-element.visible", has_text=words[1])
    tip.wait_for()
    said = tip.inner_text()
    assert all(word in said for word in (scenario, "2021-12", *words)), said
    assert len(re.findall(r"\b\d{3},\d{3}\b", said)) == 3, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_state_of_a_county_is_read(server: Server, open_page: Any, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page, text="341282")
    words = {
        "en": ("Residents", "Villages", "People at work", "Primary pupils", "Hospital beds", "Registered", "estimated"),
        "zh": ("常住人口", "乡村", "就业人口", "小学生", "医疗床位", "户籍人口", "估计值"),
    }[language]
    facts = page.locator("dl.facts")
    facts.wait_for()
    said = facts.inner_text()
    assert all(word in said for word in words)
    assert all(number in said for number in ("650,870", "342,377", "207,420", "242,387", "216,571"))
    pyramid = page.locator(".wide .card .chart svg").last  # people by age and sex
    pyramid.wait_for()
    assert pyramid.locator(".mark-rect path").count() == 36


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_policy_is_set_in_a_form_made_from_its_schema(server: Server, open_page: Any, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page)
    add_plan(page)
    form = page.locator(f"#policy-{PARK}")
    said = form.inner_text()
    for words in {"en": ("posts a year", "Cost", "Evidence"), "zh": ("个岗位", "费用", "依据")}[language]:
        assert words in said, said
    amount = page.locator(f"#field-{PARK}-posts_per_year")
    assert 0 < float(amount.get_attribute("min")) < 1e-9
    assert amount.get_attribute("max") == "1000000"
    assert page.locator(f"#policy-{PARK} .grade").count() == 1
    for name, value in (("posts_per_year", "3000"), ("ramp_months", "6"), ("end", "2021-09")):
        page.locator(f"#field-{PARK}-{name}").fill(value)
        page.keyboard.press("Tab")
    page.locator(f"#field-{PARK}-zones-town").check()
    complete(page)
    policy = asked(page, server)["scenarios"][1]["policies"][PARK]
    assert {name: policy[name] for name in ("posts_per_year", "ramp_months", "start", "end", "zones")} == {
        "posts_per_year": 3000,
        "ramp_months": 6,
        "start": "2021-01",
        "end": "2021-09",
        "zones": ["town", "seat"],
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scenario_that_comes_with_urbsim_is_a_start(server: Server, open_page: Any, language: str) -> None:
    page = open_page(server.base, language=language)
    page.locator('[id="start-jieshou/plan-2025.yaml"]').click()
    page.locator("#scenario-1").wait_for()
    assert page.locator("details.policy").count() > 5
    page.locator("#run-settings summary").click()
    for name, value in (("scale", "0.002"), ("draws", "2"), ("until", "2025-12")):
        page.locator(f"#set-{name}").fill(value)
        page.keyboard.press("Tab")
    complete(page)
    open_tab(page, "targets")
    rows = page.locator("#result tbody tr")
    assert rows.count() > 1
    assert re.search(r"\d+ %$", rows.first.inner_text())  # the chance of meeting it
    open_tab(page, "costs")
    assert re.search({"en": "million yuan", "zh": "百万元"}[language], page.locator("#result").inner_text())
    assert page.locator("#result tr.sum td").last.inner_text() not in {"0.0", "–"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_up_to_four_scenarios_stand_side_by_side(server: Server, open_page: Any, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page)
    for _ in range(3):
        page.locator("#add-scenario").select_option("copy:0")
    page.locator("#scenario-3[aria-selected=true]").wait_for()
    assert page.locator("#add-scenario").count() == 0
    names = [PLAN[language], f"{PLAN[language]} 2", f"{PLAN[language]} 3"]
    for name in names:
        drawn(page, name)
    page.locator("#remove-scenario").click()
    page.locator("#add-scenario").wait_for()
    page.locator("#undo").click()
    page.locator("#scenario-3").wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_bands_fill_in_as_draws_arrive(server: Server, open_page: Any, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page, until={"en": "2034-12", "zh": "2033-12"}[language], draws=10, scale=0.01)
    page.locator("#sketch").wait_for()  # what is shown first says that it is a sketch
    words = {"en": r"^[2-9] of 10 draws$", "zh": "^10组参数中已完成[2-9]组$"}[language]
    page.locator(".status").get_by_text(re.compile(words)).wait_for()
    page.locator("#result svg .mark-area path").first.wait_for()
    assert page.locator("#sketch").count() == 0
    assert page.locator("#report").is_disabled()
    complete(page)
    page.locator(".status").get_by_text({"en": "all 10 draws", "zh": "全部10组参数"}[language]).wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_contributions_and_groups_are_asked_for(server: Server, open_page: Any, pictures: Path, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page, draws=0)
    add_plan(page)
    add_policy(page, "housing_subsidy")
    complete(page)
    for tab in ("contributions", "groups"):
        open_tab(page, tab)
        page.locator(f"#ask-{tab}").click()
        page.locator("#result table tbody tr").nth(1).wait_for()
        assert violations(page) == [], tab
        page.screenshot(path=pictures / f"{language}-{tab}-asked.png", full_page=True)
    page.locator("#groups-by").select_option("sex")
    page.locator("#result .hint").get_by_text({"en": "ask again", "zh": "重新计算"}[language]).wait_for()
    open_tab(page, "contributions")
    answer = page.locator("#result table").first.inner_text()  # it is still there
    page.locator("#room-jobs").click()
    about = {"en": "Jieshou: Baseline, My plan", "zh": "界首市：基准、我的方案"}[language]
    kind = {"en": "contributions", "zh": "贡献"}[language]
    row = page.locator("table.jobs tr").filter(has_text=kind).filter(has_text=about)
    row.locator("button").first.click()
    page.locator("#result table tbody tr").nth(1).wait_for()
    assert page.locator("#result table").first.inner_text() == answer
    page.wait_for_timeout(400)
    page.reload()  # the link says what was asked
    page.locator("#result table tbody tr").nth(1).wait_for()
    assert page.locator("#result table").first.inner_text() == answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_household_is_followed(server: Server, open_page: Any, pictures: Path, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page, until="2025-12", draws=0)
    complete(page)
    open_tab(page, "household")
    page.locator("#follow").click()
    page.locator("table.life tbody tr").first.wait_for()
    assert page.locator("table.life td.zone").count() > 2
    page.get_by_role("button", name=re.compile({"en": "^Why", "zh": "^为何"}[language])).first.click()
    page.locator("#result summary").first.wait_for()
    page.screenshot(path=pictures / f"{language}-household-followed.png", full_page=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_county_is_chosen_on_the_map(server: Server, open_page: Any, pictures: Path, language: str) -> None:
    page = open_page(server.base, language=language)
    page.locator("#map-toggle").click()
    page.locator("#map-province").select_option("34")
    page.wait_for_timeout(800)
    page.screenshot(path=pictures / f"{language}-picker.png", full_page=True)
    assert violations(page) == []
    canvas = page.locator(".picker-map canvas")
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    page.locator("#scenario-name").wait_for()
    page.locator("dl.facts").wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_region_has_a_map_with_a_year(server: Server, open_page: Any, pictures: Path, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page, text="1404", draws=0, scale=0.001)
    open_tab(page, "map")
    page.locator(".county-map svg path, .county-map svg circle").first.wait_for()
    complete(page)
    last = page.locator(".county-map svg").inner_html()
    page.locator("#map-year").focus()
    page.keyboard.press("Home")
    page.locator("#map-month").get_by_text("2020-11").wait_for()
    assert page.locator(".county-map svg").inner_html() != last
    assert violations(page) == []
    page.screenshot(path=pictures / f"{language}-county-map.png", full_page=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_person_types_is_shown_as_text(server: Server, open_page: Any, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page)
    page.locator("#scenario-name").fill(HOSTILE)
    page.keyboard.press("Tab")
    drawn(page, HOSTILE)
    complete(page)
    for tab in TABS:
        open_tab(page, tab)
    open_tab(page, "table")
    assert HOSTILE in page.locator("#result").inner_text()
    assert page.locator("img[src=x]").count() == 0
    page.locator("#search").fill(HOSTILE)
    page.locator(".hint").first.wait_for()
