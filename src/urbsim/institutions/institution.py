"""What all institutions share: the world they act in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbsim.agents import mesa

if TYPE_CHECKING:
    from urbsim.state.world import World


class Institution(mesa.Agent):  # type: ignore[misc]
    """All institutions of one kind in a world of C counties."""

    def __init__(self, model: mesa.Model, world: World) -> None:
        super().__init__(model)
        self.world = world
