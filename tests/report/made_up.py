"""Results that no run made, for tests of what is shown: every table of an ensemble, with the numbers one asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import yaml

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.plan import make_plan
from urbsim.months import format_month, parse_month
from urbsim.observation.indicators import INDICATORS
from urbsim.policies.base import Source
from urbsim.policies.reference import example_yaml
from urbsim.policies.registry import all_levers
from urbsim.scenario.loading import scenario_from_mapping

RUN = ["scenario", "draw", "replicate"]
#: A value by indicator, scenario number, place number, month number and run.
Value = Callable[[str, int, int, int, int], float]


def rising(indicator: str, scenario: int, place: int, month: int, run: int) -> float:
    """Return a share or a count that differs by scenario, place, month and run."""
    share = 0.3 + 0.02 * scenario + 0.01 * (place % 13) + 0.001 * month + 0.01 * run
    return share if INDICATORS[indicator].percent else 1e5 * share


def made_up(
    names: Sequence[str] = ("Baseline", "Plan"),
    *,
    region: str = "341282",
    start: str = "2020-11",
    until: str = "2025-12",
    draws: int = 0,
    replicates: int = 2,
    value: Value = rising,
    policies: Mapping[str, Any] | None = None,
    targets: Mapping[str, Any] | None = None,
    description: str = "",
    source: Source | None = None,
    limits: Sequence[tuple[object, ...]] = (),
) -> Ensemble:
    """Return an ensemble of scenarios with these names; all but the first have the policies."""
    mapping = {"name": "plain", "region": region, "start": start, "until": "2045-12", "scale": 0.01}
    mapping |= {"targets": dict(targets or {})}
    active = scenario_from_mapping(mapping | {"policies": dict(policies or {})})
    sourced = tuple(replace(target, source=source) for target in active.targets)
    first = replace(active, name=names[0], description=description, policies={}, targets=sourced)
    others = [replace(first, name=name, description="", policies=active.policies) for name in names[1:]]
    plan = make_plan([first, *others], until=parse_month(until), draws=draws, replicates=replicates)
    first = plan.baseline
    runs = [(key.draw, key.replicate) for key in plan.run_keys() if key.scenario == names[0]]
    months = [format_month(month) for month in range(first.start, first.until + 1)]
    places = [*first.counties, first.region] if len(first.counties) > 1 else [*first.counties]
    series = [
        (name, *run, month, place, indicator, value(indicator, number, where, when, luck))
        for number, name in enumerate(names)
        for luck, run in enumerate(runs)
        for when, month in enumerate(months)
        for where, place in enumerate(places)
        for indicator in INDICATORS
    ]
    flows = [
        (name, *run, month, first.counties[0], cause, origin, destination, 10.0)
        for name in names
        for run in runs
        for month in months
        for cause, origin, destination in (("birth", "outside", "seat"), ("move", "village", "town"))
    ]
    ledger = [
        (scenario.name, *run, month, first.counties[0], policy.lever, name, "county", 1e6)
        for scenario in plan.scenarios
        for run in runs
        for month in months
        for name, policy in scenario.policies.items()
    ]
    cut = [(name, *run, *row) for name in names[1:] for run in runs for row in limits]
    fit = [(name, *run, first.counties[0], "age", "0-4", 100.0, 101.0, 1.0) for name in names for run in runs]
    columns = {
        "series": (series, [*RUN, "month", "place", "indicator", "value"]),
        "flows": (flows, [*RUN, "month", "place", "cause", "origin", "destination", "persons"]),
        "ledger": (ledger, [*RUN, "month", "place", "lever", "policy", "payer", "yuan"]),
        "limits": (cut, [*RUN, "year", "place", "limit", "policy", "lever", "unit", "wanted", "possible"]),
        "synthesis": (fit, [*RUN, "county", "margin", "category", "target", "synthetic", "error"]),
    }
    return Ensemble(plan, {name: pd.DataFrame(rows, columns=head) for name, (rows, head) in columns.items()})


def some_policies(count: int) -> dict[str, Any]:
    """Return so many policies as a scenario file writes them, of as many levers as there are."""
    examples = [next(iter(yaml.safe_load(example_yaml(lever))["policies"].values())) for lever in all_levers().values()]
    return {f"policy_{number}": examples[number % len(examples)] for number in range(count)}
