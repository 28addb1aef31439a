"""How long a person waits, and what a server bears: measured for the tests, and by ``benchmarks/run.py``."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
from serving import Server
from steps import PARK, add_plan, begin

COUNTY = {"name": "A", "region": "341282", "start": "2020-11", "until": "2021-06", "scale": 0.001}
#: What a page asks its server for without a run.
PATHS = ("/api/regions?text=jieshou", "/static/js/main.js", "/api/jobs", "/", "/api/regions/341282")
#: Amounts that a plan is changed to, one after the other.
AMOUNTS = (20_000, 5_000, 30_000, 10_000, 40_000)

#: Carries out an action in the page; returns the milliseconds until what a person sees is there and another.
_MEASURE = """
async () => {
  const seen = () => { SEEN };
  const old = seen(), before = performance.now();
  ACTION;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  for (let count = 0; count < 2000; count += 1) {
    const now = seen();
    if (now && now !== old) return performance.now() - before;
    await frame();
  }
  return Infinity;
}
"""
LINES = "return [...document.querySelectorAll('#result .mark-line path')].map((each) => each.getAttribute('d')).join()"
_CHART = "return document.querySelector('#result .chart svg')?.outerHTML"
_TABLE = "return document.querySelector('#result table')?.outerHTML"
_CHOICE = "document.getElementById('indicator')"
#: What needs no run: an action, and what a person sees change.
REDRAWS = {
    "indicator": (f"{_CHOICE}.value = 'seat_residents'; {_CHOICE}.dispatchEvent(new Event('change'))", LINES),
    "difference": ("document.getElementById('difference').click()", LINES),
    "numbers": ("document.getElementById('tab-table').click()", _TABLE),
    "costs": ("document.getElementById('tab-costs').click()", _TABLE),
    "moves": ("document.getElementById('tab-moves').click()", _TABLE),
    "charts": ("document.getElementById('tab-charts').click()", LINES),
    "language": ("document.getElementById('language').click()", _CHART),
}


def measured(page: Any, action: str, seen: str) -> float:
    """Return the milliseconds from an action to the picture of it."""
    found: float = page.evaluate(_MEASURE.replace("ACTION", action).replace("SEEN", seen))
    return found


def changed(page: Any, amount: int) -> float:
    """Return the seconds from a change of an amount to a sketch of it."""
    field = f"document.getElementById('field-{PARK}-posts_per_year')"
    return measured(page, f"{field}.value = {amount}; {field}.dispatchEvent(new Event('change'))", LINES) / 1000.0


def redraws(page: Any) -> dict[str, float]:
    """Return the milliseconds that each redraw without a run takes, one after the other."""
    return {name: measured(page, *action) for name, action in REDRAWS.items()}


def plan(page: Any) -> None:
    """Bring up a plan beside a baseline over fifteen years, at the scale that the page suggests."""
    begin(page, until="2035-12", draws=4, scale=0.02)
    add_plan(page)
    page.locator(".is-sketch #result svg").first.wait_for()


def client(server: Server) -> httpx.Client:
    """Return what asks a server as a program does."""
    return httpx.Client(base_url=server.base, timeout=120.0, trust_env=False)


def ended(asking: httpx.Client, job: dict[str, Any], seconds: float = 600.0) -> dict[str, Any]:
    """Return a job once it has ended."""
    deadline = time.monotonic() + seconds
    while job["status"] in {"queued", "running"}:
        assert time.monotonic() < deadline, job
        time.sleep(0.2)
        job = asking.get(f"/api/jobs/{job['id']}").json()
    return job


def sessions(server: Server, count: int) -> list[str]:
    """Ask for a sketch and a full run in as many sessions at once; return how each ended."""

    def session(number: int) -> str:
        with client(server) as asking:
            body = {"scenarios": [COUNTY, {**COUNTY, "name": "B", "description": str(number)}], "seed": number}
            sketch = asking.post("/api/compare", json={**body, "sketch": True}).json()
            full = asking.post("/api/compare", json={**body, "draws": 1}).json()
            return f"{ended(asking, sketch)['status']} {ended(asking, full)['status']}"

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(session, range(count)))


@dataclass(frozen=True)
class Storm:
    """What came of many requests: answers a second, what failed, and the server's memory in MB before and after."""

    rate: float
    failures: list[str]
    before: float
    after: float


def storm(server: Server, seconds: float, rate: float, workers: int = 8) -> Storm:
    """Ask a server so many times a second for so many seconds."""
    failures: list[str] = []
    with client(server) as asking:
        for path in PATHS:
            asking.get(path)
    before = server.memory()

    def ask(worker: int) -> int:
        done = 0
        with client(server) as own:
            begin = time.monotonic()
            while time.monotonic() < begin + seconds:
                due = begin + (done + 1) * workers / rate
                answer = own.get(PATHS[(done + worker) % len(PATHS)])
                if answer.status_code != 200:
                    failures.append(f"{answer.status_code} {answer.text[:100]}")
                done += 1
                time.sleep(max(0.0, due - time.monotonic()))
        return done

    with ThreadPoolExecutor(workers) as pool:
        count = sum(pool.map(ask, range(workers)))
    return Storm(count / seconds, failures, before, server.memory())
