"""Lessons in files, and a class: who may join, what a student can do, and how answers spread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from urbsim.observation.indicators import INDICATORS
from urbsim.page.classroom import Classroom
from urbsim.page.errors import RequestError
from urbsim.page.lessons import Option, lessons
from urbsim.page.security import Door

Make = Callable[..., TestClient]
FIRST = "1-harris-todaro"


@pytest.mark.parametrize("name", lessons())
def test_a_lesson_asks_for_what_its_comparisons_show(client: TestClient, name: str) -> None:
    lesson = lessons()[name]
    files = [file for comparison in lesson.comparisons for file in comparison.scenarios]
    shown = client.get(f"/api/lessons/{name}").json()
    for comparison in shown["comparisons"]:
        for language in ("en", "zh"):
            assert len({each["name"][language] for each in comparison["scenarios"]}) == len(comparison["files"])
    for prediction in lesson.predictions:
        assert len({option.id for option in prediction.options}) == len(prediction.options)
        for term in prediction.measure:
            assert {term.scenario, term.against or term.scenario} <= set(files)
            assert term.indicator in INDICATORS
            assert shown["comparisons"][0]["scenarios"][0]["until"] >= term.month
    for value in (-1e9, -0.01, 0.0, 0.01, 1e9):
        for prediction in lesson.predictions:
            assert sum(option.holds(value) for option in prediction.options) == 1, prediction.id


def test_there_are_six_lessons(client: TestClient) -> None:
    assert len(client.get("/api/lessons").json()["lessons"]) == 6
    assert client.get("/api/lessons/none").status_code == 404


def test_an_answer_holds_from_its_lower_bound_up_to_its_upper() -> None:
    option = Option.model_validate({"id": "a", "from": 1, "to": 2, "text": {"en": "a", "zh": "甲"}})
    assert [option.holds(value) for value in (0.9, 1.0, 1.9, 2.0)] == [False, True, True, False]


def test_what_is_measured_is_a_sum_of_differences() -> None:
    """Lesson 3: the resident rate gains 0.03, the registered rate 0.01; the first answer is right."""
    values = {"hukou_wall/open": (0.53, 0.41), "hukou_wall/wall": (0.50, 0.40)}
    asked = next(each for each in lessons()["3-hukou-wall"].predictions if each.id == "behind")
    value = asked.measured(lambda scenario, indicator, _: values[scenario][indicator.startswith("registered")])
    assert value == pytest.approx(0.02)
    assert [option.id for option in asked.options if option.holds(value)] == ["resident"]


@pytest.fixture
def classroom(tmp_path: Path) -> Classroom:
    return Classroom(tmp_path / "class.json")


@pytest.fixture
def clients(make_client: Make, classroom: Classroom) -> tuple[TestClient, TestClient, str]:
    """A teacher, somebody with nothing, and the code of the class."""
    door = Door("0.0.0.0", "the-token", classroom.may_pass)
    teacher = make_client(door, classroom=classroom)
    teacher.get("/?token=the-token")
    return teacher, TestClient(teacher.app, base_url=str(teacher.base_url)), classroom.code


def test_the_code_gives_the_role_of_a_student_and_no_more(clients: tuple[TestClient, TestClient, str]) -> None:
    teacher, student, code = clients
    assert student.get("/").status_code == 403
    assert student.get("/class").status_code == 200
    assert student.get("/static/js/main.js").status_code == 200
    assert student.get(f"/api/lessons/{FIRST}").status_code == 403
    assert student.post("/api/class/join", json={"code": "wrong"}).status_code == 403
    assert student.post("/api/class/join", json={"code": code}).json()["lesson"] == FIRST
    for path in (
        "/",
        f"/api/lessons/{FIRST}",
        "/api/lessons",
        "/api/class",
        "/api/jobs",
        "/api/regions?text=a",
        "/api/scenarios",
        "/api/openapi.json",
    ):
        assert student.get(path).status_code == 403, path
    for path in ("/api/class/lesson", "/api/class/reveal", "/api/compare"):
        assert student.post(path, json={}).status_code == 403, path
    assert teacher.get("/api/class").json()["students"] == 1


def test_answers_are_gathered_and_shown_when_the_teacher_says_so(
    clients: tuple[TestClient, TestClient, str], make_client: Make
) -> None:
    teacher, student, code = clients
    answers = {"movers": "more", "employment": "lower", "farms": "park"}
    assert student.post("/api/class/predictions", json={"lesson": FIRST, "answers": answers}).status_code == 403
    student.post("/api/class/join", json={"code": code})
    said = student.post("/api/class/predictions", json={"lesson": FIRST, "answers": answers}).json()
    assert (said["answers"], said["distribution"]) == (answers, None)
    asked = student.get("/api/class/question").json()
    assert (asked["id"], len(asked["predictions"])) == (FIRST, 3)
    assert not {"answer", "more", "comparisons"} & set(asked)  # nobody reads the answer before it is shown
    other = TestClient(teacher.app, base_url=str(teacher.base_url))
    other.post("/api/class/join", json={"code": code})
    other.post("/api/class/predictions", json={"lesson": FIRST, "answers": {**answers, "movers": "none"}})
    seen = teacher.get("/api/class").json()
    assert (seen["students"], seen["answered"]) == (2, 2)
    assert seen["distribution"]["movers"] == {"none": 1, "fewer": 0, "more": 1}
    teacher.post("/api/class/reveal", json={"measured": {"movers": 23000.0}})
    mine = student.get("/api/class/mine").json()
    assert mine["distribution"]["farms"] == {"park": 2, "farms": 0}
    assert student.get("/api/class/question").json()["answer"][0]["zh"]
    late = student.post("/api/class/predictions", json={"lesson": FIRST, "answers": answers})
    assert (late.status_code, "already shown" in late.text) == (409, True)
    teacher.post("/api/class/lesson", json={"lesson": "2-network"})
    assert student.get("/api/class/mine").json()["answers"] == {}


@pytest.mark.parametrize("answers", [{"movers": "<b>"}, {"nothing": "more"}])
def test_only_answers_that_are_offered_are_taken(classroom: Classroom, answers: dict[str, str]) -> None:
    student = classroom.join(classroom.code, "a")
    with pytest.raises(RequestError, match="no such answer"):
        classroom.predict(student, FIRST, answers)


def test_codes_cannot_be_tried_out(classroom: Classroom) -> None:
    for _ in range(10):
        with pytest.raises(RequestError, match="not the code"):
            classroom.join("000000x", "10.0.0.1")
    with pytest.raises(RequestError, match="wait five minutes"):
        classroom.join(classroom.code, "10.0.0.1")
    assert classroom.join(classroom.code, "10.0.0.2")


def test_a_class_outlives_its_server_with_a_new_code(classroom: Classroom) -> None:
    student = classroom.join(classroom.code, "a")
    classroom.predict(student, FIRST, {"movers": "more"})
    again = Classroom(classroom.path)
    assert again.mine(student)["answers"] == {"movers": "more"}
    assert again.distribution()["movers"]["more"] == 1


def test_there_is_no_class_unless_the_teacher_opens_one(client: TestClient) -> None:
    assert client.get("/class").status_code == 404
    assert client.get("/api/class").status_code == 404
    assert client.get("/api/lessons").json()["class"] is False
