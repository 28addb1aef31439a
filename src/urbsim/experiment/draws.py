"""The parameters and constants that every draw of an experiment used, as two tables of its run folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import Given, Plan
from urbsim.experiment.tables import read_csv, write_csv
from urbsim.labels import bilingual
from urbsim.months import format_month, parse_month
from urbsim.parameters import ALWAYS, DatedValue
from urbsim.state.constants import CountyConstants, OwnConstants

PARAMETERS, CONSTANTS = "parameters.csv", "constants.csv"
_TEXTS = ("scenario", "parameter", "month")


def write(plan: Plan, folder: Path) -> None:
    """Write both tables.

    ``parameters.csv`` has the values that differ from the registry: scenario, draw, parameter, month from which the
    value holds (empty: always), value. ``constants.csv`` has scenario, draw, place (county), and the constants at the
    start and in the long run.
    """
    known = plan.given()
    parameters = [
        (name, number, *row) for (name, number), its in known.items() for row in _parameter_rows(its.parameters)
    ]
    constants = [
        (name, number, code, *own)
        for (name, number), its in known.items()
        for code, own in zip(plan.baseline.counties, its.constants, strict=True)
    ]
    for file, rows, columns in (
        (PARAMETERS, parameters, ["scenario", "draw", "parameter", "month", "value"]),
        (CONSTANTS, constants, ["scenario", "draw", "place", *CountyConstants._fields]),
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
        values: dict[tuple[str, int], dict[str, dict[int, float]]] = {}
        for row in read_csv(folder / PARAMETERS, _TEXTS).to_dict("records"):
            run = values.setdefault((row["scenario"], int(row["draw"])), {})
            month = parse_month(row["month"]) if row["month"] else ALWAYS
            run.setdefault(row["parameter"], {})[month] = float(row["value"])
        constants: dict[tuple[str, int], list[OwnConstants]] = {}
        for row in read_csv(folder / CONSTANTS, (_TEXTS[0], "place")).to_dict("records"):
            urban, outside = float(row["urban"]), float(row["outside"])
            # A folder of before constants changed over time has no columns for the long run.
            later = float(row.get("urban_later", urban)), float(row.get("outside_later", outside))
            constants.setdefault((row["scenario"], int(row["draw"])), []).append((urban, outside, *later))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExperimentError(
            bilingual(
                f"the parameters and constants of {folder} cannot be read: {error}",
                f"{folder} 的参数和常数无法读取：{error}",
            )
        ) from None
    return {
        run: Given({name: _undated(dated) for name, dated in values.get(run, {}).items()}, tuple(own))
        for run, own in constants.items()
    }


def _undated(dated: Mapping[int, float]) -> DatedValue:
    return dated[ALWAYS] if set(dated) == {ALWAYS} else dated
