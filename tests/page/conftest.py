from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra 'page' is not installed")

from starlette.testclient import TestClient

from urbsim.page.app import ServerSettings, make_app
from urbsim.page.classroom import Classroom
from urbsim.page.security import Door

BASE = "http://127.0.0.1:8765"


@pytest.fixture
def make_client(tmp_path: Path) -> Callable[..., TestClient]:
    """Return what makes a client of a server that has no workers."""

    def make(door: Door | None = None, classroom: Classroom | None = None, **settings: Any) -> TestClient:
        app = make_app(ServerSettings(folder=tmp_path / "page", **settings), door, classroom)
        return TestClient(app, base_url=BASE, raise_server_exceptions=False)

    return make


@pytest.fixture
def client(make_client: Callable[..., TestClient]) -> TestClient:
    return make_client()


@pytest.fixture
def county() -> dict[str, Any]:
    """The scenario that the page begins with for Jieshou."""
    return {"name": "Baseline", "region": "341282", "start": "2020-11", "until": "2035-12", "scale": 0.02}
