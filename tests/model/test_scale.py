"""Results do not depend on the sampled share of the population, except in noise."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.indicators import INDICATORS
from urbsim.model import UrbanizationModel
from worlds import base_of, small_scenario, stepped

SMALL_COUNTY = ("220623",)  # Changbai in Jilin, about 58,000 residents
#: Shares of persons: sampling noise of a share p of n persons is sqrt(p (1 - p) / n).
SHARES = (
    "urbanization_rate",
    "registered_urbanization_rate",
    "unemployment_rate",
    "children_share",
    "old_share",
    "farm_job_share",
)
#: Counts of persons, relative to their own size.
COUNTS = ("residents", "seat_residents", "village_residents", "registered", "absent_registered")
#: Households and common shocks make people of a sample alike, which widens the noise of independent draws.
DESIGN_EFFECT = 2.5


def final_values(counties: tuple[str, ...], scale: float, replicates: int, months: int) -> dict[str, np.ndarray]:
    """Return indicators after some months, one value per replicate."""
    values: dict[str, list[float]] = {name: [] for name in (*SHARES, *COUNTS)}
    for replicate in range(replicates):
        scenario = small_scenario(counties, scale=scale)
        model = UrbanizationModel(scenario, 1, replicate, base=base_of(scenario, 1, replicate))
        stepped(model, months)
        for name, found in values.items():
            found.append(float(INDICATORS[name].by_county(model)[0]))
        model.close()
    return {name: np.array(found) for name, found in values.items()}


def assert_agree(large: dict[str, np.ndarray], small: dict[str, np.ndarray], scales: tuple[float, float]) -> None:
    """Compare means over replicates within four standard deviations of binomial noise of both samples."""
    adults = 0.6 * large["residents"].mean()  # the smallest base of a share here is the labour force
    failures = []
    for name in (*SHARES, *COUNTS):
        means = [float(values[name].mean()) for values in (large, small)]
        variance = 0.0
        for values, scale in zip((large, small), scales, strict=True):
            persons = scale * (adults if name in SHARES else means[0])
            share = means[0] if name in SHARES else 0.5  # a count as a share of twice its size
            relative = share * (1.0 - share) if name in SHARES else 1.0
            variance += DESIGN_EFFECT * relative / persons / values[name].size
        difference = means[1] - means[0] if name in SHARES else means[1] / means[0] - 1.0
        if abs(difference) > 4.0 * np.sqrt(variance):
            failures.append((name, means, difference, 4.0 * np.sqrt(variance)))
    assert not failures


def test_a_fiftieth_of_the_population_agrees_with_a_tenth_within_noise() -> None:
    scales = (0.1, 0.02)
    large = final_values(("341282",), scales[0], 1, 24)
    small = final_values(("341282",), scales[1], 5, 24)
    assert_agree(large, small, scales)


def test_the_tolerance_would_notice_a_point_of_urbanization() -> None:
    scales = (0.1, 0.02)
    large = final_values(("341282",), scales[0], 1, 6)
    wrong = {name: values * (1.06 if name == "urbanization_rate" else 1.0) for name, values in large.items()}
    with pytest.raises(AssertionError, match="urbanization_rate"):
        assert_agree(large, wrong, scales)


@pytest.mark.slow
def test_a_tenth_of_a_small_county_agrees_with_all_of_it_within_noise() -> None:
    scales = (1.0, 0.1)
    large = final_values(SMALL_COUNTY, scales[0], 1, 60)
    small = final_values(SMALL_COUNTY, scales[1], 8, 60)
    assert_agree(large, small, scales)
