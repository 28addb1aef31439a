"""The emulator follows known functions, and the posterior recovers known parameters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from urbsim.calibration.design import parameters_at, priors, run_design, sobol_points
from urbsim.calibration.emulator import fit_emulator, scale_points
from urbsim.calibration.posterior import explore, sample
from urbsim.experiment.runner import Runner
from urbsim.region.tables import all_county_rows

BOUNDS = {"a": (0.0, 2.0), "b": (-1.0, 1.0), "idle": (0.0, 1.0)}


def toy_runs(count: int = 60) -> pd.DataFrame:
    points = sobol_points(count, BOUNDS, seed=3)
    luck = np.random.default_rng(5).normal(0, 0.02, (count, 2))
    points["level"] = 3 * points["a"] + points["b"] ** 2 + luck[:, 0]
    points["shape"] = np.exp(points["b"]) - points["a"] + luck[:, 1]
    return points


def test_the_emulator_predicts_runs_it_never_saw():
    emulator = fit_emulator(toy_runs(), BOUNDS, ("level", "shape"))
    points = np.random.default_rng(1).uniform([0, -1, 0], [2, 1, 1], (50, 3))
    truth = np.stack([3 * points[:, 0] + points[:, 1] ** 2, np.exp(points[:, 1]) - points[:, 0]], axis=1)
    assert np.abs(emulator.predict(points) - truth).max() < 0.15
    assert (emulator.explained > 0.99).all()
    assert (emulator.error < 0.1).all()


def test_what_never_differs_is_predicted_as_it_is():
    emulator = fit_emulator(toy_runs(20).assign(level=2.5), BOUNDS, ("level",))
    assert emulator.predict(np.array([[0.3, 0.1, 0.9]]))[0, 0] == pytest.approx(2.5)
    assert emulator.error[0] == pytest.approx(0.0)


def test_slopes_tell_what_matters():
    slopes = fit_emulator(toy_runs(), BOUNDS, ("level", "shape")).slopes(np.array([1.0, 0.0, 0.5]))
    assert slopes.loc["a", "level"] == pytest.approx(6.0, abs=0.3)
    assert abs(slopes.loc["idle", "level"]) < 0.2


def test_the_posterior_finds_the_parameters_and_leaves_the_idle_one_open():
    emulator = fit_emulator(toy_runs(), BOUNDS, ("level", "shape"))
    truth = {"level": 3 * 1.2 + 0.4**2, "shape": np.exp(0.4) - 1.2}
    posterior = sample(emulator, truth, {"level": 0.05, "shape": 0.05}, 300, seed=1, steps=1500)
    table = posterior.compared_with_prior(BOUNDS)
    assert table.loc["a", "p05"] < 1.2 < table.loc["a", "p95"]
    assert table.loc["b", "p05"] < 0.4 < table.loc["b", "p95"]
    assert table.loc["a", "narrowed"] > 0.8
    assert table.loc["idle", "narrowed"] < 0.2


def test_draws_are_as_wide_as_the_distribution_in_many_dimensions():
    def normal(points):
        return -0.5 * (points**2).sum(axis=1)

    start = pd.DataFrame(0.7 * np.random.default_rng(1).standard_normal((88, 22)))
    drawn = explore(normal, start, 2000, np.random.default_rng(2), 3, 900).draws
    assert drawn.std().mean() == pytest.approx(1.0, abs=0.04)
    assert np.abs(drawn.mean().to_numpy()).max() < 0.2


def test_the_posterior_is_reproducible():
    emulator = fit_emulator(toy_runs(30), BOUNDS, ("level",))
    one, two = (sample(emulator, {"level": 3.0}, {"level": 0.1}, 50, seed=4, steps=200).draws for _ in range(2))
    pd.testing.assert_frame_equal(one, two)


def test_a_wider_discrepancy_widens_the_posterior():
    emulator = fit_emulator(toy_runs(), BOUNDS, ("level",))
    spreads = [
        sample(emulator, {"level": 3.0}, {"level": width}, 300, seed=2, steps=1000).draws["a"].std()
        for width in (0.05, 1.0)
    ]
    assert spreads[1] > 2 * spreads[0]


def test_net_constants_give_the_models_own():
    point = {name: (low + high) / 2 for name, (low, high) in priors().items()}
    values = parameters_at(point)
    gamma, home = point["residence.gamma"], point["residence.home"]
    assert values["residence.zeta_seat"] == pytest.approx(point["residence.zeta_seat"] + gamma * np.log(18))
    assert values["residence.zeta_far"] == pytest.approx(point["residence.zeta_far"] + gamma * np.log(1121) + home)
    assert values["reconsider.peak"] == point["reconsider.peak"]


def test_design_points_fill_their_bounds():
    points = sobol_points(64, priors())
    scaled = scale_points(points.to_numpy(), priors())
    assert np.abs(scaled).max() <= 1.0
    assert np.abs(scaled.mean(axis=0)).max() < 0.1
    pd.testing.assert_frame_equal(points.iloc[:32], sobol_points(32, priors()))


def test_a_small_refit_recovers_known_parameters():
    """Simulated counties with known parameters stand for the censuses; design, emulator and posterior find them.

    What was seen is the mean of four decades of other luck, so that the counties' own luck is not what is fitted.
    """
    bounds = {"reclassification.rate": (0.003, 0.02), "employment.farm_trend": (-0.08, 0.0)}
    alike = all_county_rows(2010).query("comparable and 160000 < residents < 350000")["code"].astype(str)
    codes = sorted(code for code in alike if code[:2] in {"14", "34", "41", "62"} and code[4:] > "20")[::6]
    runs = run_design(sobol_points(24, bounds), codes, Runner(), scale=0.1).runs
    truth = {"reclassification.rate": 0.012, "employment.farm_trend": -0.03}
    seen = run_design(pd.DataFrame([truth] * 4), codes, Runner(), first=100, scale=0.1).runs.mean()
    names = ("reclassified", "farm_ratio")
    emulator = fit_emulator(runs, bounds, names)
    posterior = sample(emulator, {name: float(seen[name]) for name in names}, dict.fromkeys(names, 0.0), 300, 1, 1500)
    table = posterior.compared_with_prior(bounds)
    for name, value in truth.items():
        assert table.loc[name, "p05"] < value < table.loc[name, "p95"]
    assert table.loc["reclassification.rate", "narrowed"] > 0.4
