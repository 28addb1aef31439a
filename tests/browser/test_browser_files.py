"""What leaves the page and comes back: links, scenario files with their mistakes, undo, reports, spreadsheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from axe import violations
from serving import Server
from steps import BOTH, LANGUAGES, PARK, PLAN, add_plan, asked, begin, complete


@pytest.mark.parametrize("language", BOTH)
def test_mistakes_stand_at_their_field_and_undo_mends_them(server: Server, open_page: Any, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page)
    add_plan(page)
    field = page.locator(f"#field-{PARK}-posts_per_year")
    before = field.input_value()
    field.fill("-5")
    field.press("Tab")
    page.locator(f"#field-{PARK}-posts_per_year[aria-invalid=true]").wait_for()
    problem = page.locator(f"#field-{PARK}-posts_per_year-about .problem")
    words = {"en": ("line 12, column 21", "more than 0"), "zh": ("第12行第21列", "大于")}[language]
    assert all(word in problem.inner_text() for word in words), problem.inner_text()
    assert violations(page) == []
    page.locator("#undo").click()
    page.locator(f"#field-{PARK}-posts_per_year:not([aria-invalid])").wait_for()
    assert field.input_value() == before
    page.locator("#redo").click()
    page.locator(f"#field-{PARK}-posts_per_year[aria-invalid=true]").wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_is_downloaded_and_a_wrong_one_says_where(
    server: Server, open_page: Any, tmp_path: Path, language: str
) -> None:
    page = open_page(server.base, language=language)
    begin(page)
    with page.expect_download() as download:
        page.locator("#download").click()
    path = tmp_path / "scenario.yaml"
    download.value.save_as(path)
    text = path.read_text(encoding="utf-8")
    assert yaml.safe_load(text)["region"] == "341282"
    path.write_text(text.replace("until: 2035-12", "until: 20355-12"), encoding="utf-8")
    page.locator("#upload").set_input_files(path)
    page.locator("#yaml-apply").click()
    line = next(number for number, each in enumerate(text.splitlines(), 1) if each.startswith("until"))
    where = {"en": f"line {line}, column 8", "zh": f"第{line}行第8列"}[language]
    page.locator(".yaml .problems").get_by_text(where).wait_for()
    assert page.locator(".yaml .lines .wrong").inner_text() == str(line)
    assert violations(page) == []
    page.locator(".yaml .problems button").click()
    assert page.evaluate("document.activeElement.selectionStart") == text.index("until: ") + 7
    page.locator("#yaml-text").fill(text.replace("2035-12", "2030-12"))
    page.locator("#yaml-apply").click()
    page.locator(".yaml").wait_for(state="detached")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_target_is_set_moved_and_mended(server: Server, open_page: Any, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page)
    page.locator("#targets-form summary").click()
    page.locator("#add-target").select_option("urbanization_rate")
    page.locator("#target-urbanization_rate-2030-12-month").fill("2021-12")
    page.locator("#target-urbanization_rate-2030-12-month").blur()
    value = page.locator("#target-urbanization_rate-2021-12")
    assert value.input_value() == "60"
    value.fill("300")
    value.press("Tab")
    page.locator("#target-urbanization_rate-2021-12[aria-invalid=true]").wait_for()
    words = {"en": "target urbanization_rate in 2021-12 is 3", "zh": "2021-12"}[language]
    assert words in page.locator("#target-urbanization_rate-2021-12-about .problem").inner_text()
    value.fill("40")
    value.press("Tab")
    page.locator("#target-urbanization_rate-2021-12:not([aria-invalid])").wait_for()
    complete(page)
    assert asked(page, server)["scenarios"][0]["targets"]["urbanization_rate"]["2021-12"] == 0.4


@pytest.mark.parametrize("language", LANGUAGES)
def test_settings_out_of_bounds_and_files_too_large_say_so(
    server: Server, open_page: Any, tmp_path: Path, language: str
) -> None:
    page = open_page(server.base, language=language)
    begin(page)
    page.locator("#set-scale").fill("5")
    page.locator("#set-scale").press("Tab")
    page.locator("#set-scale[aria-invalid=true]").wait_for()
    assert "1" in page.locator("#set-scale-about .problem").inner_text()
    page.locator("#undo").click()
    page.locator("#set-scale:not([aria-invalid])").wait_for()
    path = tmp_path / "huge.yaml"
    path.write_bytes(b"# " + b"x" * 60_000_000)
    page.locator("#upload").set_input_files(path)
    too_large = {"en": "This file has 60.0 MB; the page reads at most 2 MB.", "zh": "最多读取2 MB"}[language]
    page.locator(".yaml .problem").get_by_text(too_large).wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_holds_the_whole_state(server: Server, open_page: Any, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page)
    add_plan(page)
    complete(page)
    page.wait_for_timeout(400)
    other = open_page(page.url, language=language)
    complete(other)
    assert other.locator("#scenario-name").input_value() == PLAN[language]
    assert other.locator(f"#field-{PARK}-start").input_value() == "2021-01"
    assert other.locator("#set-draws").input_value() == "2"
    assert other.url == page.url


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_and_a_spreadsheet(server: Server, open_page: Any, tmp_path: Path, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page)
    complete(page)
    page.locator("#report").click()
    with page.expect_popup() as popup:
        page.locator("#report-ready").click()
    report = popup.value
    report.locator("h1:visible").first.wait_for()
    title = report.locator("h1:visible").first.inner_text()
    assert {"en": "Jieshou", "zh": "界首"}[language] in title
    assert report.locator("svg:visible, img:visible").count() > 2
    page.locator("#spreadsheet").click()
    with page.expect_download() as download:
        page.locator("#spreadsheet-ready").click()
    path = tmp_path / "urbsim.xlsx"
    download.value.save_as(path)
    assert {"en": "By year", "zh": "逐年"}[language] in openpyxl.load_workbook(path).sheetnames
