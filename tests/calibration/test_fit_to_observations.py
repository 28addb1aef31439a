"""Fits to observations, with a stand-in for the simulation whose outcomes are known: files, draws, words, commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from urbsim.calibration.observed import ObservedFit, _compared, error_of, fit_observed
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.footing import posterior_notes
from urbsim.experiment.plan import make_plan
from urbsim.experiment.simulate import Task
from urbsim.experiment.tables import Tables
from urbsim.months import format_month
from urbsim.report.observed_files import sentences, write_observed
from urbsim.scenario import load_scenario
from urbsim.scenario.model import ObservedValue, Scenario

START, END = 2020 * 12 + 10, 2025 * 12 + 11
CODE, MEMBERS = "341282", 40


@dataclass
class LinearRunner:
    """In place of the simulation: urban share 0.45 + 0.06 x urban constant + chance; the seat in proportion."""

    passes: int = 0

    def tables(self, tasks: Sequence[Task], _label: str) -> Iterator[tuple[int, Tables]]:
        self.passes += 1
        for position, task in enumerate(tasks):
            chance = np.random.default_rng([3, task.stream]).standard_normal(2)
            share = 0.45 + 0.06 * task.constants[0][0] + 0.005 * chance[0]
            seat = 207_000 * share / 0.45 * (1.0 + 0.01 * chance[1])
            yield position, self._tables(task.scenario, share, seat)

    @staticmethod
    def _tables(scenario: Scenario, share: float, seat: float) -> Tables:
        months = [format_month(month) for month in (scenario.until - 12, scenario.until)]
        values = {"urbanization_rate": share, "seat_residents": seat, "residents_far": 140_000.0 - 1e5 * share}
        series = pd.DataFrame(
            [(month, CODE, name, value) for month in months for name, value in values.items()],
            columns=["month", "place", "indicator", "value"],
        )
        flows = pd.DataFrame(
            [
                (months[0], CODE, "move", "village", "seat", 1e5 * share),
                (months[0], CODE, "birth", "outside", "seat", 9.0),
            ],
            columns=["month", "place", "cause", "origin", "destination", "persons"],
        )
        posts = pd.DataFrame([(CODE, "seat", "industry", 1e5)], columns=["place", "zone", "sector", "posts"])
        return {"series": series, "flows": flows, "posts": posts}


SCENARIO = Scenario("a", CODE, (CODE,), START, END)
#: What the stand-in expects is 0.45 + 0.06 x the mean constant; these are a few spreads above it.
TARGETS = (
    ObservedValue("", END, "urbanization_rate", 0.50, 0.005, target=True),
    ObservedValue("", END, "seat_residents", 230_000.0, 2500.0, target=True),
)


@pytest.fixture(scope="module")
def fit() -> ObservedFit:
    return fit_observed(SCENARIO, TARGETS, MEMBERS, LinearRunner())


def test_errors_are_of_figure_and_model() -> None:
    assert error_of(ObservedValue("", END, "urbanization_rate", 0.5, 0.005)) == pytest.approx(np.hypot(0.005, 0.01))
    assert error_of(ObservedValue("", END, "residents", 600_000.0)) == pytest.approx(12_000.0)
    assert error_of(TARGETS[0]) == 0.005
    assert error_of(ObservedValue("", END, "urbanization_rate", 0.5, target=True)) == 0.002


def test_the_targets_hold_in_the_world_that_was_found(fit: ObservedFit) -> None:
    table = fit.fit_table().set_index("indicator")
    assert (table["prior"] - table["observed"]).abs().gt(2 * table["error"]).all()
    assert (table["posterior"] - table["observed"]).abs().lt(2 * table["error"]).all()
    assert not table["disagrees"].any()
    assert (table["posterior_sd"] < table["prior_sd"]).all()


def test_what_had_to_be_true_is_the_constant_that_outcomes_answer_to(fit: ObservedFit) -> None:
    needed = fit.needed().set_index(["kind", "name"])
    shift = needed.loc[("constant", f"{CODE} urban")]
    before = needed.loc[("indicator", "urbanization_rate")]
    # 0.06 of share for each point of the constant
    assert 0.06 * (shift["after"] - shift["before"]) == pytest.approx(before["after"] - before["before"], abs=0.006)
    assert abs(shift["shift"]) > 2.0 > abs(needed.loc[("constant", f"{CODE} outside"), "shift"])
    years = (END - START + 1) / 12
    flow = needed.loc[("flow", "from villages to towns and seat")]
    assert flow["after"] == pytest.approx(1e5 * before["after"] / years)
    assert needed.loc[("posts", "in towns and seat outside farming"), "after"] == pytest.approx(1e5)
    assert "parameter" in needed.index.get_level_values("kind")


def test_the_same_again_is_the_same(fit: ObservedFit) -> None:
    again = fit_observed(SCENARIO, TARGETS, MEMBERS, LinearRunner())
    pd.testing.assert_frame_equal(fit.table(), again.table())


def test_scenarios_run_with_what_was_written(fit: ObservedFit, tmp_path) -> None:
    write_observed(fit, tmp_path / "held", "urbsim calibrate a.yaml")
    text = "name: a\nregion: 341282\nstart: 2020-11\nuntil: 2025-12\nposterior: held\n"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    scenario = load_scenario(tmp_path / "a.yaml")
    plan = make_plan([scenario], draws=MEMBERS)
    expected = fit.table().query("draw > 0")["urban"].round(6)
    assert [its.constants[0][0] for _, its in sorted(plan.given().items())] == pytest.approx(expected.tolist())
    (share,) = {round(0.45 + 0.06 * plan.given()["a", 1].constants[0][0], 1)}
    assert share == 0.5
    (note,) = posterior_notes([scenario], "en")
    assert note == (
        "'a' runs with the posterior in held, fitted to 2 figures (2025-12 to 2025-12): agreement with them is no "
        "validation."
    )
    for name, words in (("README.md", "no validation"), ("README.zh.md", "不是检验")):
        page = (tmp_path / "held" / name).read_text(encoding="utf-8")
        assert "urbsim calibrate a.yaml" in page
        assert words.removeprefix("no ") in page


def test_words_say_how_far_away_and_how_many_draws_are_left(fit: ObservedFit) -> None:
    said = " ".join(sentences(fit, "en"))
    assert "standard deviations away" in said
    assert "Effective draws: " in said
    assert "disagree" not in said


def test_figures_that_contradict_the_model_are_named() -> None:
    odd = (TARGETS[0], ObservedValue("", END, "seat_residents", 120_000.0, 1000.0))
    found = fit_observed(SCENARIO, odd, MEMBERS, LinearRunner())
    assert found.fit_table()["disagrees"].any()
    assert any("disagree beyond both errors" in sentence for sentence in sentences(found, "en"))


def test_nothing_to_fit_is_said() -> None:
    with pytest.raises(ExperimentError, match="nothing was observed"):
        fit_observed(SCENARIO, (), MEMBERS, LinearRunner())


def test_what_differs_in_its_last_digit_only_has_not_moved() -> None:
    before = pd.DataFrame({"indicator beds": [7.5, 7.5, np.nextafter(7.5, 0.0)], "indicator rate": [0.4, 0.5, 0.6]})
    after = pd.DataFrame({"indicator beds": [np.nextafter(7.5, 0.0)] * 3, "indicator rate": [0.6, 0.6, 0.6]})
    table = _compared("indicator", before, after, np.full(3, 1 / 3)).set_index("name")["shift"]
    assert np.isnan(table["beds"])
    assert table["rate"] > 1.0
