"""What a request is refused for, in words that may reach the page, in both its languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from urbsim.experiment.errors import ExperimentError, RunError
from urbsim.labels import Label, Language, speaking
from urbsim.reading.problems import ScenarioError

#: Words for whatever went wrong that no person at the page can mend.
FAULT = Label(
    "urbsim failed at this; the terminal that runs urbsim serve says where",
    "程序出错；详情见运行 urbsim serve 的终端",
)


class RequestError(Exception):
    """A request that is not carried out; ``problems`` say where a scenario is wrong."""

    def __init__(self, message: Label, status: int = 400, problems: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(message.en)
        self.message, self.status, self.problems = message, status, list(problems)

    def body(self) -> dict[str, Any]:
        """Return what is sent."""
        return error_body(self.message, self.problems)


def both(label: Label) -> dict[str, str]:
    """Return a text in both languages, for a page that switches at once."""
    return {"en": label.en, "zh": label.zh}


def error_body(message: Label, problems: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return the JSON of every answer that is no success."""
    return {"error": both(message), "problems": list(problems)}


def said_by(action: Callable[[], object]) -> Label:
    """Return what an action that cannot be done says, in both languages: it is tried in each."""
    return Label(_said(action, "en"), _said(action, "zh"))


def _said(action: Callable[[], object], language: Language) -> str:
    with speaking(language):
        try:
            action()
        except RequestError as error:
            return error.message.in_language(language)
        except (ExperimentError, RunError, ScenarioError, ValueError) as error:
            return str(error)
    return ""
