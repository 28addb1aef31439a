"""The named quantities of zones and government that policies write and processes read.

A policy never touches people: it contributes to a *named quantity*, and the processes read the quantity.
Every month the quantities return to their base values and each active policy contributes anew; contributions
to one quantity combine by the quantity's own stated rule. The result does not depend on the order of the
policies, to the last bit.
"""

from __future__ import annotations

from urbsim.quantities.people import PeopleQuantities
from urbsim.quantities.places import PlaceQuantities
from urbsim.quantities.quantity import Declaration, Quantity
from urbsim.quantities.services import ServiceQuantities

#: Every named quantity, as its class declares it.
DECLARATIONS: dict[str, Declaration] = {
    name: declared
    for room in (PeopleQuantities, ServiceQuantities, PlaceQuantities)
    for name, declared in vars(room).items()
    if isinstance(declared, Declaration)
}


class Environment(PeopleQuantities, ServiceQuantities, PlaceQuantities):
    """All quantities of a world of ``counties`` counties, as attributes and by name in ``quantities``.

    Levers contribute to the quantities named here. A lever that needs a new one declares it in the class of its domain.
    """

    def __init__(self, counties: int) -> None:
        self.counties = counties
        self.quantities: dict[str, Quantity] = {}
        for name, (unit, axes, rule, base) in DECLARATIONS.items():
            self.quantities[name] = Quantity(name, unit.en, axes, rule, base, counties)
            setattr(self, name, self.quantities[name])

    def reset(self) -> None:
        """Return every quantity to its base, before the month's policies contribute."""
        for quantity in self.quantities.values():
            quantity.reset()
