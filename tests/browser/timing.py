"""How long a person waits, and what a server bears: measured for the tests, and by ``benchmarks/run.py``.

Tests have limits for the time that is computed, CPU seconds of everybody who works at an answer: a busy machine makes a
person wait longer, and not the page slower. The benchmark notes the time that passes beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import psutil
from serving import PATIENCE, Server
from steps import PARK, add_plan, begin

COUNTY = {"name": "A", "region": "341282", "start": "2020-11", "until": "2021-06", "scale": 0.001}
#: What a page asks its server for without a run.
PATHS = ("/api/regions?text=jieshou", "/static/js/main.js", "/api/jobs", "/", "/api/regions/341282")
#: Amounts that a plan is changed to, one after the other.
AMOUNTS = (20_000, 5_000, 30_000, 10_000, 40_000)

#: Seconds in which the process that simulates all draws shows itself by how much it computes.
_LOOK = 8.0
#: Share of a core below which a process has nothing to do.
_IDLE = 0.02
#: Carries out an action in the page; returns the milliseconds until what a person sees is there, another, and painted.
#: It looks when the page changes, and costs nothing while somebody else works.
_MEASURE = """
async () => {
  const seen = () => { SEEN };
  const old = seen(), before = performance.now();
  const isThere = new Promise((done) => {
    const watching = new MutationObserver(() => {
      const now = seen();
      if (now && now !== old) { watching.disconnect(); done(); }
    });
    watching.observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  ACTION;
  await isThere;
  await new Promise((done) => requestAnimationFrame(done));
  return performance.now() - before;
}
"""
#: Lines that are drawn, each once: a chart that takes the place of another stands beside it for a moment.
LINES = (
    "return [...new Set([...document.querySelectorAll('#result .mark-line path')]"
    ".map((each) => each.getAttribute('d')))].join()"
)
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


@dataclass(frozen=True)
class Workers:
    """Who works at an answer: the page in its browser, and the server with the process that sketches."""

    browser: Sequence[psutil.Process]
    server: Sequence[psutil.Process]

    @classmethod
    def of(cls, server: Server) -> Workers:
        """Return those of a server, all its processes among them."""
        assert server.process is not None
        served = psutil.Process(server.process.pid)
        shown = [each for each in psutil.Process().children(recursive=True) if "chrom" in each.name()]
        return cls(shown, [served, *served.children()])

    def sketching(self) -> Workers:
        """Return them without the process that simulates all draws at the moment: the busiest one."""
        served, *own = self.server
        busiest = _busiest(own)
        return Workers(self.browser, [served, *(each for each in own if each != busiest)])

    def rest(self) -> None:
        """Wait until the server has nothing to do: its workers are warm."""
        used = -1.0
        while cpu_of(self.server) - used > _IDLE * _LOOK:
            used = cpu_of(self.server)
            time.sleep(_LOOK)

    @property
    def everybody(self) -> list[psutil.Process]:
        """All of them."""
        return [*self.browser, *self.server]


def _busiest(processes: Sequence[psutil.Process]) -> psutil.Process:
    """Return the process that computes most for a while."""
    before = {each: cpu_of([each]) for each in processes}
    time.sleep(_LOOK)
    return max(processes, key=lambda each: cpu_of([each]) - before[each])


def spent(processes: Sequence[psutil.Process], action: Callable[[], float]) -> tuple[float, float]:
    """Return what an action returns, and the CPU seconds of processes meanwhile."""
    before = cpu_of(processes)
    return action(), cpu_of(processes) - before


def cpu_of(processes: Sequence[psutil.Process]) -> float:
    """Return the CPU seconds that processes have used."""
    times = [each.cpu_times() for each in processes if each.is_running()]
    return sum(each.user + each.system for each in times)


def plan(page: Any) -> None:
    """Bring up a plan beside a baseline over fifteen years, at the scale that the page suggests."""
    begin(page, until="2035-12", draws=4, scale=0.02)
    add_plan(page)
    page.locator("#result svg").first.wait_for()


def client(server: Server) -> httpx.Client:
    """Return what asks a server as a program does."""
    return httpx.Client(base_url=server.base, timeout=PATIENCE, trust_env=False)


def ended(asking: httpx.Client, job: dict[str, Any], seconds: float = 2 * PATIENCE) -> dict[str, Any]:
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
    """What came of many requests: how many a second, what failed, and what of the server they cost.

    ``cpu`` is CPU seconds of the server for one answer; memory is in MB, ``before`` and ``after``.
    """

    rate: float
    cpu: float
    failures: list[str]
    before: float
    after: float


def storm(server: Server, seconds: float, rate: float, workers: int = 8) -> Storm:
    """Ask a server as often as so many times a second for so many seconds, or longer where it answers late."""
    failures: list[str] = []
    assert server.process is not None
    served = [psutil.Process(server.process.pid)]
    count = int(rate * seconds / workers)
    with client(server) as asking:
        for path in PATHS:
            asking.get(path)
    before = server.memory()

    def ask(worker: int) -> None:
        with client(server) as own:
            begin = time.monotonic()
            for number in range(count):
                answer = own.get(PATHS[(number + worker) % len(PATHS)])
                if answer.status_code != 200:
                    failures.append(f"{answer.status_code} {answer.text[:100]}")
                time.sleep(max(0.0, begin + (number + 1) * workers / rate - time.monotonic()))

    def all_of_them() -> float:
        start = time.monotonic()
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(ask, range(workers)))
        return time.monotonic() - start

    took, cpu = spent(served, all_of_them)
    asked = count * workers
    return Storm(asked / took, cpu / asked, failures, before, server.memory())
