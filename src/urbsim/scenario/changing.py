"""Scenarios changed in Python: each method returns another scenario, checked like a file."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from urbsim.policies.base import Policy
    from urbsim.scenario.model import Scenario

# What these methods need imports the scenario itself, so it is looked up when one of them is called.
_CHANGES, _NOTEBOOK = "urbsim.scenario.changes", "urbsim.report.notebook"


class Changeable:
    """What a scenario offers to those who write Python."""

    def with_policy(self, name: str, lever: str | Policy | None = None, **fields: Any) -> Scenario:
        """Return the scenario with one policy more, or with another policy under a name it has.

        Parameters
        ----------
        name
            Name of the policy.
        lever
            Name of a lever (``urbsim.list_levers()``), with its ``fields`` and ``start``, as in a scenario file; or a
            policy. Without it the policy of that name gets other ``fields``.

        Returns
        -------
        Scenario
            Named after this one and the policy; ``with_name`` gives it another name.

        Raises
        ------
        ScenarioError
            If the lever, a field or a value is wrong; positions are dotted keys.
        """
        changed: Scenario = import_module(_CHANGES).with_policy(self, name, lever, fields)
        return changed

    def without_policy(self, name: str) -> Scenario:
        """Return the scenario without one of its policies.

        Raises
        ------
        ScenarioError
            If it has no such policy.
        """
        changed: Scenario = import_module(_CHANGES).without_policy(self, name)
        return changed

    def with_parameter(self, name: str, value: float | Mapping[str, float]) -> Scenario:
        """Return the scenario with another value of a parameter, or values by month (YYYY-MM) from which they hold.

        Raises
        ------
        ScenarioError
            If there is no such parameter (``urbsim.list_parameters()``) or the value is outside its range.
        """
        changed: Scenario = import_module(_CHANGES).with_parameter(self, name, value)
        return changed

    def with_until(self, month: str) -> Scenario:
        """Return the scenario with another last month, YYYY-MM.

        Raises
        ------
        ScenarioError
            If it is no month, before the start or after the last that rates of birth are known for.
        """
        changed: Scenario = import_module(_CHANGES).with_until(self, month)
        return changed

    def with_name(self, name: str) -> Scenario:
        """Return the scenario under another name; scenarios that are compared need different ones.

        Raises
        ------
        ScenarioError
            If it is not one line of 1 to 100 characters.
        """
        changed: Scenario = import_module(_CHANGES).with_name(self, name)
        return changed

    def _repr_html_(self) -> str:
        """Show the scenario as tables and a chart in a notebook."""
        shown: str = import_module(_NOTEBOOK).scenario_html(self)
        return shown
