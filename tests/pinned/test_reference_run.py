"""Results of a small reference run do not drift unnoticed."""

from __future__ import annotations

import json

import pytest
from reference import MONTHS, PINNED, reference_values


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, float]]:
    return reference_values()


@pytest.mark.parametrize("month", MONTHS)
def test_the_reference_run_gives_the_pinned_results(month: str, found: dict[str, dict[str, float]]) -> None:
    """After an intended change: ``python tests/pinned/update.py``, and say why in the commit.

    Indicators newer than the pinned file join it when it is next renewed.
    """
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))[month]
    assert {name: found[month][name] for name in pinned} == pytest.approx(pinned, rel=1e-9, abs=1e-9)
