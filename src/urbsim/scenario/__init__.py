"""What an analyst writes: the scenario file, read with line numbers, inheritance and complete error reports."""

from urbsim.reading.problems import Problem, ScenarioError
from urbsim.scenario.loading import load_scenario, scenario_from_mapping, scenario_from_text
from urbsim.scenario.model import FEEDBACKS, Scenario, Target
from urbsim.scenario.output import Difference, Setting, differences, provenance
from urbsim.scenario.schema import json_schema
from urbsim.scenario.writing import lever_files, resolved_yaml, write_scenario

__all__ = [
    "FEEDBACKS",
    "Difference",
    "Problem",
    "Scenario",
    "ScenarioError",
    "Setting",
    "Target",
    "differences",
    "json_schema",
    "lever_files",
    "load_scenario",
    "provenance",
    "resolved_yaml",
    "scenario_from_mapping",
    "scenario_from_text",
    "write_scenario",
]
