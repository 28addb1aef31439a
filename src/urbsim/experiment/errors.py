"""What can go wrong with an experiment, by who can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from urbsim.labels import Label, bilingual
from urbsim.reading.suggestions import did_you_mean
from urbsim.reading.wording import listed


class ExperimentError(Exception):
    """Input that cannot be simulated: scenarios that cannot be compared, an unusable folder. Exit code 2."""


class UnknownNameError(ExperimentError, KeyError):
    """A name of which there is none; the message says what there is and what was probably meant."""

    def __init__(self, name: str, found: str, known: Iterable[str], labels: Mapping[str, Label] | None = None) -> None:
        choices = list(known)
        meant = did_you_mean(name, choices, labels=labels)
        super().__init__(
            bilingual(f"{found}; there are {listed(choices)}{meant}", f"{found}；可用：{listed(choices)}{meant}")
        )

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would show it in quotes


class RunError(Exception):
    """A run that began and could not be finished. Exit code 1."""
