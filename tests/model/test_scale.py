"""Results do not depend on the sampled share of the population, except in noise."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.model import UrbanizationModel
from urbsim.observation.indicators import INDICATORS
from worlds import base_of, small_scenario, stepped

SMALL_COUNTY = ("220623",)  # Changbai in Jilin, about 58,000 residents
#: Shares: persons they are shares of, per resident, and variance relative to independent draws. Stratified sampling of
#: the base population keeps it at or below 1; unemployment gathers the noise of many months of matching.
SHARES = {
    "urbanization_rate": (1.0, 1.0),
    "registered_urbanization_rate": (1.0, 1.0),
    "unemployment_rate": (0.25, 6.0),
    "children_share": (1.0, 1.0),
    "old_share": (1.0, 1.0),
    "farm_job_share": (0.5, 1.5),
}
#: Counts of persons, whose standard deviation is at most the square root of their number in the sample.
COUNTS = ("residents", "seat_residents", "village_residents", "registered", "absent_registered")


def final_values(counties: tuple[str, ...], scale: float, replicates: int, months: int) -> dict[str, np.ndarray]:
    """Return indicators after some months, one value per replicate."""
    values: dict[str, list[float]] = {name: [] for name in (*SHARES, *COUNTS)}
    for replicate in range(replicates):
        scenario = small_scenario(counties, scale=scale)
        model = UrbanizationModel(scenario, 1, replicate, base=base_of(scenario, 1, replicate))
        stepped(model, months)
        for name, found in values.items():
            found.append(float(INDICATORS[name].by_county(model.world)[0]))
        model.close()
    return {name: np.array(found) for name, found in values.items()}


def relative_variance(name: str, values: dict[str, np.ndarray], scale: float) -> float:
    """Return the variance of the mean over replicates; of a count, relative to its square."""
    mean, replicates = float(values[name].mean()), values[name].size
    if name in COUNTS:
        return 1.0 / (scale * mean) / replicates
    persons_per_resident, design_effect = SHARES[name]
    persons = scale * persons_per_resident * float(values["residents"].mean())
    return design_effect * mean * (1.0 - mean) / persons / replicates


def assert_agree(large: dict[str, np.ndarray], small: dict[str, np.ndarray], scales: tuple[float, float]) -> None:
    """Compare means over replicates within four standard deviations of binomial noise of both samples."""
    apart = {}
    for name in (*SHARES, *COUNTS):
        means = large[name].mean(), small[name].mean()
        difference = abs(means[1] - means[0]) / (means[0] if name in COUNTS else 1.0)
        tolerance = 4.0 * np.sqrt(sum(map(relative_variance, (name, name), (large, small), scales)))
        if difference > tolerance:
            apart[name] = (*means, tolerance)
    assert not apart


def test_a_fiftieth_of_the_population_agrees_with_a_tenth_within_noise() -> None:
    scales = (0.1, 0.02)
    large = final_values(("341282",), scales[0], 2, 24)
    small = final_values(("341282",), scales[1], 6, 24)
    assert_agree(large, small, scales)


@pytest.mark.parametrize("name", ["urbanization_rate", "residents"])
def test_the_tolerance_notices_a_difference_of_three_percent(name: str) -> None:
    scales = (0.1, 0.02)
    large = final_values(("341282",), scales[0], 2, 1)
    small = {key: np.repeat(values, 3) for key, values in large.items()}
    assert_agree(large, small, scales)
    with pytest.raises(AssertionError, match=name):
        assert_agree(large, {**small, name: 1.03 * small[name]}, scales)


@pytest.mark.slow
def test_a_tenth_of_a_small_county_agrees_with_all_of_it_within_noise() -> None:
    scales = (1.0, 0.1)
    large = final_values(SMALL_COUNTY, scales[0], 1, 60)
    small = final_values(SMALL_COUNTY, scales[1], 8, 60)
    assert_agree(large, small, scales)
