"""A lesson from question to answer, and a class with a teacher and students."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe import violations
from serving import Server

LESSON = "4-empty-district"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_lesson_asks_before_it_shows(server: Server, open_page: Any, pictures: Path, language: str) -> None:
    page = open_page(server.base, language=language)
    page.locator("#room-lessons").click()
    page.locator(f"#lesson-{LESSON}").click()
    assert page.locator("#step-2").is_disabled()
    page.locator("#to-predict").click()
    assert page.locator("#run-lesson").is_disabled()
    for question, answer in (("homes", "most"), ("posts", "fewer"), ("rent", "lower")):
        page.locator(f"#answer-{question}-{answer}").check()
    assert violations(page) == []
    page.locator("#run-lesson").click()
    page.locator("#lesson-result svg").first.wait_for()
    page.screenshot(path=pictures / f"lesson-{language}.png", full_page=True)
    page.locator("#lesson-moves").click()
    page.locator("#play").click()
    page.wait_for_timeout(1200)
    page.screenshot(path=pictures / f"lesson-moves-{language}.png", full_page=True)
    page.locator("#to-answer").click()
    assert "bad" in page.locator("#verdict-homes").get_attribute("class")
    assert "good" in page.locator("#verdict-posts").get_attribute("class")
    assert violations(page) == []
    page.locator("#step-1").click()
    assert page.locator("#answer-homes-most").is_disabled()  # what was predicted stays


def test_a_class_predicts_together(open_page: Any, tmp_path: Path, pictures: Path) -> None:
    server = Server(tmp_path / "page", ("--class", "--host", "127.0.0.1")).start()
    try:
        code = re.search(r"code (\d{6})", server.lines[-1])[1]
        teacher = open_page(server.link)
        teacher.locator("#room-lessons").click()
        teacher.locator("#lesson-1-harris-todaro").click()
        teacher.locator("#class-code").get_by_text(code).wait_for()
        student = open_page(f"{server.base}/class", width=360)
        student.locator("#code").fill("000")
        student.locator("#join").click()
        student.locator("[role=alert]").wait_for()
        student.locator("#code").fill(code)
        student.locator("#join").click()
        for question, answer in (("movers", "more"), ("employment", "lower"), ("farms", "farms")):
            student.locator(f"#answer-{question}-{answer}").check()
        student.locator("#send").click()
        teacher.locator("#class-count").get_by_text("1 have joined, 1 have answered").wait_for()
        assert violations(student) == []
        student.screenshot(path=pictures / "student.png", full_page=True)
        teacher.screenshot(path=pictures / "teacher.png", full_page=True)
    finally:
        server.stop()
