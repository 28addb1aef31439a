"""A real Chromium for the page; `make test-browser` runs these tests, and says loudly where there is none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import ARGUMENTS, PATIENCE, Server, browser_path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def common_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("serve") / "page").start()
    yield made
    made.stop()


@pytest.fixture
def server(common_server: Server) -> Iterator[Server]:
    """The server of all tests; what a test leaves running would hold up the next, and is cancelled."""
    yield common_server
    common_server.cancel_all()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may end."""
    made = Server(tmp_path / "page").start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api")
    path = browser_path()
    if path is None:
        pytest.skip("NO CHROMIUM ON THIS MACHINE: the page is not tested in a browser")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Any]:
    """Return what opens a page in a session of its own; it fails on errors and on requests that leave the machine."""
    contexts: list[Any] = []
    faults: list[str] = []

    def opened(address: str, *, language: str = "en", width: int = 1280) -> Any:
        locale = "zh-CN" if language == "zh" else "en-US"
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale=locale, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
        page.on("console", lambda message: _listen(message.text, faults))
        context.on("request", lambda request: _check(request.url, faults))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def _check(address: str, faults: list[str]) -> None:
    if not address.startswith(("http://127.0.0.1:", "data:", "blob:")):
        faults.append(f"left the machine: {address}")


def _listen(said: str, faults: list[str]) -> None:
    """Note what the browser refused to load or run."""
    if "Content Security Policy" in said or "Uncaught" in said:
        faults.append(f"console: {said}")


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of screenshots, to look at: ``URBSIM_PICTURES`` names one."""
    folder = Path(os.environ.get("URBSIM_PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
