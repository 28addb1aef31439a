"""Lessons: a question, what changes, predictions before the run, the answer after it; texts in both languages."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from urbsim.labels import Label
from urbsim.page.errors import RequestError
from urbsim.page.scenarios import in_both_languages
from urbsim.page.shipped import shipped_scenario

FOLDER = Path(__file__).parent / "lessons"
#: What a comparison of a lesson is run with, as docs/teaching.md does.
SETTINGS = {"draws": 0, "replicates": 2, "seed": 0}


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class LessonText(_Closed):
    """A text in both languages."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)

    @property
    def label(self) -> Label:
        """The text as a label."""
        return Label(self.en, self.zh)


class LessonTerm(_Closed):
    """A number of the result: an indicator in a scenario and month, or its distance from that of another scenario."""

    indicator: str
    scenario: str
    month: str
    against: str | None = None
    times: float = 1.0


class Option(_Closed):
    """An answer, right where what is measured lies from ``from`` up to ``to``."""

    id: str
    text: LessonText
    low: float | None = Field(None, alias="from")
    high: float | None = Field(None, alias="to")

    def holds(self, value: float) -> bool:
        """Return whether the answer is right where this was measured."""
        return (self.low is None or value >= self.low) and (self.high is None or value < self.high)


class PredictionAsked(_Closed):
    """What a student says before the run, and what it is held against: a sum of terms."""

    id: str
    text: LessonText
    measure: tuple[LessonTerm, ...] = Field(min_length=1)
    options: tuple[Option, ...] = Field(min_length=2)

    def measured(self, value: Callable[[str, str, str], float]) -> float:
        """Return what was measured; ``value`` gives an indicator by scenario, indicator and month."""
        total = 0.0
        for term in self.measure:
            base = value(term.against, term.indicator, term.month) if term.against else 0.0
            total += term.times * (value(term.scenario, term.indicator, term.month) - base)
        return total


class LessonComparison(_Closed):
    """Scenarios run side by side, below scenarios/teaching and without their ending; and what is shown of them."""

    scenarios: tuple[str, ...] = Field(min_length=2, max_length=4)
    indicators: tuple[str, ...] = Field(min_length=1)


class Lesson(_Closed):
    """One lesson."""

    title: LessonText
    question: LessonText
    change: LessonText
    comparisons: tuple[LessonComparison, ...] = Field(min_length=1)
    predictions: tuple[PredictionAsked, ...] = Field(min_length=1)
    answer: tuple[LessonText, ...] = Field(min_length=1)
    more: LessonText


@cache
def lessons() -> dict[str, Lesson]:
    """Return all lessons by the name of their file."""
    return {
        path.stem: Lesson.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))
        for path in sorted(FOLDER.glob("*.yaml"))
    }


def lesson(name: str) -> dict[str, Any]:
    """Return a lesson with its scenarios as data, for the page.

    Raises
    ------
    RequestError
        If there is no such lesson.
    """
    found = lessons().get(name)
    if found is None:
        raise RequestError(Label("there is no such lesson", "没有这一课"), 404)
    comparisons = [
        {
            "scenarios": [_document(each) for each in comparison.scenarios],
            "files": list(comparison.scenarios),
            "indicators": list(comparison.indicators),
        }
        for comparison in found.comparisons
    ]
    return {"id": name, **found.model_dump(by_alias=True), "comparisons": comparisons, "settings": SETTINGS}


def _document(name: str) -> dict[str, Any]:
    return in_both_languages(shipped_scenario(f"teaching/{name}.yaml"))
