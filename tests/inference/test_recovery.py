"""Responses are recovered from worlds whose censuses and studies are the model's own, whatever the real ones say."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from linear import BOUNDS, RESPONSES, Linear

from urbsim.inference import recovery
from urbsim.inference.census import Census
from urbsim.inference.joint import pairs_of
from urbsim.inference.recovery import SimulatedDesign, coverage, recover

TRUTHS = 10
#: A third target that two parameters cannot make up for: where the first response is far out, the world is not the real
#: one.
SHIFTS = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.5, 0.0, 0.0]])
#: Scores of the responses in the emulator's own runs.
HELD = np.array([0.8, 0.0, -0.4])
KNOWN = Census(
    Linear(BOUNDS, np.array([[1.0, 0.5], [-0.4, 2.0], [0.1, 0.1]]), np.array([2.4, 0.7]), np.full(3, 0.05)),
    np.zeros(3),
    np.full(3, 0.02),
    SHIFTS,
    HELD,
)


def finding(name: str, response: str) -> SimpleNamespace:
    return SimpleNamespace(name=name, study=SimpleNamespace(informs=(response,)), estimate=0.0, error=0.3)


@pytest.fixture(scope="module")
def recovered() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    count = 60
    low, high = np.array(list(BOUNDS.values())).T
    middle = 0.5 * (low + high)
    parameters = middle + 0.1 * (high - low) * rng.standard_normal((count, 2))
    scores = rng.standard_normal((count, 3))
    points = pd.DataFrame(np.hstack([parameters, scores]), columns=[*BOUNDS, *RESPONSES])
    found = pd.DataFrame({"one": scores[:, 0], "two": 1.5 * scores[:, 1]}) + 0.1 * rng.standard_normal((count, 2))
    missed = (scores - HELD) @ SHIFTS.T + 0.4 + 0.05 * rng.standard_normal((count, 3))
    wanted = [finding("one", RESPONSES[0]), finding("two", RESPONSES[1])]
    bank = pd.DataFrame(middle + 0.1 * (high - low) * rng.standard_normal((600, 2)), columns=list(BOUNDS))
    pairs = pairs_of(bank, pd.DataFrame(rng.standard_normal((600, 3)), columns=list(RESPONSES)), KNOWN)
    return recover(SimulatedDesign(points, found, missed), wanted, KNOWN, pairs, (TRUTHS, 3, 300))


def test_intervals_hold_the_truth_as_often_as_they_say(recovered: pd.DataFrame) -> None:
    held = coverage(recovered).loc["all"]
    assert held["pairs"] == TRUTHS * len(RESPONSES)
    for level in (50, 80, 90):
        assert held[f"{level}"] == pytest.approx(level, abs=17)  # two standard errors of thirty


def test_emulators_do_without_some_truths_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    left_out = []

    def seen(design, wanted, census, pairs, settings):
        left_out.append(settings[0].tolist())
        return [(number, "a", 0.0, 0.0, 1.0, 0.5) for number in settings[0].tolist()]

    monkeypatch.setattr(recovery, "_recovered", seen)
    points = pd.DataFrame({"a": np.zeros(40)})
    found = recover(SimulatedDesign(points, points, np.zeros((40, 1))), [], KNOWN, None, (30, 3, 1))
    assert found["point"].tolist() == list(range(10, 40))
    assert max(len(part) for part in left_out) <= 12


def test_what_is_informed_is_found_near_the_truth_and_what_is_not_keeps_its_prior(recovered: pd.DataFrame) -> None:
    one, two, three = (recovered[recovered["response"] == name] for name in RESPONSES)
    for part in (one, two):
        assert np.corrcoef(part["truth"], part["median"])[0, 1] > 0.85
        assert part["sd"].mean() < 0.5
    assert three["sd"].mean() == pytest.approx(1.0, abs=0.15)
