"""What a person does on the page again and again."""

from __future__ import annotations

from typing import Any

import pytest

TABS = ("charts", "table", "targets", "costs", "contributions", "seek", "sweep", "groups", "map", "moves", "household")
#: Both languages; and both, of which the short part of the suite takes the first.
BOTH = ("en", "zh")
LANGUAGES = ("en", pytest.param("zh", marks=pytest.mark.slow))
#: The name that the page gives to a second scenario.
PLAN = {"en": "My plan", "zh": "我的方案"}
PARK = "industrial_parks"


def begin(page: Any, *, text: str = "jieshou", until: str = "2021-12", draws: int = 2, scale: float = 0.002) -> None:
    """Find a county by what it is called, choose it with the keyboard and make runs small."""
    page.locator("#search").fill(text)
    page.locator("#place-0").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#run-settings summary").click()
    for name, value in (("scale", str(scale)), ("draws", str(draws)), ("until", until)):
        page.locator(f"#set-{name}").fill(value)
        page.locator(f"#set-{name}").blur()


def add_policy(page: Any, lever: str, start: str = "2021-01") -> None:
    """Add a policy of the catalogue to the scenario at hand."""
    page.locator("#add-policy").click()
    page.locator("#find-policy").fill(lever)
    page.locator(f"#lever-{lever}").click()
    page.locator(f"#field-{lever}-start").fill(start)
    page.locator(f"#field-{lever}-start").blur()


def add_plan(page: Any, start: str = "2021-01") -> None:
    """Add a second scenario with one policy."""
    page.locator("#add-scenario").select_option("copy:0")
    add_policy(page, PARK, start)


def planned(page: Any, language: str, tab: str) -> None:
    """Bring up a plan of few people and months, and one kind of its results."""
    begin(page, until="2021-03", draws=1)
    add_plan(page)
    drawn(page, PLAN[language])
    open_tab(page, tab)


def complete(page: Any) -> None:
    """Wait until all draws are there."""
    page.locator("#report:not([disabled])").wait_for()


def drawn(page: Any, name: str) -> None:
    """Wait until a chart names a scenario."""
    page.locator("#result svg text").get_by_text(name, exact=True).first.wait_for()


def open_tab(page: Any, tab: str) -> None:
    """Look at one kind of result."""
    page.locator(f"#tab-{tab}").click()
    page.locator(f"#tab-{tab}[aria-selected=true]").wait_for()
    page.wait_for_timeout(150)


def asked(page: Any, server: Any) -> dict[str, Any]:
    """Return what the page last asked its server to run in full."""
    jobs = page.request.get(f"{server.base}/api/jobs").json()
    last = next(each for each in jobs if each["kind"] == "compare" and each["lane"] == "full")
    found: dict[str, Any] = page.request.get(f"{server.base}/api/jobs/{last['id']}/request").json()
    return found
