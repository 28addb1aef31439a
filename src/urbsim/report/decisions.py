"""Write what the commands on decisions found: tables as CSV, plain data as JSON, charts in a folder of their own."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from urbsim.decision.findings import Findings
from urbsim.experiment.outputs import make_output_folder
from urbsim.experiment.tables import write_csv, write_text
from urbsim.labels import Language
from urbsim.report.charts.waterfall import waterfall_chart
from urbsim.report.contributions import waterfall_data

CHARTS = "charts"


def write_contributions(found: Findings, folder: Path, language: Language) -> Path:
    """Write ``contributions.csv``, ``interactions.csv``, ``sources.csv``, ``contributions.json`` and the waterfall.

    Raises
    ------
    ExperimentError
        If the folder cannot be written.
    """
    make_output_folder(folder)
    write_csv(found.table(), folder / "contributions.csv")
    write_csv(found.pairs(), folder / "interactions.csv")
    write_csv(found.sources(), folder / "sources.csv")
    write_json(found.as_data(), folder / "contributions.json")
    waterfall_chart(found, waterfall_data(found), language).write(folder / CHARTS)
    return folder


def write_json(data: Any, path: Path) -> None:
    """Write plain data as strict JSON: what is not a number is null."""
    write_text(json.dumps(strict(data), ensure_ascii=False, indent=1, allow_nan=False) + "\n", path)


def strict(data: Any) -> Any:
    """Return data in which what is not a finite number is None."""
    if isinstance(data, Mapping):
        return {key: strict(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [strict(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data
