"""What an analyst does on the page, in both languages, with the mouse, the keyboard and a telephone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from axe import violations
from serving import Server

HOSTILE = '<img src=x onerror="alert(1)">'
TABS = ("charts", "table", "targets", "costs", "contributions", "groups", "map", "moves", "household")


def begin(page: Any, *, until: str = "2021-12", draws: int = 2) -> None:
    """Choose Jieshou with the keyboard and make runs small."""
    page.locator("#search").fill("jieshou")
    page.locator("#place-0").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#run-settings summary").click()
    for name, value in (("scale", "0.002"), ("draws", str(draws)), ("until", until)):
        page.locator(f"#set-{name}").fill(value)
        page.keyboard.press("Tab")


def add_park(page: Any) -> None:
    page.locator("#add-scenario").select_option("copy:0")
    page.locator("#add-policy").click()
    page.locator("#find-policy").fill("industrial")
    page.locator("#lever-industrial_parks").click()
    page.locator("#field-industrial_parks-start").fill("2021-01")
    page.keyboard.press("Tab")


def complete(page: Any) -> None:
    page.locator("#report:not([disabled])").wait_for()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_analyst_compares_a_plan(server: Server, open_page: Any, pictures: Path, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page)
    page.locator("#result svg").first.wait_for()
    add_park(page)
    name = {"en": "My plan", "zh": "我的方案"}[language]
    page.locator("#result svg text").get_by_text(name, exact=True).first.wait_for()
    complete(page)
    for tab in TABS:
        page.locator(f"#tab-{tab}").click()
        page.locator("#result").wait_for()
        page.wait_for_timeout(150)
        assert violations(page) == [], tab
        page.screenshot(path=pictures / f"{language}-{tab}.png", full_page=True)
    page.locator("#tab-charts").click()
    page.locator("#tab-charts").press("ArrowRight")
    assert page.locator("#tab-table").get_attribute("aria-selected") == "true"
    start = time.perf_counter()
    page.locator("#language").click()
    page.locator("#tab-table").get_by_text({"en": "数据", "zh": "Numbers"}[language]).wait_for()
    assert time.perf_counter() - start < 2.0  # at once, on a busy machine too; nothing is asked of the server


def test_a_telephone_shows_it_all(server: Server, open_page: Any, pictures: Path) -> None:
    page = open_page(server.base, width=360)
    begin(page)
    add_park(page)
    complete(page)
    for tab in TABS:
        page.locator(f"#tab-{tab}").click()
        page.wait_for_timeout(150)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, tab
    assert violations(page) == []
    page.screenshot(path=pictures / "narrow.png", full_page=True)
    page.emulate_media(media="print")
    page.screenshot(path=pictures / "print.png", full_page=True)
    assert not page.locator("#undo").is_visible()


def test_mistakes_stand_at_their_field_and_undo_mends_them(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    begin(page)
    add_park(page)
    field = page.locator("#field-industrial_parks-posts_per_year")
    field.fill("-5")
    field.press("Tab")
    about = page.locator("#field-industrial_parks-posts_per_year-about")
    about.get_by_text("policies.park", exact=False).or_(about.get_by_text("more than 0", exact=False)).first.wait_for()
    page.locator("#field-industrial_parks-posts_per_year[aria-invalid=true]").wait_for()
    assert "line " in about.inner_text()
    page.locator("#undo").click()
    page.locator("#field-industrial_parks-posts_per_year:not([aria-invalid])").wait_for()
    assert field.input_value() == "2000"


def test_a_file_is_downloaded_and_a_wrong_one_says_where(server: Server, open_page: Any, tmp_path: Path) -> None:
    page = open_page(server.base)
    begin(page)
    with page.expect_download() as download:
        page.locator("#download").click()
    path = tmp_path / "scenario.yaml"
    download.value.save_as(path)
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["region"] == "341282"
    path.write_text(path.read_text(encoding="utf-8").replace("until: 2035-12", "until: 20355-12"), encoding="utf-8")
    page.locator("#upload").set_input_files(path)
    page.locator("#yaml-apply").click()
    page.locator(".yaml .problems").get_by_text("line 5, column 8").wait_for()
    page.locator(".yaml .lines .wrong").wait_for()
    page.locator("#yaml-text").fill(path.read_text(encoding="utf-8").replace("20355-12", "2030-12"))
    page.locator("#yaml-apply").click()
    page.locator(".yaml").wait_for(state="detached")


def test_what_a_person_types_is_shown_as_text(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    begin(page)
    page.locator("#scenario-name").fill(HOSTILE)
    page.keyboard.press("Tab")
    page.locator("#result svg text").get_by_text(HOSTILE, exact=True).first.wait_for()
    complete(page)
    for tab in TABS:
        page.locator(f"#tab-{tab}").click()
        page.wait_for_timeout(100)
    page.locator("#tab-table").click()
    assert HOSTILE in page.locator("#result").inner_text()
    assert page.locator("img[src=x]").count() == 0
    page.locator("#search").fill(HOSTILE)
    page.locator(".hint").first.wait_for()


def test_a_link_holds_the_whole_state_and_two_tabs_share_its_runs(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    begin(page)
    add_park(page)
    complete(page)
    page.wait_for_timeout(400)
    other = open_page(page.url)
    complete(other)
    assert other.locator("#scenario-name").input_value() == "My plan"
    assert other.locator("#field-industrial_parks-start").input_value() == "2021-01"
    assert other.locator("#set-draws").input_value() == "2"
    page.reload()
    complete(page)
    page.locator("#room-jobs").click()
    page.locator("table.jobs tr").first.wait_for()


def test_a_report_and_a_spreadsheet(server: Server, open_page: Any, tmp_path: Path) -> None:
    page = open_page(server.base)
    begin(page)
    complete(page)
    page.locator("#report").click()
    with page.expect_popup() as popup:
        page.locator("#report-ready").click()
    report = popup.value
    report.locator("h1").wait_for()
    assert report.locator("img").count() > 2
    page.locator("#spreadsheet").click()
    with page.expect_download() as download:
        page.locator("#spreadsheet-ready").click()
    path = tmp_path / "urbsim.xlsx"
    download.value.save_as(path)
    assert "Comparison" in openpyxl.load_workbook(path).sheetnames


def test_a_household_is_followed(server: Server, open_page: Any, pictures: Path) -> None:
    page = open_page(server.base)
    begin(page, until="2023-12")
    complete(page)
    page.locator("#tab-household").click()
    page.locator("#follow").click()
    page.locator("table.life tbody tr").first.wait_for()
    assert page.locator("table.life td.zone").count() > 2
    page.screenshot(path=pictures / "household.png", full_page=True)


def test_a_county_is_chosen_on_the_map_of_its_province(server: Server, open_page: Any, pictures: Path) -> None:
    page = open_page(server.base)
    page.locator("#map-toggle").click()
    page.locator("#map-province").select_option("34")
    page.wait_for_timeout(800)
    page.screenshot(path=pictures / "map.png")
    canvas = page.locator(".picker-map canvas")
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    page.locator("#scenario-name").wait_for()


def test_a_region_has_a_map_with_a_year(server: Server, open_page: Any, pictures: Path) -> None:
    page = open_page(server.base)
    page.locator("#search").fill("1404")
    page.locator("#place-0").click()
    page.locator("#run-settings summary").click()
    for name, value in (("draws", "0"), ("until", "2021-12")):
        page.locator(f"#set-{name}").fill(value)
        page.keyboard.press("Tab")
    page.locator("#tab-map").click()
    page.locator(".county-map svg path, .county-map svg circle").first.wait_for()
    page.locator("#map-year").fill("0")
    page.locator("#map-month").get_by_text("2020-11").wait_for()
    page.screenshot(path=pictures / "county-map.png", full_page=True)
