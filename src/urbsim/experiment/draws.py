"""The parameters and constants that every draw of an experiment used, as two tables of its run folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import Given, Plan
from urbsim.experiment.tables import write_csv
from urbsim.months import format_month, parse_month
from urbsim.parameters import ALWAYS, DatedValue

PARAMETERS, CONSTANTS = "parameters.csv", "constants.csv"


def write(plan: Plan, folder: Path) -> None:
    """Write both tables.

    ``parameters.csv`` has the values that differ from the registry: scenario, draw, parameter, month from which the
    value holds (empty: always), value. ``constants.csv`` has scenario, draw, place (county), urban, outside.
    """
    known = plan.given()
    parameters = [
        (name, number, *row) for (name, number), its in known.items() for row in _parameter_rows(its.parameters)
    ]
    constants = [
        (name, number, code, *pair)
        for (name, number), its in known.items()
        for code, pair in zip(plan.baseline.counties, its.constants, strict=True)
    ]
    for file, rows, columns in (
        (PARAMETERS, parameters, ["scenario", "draw", "parameter", "month", "value"]),
        (CONSTANTS, constants, ["scenario", "draw", "place", "urban", "outside"]),
    ):
        write_csv(pd.DataFrame(rows, columns=columns), folder / file)


def _parameter_rows(parameters: Mapping[str, DatedValue]) -> Iterator[tuple[str, str, float]]:
    for name, value in sorted(parameters.items()):
        for month, number in sorted(value.items()) if isinstance(value, Mapping) else [(ALWAYS, value)]:
            yield name, "" if month == ALWAYS else format_month(month), float(number)


def read(folder: Path) -> dict[tuple[str, int], Given]:
    """Return what every scenario ran with in every draw, by name and number.

    Raises
    ------
    ExperimentError
        If the tables cannot be read.
    """
    try:
        text: dict[str, Any] = {"scenario": str, "parameter": str, "month": str, "place": str}
        options: dict[str, Any] = {"dtype": text, "keep_default_na": False, "float_precision": "round_trip"}
        parameters = pd.read_csv(folder / PARAMETERS, **options)
        constants = pd.read_csv(folder / CONSTANTS, **options)
        values: dict[tuple[str, int], dict[str, dict[int, float]]] = {}
        for row in parameters.itertuples(index=False):
            month = parse_month(row.month) if row.month else ALWAYS
            dated = values.setdefault((row.scenario, int(row.draw)), {}).setdefault(row.parameter, {})
            dated[month] = float(row.value)
        return {
            (str(name), int(number)): Given(
                {parameter: _undated(dated) for parameter, dated in values.get((name, number), {}).items()},
                tuple((float(urban), float(outside)) for urban, outside in rows[["urban", "outside"]].to_numpy()),
            )
            for (name, number), rows in constants.groupby(["scenario", "draw"], sort=False)
        }
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise ExperimentError(f"the parameters and constants of {folder} cannot be read: {error}") from None


def _undated(dated: Mapping[int, float]) -> DatedValue:
    return dated[ALWAYS] if set(dated) == {ALWAYS} else dated
