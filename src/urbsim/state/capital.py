"""Capital of the zones outside farming, and how scarce labour is beside it.

Capital is counted in workers: as many as it would pay the trend's wages. It grows as employers have come to expect
labour to grow, and closes a part of the gap between it and the labour that is there every year; posts that policies add
bring theirs. While it stands still, more labour lowers pay; in the long run it follows, and pay is back at its trend.
"""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import COUNTY_ZONES, Sector, Work
from urbsim.state.tally import Tally
from urbsim.state.world import World

_NON_FARM = slice(int(Sector.INDUSTRY), None)
_LEAST, _MOST = 0.2, 5.0


def labour_outside_farming(tally: Tally, weight: float) -> Floats:
    """Return those who work or seek work outside farming by zone, persons, at least 1, shape (C, 3)."""
    return np.asarray(np.maximum(tally.work[:, :, Work.INDUSTRY :].sum(axis=2) * weight, 1.0))


def invest(world: World) -> None:
    """Let capital grow by a month, with what policies bring, and note how scarce labour is; before employers plan."""
    employers, values = world.places.employers, world.values
    expected = world.known(_expected_growth)
    labour = labour_outside_farming(world.tally, world.weight)
    capital = np.maximum(employers.capital, 1.0)  # all of it goes along where the last village becomes urban
    gap = np.log(labour / capital)
    capital *= np.exp((expected + values["employment.capital_adjustment"] * gap) / 12.0)
    brought = world.environment.posts.values[:, :, _NON_FARM] / 12.0 + employers.founded[:, :, _NON_FARM]
    employers.capital = np.maximum(capital + brought.sum(axis=2), 1.0)
    employers.slack = np.clip(labour / employers.capital, _LEAST, _MOST)


def _expected_growth(world: World, _: int) -> Floats:
    return np.array([world.values[f"employment.labour_growth_{zone.name.lower()}"] for zone in COUNTY_ZONES])
