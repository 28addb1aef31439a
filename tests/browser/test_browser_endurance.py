"""Crashes, cancelling, many sessions at once, many requests, and a client that does not listen."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from serving import Server

pytestmark = pytest.mark.slow
COUNTY = {"name": "A", "region": "341282", "start": "2020-11", "until": "2021-06", "scale": 0.001}
#: Seconds of many requests, and how many a second.
SECONDS, RATE = 60.0, 200


def client(server: Server) -> httpx.Client:
    return httpx.Client(base_url=server.base, timeout=120.0, trust_env=False)


def ended(asking: httpx.Client, job: dict[str, Any], seconds: float = 600.0) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while job["status"] in {"queued", "running"}:
        assert time.monotonic() < deadline, job
        time.sleep(0.2)
        job = asking.get(f"/api/jobs/{job['id']}").json()
    return job


def test_a_run_survives_a_crash_of_the_server(own_server: Server, open_page: Any) -> None:
    with client(own_server) as asking:
        body = {"scenarios": [{**COUNTY, "until": "2035-12", "scale": 0.02}], "draws": 6}
        job = asking.post("/api/compare", json=body).json()
        while asking.get(f"/api/jobs/{job['id']}").json()["draws"] < 1:
            time.sleep(0.2)
    own_server.kill()
    own_server.start()
    with client(own_server) as asking:
        assert asking.get(f"/api/jobs/{job['id']}").json()["status"] in {"queued", "running"}
        assert ended(asking, job)["status"] == "done"
        assert asking.get(f"/api/jobs/{job['id']}/result").json()["runs"] == 6


def test_a_run_is_cancelled(own_server: Server) -> None:
    with client(own_server) as asking:
        body = {"scenarios": [{**COUNTY, "until": "2040-12", "scale": 0.05}], "draws": 20}
        job = asking.post("/api/compare", json=body).json()
        while asking.get(f"/api/jobs/{job['id']}").json()["done"] < 5:
            time.sleep(0.2)
        asking.delete(f"/api/jobs/{job['id']}")
        assert ended(asking, {**job, "status": "running"}, 60.0)["status"] == "cancelled"


def test_twenty_sessions_at_once(server: Server) -> None:
    def session(number: int) -> str:
        with client(server) as asking:
            body = {"scenarios": [COUNTY, {**COUNTY, "name": "B", "description": str(number)}], "seed": number}
            sketch = asking.post("/api/compare", json={**body, "sketch": True}).json()
            full = asking.post("/api/compare", json={**body, "draws": 1}).json()
            return f"{ended(asking, sketch)['status']} {ended(asking, full)['status']}"

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(session, range(20))) == ["done done"] * 20


def test_many_requests_neither_fail_nor_fill_the_memory(own_server: Server) -> None:
    paths = ("/api/regions?text=jieshou", "/static/js/main.js", "/api/jobs", "/", "/api/regions/341282")
    failures: list[str] = []
    with client(own_server) as asking:
        for path in paths:
            asking.get(path)
        before = own_server.memory()

        def ask(worker: int) -> int:
            done = 0
            with client(own_server) as own:
                begin = time.monotonic()
                while time.monotonic() < begin + SECONDS:
                    due = begin + (done + 1) * 8 / RATE
                    answer = own.get(paths[(done + worker) % len(paths)])
                    if answer.status_code != 200:
                        failures.append(f"{answer.status_code} {answer.text[:100]}")
                    done += 1
                    time.sleep(max(0.0, due - time.monotonic()))
            return done

        with ThreadPoolExecutor(8) as pool:
            count = sum(pool.map(ask, range(8)))
    print(f"{count / SECONDS:.0f} requests a second; memory {before:.0f} to {own_server.memory():.0f} MB")
    assert failures == []
    assert count > 0.95 * RATE * SECONDS
    assert own_server.memory() - before < 50.0


def test_a_client_that_does_not_listen_holds_nobody_up(server: Server) -> None:
    with client(server) as asking:
        job = asking.post("/api/compare", json={"scenarios": [COUNTY], "seed": 777, "draws": 2}).json()
        silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(30)]
        for number, line in enumerate(silent):
            path = f"/api/jobs/{job['id']}/events" if number % 2 else "/api/map"
            request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            line.sendall((request + ("\r\n" if number % 3 else "")).encode())
        time.sleep(0.5)
        start = time.monotonic()
        assert asking.get("/api/regions?text=jieshou").status_code == 200
        assert time.monotonic() - start < 5.0
        assert ended(asking, job)["status"] == "done"
        for line in silent:
            line.close()
