"""Routes of lessons and of the class."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from urbsim.labels import Label
from urbsim.page.classroom import STUDENT_COOKIE, Classroom
from urbsim.page.errors import RequestError
from urbsim.page.lessons import lesson as lesson_of
from urbsim.page.lessons import lessons as all_lessons
from urbsim.page.requests import Expectation, Join, Reveal, TurnTo
from urbsim.page.security import cookie_of

router = APIRouter(tags=["lessons"])


def _classroom(request: Request) -> Classroom:
    found: Classroom | None = request.app.state.classroom
    if found is None:
        raise RequestError(
            Label(
                "there is no class: start the server with urbsim serve --class",
                "没有开设课堂：请用 urbsim serve --class 启动",
            ),
            404,
        )
    return found


@router.get("/lessons")
def lessons(request: Request) -> dict[str, Any]:
    """Return the lessons, and whether there is a class."""
    listed = [
        {"id": name, "title": each.title.model_dump(), "question": each.question.model_dump()}
        for name, each in all_lessons().items()
    ]
    return {"lessons": listed, "class": request.app.state.classroom is not None}


@router.get("/lessons/{name}")
def lesson(name: str) -> dict[str, Any]:
    """Return a lesson: question, scenarios, predictions and answer."""
    return lesson_of(name)


@router.get("/class")
def classroom(request: Request) -> dict[str, Any]:
    """Return what the teacher sees of the class."""
    return _classroom(request).state()


@router.post("/class/begin")
def begin(request: Request) -> dict[str, Any]:
    """Begin with another class, which joins with another code (teacher)."""
    _classroom(request).begin()
    return _classroom(request).state()


@router.post("/class/lesson")
def turn_to(request: Request, asked: TurnTo) -> dict[str, Any]:
    """Turn the class to a lesson (teacher)."""
    _classroom(request).turn_to(asked.lesson)
    return _classroom(request).state()


@router.post("/class/reveal")
def reveal(request: Request, asked: Reveal) -> dict[str, Any]:
    """Show the class what was measured (teacher)."""
    _classroom(request).reveal(asked.measured)
    return _classroom(request).state()


@router.post("/class/join")
def join(request: Request, response: Response, asked: Join) -> dict[str, Any]:
    """Join the class with its code (student)."""
    found = _classroom(request)
    student = found.join(asked.code, request.client.host if request.client else "")
    response.set_cookie(STUDENT_COOKIE, student, httponly=True, samesite="strict", path="/")
    return found.mine(student)


@router.get("/class/mine")
def mine(request: Request) -> dict[str, Any]:
    """Return what a student sees of the class."""
    return _classroom(request).mine(cookie_of(request.headers, STUDENT_COOKIE))


@router.get("/class/question")
def question(request: Request) -> dict[str, Any]:
    """Return the lesson that the class is at, with its answer once the teacher shows it (student)."""
    return _classroom(request).question()


@router.post("/class/predictions")
def predict(request: Request, asked: Expectation) -> dict[str, Any]:
    """Say what one expects (student)."""
    student = cookie_of(request.headers, STUDENT_COOKIE)
    _classroom(request).predict(student, asked.lesson, asked.answers)
    return _classroom(request).mine(student)
