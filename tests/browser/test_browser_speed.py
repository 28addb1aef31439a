"""How long a person waits: for the first picture after a change, and for what needs no run. Needs a quiet machine."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest
from serving import Server
from steps import complete
from timing import AMOUNTS, LINES, changed, measured, plan, redraws

pytestmark = pytest.mark.slow

#: Seconds to the first picture after a change, and milliseconds to redraw.
FIRST_PICTURE, REDRAW = 1.5, 100.0


def test_the_first_picture_comes_soon_after_a_change(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    plan(page)
    page.locator("#cancel").wait_for()  # all draws are simulated meanwhile
    seconds = [changed(page, amount) for amount in AMOUNTS]
    print(f"first picture after a change: {[round(each, 2) for each in seconds]} s")
    assert median(seconds) < FIRST_PICTURE


def test_the_first_picture_comes_soon_in_a_fresh_session(own_server: Server, open_page: Any) -> None:
    page = open_page(own_server.base)
    page.locator("#search").fill("jieshou")
    page.locator("#place-0").wait_for()
    page.wait_for_timeout(15_000)  # kernels are warm: a person has looked around
    seconds = measured(page, "document.getElementById('place-0').click()", LINES) / 1000.0
    print(f"first picture of a fresh session: {seconds:.2f} s")
    assert seconds < FIRST_PICTURE


def test_what_needs_no_run_is_drawn_at_once(server: Server, open_page: Any) -> None:
    page = open_page(server.base)
    plan(page)
    complete(page)
    times = redraws(page)
    print({name: f"{each:.0f} ms" for name, each in times.items()})
    assert max(times.values()) < REDRAW, times
