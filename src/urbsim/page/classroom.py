"""A class: students join with a code and predict; the teacher sees how their answers are distributed.

A student is a random number in a cookie: no name is asked for. What they said outlives the server.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Scope

from urbsim.experiment.tables import write_text
from urbsim.labels import Label
from urbsim.page.errors import RequestError
from urbsim.page.lessons import lessons
from urbsim.page.security import cookie_of

STUDENT_COOKIE = "urbsim_student"
_DIGITS, _MOST_STUDENTS = 6, 500
#: Wrong codes from one address, or from all, after which it waits, and for how many seconds.
_TRIES, _ALL_TRIES, _WAIT = 10, 100, 300.0
#: Where somebody without the token may go: to join; and once joined, to the lesson of the class.
_OPEN = ("/class", "/api/class/join", "/static/")
_JOINED = ("/api/class/mine", "/api/class/predictions", "/api/class/question")


class Classroom:
    """One class of a server, kept in a file.

    Parameters
    ----------
    path
        Where it is kept; a file that is there is continued, with a new code.

    Attributes
    ----------
    address
        Where students join, as they can type it; empty where nobody listens yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.address = ""
        self.code = _new_code()
        self.lesson = next(iter(lessons()))
        self.measured: dict[str, float] | None = None
        self.students: dict[str, dict[str, dict[str, str]]] = {}
        self._wrong: dict[str, list[float]] = {}
        self._lock = threading.Lock()
        with suppress(OSError, ValueError):
            self.students = json.loads(path.read_text(encoding="utf-8"))["students"]

    def begin(self) -> None:
        """Begin with another class: nobody has joined, and the code is a new one."""
        with self._lock:
            self.students, self.measured, self.code = {}, None, _new_code()
            self._save()

    def may_pass(self, scope: Scope) -> bool:
        """Return whether a request without the token may have its path."""
        path = scope["path"]
        if any(path == each or (each.endswith("/") and path.startswith(each)) for each in _OPEN):
            return True
        return path in _JOINED and cookie_of(Headers(scope=scope), STUDENT_COOKIE) in self.students

    def join(self, code: str, address: str) -> str:
        """Return the number of a new student.

        Raises
        ------
        RequestError
            If the code is wrong, too many were, or the class is full.
        """
        with self._lock:
            now = time.monotonic()
            recent = {who: [at for at in times if now - at < _WAIT] for who, times in self._wrong.items()}
            self._wrong = {who: times for who, times in recent.items() if times}
            everybody = sum(map(len, self._wrong.values()))
            if len(self._wrong.get(address, ())) >= _TRIES or everybody >= _ALL_TRIES:
                raise RequestError(Label("too many wrong codes; wait five minutes", "错误代码过多，请等待五分钟"), 429)
            if not secrets.compare_digest(code.strip().encode(), self.code.encode()):
                self._wrong.setdefault(address, []).append(now)
                raise RequestError(Label("this is not the code of the class", "代码不正确"), 403)
            if len(self.students) >= _MOST_STUDENTS:
                raise RequestError(Label("the class is full", "课堂已满"), 403)
            student = secrets.token_urlsafe(16)
            self.students[student] = {}
            self._save()
        return student

    def predict(self, student: str, lesson: str, answers: dict[str, str]) -> None:
        """Keep what a student expects; the first answer counts once the result is shown.

        Raises
        ------
        RequestError
            If there is no such student, lesson or answer, or it is too late.
        """
        asked = lessons().get(lesson)
        if student not in self.students:
            raise RequestError(Label("join the class first", "请先加入课堂"), 403)
        if asked is None or lesson != self.lesson:
            raise RequestError(Label("the class is at another lesson", "全班正在做另一课"), 409)
        if self.measured is not None:
            raise RequestError(Label("the result is already shown", "结果已经公布"), 409)
        allowed = {each.id: {option.id for option in each.options} for each in asked.predictions}
        if any(option not in allowed.get(question, ()) for question, option in answers.items()):
            raise RequestError(Label("there is no such answer", "没有这个选项"), 422)
        with self._lock:
            self.students[student][lesson] = dict(answers)
            self._save()

    def turn_to(self, lesson: str) -> None:
        """Begin a lesson: students predict, and see nothing of the result.

        Raises
        ------
        RequestError
            If there is no such lesson.
        """
        if lesson not in lessons():
            raise RequestError(Label("there is no such lesson", "没有这一课"), 404)
        self.lesson, self.measured = lesson, None

    def reveal(self, measured: dict[str, float]) -> None:
        """Show the class what came of it."""
        self.measured = dict(measured)

    def state(self) -> dict[str, Any]:
        """Return what the teacher sees: the code, how many have joined and said something, and how answers spread."""
        return {
            "code": self.code,
            "address": self.address,
            "lesson": self.lesson,
            "shown": self.measured is not None,
            "students": len(self.students),
            "answered": sum(self.lesson in said for said in self.students.values()),
            "distribution": self.distribution(),
        }

    def mine(self, student: str) -> dict[str, Any]:
        """Return what a student sees: the lesson, what was said, and the distribution once the teacher shows it.

        Raises
        ------
        RequestError
            If there is no such student.
        """
        if student not in self.students:
            raise RequestError(Label("join the class first", "请先加入课堂"), 403)
        shown = self.measured is not None
        return {
            "lesson": self.lesson,
            "answers": self.students[student].get(self.lesson, {}),
            "shown": shown,
            "measured": self.measured if shown else None,
            "distribution": self.distribution() if shown else None,
        }

    def question(self) -> dict[str, Any]:
        """Return the lesson as students see it: its answer once the teacher shows it, not before."""
        found = lessons()[self.lesson].model_dump(by_alias=True)
        asked = ("title", "question", "change", "predictions", *(("answer",) if self.measured is not None else ()))
        return {"id": self.lesson, **{name: found[name] for name in asked}}

    def distribution(self) -> dict[str, dict[str, int]]:
        """Return how many students chose each option of each question of the present lesson."""
        said = [answers[self.lesson] for answers in list(self.students.values()) if self.lesson in answers]
        found = {}
        for asked in lessons()[self.lesson].predictions:
            counts = Counter(answers[asked.id] for answers in said if asked.id in answers)
            found[asked.id] = {option.id: counts[option.id] for option in asked.options}
        return found

    def _save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_text(json.dumps({"students": self.students}), self.path)


def _new_code() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
