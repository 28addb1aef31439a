"""What can go wrong with an experiment, by who can mend it."""

from __future__ import annotations


class ExperimentError(Exception):
    """Input that cannot be simulated: scenarios that cannot be compared, an unusable folder. Exit code 2."""


class RunError(Exception):
    """A run that began and could not be finished. Exit code 1."""
