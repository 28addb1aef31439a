"""What one dose of every lever does: its own example in one county, in draws of the posterior, after five years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, ends_of
from urbsim.codes import Zone
from urbsim.evidence.elasticities import DOSE, HELD
from urbsim.evidence.grades import grade_of
from urbsim.experiment.plan import given, stream_of
from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Probe, Task
from urbsim.experiment.tables import Tables
from urbsim.months import census_month, month_number
from urbsim.policies.base import Payer, Policy
from urbsim.policies.registry import all_levers
from urbsim.scenario.model import Scenario

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel

PLACE = "341282"
FIRST, WRITTEN, LAST = census_month(2020), "2021-01", month_number(2025, 12)
YEARS = 5.0
_SEED = 41


@dataclass(frozen=True)
class EndOfRun(Probe):
    """People in the seat, and in towns and seat, at the end of a run, and yuan spent in all: one row."""

    at_end: ClassVar[bool] = True

    def observe(self, model: UrbanizationModel, months: Iterator[int]) -> Tables:
        """Simulate to the end and count."""
        for _ in months:
            pass
        world = model.world
        stocks = world.tally.stocks.sum(axis=0) * world.weight
        spent = sum(entry.yuan for entry in world.ledger.entries)
        row = {"seat": [stocks[Zone.SEAT]], "urban": [stocks[Zone.TOWN : Zone.NEAR].sum()], "yuan": [spent]}
        return {"end": pd.DataFrame(row)}


def example_of(lever: type[Policy]) -> Policy:
    """Return a lever as in its own example, from January 2021, paid from above where that is allowed."""
    fields: dict[str, Any] = {"start": WRITTEN, **lever.example}
    if "payer" not in fields and lever.model_fields["payer"].default is Payer.COUNTY:
        fields["payer"] = Payer.CENTRE.value
    return lever.model_validate(fields)


def measure(levers: Sequence[str], draws: int, scale: float, runner: Runner) -> pd.DataFrame:
    """Return what a dose of each lever does, one row each; columns as ``evidence.elasticities`` reads them."""
    classes = all_levers()
    plain = Scenario("strength", PLACE, (PLACE,), FIRST, LAST, scale)
    policies: dict[str, Mapping[str, Policy]] = {"": {}}
    policies |= {name: {name: example_of(classes[name])} for name in levers}
    tasks = [_task(plain, its, number) for number in range(1, draws + 1) for its in policies.values()]
    found = dict(runner.tables(tasks, "doses of levers"))
    ends = pd.concat([found[position]["end"] for position in range(len(tasks))], ignore_index=True)
    values = ends.to_numpy(dtype=float).reshape(draws, len(policies), 3)
    effects = values[:, 1:] - values[:, :1]
    rows = [_row(name, effects[:, number], scale) for number, name in enumerate(levers)]
    return pd.DataFrame(rows)


def _task(plain: Scenario, policies: Mapping[str, Policy], number: int) -> Task:
    its = given(plain, number)
    scenario = replace(plain, parameters=its.parameters, policies=policies)
    return Task(scenario, its.constants, _SEED, stream_of(number, 0), probe=EndOfRun())


def _row(name: str, effects: Floats, scale: float) -> dict[str, object]:
    """Return a row from effects by draw, shape (draws, 3): seat, urban, yuan."""
    a_year = effects[:, 2] / YEARS
    costly = bool((a_year > 1e5).all())
    per_dose = effects[:, 0] / a_year * DOSE if costly else np.full(len(effects), np.nan)
    row: dict[str, object] = {"lever": name, "grade": str(grade_of(all_levers()[name]).strength)}
    row |= {"place": PLACE, "years": YEARS, "draws": len(effects), "scale": scale}
    for kind, values in (("seat", effects[:, 0]), ("urban", effects[:, 1]), ("per_dose", per_dose)):
        low, high = ends_of(values, HELD)
        row |= {f"{kind}_p05": low, f"{kind}_median": np.median(values), f"{kind}_p95": high}
    row["million_yuan_a_year"] = float(np.median(a_year)) / 1e6
    return row
