"""Long jobs: they wait, say how far they are, can be cancelled, and survive a reload and the end of their server."""

from __future__ import annotations

import re
from typing import Any

import pytest
from serving import Server
from steps import BOTH, begin, complete, drawn

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", BOTH)
def test_jobs_wait_say_how_far_they_are_and_are_cancelled(own_server: Server, open_page: Any, language: str) -> None:
    page = open_page(own_server.base, language=language)
    begin(page, until="2039-12", draws=60, scale=0.02)
    page.locator("#cancel").wait_for()
    assert float(page.locator(".status progress").get_attribute("max")) > 10_000
    other = open_page(own_server.base, language=language)
    begin(other, until="2030-12", draws=3)
    waits = {"en": "waiting, 0 before it", "zh": "排队中，前面还有0个"}[language]
    other.locator(".status").get_by_text(waits).wait_for()
    other.locator("#room-jobs").click()
    table = other.locator("table.jobs")
    words = {"en": "simulating", "zh": "模拟中"}[language]
    table.get_by_text(re.compile(rf"^{words} \d+ %")).first.wait_for()
    jobs = other.request.get(f"{own_server.base}/api/jobs").json()
    first = next(each for each in jobs if each["lane"] == "full" and each["of_draws"] == 60 and each["total"] > 10_000)
    other.locator(f"#cancel-{first['id']}").click()
    cancelled = {"en": "cancelled", "zh": "已取消"}[language]
    table.locator("tr", has=other.locator(f"#open-{first['id']}")).get_by_text(cancelled).wait_for()
    page.locator("#again").wait_for()
    other.locator("#room-explore").click()
    complete(other)  # it was next in the queue


@pytest.mark.parametrize("language", BOTH)
def test_a_run_survives_a_reload_and_a_crash_of_its_server(own_server: Server, open_page: Any, language: str) -> None:
    page = open_page(own_server.base, language=language)
    begin(page, until={"en": "2037-12", "zh": "2036-12"}[language], draws=24, scale=0.04)
    some = {"en": r"^\d+ of 24 draws$", "zh": r"^24组参数中已完成\d+组$"}[language]
    page.locator(".status").get_by_text(re.compile(some)).wait_for()
    page.reload()
    page.locator(".status").get_by_text(re.compile(some)).wait_for()  # what was done is not done again
    own_server.kill()
    away = {"en": "the server does not answer", "zh": "服务器无响应"}[language]
    page.locator(".status").get_by_text(away).first.wait_for()
    own_server.start()
    complete(page)
    page.locator(".status").get_by_text({"en": "all 24 draws", "zh": "全部24组参数"}[language]).wait_for()


@pytest.mark.parametrize("language", BOTH)
def test_two_tabs_share_one_state_and_its_runs(server: Server, open_page: Any, language: str) -> None:
    page = open_page(server.base, language=language)
    begin(page, until={"en": "2032-12", "zh": "2031-12"}[language], draws=24, scale=0.015)
    page.locator("#cancel").wait_for()
    page.wait_for_timeout(400)
    other = open_page(page.url, language=language)
    other.locator("#cancel").wait_for()
    page.locator("#search").fill("xiaoyi")  # one of the two turns to another county: the other's run goes on
    page.locator("#place-0").wait_for()
    page.locator("#place-0").click()
    complete(other)
    drawn(other, {"en": "Baseline", "zh": "基准"}[language])
    jobs = other.request.get(f"{server.base}/api/jobs").json()
    assert len({each["id"] for each in jobs}) == len(jobs)
