"""What a run takes for the figures that a county can give itself: the values of the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from urbsim.arrays import Floats
from urbsim.codes import SCHOOL_STAGES, Sector, Zone
from urbsim.months import census_month
from urbsim.region.figures import FIGURES
from urbsim.scenario.model import Scenario

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel

#: People synthesised for the estimates: of all counties together, and of a county at least.
_PEOPLE, _FEWEST = 400_000, 2_000


def start_figures(codes: Sequence[str], year: int) -> dict[str, dict[str, float]]:
    """Return the model's estimate of every figure by county code and key, in the units of ``FIGURES``.

    They are read from a world at the start of a run from the census of ``year``, of a sample of its people where there
    are many; a figure that depends on counts then carries the noise of the sample.
    """
    from urbsim.model import UrbanizationModel
    from urbsim.region.tables import county_rows

    residents = float(county_rows(codes, year)["residents"].sum())
    scale = min(1.0, max(_PEOPLE, _FEWEST * len(codes)) / residents)
    month = census_month(year)
    scenario = Scenario("start", "world", tuple(sorted(codes)), month, month, scale)
    model = UrbanizationModel(scenario, observed=False)
    try:
        return figures_of(model)
    finally:
        model.close()


def figures_of(model: UrbanizationModel) -> dict[str, dict[str, float]]:
    """Return every figure of a model at its start, by county code and key."""
    columns = _columns(model)
    return {
        code: {name: float(columns[name][county]) for name in FIGURES} for county, code in enumerate(model.world.codes)
    }


def _columns(model: UrbanizationModel) -> Mapping[str, Floats]:
    """Return every figure by key, shape (C,)."""
    places, tally, weight = model.world.places, model.world.tally, model.world.weight
    governments = model.governments
    found = {
        "registered": tally.registered * weight,
        "beds": places.hospitals.beds,
        "doctors": places.hospitals.doctors,
        "nurses": places.hospitals.nurses,
        "dwellings": places.housing.dwellings.sum(axis=1),
        "budget_revenue": 12.0 * governments.own_revenue(),
        "budget_spending": 12.0 * governments.ordinary_per_resident * governments.residents,
        "debt": governments.debt,
    }
    for zone, name in ((Zone.VILLAGE, "village"), (Zone.TOWN, "town"), (Zone.SEAT, "seat")):
        found[f"{name}_dwellings"] = places.housing.dwellings[:, zone]
    for sector in Sector:
        found[f"{sector.name.lower()}_wage"] = places.employers.wage[:, Zone.SEAT, sector]
        found[f"{sector.name.lower()}_posts"] = places.employers.posts[:, :, sector].sum(axis=1)
    for number, stage in enumerate(SCHOOL_STAGES):
        found[f"{stage.name.lower()}_places"] = places.schools.places[:, :, number].sum(axis=1)
    return found
