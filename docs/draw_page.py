"""Draw docs/images/page.png, a plan for Jieshou beside its baseline, in this Chromium: python docs/draw_page.py."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from serving import ARGUMENTS, Server, browser_path  # noqa: E402
from steps import add_plan, complete  # noqa: E402

SIZE = ViewportSize(width=1300, height=1240)


def main() -> None:
    """Choose Jieshou, add a park, wait for all draws, and take the picture."""
    server = Server(Path(tempfile.mkdtemp()) / "page").start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
            page = browser.new_context(viewport=SIZE, locale="en-US").new_page()
            page.set_default_timeout(0)  # however busy the machine is
            page.goto(server.base)
            page.locator("#search").fill("jieshou")
            page.locator("#place-0").click()
            add_plan(page, start="2023-01")
            complete(page)
            page.evaluate("scrollTo(0, 0)")
            page.wait_for_timeout(1000)
            page.screenshot(path=ROOT / "docs" / "images" / "page.png")
            browser.close()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
