"""What all institutions share: a county and the world they act in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from urbsim.state.world import World


class Institution(mesa.Agent):  # type: ignore[misc]
    """An institution of one county."""

    def __init__(self, model: mesa.Model, world: World, county: int) -> None:
        super().__init__(model)
        self.world, self.county = world, county
