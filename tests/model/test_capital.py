"""Labour lowers its pay while capital stands still, and capital follows: by hand."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.codes import Sector, Work, Zone
from urbsim.model import UrbanizationModel
from urbsim.state.capital import invest, labour_outside_farming
from urbsim.state.income import zone_income
from urbsim.state.pay import group_factors, migrants_to_locals
from urbsim.state.rezoning import carry_stocks, zoning
from worlds import small_model

SEAT = int(Zone.SEAT)
#: Labour stands still and nobody expects it to grow, unless a test says so.
STILL = {f"employment.labour_growth_{zone}": 0.0 for zone in ("village", "town", "seat")}


def model_with(**parameters: float) -> UrbanizationModel:
    return small_model(scale=0.02, parameters={**STILL, **parameters})


def multiply_labour(model: UrbanizationModel, factor: float) -> None:
    """Let more people seek work in the seat than at the start, so that its labour is ``factor`` of what it was."""
    world = model.world
    work = world.tally.work.astype(float)
    work[0, SEAT, Work.SEEKING] += (factor - 1.0) * work[0, SEAT, Work.INDUSTRY :].sum()
    world.tally = world.tally._replace(work=work)  # type: ignore[arg-type]


def test_a_percent_more_labour_lowers_pay_by_a_third_of_a_percent_and_capital_brings_it_back() -> None:
    model = model_with(**{"employment.wage_elasticity": 0.32, "employment.capital_adjustment": 0.07})
    multiply_labour(model, 1.01)
    lost, first = [], model.world.places.employers.wage[0, SEAT].copy()
    for _ in range(193):
        invest(model.world)
        model.employers.plan()
        lost.append(np.log(model.world.places.employers.wage[0, SEAT, 1:] / first[1:]))
    at = np.array(lost)[[0, 36, 72, 192]] / np.log(1.01)
    by_hand = -0.32 * np.exp(-0.07 * np.array([0.0, 3.0, 6.0, 16.0]))  # -0.32, -0.26, -0.21, -0.10
    np.testing.assert_allclose(at, np.repeat(by_hand[:, None], 2, axis=1), rtol=0.02)


def test_labour_that_grows_as_expected_leaves_pay_at_its_trend() -> None:
    model = model_with(**{"employment.labour_growth_seat": 0.045})
    world = model.world
    for _ in range(120):
        invest(world)
        assert world.places.employers.slack[0, SEAT] == pytest.approx(1.0, abs=0.005)
        multiply_labour(model, float(np.exp(0.045 / 12.0)))


@pytest.mark.parametrize("come", [0, 600, 1200])
def test_posts_that_policies_add_raise_pay_until_as_many_have_come_and_never_lower_it(come: int) -> None:
    model = model_with(**{"employment.capital_adjustment": 0.0})
    world = model.world
    labour = float(labour_outside_farming(world.tally, world.weight)[0, SEAT])
    posts = np.zeros((1, 3, 3))
    posts[0, SEAT, Sector.INDUSTRY] = 1200
    posts[0, Zone.VILLAGE, Sector.FARM] = 5000  # farms have land, not capital
    capital = world.places.employers.capital.copy()
    world.places.employers.found_posts(posts)
    multiply_labour(model, 1.0 + come / labour)
    invest(world)
    assert world.places.employers.capital - capital == pytest.approx(np.array([[0, 0, 1200.0]]))
    assert world.places.employers.slack[0, SEAT] == pytest.approx((labour + come) / (labour + 1200))
    assert world.places.employers.slack[0, :SEAT] == pytest.approx([1, 1])


def test_industry_follows_labour_in_part_at_once_and_in_full_when_capital_has_followed() -> None:
    adjusting = {"employment.posts_adjustment": 1.0, "employment.industry_trend": 0.0, "employment.growth_before": 0.0}
    model = model_with(**adjusting, **{"employment.absorption": 0.8, "employment.industry_elasticity": 1.0})
    industry, first = (0, SEAT, int(Sector.INDUSTRY)), model.employers.start
    multiply_labour(model, 1.1)
    for capital, posts in ((1.0, 1.1**0.8), (1.1, 1.1)):
        model.world.places.employers.capital[0, SEAT] = capital * first.labour[0, SEAT]
        model.employers.plan()
        assert model.world.places.employers.posts[industry] == pytest.approx(posts * first.posts[industry])


def test_a_quarter_of_the_village_workers_takes_a_quarter_of_the_capital_along() -> None:
    world = small_model(scale=0.02).world
    people, employers = world.population.people, world.places.employers
    before, had = zoning(world), employers.capital.copy()
    workers = np.flatnonzero((people.alive == 1) & (people.zone == Zone.VILLAGE) & (people.work >= Work.INDUSTRY))
    people.zone[workers[: workers.size // 4]] = Zone.TOWN
    carry_stocks(world, before)
    gone = (workers.size // 4) / workers.size * had[0, Zone.VILLAGE]
    assert (employers.capital - had)[0] == pytest.approx([-gone, gone, 0.0])


def test_a_zone_without_workers_and_capital_begins_again_with_one_worker() -> None:
    world = model_with().world
    people, employers = world.population.people, world.places.employers
    before = zoning(world)
    people.zone[(people.alive == 1) & (people.zone == Zone.VILLAGE) & (people.work >= Work.INDUSTRY)] = Zone.TOWN
    carry_stocks(world, before)
    assert employers.capital[0, Zone.VILLAGE] == pytest.approx(0.0, abs=1e-9)
    work = world.tally.work.copy()
    work[0, Zone.VILLAGE, Work.INDUSTRY :] = 0
    world.tally = world.tally._replace(work=work)
    invest(world)
    assert employers.capital[0, Zone.VILLAGE] == pytest.approx(1.0)
    assert employers.slack[0, Zone.VILLAGE] == pytest.approx(1.0)


def test_a_sixth_more_migrants_lower_migrants_pay_and_leave_that_of_locals() -> None:
    """Nested substitution by hand, with four tenths migrants, b 0.3 and eta 0.32: locals -0.1 %, migrants -4.2 %."""
    model = model_with(**{"employment.migrant_substitution": 0.3, "employment.wage_elasticity": 0.32})
    world = model.world
    many = world.tally._replace(at_work=np.array([[600_000, 400_000]]))  # what is added to a small sample is nothing
    world.tally, world.first_mix = many, migrants_to_locals(many)
    np.testing.assert_allclose(group_factors(world), 1.0)
    world.tally = many._replace(at_work=np.array([[600_000, 460_000]]))
    factors, share = group_factors(world)[0, SEAT], 460 / 1060
    labour = -0.32 * np.log(1060 / 1000)
    pay = np.exp(labour) * factors
    local = 1.0 / (1.0 - share + share * 1.15**-0.3)
    assert pay == pytest.approx(np.exp(labour) * local * np.array([1.0, 1.15**-0.3, 1.15**-0.3]), rel=1e-5)
    assert pay[0] - 1.0 == pytest.approx(-0.0006, abs=0.0001)
    assert pay[2] - 1.0 == pytest.approx(-0.0417, abs=0.0001)
    assert share * factors[2] + (1.0 - share) * factors[0] == pytest.approx(1.0)
    assert (group_factors(world)[0, Zone.VILLAGE] == 1.0).all()


def test_pay_of_migrants_and_locals_is_alike_where_wages_are_frozen() -> None:
    world = small_model(scale=0.02, frozen=("wages",)).world
    world.tally = world.tally._replace(at_work=world.tally.at_work * np.array([1, 5]))
    assert (group_factors(world) == 1.0).all()


def test_services_follow_what_residents_have_to_spend() -> None:
    """A person more at work spends the wage; a pension and a rent subsidy are spent; the trend of pay is not."""
    world = model_with().world
    before, weight = zone_income(world), world.weight
    work = world.tally.work.copy()
    work[0, SEAT, Work.INDUSTRY] += 3
    pensions = np.zeros((1, 3))
    pensions[0, Zone.TOWN] = 50.0
    world.tally, world.environment.pension.values[...] = world.tally._replace(work=work), pensions
    gained = (zone_income(world) - before)[0]
    wage = world.places.employers.wage[0, SEAT, Sector.INDUSTRY]
    spent = [0.0, world.tally.pensioners[0, Zone.TOWN] * 50.0 * weight, 3 * wage * weight]
    assert gained == pytest.approx(spent, abs=1e-3)  # of many millions of yuan
    world.places.employers.wage *= 0.9  # what workers lose, owners of capital gain
    assert (zone_income(world) - before)[0] == pytest.approx(gained, abs=1e-3)
    for index in (world.trends.pay, world.trends.outside_wages, world.trends.wages):
        index[...] = 1.1
    grown = zone_income(world)[0] - before[0]
    assert grown[[0, 2]] == pytest.approx(gained[[0, 2]], abs=1e-3)
    assert grown[1] == pytest.approx(gained[1] / 1.1)


def test_newcomers_who_earn_nothing_make_no_posts_and_those_who_earn_do() -> None:
    whole = dict.fromkeys(("posts_adjustment", "local_custom", "services_elasticity"), 1.0)
    model = model_with(**{f"employment.{name}": value for name, value in whole.items()})
    services, employers = (0, SEAT, int(Sector.SERVICES)), model.world.places.employers
    employers.custom[0, SEAT] *= 1.05
    model.employers.plan()
    assert employers.posts[services] == pytest.approx(1.05 * model.employers.start.wanted[services])
