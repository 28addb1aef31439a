"""The limit in which the model is that of Harris & Todaro (1970), and what moves it away from there."""

from __future__ import annotations

import numpy as np
import pytest
from harris_todaro import closed_form, harris_todaro_model

from urbsim.codes import Work, Zone
from urbsim.model import UrbanizationModel
from urbsim.policies.levers.employment import IndustrialParks
from worlds import stepped

YEARS, OBSERVED_MONTHS = 20, 60


def unemployment(model: UrbanizationModel) -> float:
    work = model.world.tally.work[0, Zone.SEAT]
    return float(work[Work.SEEKING] / work[1:].sum())


@pytest.fixture(scope="module", params=[0.6, 0.75, 0.9])
def history(request: pytest.FixtureRequest) -> tuple[float, UrbanizationModel, np.ndarray]:
    model, shares = harris_todaro_model(request.param), []
    for _ in range(12 * YEARS):
        model.step()
        shares.append(unemployment(model))
    return request.param, model, np.array(shares)


def test_urban_unemployment_is_within_a_point_of_the_closed_form(
    history: tuple[float, UrbanizationModel, np.ndarray],
) -> None:
    wage_ratio, _, shares = history
    assert shares[-OBSERVED_MONTHS:].mean() == pytest.approx(closed_form(wage_ratio), abs=0.01)


def test_the_equilibrium_is_stationary_and_was_not_the_start(
    history: tuple[float, UrbanizationModel, np.ndarray],
) -> None:
    wage_ratio, _, shares = history
    earlier, later = shares[-2 * OBSERVED_MONTHS : -OBSERVED_MONTHS].mean(), shares[-OBSERVED_MONTHS:].mean()
    assert later == pytest.approx(earlier, abs=0.005)
    assert abs(shares[0] - closed_form(wage_ratio)) > 0.05


def test_nobody_is_born_dies_or_leaves_the_county(history: tuple[float, UrbanizationModel, np.ndarray]) -> None:
    _, model, _ = history
    assert {row[2] for row in model.recorder.flows} == {"move"}
    assert model.world.tally.stocks[0, [Zone.TOWN, Zone.NEAR, Zone.FAR]].sum() == 0


def test_new_urban_posts_draw_more_people_than_they_employ(
    history: tuple[float, UrbanizationModel, np.ndarray],
) -> None:
    """The paradox of Todaro (1969): more posts leave the rate of unemployment as it was and more people unemployed."""
    wage_ratio, plain, _ = history
    park = IndustrialParks(start="2020-11", end="2021-10", posts_per_year=15_000)
    model = stepped(harris_todaro_model(wage_ratio, policies={"park": park}), 12 * YEARS)
    before, after = plain.world.tally.work[0, Zone.SEAT], model.world.tally.work[0, Zone.SEAT]
    posts = (
        model.world.places.employers.posts[0, Zone.SEAT].sum() - plain.world.places.employers.posts[0, Zone.SEAT].sum()
    )
    assert posts == pytest.approx(15_000)
    assert unemployment(model) == pytest.approx(closed_form(wage_ratio), abs=0.015)
    assert after[Work.SEEKING] > before[Work.SEEKING]
    assert (after[1:].sum() - before[1:].sum()) * model.world.weight == pytest.approx(posts / wage_ratio, rel=0.15)
