"""What those who come back from outside bring along: firms, where a policy helps to found them.

Rule. Adults who return to a zone of their county of registration found posts there, so many per 1,000 returnees, in
industry and services by the zone's present share. Without a policy posts follow labour and residents only.
"""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats, anything
from urbsim.codes import Sector
from urbsim.state.world import World


def welcome(world: World, returned: Floats) -> None:
    """Count the month's returnees, real persons of shape (C, 3), and found their posts."""
    world.activity.returnees[...] = returned
    rate = world.environment.returnee_posts.values
    if not anything(rate):
        return
    present = np.maximum(world.places.employers.posts, 0.0)
    present[:, :, Sector.FARM] = 0.0
    share = present / np.maximum(present.sum(axis=2, keepdims=True), 1e-9)
    world.places.employers.found_posts(share * (returned * rate / 1000.0)[:, :, None])
