"""Numbers of the whole world at the months compared, each by what it is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from urbsim.experiment.ensemble import Ensemble

Values = dict[tuple[str, str, str], Mapping[str, Any]]


def values_of(ensemble: Ensemble, indicators: Sequence[str]) -> Values:
    """Return median, interval and difference by (indicator, scenario, month)."""
    rows = ensemble.table(tuple(dict.fromkeys(indicators))).to_dict("records")
    return {
        (str(row["indicator"]), str(row["scenario"]), str(row["month"])): {str(key): row[key] for key in row}
        for row in rows
    }
