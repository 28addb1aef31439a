"""The parameters that are varied, and between which values.

A parameter fitted in the calibration varies between the 5th and 95th percentile of its posterior draws. Any other
varies by ``SHARE`` of its registered range to either side of its value, within the range: the registry's ranges are
what a scenario may write, from improbable to improbable, and varying over the whole of them would tell about worlds
that nobody believes in. Left out are parameters that vary by themselves over time, and those of the base population
(``synthesis``) and of other base years, which a run does not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from urbsim.labels import Label
from urbsim.parameters import DatedValue, Parameter, registry
from urbsim.posterior.draws import common_draws

#: Part of the registered range on either side of the value.
SHARE = 0.1
_TAILS = (0.05, 0.95)


@dataclass(frozen=True)
class Factor:
    """One parameter and the interval it varies in."""

    name: str
    low: float
    high: float
    fitted: bool  # whether the interval comes from the posterior

    @property
    def label(self) -> Label:
        """The parameter's label."""
        return registry()[self.name].label


def factors(base_year: int, written: Mapping[str, DatedValue]) -> tuple[Factor, ...]:
    """Return what varies in a scenario from a census year; ``written`` are the scenario's own values."""
    fitted = _fitted()
    found = []
    for name, parameter in registry().items():
        value = written.get(name, parameter.value)
        if isinstance(value, Mapping) or _is_left_out(name, base_year):
            continue
        drawn = name in fitted and name not in written  # what a scenario writes holds against every draw
        low, high = fitted[name] if drawn else _around(parameter, value)
        if high > low:
            found.append(Factor(name, low, high, drawn))
    return tuple(found)


def _is_left_out(name: str, base_year: int) -> bool:
    year = re.search(r"_((?:19|20)\d\d)$", name)
    return name.startswith("synthesis.") or (year is not None and int(year[1]) != base_year)


def _around(parameter: Parameter, value: float) -> tuple[float, float]:
    step = SHARE * (parameter.high - parameter.low)
    return max(parameter.low, value - step), min(parameter.high, value + step)


def _fitted() -> dict[str, tuple[float, float]]:
    """Return the interval of every parameter that the posterior draws hold."""
    path = common_draws()
    if not path.exists():
        return {}
    draws = pd.read_csv(path, index_col="draw")
    draws = draws[draws.index > 0]  # row 0 is their middle
    low, high = (np.quantile(draws.to_numpy(dtype=float), tail, axis=0) for tail in _TAILS)
    return {str(name): (float(a), float(b)) for name, a, b in zip(draws.columns, low, high, strict=True)}
