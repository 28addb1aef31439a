"""Crashes, cancelling, many sessions at once, many requests, and a client that does not listen."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest
from serving import Server
from timing import COUNTY, client, ended, sessions, storm

pytestmark = pytest.mark.slow
#: Seconds of many requests, and how many a second.
SECONDS, RATE = 60.0, 200


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
        assert ended(asking, {**job, "status": "running"})["status"] == "cancelled"


def test_twenty_sessions_at_once(server: Server) -> None:
    assert sessions(server, 20) == ["done done"] * 20


def test_many_requests_neither_fail_nor_fill_the_memory(own_server: Server) -> None:
    found = storm(own_server, SECONDS, RATE)
    print(f"{found.rate:.0f} requests a second, {1000 * found.cpu:.1f} ms CPU each")
    print(f"memory of the server {found.before:.0f} to {found.after:.0f} MB")
    assert found.failures == []
    assert found.cpu * RATE < 1.0  # one core answers them all
    assert found.after - found.before < 50.0


def test_a_client_that_does_not_listen_holds_nobody_up(server: Server) -> None:
    with client(server) as asking:
        job = asking.post("/api/compare", json={"scenarios": [COUNTY], "seed": 777, "draws": 2}).json()
        silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(30)]
        for number, line in enumerate(silent):
            path = f"/api/jobs/{job['id']}/events" if number % 2 else "/api/map"
            request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            line.sendall((request + ("\r\n" if number % 3 else "")).encode())
        time.sleep(0.5)
        assert asking.get("/api/regions?text=jieshou").status_code == 200
        assert ended(asking, job)["status"] == "done"
        for line in silent:
            line.close()
