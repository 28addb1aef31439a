"""Whoever uses the page: with the keyboard alone, on a telephone, on paper, with a screen reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe import violations
from serving import Server
from steps import BOTH, LANGUAGES, PARK, TABS, add_plan, begin, complete, open_tab

_UNNAMED = """
[...document.querySelectorAll('input,select,textarea,button')]
  .filter((each) => !each.labels?.length && !each.textContent.trim() && !each.getAttribute('aria-label'))
  .map((each) => each.id)
"""
_ACTIVE = "document.activeElement ? document.activeElement.id : ''"


def tab_to(page: Any, name: str, most: int = 200) -> None:
    """Go to a control with the key that goes from one to the next."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(_ACTIVE) == name:
            return
    raise AssertionError(f"{name} cannot be reached with the keyboard")


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_done_with_the_keyboard(server: Server, open_page: Any, language: str) -> None:
    page = open_page(server.base, language=language)
    page.locator("#search").wait_for()
    tab_to(page, "search")
    page.keyboard.type("jieshou")
    page.locator("#place-0").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#add-scenario").wait_for()
    tab_to(page, "add-scenario")
    for key in ("ArrowDown", "ArrowDown", "Enter"):  # the list, its first entry, a copy of the baseline
        page.keyboard.press(key)
    page.locator("#scenario-1").wait_for()
    tab_to(page, "add-policy")
    page.keyboard.press("Enter")
    tab_to(page, "find-policy")
    page.keyboard.type(PARK)
    tab_to(page, f"lever-{PARK}")
    page.keyboard.press("Enter")
    page.locator(f"#policy-{PARK}[open]").wait_for()
    assert page.evaluate("document.activeElement.parentElement.id") == f"policy-{PARK}"
    tab_to(page, f"field-{PARK}-posts_per_year")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("2500")
    page.locator("#result svg").first.wait_for()
    tab_to(page, "tab-charts")
    page.keyboard.press("ArrowRight")
    page.locator("#tab-table[aria-selected=true]").wait_for()
    assert page.evaluate(_ACTIVE) == "tab-table"
    page.keyboard.press("ControlOrMeta+Z")
    page.wait_for_timeout(200)
    assert page.locator(f"#field-{PARK}-posts_per_year").input_value() != "2500"
    page.keyboard.press("ControlOrMeta+Shift+Z")
    page.wait_for_timeout(200)
    assert page.locator(f"#field-{PARK}-posts_per_year").input_value() == "2500"


@pytest.mark.parametrize("language", BOTH)
def test_a_telephone_shows_it_all(server: Server, open_page: Any, pictures: Path, language: str) -> None:
    page = open_page(server.base, width=360, language=language)
    page.locator("#search").wait_for()
    page.screenshot(path=pictures / f"narrow-{language}-empty.png", full_page=True)
    begin(page)
    add_plan(page)
    complete(page)
    for tab in TABS:
        open_tab(page, tab)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, tab
        assert violations(page) == [], tab
        page.screenshot(path=pictures / f"narrow-{language}-{tab}.png", full_page=True)
    for room in ("lessons", "jobs"):
        page.locator(f"#room-{room}").click()
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, room
        assert violations(page) == [], room
        page.screenshot(path=pictures / f"narrow-{language}-{room}.png", full_page=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_results_are_printed(server: Server, open_page: Any, pictures: Path, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page)
    add_plan(page)
    complete(page)
    page.emulate_media(media="print")
    for name in ("#undo", "#search", "#report", "#tab-costs"):
        assert not page.locator(name).is_visible(), name
    assert page.locator("#result svg").first.is_visible()
    assert page.locator("#results-title").is_visible()
    page.pdf(path=pictures / f"print-{language}.pdf", format="A4")
    page.screenshot(path=pictures / f"print-{language}.png", full_page=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_reader_hears_what_is_going_on(server: Server, open_page: Any, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page)
    complete(page)
    chart = page.locator("#result svg").first
    chart.wait_for()
    words = {"en": "urban", "zh": "城镇"}[language]
    assert words in page.locator("#result [aria-label]").first.get_attribute("aria-label").lower()
    assert page.evaluate(_UNNAMED) == []
    assert page.locator("[role=status][aria-live=polite]").count() == 1
