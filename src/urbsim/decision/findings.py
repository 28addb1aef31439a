"""What contributions say, as tables and plain data: with intervals over runs, costs, and where gains come from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, ends_of, spread_of, tails
from urbsim.decision.contributions import Effects
from urbsim.decision.game import FROM, URBAN, VALUE, Question
from urbsim.decision.groups import By, PolicyGroup
from urbsim.decision.outcomes import NEIGHBOURS, SOURCES

WHOLE = "whole"


@dataclass(frozen=True)
class Findings:
    """What each group of a plan's policies adds to one indicator at one month, what it costs and whom it takes.

    Numbers are in the indicator's unit (shares 0 to 1), persons and yuan; see ``table`` and ``as_data``.
    """

    question: Question
    by: By
    effects: Effects
    seed: int

    @property
    def groups(self) -> tuple[PolicyGroup, ...]:
        """The groups in the order of the tables."""
        return self.question.groups

    @property
    def direction(self) -> float:
        """1 where the plan raises the indicator, -1 where it lowers it."""
        return -1.0 if float(np.median(self.effects.whole[:, VALUE])) < 0.0 else 1.0

    @property
    def whole(self) -> dict[str, float]:
        """The plan's effect on the indicator: median, p10, p90; what it costs, and that by unit and urban resident.

        ``base`` and ``plan`` are medians of the levels, each for itself: their difference need not be ``median``, which
        is of paired differences.
        """
        found = self.effects
        gain, urban, cost = found.whole[:, VALUE], found.whole[:, URBAN], found.costs.sum(axis=0)
        medians = float(np.median(gain)), float(np.median(urban))
        return {
            "median": medians[0],
            **_tails("", gain),
            "cost": float(cost.mean()),
            **_tails("cost_", cost),
            **_per("cost_per_unit", cost, self.direction * medians[0], self.direction * gain),
            "urban_residents": medians[1],
            **_tails("urban_residents_", urban),
            **_per("cost_per_urban_resident", cost, medians[1], urban),
            "base": float(np.median(found.level)),
            "plan": float(np.median(found.level + gain)),
        }

    def table(self) -> pd.DataFrame:
        """Return a row per group.

        Returns
        -------
        DataFrame
            ``name``, ``name_zh``; ``first``, whether it is in every combination of others; ``shapley`` with ``_p10``
            and ``_p90`` over runs and ``_error`` (half width of the 90 % interval of orders not tried, 0 where all
            were); ``alone`` and ``left_out`` (what the plan loses without the group), with ``_p10`` and ``_p90``;
            ``cost`` (yuan, mean over runs) with the same; ``cost_per_unit`` of the indicator, in the plan's direction;
            ``urban_residents``, the group's Shapley value of them; ``cost_per_urban_resident``. The last two with
            ``_p10`` and ``_p90``. A cost by unit is missing where the group adds nothing.
        """
        return pd.DataFrame([self._row(number) for number in range(len(self.groups))])

    def _row(self, number: int) -> dict[str, Any]:
        found, label = self.effects, self.groups[number].label
        gain, urban = found.values[number, :, VALUE], found.values[number, :, URBAN]
        value, people = (float(found.central[number, which]) for which in (VALUE, URBAN))
        alone, left_out, cost = found.alone[number], found.left_out[number], found.costs[number]
        return {
            "name": label.en,
            "name_zh": label.zh,
            "first": self.groups[number].first,
            "shapley": value,
            **_tails("shapley_", gain),
            "shapley_error": float(found.errors[number]),
            "alone": float(np.median(alone)),
            **_tails("alone_", alone),
            "left_out": float(np.median(left_out)),
            **_tails("left_out_", left_out),
            "cost": float(cost.mean()),
            **_tails("cost_", cost),
            **_per("cost_per_unit", cost, self.direction * value, self.direction * gain),
            "urban_residents": people,
            **_tails("urban_residents_", urban),
            **_per("cost_per_urban_resident", cost, people, urban),
        }

    def pairs(self) -> pd.DataFrame:
        """Return how pairs of groups act on each other: ``first``, ``second``, ``value``, ``p10``, ``p90``, ``kind``.

        ``value`` is what both add together beyond what each adds, median over runs. They ``help`` each other or
        ``hinder`` each other, in the plan's direction, where the whole interval says so; else it is ``unclear``.
        """
        rows = []
        for (first, second), each in self.effects.pairs.items():
            tails = _tails("", each)
            signed = sorted(self.direction * bound for bound in tails.values())
            kind = "help" if signed[0] > 0.0 else ("hinder" if signed[1] < 0.0 else "unclear")
            names = {"first": self.groups[first].name, "second": self.groups[second].name}
            rows.append({**names, "value": float(np.median(each)), **tails, "kind": kind})
        table = pd.DataFrame(rows, columns=["first", "second", "value", "p10", "p90", "kind"])
        return table.sort_values("value", key=lambda value: -value.abs(), kind="stable").reset_index(drop=True)

    def sources(self) -> pd.DataFrame:
        """Return where more urban residents come from: ``name``, ``source``, ``persons``, ``p10``, ``p90``.

        Means over runs, of the whole plan (``whole``) and of every group; the sources of each add up to its mean.
        """
        rows = []
        everything = [
            (WHOLE, self.effects.whole),
            *zip((g.name for g in self.groups), self.effects.values, strict=True),
        ]
        for name, values in everything:
            for place, source in enumerate(SOURCES):
                persons = values[:, FROM + place]
                rows.append({"name": name, "source": source, "persons": float(persons.mean()), **_tails("", persons)})
        return pd.DataFrame(rows)

    def from_neighbours(self) -> dict[str, float]:
        """Return by name how many of the more urban residents other counties of the province lose, mean over runs."""
        sources = self.sources()
        lost = sources[sources["source"].isin(NEIGHBOURS)].groupby("name", sort=False)["persons"].sum()
        return {str(name): float(persons) for name, persons in lost.items()}

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        found, question = self.effects, self.question
        taken = self.from_neighbours()
        parts = self.table().to_dict("records")
        for row in parts:
            row["from_neighbours"] = taken[row["name"]]
        return {
            "indicator": question.indicator,
            "month": question.month,
            "by": str(self.by),
            "plan": question.plan.name,
            "plan_zh": question.plan.title.zh,
            "against": question.base.name,
            "against_zh": question.base.title.zh,
            "whole": {**self.whole, "from_neighbours": taken[WHOLE]},
            "parts": parts,
            "interactions": self.pairs().to_dict("records"),
            "sources": self.sources().to_dict("records"),
            "exact": found.exact,
            "orders": found.orders,
            "runs": found.runs,
            "pairs": len(question.lucks),
            "interval": spread_of(len(question.lucks)).en,
            "scale": question.plan.scale,
            "seed": self.seed,
        }


def _tails(name: str, values: Floats) -> dict[str, float]:
    low, high = ends_of(values)
    return {f"{name}p10": low, f"{name}p90": high}


def _per(name: str, cost: Floats, central: float, gain: Floats) -> dict[str, float]:
    """Return yuan by unit gained, with its interval over runs: in a run that gains nothing it has no bound.

    The middle is the mean cost by what is printed as gained, so that a reader can divide; where single runs all lie to
    one side of it, as a few may, the interval reaches to it.
    """
    low, middle, high = math.nan, math.nan, math.nan
    if central > 0.0 and (cost > 0.0).any():
        middle = float(cost.mean()) / central
        each = np.divide(cost, gain, out=np.full(len(cost), np.inf), where=gain > 0.0)
        if len(each) > 1:
            below, above = tails(len(each))
            low = min(float(np.quantile(each, below, method="lower")), middle)
            high = max(float(np.quantile(each, above, method="higher")), middle)
    return {name: middle, f"{name}_p10": low, f"{name}_p90": high}
