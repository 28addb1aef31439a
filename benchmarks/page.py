"""How long a person at the page waits, and what its server bears, in this machine's Chromium.

The same actions are tests with limits in ``tests/browser``; here they are only measured, so that a busy machine, whose
load is kept beside the numbers, gives numbers too.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from serving import ARGUMENTS, Server, browser_path
from steps import complete
from timing import AMOUNTS, changed, plan, redraws, sessions, storm

SESSIONS, RATE = 20, 200.0
Row = dict[str, Any]


def measure_page(quick: bool) -> list[Row]:
    """Return what was measured, a row a number: what it is, its unit, the bound, which side of it is met."""
    if browser_path() is None:
        print("no Chromium on this machine: the page is not measured", file=sys.stderr)
        return []
    found: list[Row] = []

    def note(what: str, unit: str, measured: float, bound: float, side: str = "<") -> None:
        load = os.getloadavg()[0]
        found.append({"what": what, "unit": unit, "measured": measured, "side": side, "bound": bound, "load": load})
        print(f"{what}: {measured:.4g} {unit}", file=sys.stderr)

    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "page").start()
        try:
            _in_a_browser(server, note, AMOUNTS[:2] if quick else AMOUNTS)
            ends = sessions(server, 4 if quick else SESSIONS)
            served = 100 * ends.count("done done") / len(ends)
            note(f"of {len(ends)} sessions at once, those that got what they asked for", "%", served, 100, "≥")
            weather = storm(server, 5.0 if quick else 60.0, RATE)
            note("requests a second", "", weather.rate, RATE * 0.95, "≥")
            note("requests that failed", "", len(weather.failures), 1)
            note("memory of the server grew by", "MB", weather.after - weather.before, 50)
        finally:
            server.stop()
    return found


def _in_a_browser(server: Server, note: Any, amounts: tuple[int, ...]) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US").new_page()
        page.set_default_timeout(1_200_000)
        page.goto(server.base)
        plan(page)
        page.locator("#cancel").wait_for()  # all draws are simulated meanwhile
        note("first picture after a change", "s", statistics.median(changed(page, each) for each in amounts), 1.5)
        complete(page)
        times = redraws(page)
        for name, milliseconds in times.items():
            note(f"redraw without a run: {name}", "ms", milliseconds, 100)
        browser.close()
