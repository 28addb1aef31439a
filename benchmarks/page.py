"""How long a person at the page waits, and what its server bears, in this machine's Chromium.

The same actions are tests with limits in ``tests/browser``; here they are only measured, so that a busy machine gives
numbers too. Beside the time that passed stands the time that was computed: CPU seconds of the browser, the server and
the process that sketches, which run one after the other; a quiet machine needs hardly more.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from serving import ARGUMENTS, Server, browser_path
from steps import complete
from timing import AMOUNTS, REDRAWS, Workers, changed, measured, plan, sessions, spent, storm

SESSIONS, RATE = 20, 200.0
Row = dict[str, Any]


class Notes:
    """What was measured, a row a number."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(
        self, what: str, unit: str, found: float, bound: float, *, cpu: float | None = None, least: bool = False
    ) -> None:
        """Note a number, the bound that it should keep, and the CPU time beside it, in the same unit."""
        row = {"what": what, "unit": unit, "measured": found, "cpu": cpu, "bound": bound, "least": int(least)}
        self.rows.append({**row, "load": os.getloadavg()[0]})
        print(f"{what}: {found:.4g} {unit}{'' if cpu is None else f', {cpu:.3g} {unit} CPU'}", file=sys.stderr)


def measure_page(quick: bool) -> list[Row]:
    """Return what was measured; nothing where there is no Chromium."""
    if browser_path() is None:
        print("no Chromium on this machine: the page is not measured", file=sys.stderr)
        return []
    notes = Notes()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "page").start()
        try:
            _in_a_browser(server, notes, AMOUNTS[:2] if quick else AMOUNTS)
            ends = sessions(server, 4 if quick else SESSIONS)
            served = 100 * ends.count("done done") / len(ends)
            notes.add(f"{len(ends)} sessions at once, those that got what they asked for", "%", served, 100, least=True)
            weather = storm(server, 5.0 if quick else 60.0, RATE)
            notes.add("requests a second", "", weather.rate, RATE * 0.95, least=True)
            notes.add("one request", "ms", 1000 / weather.rate, 1000 / RATE / 0.95, cpu=1000 * weather.cpu)
            notes.add("requests that failed", "", len(weather.failures), 1)
            notes.add("memory of the server grew by", "MB", weather.after - weather.before, 50)
        finally:
            server.stop()
    return notes.rows


def _in_a_browser(server: Server, notes: Notes, amounts: Sequence[int]) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US").new_page()
        page.set_default_timeout(0)
        page.goto(server.base)
        plan(page)
        page.locator("#cancel").wait_for()  # all draws are simulated meanwhile
        workers = Workers.of(server).sketching()
        waited = [spent(workers.everybody, lambda each=each: changed(page, each)) for each in amounts]
        seconds, cpu = zip(*waited, strict=True)
        notes.add("first picture after a change", "s", statistics.median(seconds), 1.5, cpu=statistics.median(cpu))
        complete(page)
        for name, action in REDRAWS.items():
            took, used = spent(workers.browser, lambda action=action: measured(page, *action))
            notes.add(f"redraw without a run: {name}", "ms", took, 100, cpu=1000 * used)
        browser.close()
