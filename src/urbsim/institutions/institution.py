"""What all institutions share: a county and the world they act in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel
    from urbsim.state.world import World


class Institution(mesa.Agent):  # type: ignore[misc]
    """An institution of one county."""

    model: UrbanizationModel

    def __init__(self, model: UrbanizationModel, county: int) -> None:
        super().__init__(model)
        self.county = county

    @property
    def world(self) -> World:
        """The world the institution acts in."""
        return self.model.world
