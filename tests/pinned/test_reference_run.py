"""Results of two small runs do not drift unnoticed.

After an intended change: ``python tests/pinned/update.py``, and say why in the commit. Indicators newer than a pinned
file join it when it is next renewed.
"""

from __future__ import annotations

import json

import pytest
from reference import MONTHS, PINNED, PINNED_PLAN, plan_values, reference_values

Values = dict[str, dict[str, float]]


@pytest.fixture(scope="module")
def found() -> Values:
    return reference_values()


@pytest.mark.parametrize("month", MONTHS)
def test_the_reference_run_gives_the_pinned_results(month: str, found: Values) -> None:
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))[month]
    assert {name: found[month][name] for name in pinned} == pytest.approx(pinned, rel=1e-9, abs=1e-9)


def test_policies_draws_and_several_counties_give_the_pinned_results() -> None:
    pinned: Values = json.loads(PINNED_PLAN.read_text(encoding="utf-8"))
    plan = plan_values()
    for part, values in pinned.items():
        assert {name: plan[part][name] for name in values} == pytest.approx(values, rel=1e-9, abs=1e-6), part
