"""How much is computed for the first picture after a change, and for what needs no run: what a quiet machine takes."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest
from serving import Server
from steps import complete
from timing import AMOUNTS, LINES, REDRAWS, Workers, changed, measured, plan, spent

pytestmark = pytest.mark.slow

#: Seconds to the first picture after a change, and milliseconds to redraw.
FIRST_PICTURE, REDRAW = 1.5, 100.0


def test_the_first_picture_comes_soon_after_a_change(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    plan(page)
    page.locator("#cancel").wait_for()  # all draws are simulated meanwhile
    everybody = Workers.of(server).sketching().everybody
    found = [spent(everybody, lambda amount=amount: changed(page, amount)) for amount in AMOUNTS]
    print(f"first picture after a change, s waited and computed: {[(round(a, 2), round(b, 2)) for a, b in found]}")
    assert median(cpu for _, cpu in found) < FIRST_PICTURE


def test_the_first_picture_comes_soon_in_a_fresh_session(own_server: Server, open_page: Any) -> None:
    page = open_page(own_server.base)
    page.locator("#search").fill("jieshou")
    page.locator("#place-0").wait_for()
    workers = Workers.of(own_server)
    workers.rest()
    click = "document.getElementById('place-0').click()"
    waited, cpu = spent(workers.everybody, lambda: measured(page, click, LINES))
    print(f"first picture of a fresh session: {waited / 1000:.2f} s waited, {cpu:.2f} s computed")
    assert cpu < FIRST_PICTURE


def test_what_needs_no_run_is_drawn_at_once(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    plan(page)
    browser = Workers.of(server).browser
    complete(page)
    found = {name: spent(browser, lambda action=action: measured(page, *action)) for name, action in REDRAWS.items()}
    print({name: f"{waited:.0f} ms waited, {1000 * cpu:.0f} ms computed" for name, (waited, cpu) in found.items()})
    assert max(1000 * cpu for _, cpu in found.values()) < REDRAW, found
