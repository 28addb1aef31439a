"""Partial against general effect: what six policies do over the years with feedbacks at work and frozen.

Every policy is carried out in all counties of an experiment from February 2012 on; its effect is the rise of residents
of towns and seat against the same world without it. The partial effect is that with all feedbacks frozen. Freezing one
feedback alone tells what it closes of the gap: above one it holds the policy back, below one it carries it further.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Probe, Task
from urbsim.experiment.tables import Tables
from urbsim.labels import Label
from urbsim.policies.base import GroupName, Payer, Policy, ZoneName
from urbsim.policies.levers.employment import IndustrialParks
from urbsim.policies.levers.housing import HousingSubsidy
from urbsim.policies.levers.insurance import SocialInsurance
from urbsim.policies.levers.migration import Resettlement
from urbsim.policies.levers.registration import HukouRelaxation
from urbsim.policies.levers.schooling import SchoolCapacity
from urbsim.scenario.model import FEEDBACKS
from urbsim.validation.places import SEED
from urbsim.validation.worlds import POLICY, WRITTEN, Change, ExperimentSize, Field, make_field, scenario_of

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel

#: Years after which effects are looked at.
YEARS = (3, 6, 16)
LEVERS: Mapping[str, Label] = {
    "hukou": Label("registration opened", "放开落户"),
    "rent": Label("rent subsidy, 1,200 yuan a household and year", "每户每年1200元租房补贴"),
    "parks": Label("industrial parks, a post a year per 300 residents", "产业园，每300名常住人口每年一个岗位"),
    "schools": Label("primary school places, one a year per 200 residents", "每200名常住人口每年一个小学学位"),
    "resettlement": Label("resettlement of 2 in 1,000 residents' households a year", "每千名常住人口每年搬迁2户"),
    "pension": Label("pension of 55 yuan a month", "每月55元养老金"),
}
#: Feedbacks in a word.
SHORT: Mapping[str, Label] = {
    "wages": Label("wages", "工资"),
    "prices": Label("prices", "房价"),
    "schools": Label("schools", "学位"),
    "network": Label("network", "先迁网络"),
    "services_jobs": Label("service jobs", "服务业岗位"),
    "arrivals": Label("arrivals", "外来迁入"),
    "budget": Label("budget", "财政"),
}
NONE, ALL = "none", "all"
_AT = "residents"


@dataclass(frozen=True)
class UrbanResidents(Probe):
    """Residents of towns and seats of all counties together at some months: table ``residents``."""

    at: tuple[int, ...]

    def observe(self, model: UrbanizationModel, months: Iterator[int]) -> Tables:
        """Simulate to the last of the months and return ``month``, ``urban`` and ``residents``, real persons."""
        rows = []
        for month in months:
            if month in self.at:
                tally, weight = model.world.tally, model.world.weight
                rows.append((month, tally.urban.sum() * weight, tally.residents.sum() * weight))
        return {_AT: pd.DataFrame(rows, columns=["month", "urban", "residents"])}


def policies_of(ground: Field, lever: str) -> dict[str, Policy]:
    """Return the policies of a lever in all counties, in proportion to their residents; none for an empty name."""
    base = {"start": WRITTEN, "payer": Payer.CENTRE}
    if lever == "hukou":
        return {lever: HukouRelaxation(years_required=0, home_required=False, tenants_eligible=True, **base)}
    if lever == "rent":
        groups = tuple(GroupName)
        return {lever: HousingSubsidy(rent_yuan_per_household_year=1_200.0, eligible=groups, **base)}
    if lever == "pension":
        return {lever: SocialInsurance(zones=tuple(ZoneName), pension_yuan_per_person_month=55.0, **base)}
    found: dict[str, Policy] = {}
    for code, residents in zip(ground.codes, ground.residents.tolist(), strict=True):
        here = {"counties": (code,), **base}
        if lever == "parks":
            found[f"{lever}-{code}"] = IndustrialParks(posts_per_year=residents / 300.0, **here)
        elif lever == "schools":
            found[f"{lever}-{code}"] = SchoolCapacity(stage="primary", places_per_year=residents / 200.0, **here)
        elif lever == "resettlement":
            found[f"{lever}-{code}"] = Resettlement(households_per_year=residents / 500.0, **here)
    return found


def frozen_in(variant: str) -> tuple[str, ...]:
    """Return the feedbacks that a variant freezes: none, all, or one by its name."""
    return () if variant == NONE else tuple(FEEDBACKS) if variant == ALL else (variant,)


def partial_and_general(
    setting: ExperimentSize, runner: Runner | None = None, levers: Sequence[str] = tuple(LEVERS)
) -> pd.DataFrame:
    """Return a row per lever and number of years.

    Columns ``lever``, ``years``; ``general`` and ``partial``, additional residents of towns and seat per 1,000
    residents with all feedbacks at work and with all frozen; ``ratio`` of the two; and per feedback the ratio to the
    general effect when it alone is frozen. ``spread`` is the standard error of ``general`` over replicates. Ratios are
    missing where the general effect is smaller than its standard error.
    """
    variants = (NONE, ALL, *FEEDBACKS)
    grounds = [make_field(setting, number) for number in range(setting.replicates)]
    places = [(g, lever, variant) for g in range(len(grounds)) for lever in ("", *levers) for variant in variants]
    at = tuple(POLICY - 1 + 12 * years for years in YEARS)
    tasks = [_task(grounds[g], lever, variant, at) for g, lever, variant in places]
    urban = np.zeros((len(grounds), 1 + len(levers), len(variants), len(YEARS)))
    residents = np.zeros((len(grounds), len(YEARS)))
    for position, tables in (runner or Runner()).tables(tasks, "worlds"):
        g, lever, variant = places[position]
        seen = tables[_AT]
        urban[g, ("", *levers).index(lever), variants.index(variant)] = seen["urban"]
        if not lever and variant == NONE:
            residents[g] = seen["residents"]
    effects = 1000.0 * (urban[:, 1:] - urban[:, :1]) / residents[:, None, None]
    return pd.DataFrame(_rows(effects, levers, variants))


def _task(ground: Field, lever: str, variant: str, at: tuple[int, ...]) -> Task:
    change = Change(policies_of(ground, lever), frozen=frozen_in(variant))
    return Task(
        scenario_of(ground, change, at[-1]), ground.constants.rows(), SEED, ground.replicate, None, UrbanResidents(at)
    )


def _rows(effects: np.ndarray, levers: Sequence[str], variants: Sequence[str]) -> Iterator[dict[str, object]]:
    """Yield rows from effects by replicate, lever, variant and years."""
    mean = effects.mean(axis=0)
    count = len(effects)
    error = effects[:, :, 0].std(axis=0, ddof=1) / np.sqrt(count) if count > 1 else np.full(mean[:, 0].shape, np.nan)
    for one, lever in enumerate(levers):
        for at, years in enumerate(YEARS):
            general = mean[one, 0, at]
            known = abs(general) > (0.0 if np.isnan(error[one, at]) else error[one, at])
            ratios = mean[one, :, at] / general if known else np.full(len(variants), np.nan)
            row: dict[str, object] = {"lever": lever, "years": years, "general": general, "spread": error[one, at]}
            row |= {"partial": mean[one, 1, at], "ratio": ratios[1]}
            yield row | {name: ratios[2 + number] for number, name in enumerate(variants[2:])}
