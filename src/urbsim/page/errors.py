"""What a request is refused for, in words that may reach the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class RequestError(Exception):
    """A request that is not carried out; ``problems`` say where a scenario is wrong."""

    def __init__(self, message: str, status: int = 400, problems: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(message)
        self.message, self.status, self.problems = message, status, list(problems)

    def body(self) -> dict[str, Any]:
        """Return what is sent."""
        return {"error": self.message, "problems": self.problems}
