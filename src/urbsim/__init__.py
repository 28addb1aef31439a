"""Simulate how Chinese counties urbanize, person by person, under dated policies.

>>> import urbsim
>>> base = urbsim.load_scenario("scenarios/jieshou/baseline.yaml")
>>> plan = urbsim.load_scenario("scenarios/jieshou/plan-2025.yaml")
>>> result = urbsim.compare([base, plan], scale=0.05, draws=8)
>>> result.table()
>>> result.plot("urbanization_rate")
>>> urbsim.compare([base, base.with_policy("parks", "industrial_parks", start="2023-01", posts_per_year=2000)])
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from urbsim.api import Result, compare, groups, simulate, trace
    from urbsim.experiment.cluster.cluster import Cluster
    from urbsim.experiment.ensemble import Ensemble
    from urbsim.experiment.errors import ExperimentError, RunError, UnknownNameError
    from urbsim.listing import list_groups, list_indicators, list_levers, list_parameters, list_regions
    from urbsim.questions import contributions, seek, sweep
    from urbsim.reading.problems import ScenarioError
    from urbsim.scenario.loading import load_scenario, scenario_from_mapping
    from urbsim.scenario.model import Scenario

__all__ = [
    "Cluster",
    "Ensemble",
    "ExperimentError",
    "Result",
    "RunError",
    "Scenario",
    "ScenarioError",
    "UnknownNameError",
    "compare",
    "contributions",
    "groups",
    "list_groups",
    "list_indicators",
    "list_levers",
    "list_parameters",
    "list_regions",
    "load_scenario",
    "scenario_from_mapping",
    "seek",
    "simulate",
    "sweep",
    "trace",
]

_LISTS = ("list_groups", "list_indicators", "list_levers", "list_parameters", "list_regions")
# Loaded on first use: the command line starts without pandas, Numba or Mesa.
_HOMES = {
    "Cluster": "urbsim.experiment.cluster.cluster",
    "Ensemble": "urbsim.experiment.ensemble",
    "Result": "urbsim.api",
    "ExperimentError": "urbsim.experiment.errors",
    "RunError": "urbsim.experiment.errors",
    "UnknownNameError": "urbsim.experiment.errors",
    **dict.fromkeys(_LISTS, "urbsim.listing"),
    "Scenario": "urbsim.scenario.model",
    "ScenarioError": "urbsim.reading.problems",
    "compare": "urbsim.api",
    "groups": "urbsim.api",
    "load_scenario": "urbsim.scenario.loading",
    "scenario_from_mapping": "urbsim.scenario.loading",
    "contributions": "urbsim.questions",
    "seek": "urbsim.questions",
    "sweep": "urbsim.questions",
    "simulate": "urbsim.api",
    "trace": "urbsim.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        meant = ""
        if not name.startswith("_"):  # which programs look for, and people do not
            from urbsim.reading.suggestions import did_you_mean

            meant = did_you_mean(name, __all__)
        raise AttributeError(f"module 'urbsim' has no attribute '{name}'; it offers {', '.join(__all__)}{meant}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *__all__]
