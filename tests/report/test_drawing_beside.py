"""Charts are drawn by another process where one has loaded what that takes, and here where not."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import SimpleNamespace

import pytest

from urbsim.report import write


def _ensemble(origin: tuple[str, ...] | None = None, rows: int = 10) -> SimpleNamespace:
    scenario = SimpleNamespace(policies={"a": SimpleNamespace(origin=origin)})
    return SimpleNamespace(plan=SimpleNamespace(scenarios=[scenario]), series=range(rows))


class Killed(ThreadPoolExecutor):
    def submit(self, *_args, **_settings) -> Future[None]:
        future: Future[None] = Future()
        future.set_exception(BrokenProcessPool("killed"))
        return future


@pytest.mark.parametrize(
    ("runs", "ensemble", "kind", "elsewhere"),
    [
        (True, _ensemble(), ThreadPoolExecutor, True),
        (False, _ensemble(), ThreadPoolExecutor, False),
        (True, _ensemble(origin=("own.py",)), ThreadPoolExecutor, False),
        (True, _ensemble(rows=2_000_000), ThreadPoolExecutor, False),
        (True, _ensemble(), Killed, False),
    ],
)
def test_charts_are_drawn_once_and_are_there_at_the_end(monkeypatch, tmp_path, runs, ensemble, kind, elsewhere):
    drawn, written = [], []
    monkeypatch.setattr(write, "server_runs", lambda: runs)
    monkeypatch.setattr(write, "Workers", kind)
    monkeypatch.setattr(write, "_draw", lambda *told: drawn.append((threading.current_thread(), told)))
    monkeypatch.setattr(write, "write_page", lambda *told: written.append(told))
    write._draw_and_write(ensemble, tmp_path, "zh", None)
    ((where, told),) = drawn
    assert (where is not threading.main_thread()) == elsewhere
    assert told == (ensemble, tmp_path, "zh", None)
    assert written == [(ensemble, tmp_path, tmp_path / "report.html", "zh", None)]
