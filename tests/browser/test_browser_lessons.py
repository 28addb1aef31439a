"""Lessons from question to answer, and a class with a teacher and students."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe import violations
from serving import Server
from steps import LANGUAGES

from urbsim.page.lessons import lessons

LESSON = "4-empty-district"


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
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
    page.wait_for_timeout(400)
    assert violations(page) == []
    page.screenshot(path=pictures / f"lesson-{language}-result.png", full_page=True)
    _people_move(page, pictures, language)
    _a_household_lives(page, pictures, language)
    page.locator("#to-answer").click()
    assert "bad" in page.locator("#verdict-homes").get_attribute("class")
    assert "good" in page.locator("#verdict-posts").get_attribute("class")
    rent = {"en": r"\(−\d+ yuan/month\)", "zh": r"（−\d+ 元/月）"}[language]
    assert re.search(rent, page.locator("#verdict-rent").inner_text())
    assert violations(page) == []
    page.screenshot(path=pictures / f"lesson-{language}-answer.png", full_page=True)
    page.reload()  # what was predicted stays, and the results come back
    page.locator("#verdict-homes").wait_for()
    page.locator("#room-explore").click()
    page.locator("#room-lessons").click()
    page.locator("#verdict-homes").wait_for()
    page.locator("#step-1").click()
    assert page.locator("#answer-homes-most").is_disabled()
    assert page.locator("#answer-homes-most").is_checked()


def _people_move(page: Any, pictures: Path, language: str) -> None:
    """The animation goes from year to year and says in words what it shows."""
    page.locator("#lesson-moves").click()
    canvas = page.locator("#lesson-result canvas")
    first = canvas.get_attribute("aria-label")
    page.locator("#play").click()
    page.wait_for_timeout(1000)
    page.screenshot(path=pictures / f"lesson-{language}-moves.png", full_page=True)
    after_2020 = re.compile(r"^\s*20(2[1-9]|[3-9]\d)-\d\d")  # the page forbids what would evaluate an expression
    page.locator("#moves-month", has_text=after_2020).wait_for()
    assert canvas.get_attribute("aria-label") != first
    page.locator("#play").click()
    page.set_viewport_size({"width": 360, "height": 900})
    page.wait_for_timeout(300)
    assert canvas.evaluate("(drawn) => drawn.width") < 360  # for the window, so that its words can be read
    page.set_viewport_size({"width": 1280, "height": 900})
    assert violations(page) == []


def _a_household_lives(page: Any, pictures: Path, language: str) -> None:
    page.locator("#lesson-household").click()
    page.locator("#follow").click()
    page.locator("table.life tbody tr").first.wait_for()
    assert page.locator("ul.events li").count() > 0
    names = {"en": "Homes", "zh": "只建住房"}
    page.locator("#lesson-result h3").get_by_text(names[language], exact=True).wait_for()
    page.locator("#language").click()
    other = names[{"en": "zh", "zh": "en"}[language]]
    page.locator("#lesson-result h3").get_by_text(other, exact=True).wait_for()  # it stays, and says the other name
    page.locator("#lesson-charts").click()
    page.locator("#lesson-result svg text").get_by_text(other, exact=True).first.wait_for()
    page.locator("#language").click()
    page.locator("#lesson-household").click()
    page.locator("#follow").click()
    page.locator("table.life tbody tr").first.wait_for()
    assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360  # what is unseen in a table widens nothing
    page.set_viewport_size({"width": 1280, "height": 900})
    page.screenshot(path=pictures / f"lesson-{language}-household.png", full_page=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [1280, 360])
def test_every_lesson_has_its_pages(server: Server, open_page: Any, pictures: Path, language: str, width: int) -> None:
    page = open_page(server.base, language=language, width=width)
    page.locator("#room-lessons").click()
    for name, lesson in lessons().items():
        page.locator(f"#lesson-{name}").click()
        text = getattr(lesson.question, language)
        page.locator(".question").get_by_text(text, exact=True).wait_for()
        page.screenshot(path=pictures / f"lesson-{language}-{width}-{name}.png", full_page=True)
        page.locator("#to-predict").click()
        assert page.locator("fieldset.prediction").count() == len(lesson.predictions)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == [], name
        page.screenshot(path=pictures / f"lesson-{language}-{width}-{name}-predict.png", full_page=True)
        page.locator("#all-lessons").click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_class_predicts_together(open_page: Any, tmp_path: Path, pictures: Path, language: str) -> None:
    server = Server(tmp_path / "page", ("--class", "--host", "127.0.0.1")).start()
    try:
        code = re.search(r"(?<!\d)\d{6}(?!\d)", server.lines[-1])[0]
        teacher = open_page(server.link, language=language)
        teacher.locator("#room-lessons").click()
        teacher.locator(f"#lesson-{LESSON}").click()
        teacher.locator("#class-code").get_by_text(code).wait_for()
        assert f"{server.base}/class" in teacher.locator("#class").inner_text()  # as the terminal says
        teacher.locator("#class-turn").click()
        students = [_join(open_page, server, language, code) for _ in range(3)]
        for student, homes in zip(students, ("hardly", "most", "most"), strict=True):
            for question, answer in (("homes", homes), ("posts", "fewer"), ("rent", "lower")):
                student.locator(f"#answer-{question}-{answer}").check()
            student.locator("#send").click()
        count = {"en": "3 have joined, 3 have answered.", "zh": "已加入3人，已回答3人。"}[language]
        teacher.locator("#class-count").get_by_text(count).wait_for()
        rows = teacher.locator("#spread-homes .spread-row")
        assert [row.inner_text().split()[-1] for row in rows.all()] == ["1", "0", "2"]
        assert "2" not in students[0].locator("main").inner_text().split()  # nobody sees it before it is shown
        assert violations(students[0]) == []
        students[0].screenshot(path=pictures / f"class-{language}-student.png", full_page=True)
        _show_the_class(teacher, students, pictures, language)
    finally:
        server.stop()


def _join(open_page: Any, server: Server, language: str, code: str) -> Any:
    student = open_page(f"{server.base}/class", width=360, language=language)
    student.locator("#code").fill("000")
    student.locator("#join").click()
    wrong = {"en": "this is not the code of the class", "zh": "代码不正确"}[language]
    student.locator("[role=alert]").get_by_text(wrong).wait_for()
    student.locator("#code").fill(code)
    student.locator("#join").click()
    student.locator("fieldset.prediction").first.wait_for()
    return student


def _show_the_class(teacher: Any, students: list[Any], pictures: Path, language: str) -> None:
    """The teacher runs the lesson and shows it; students see how all answered, and what the model says."""
    teacher.locator("#to-predict").click()
    for question, answer in (("homes", "most"), ("posts", "fewer"), ("rent", "lower")):
        teacher.locator(f"#answer-{question}-{answer}").check()
    teacher.locator("#run-lesson").click()
    teacher.locator("#lesson-result svg").first.wait_for()
    teacher.locator("#class-reveal").click()
    assert violations(teacher) == []
    teacher.screenshot(path=pictures / f"class-{language}-teacher.png", full_page=True)
    teacher.set_viewport_size({"width": 360, "height": 900})
    teacher.wait_for_timeout(300)
    assert teacher.evaluate("document.documentElement.scrollWidth") <= 360
    teacher.screenshot(path=pictures / f"class-{language}-teacher-narrow.png", full_page=True)
    right = students[0].locator("#spread-homes .spread-row").first
    right.wait_for()
    assert "✓" in right.inner_text()
    assert students[0].locator("input[type=radio]:not([disabled])").count() == 0  # what was answered stays
    assert students[0].evaluate("document.documentElement.scrollWidth") <= 360
    students[0].screenshot(path=pictures / f"class-{language}-shown.png", full_page=True)
