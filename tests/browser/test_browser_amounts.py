"""What amounts do, and what it takes to reach a goal: asked and answered on the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe import violations
from serving import PATIENCE, Server
from steps import LANGUAGES, PARK, planned

expect = pytest.importorskip("playwright.sync_api").expect
POSTS = f"policies.{PARK}.posts_per_year"


def asked_about(page: Any, language: str, kind: str) -> None:
    """Bring up a plan, and the form of a question about its amounts."""
    planned(page, language, kind)
    page.locator(f"#{kind}-vary-0-path").wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_results_are_shown_by_amount(server: Server, open_page: Any, language: str) -> None:
    page = open_page(server.base, language=language)
    asked_about(page, language, "sweep")
    assert page.locator("#sweep-vary-0-path").input_value() == POSTS
    _fill(page, "sweep-vary-0-high", 2_000_000)  # a lever's bound is 1,000,000
    page.locator("#ask-sweep").click()
    page.locator("#result .problem").get_by_text("1,000,000").wait_for()
    _fill(page, "sweep-vary-0-high", 3000)
    _fill(page, "sweep-levels", 2)
    page.locator("#ask-sweep").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#result .chart svg")).to_have_count(2, timeout=1000 * PATIENCE)  # the indicator and the cost
    rows = page.locator("#result table").first.locator("tbody tr")
    assert [rows.nth(position).locator("th").inner_text() for position in (0, 1)] == ["0", "3,000"]
    page.locator("#result details summary").last.click()
    cost = page.locator("#result details table").last.locator("tbody tr").last
    assert "45.0" in cost.inner_text()  # three months of 3,000 posts a year at 60,000 yuan, in millions
    assert violations(page) == []
    page.reload()
    expect(page.locator("#result .chart svg")).to_have_count(2, timeout=1000 * PATIENCE)  # as the link says


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_it_takes_is_searched_for(server: Server, open_page: Any, pictures: Path, language: str) -> None:
    page = open_page(server.base, language=language, width=360)
    asked_about(page, language, "seek")
    page.locator("#seek-reach-0-name").select_option("residents")
    _fill(page, "seek-reach-0", 1000)
    page.locator("#seek-within-add").click()
    _fill(page, "seek-within-0", 500)
    _fill(page, "seek-trials", 5)
    page.locator("#ask-seek").click()
    page.locator("#cancel-seek").click()
    page.locator("#result .problem").wait_for()
    page.locator("#ask-seek").click()
    page.locator("#open-found").wait_for()
    assert {"en": "Reached", "zh": "能够达到"}[language] in page.locator("#result strong").first.inner_text()
    page.locator("#result .chart svg").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
    page.screenshot(path=pictures / f"{language}-seek-found.png", full_page=True)
    with page.expect_download() as saved:
        page.locator("#download-found").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert PARK not in text  # the goal needs no posts
    page.locator("#room-jobs").click()
    page.locator("table.jobs tr", has_text={"en": "search for amounts", "zh": "数额搜索"}[language]).first.locator(
        "button"
    ).first.click()
    page.locator("#open-found").click()
    page.locator("#tab-charts[aria-selected=true]").wait_for()
    assert page.locator("[role=tab].scenario").count() == 2


@pytest.mark.slow
def test_two_amounts_make_a_map(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    asked_about(page, "en", "sweep")
    page.locator("#sweep-vary-add").click()
    _fill(page, "sweep-levels", 2)
    page.locator("#ask-sweep").click()
    cells = page.locator("#result .mark-rect path")
    expect(cells).to_have_count(2 * 4, timeout=1000 * PATIENCE)  # the indicator and the cost


def _fill(page: Any, name: str, value: float) -> None:
    page.locator(f"#{name}").fill(str(value))
    page.keyboard.press("Tab")
