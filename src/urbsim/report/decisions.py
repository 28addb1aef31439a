"""Write what the commands on decisions found: tables as CSV, plain data as JSON, charts in a folder of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from urbsim.decision.discovery import Conditions
from urbsim.decision.findings import Findings
from urbsim.decision.quest import Sought
from urbsim.decision.sweep import Swept
from urbsim.experiment.outputs import make_output_folder
from urbsim.experiment.tables import write_csv, write_text
from urbsim.labels import Language, printable
from urbsim.report.amounts import sought_lines
from urbsim.report.answers import CONTRIBUTIONS, scenario_hash
from urbsim.report.charts.amounts import frontier_chart, heat_map, response_chart
from urbsim.report.charts.waterfall import waterfall_chart
from urbsim.report.contributions import waterfall_data
from urbsim.report.plain_data import write_json
from urbsim.scenario.writing import write_scenario

CHARTS, FOUND = "charts", "found.yaml"


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
    question = found.question
    hashes = {each.name: scenario_hash(each) for each in (question.plan, question.base)}
    write_json({**found.as_data(), "hashes": hashes}, folder / CONTRIBUTIONS)
    waterfall_chart(found, waterfall_data(found), language).write(folder / CHARTS)
    return folder


def write_sweep(swept: Swept, found: Conditions, folder: Path, language: Language) -> Path:
    """Write ``sweep.csv``, ``runs.csv``, ``conditions.csv``, ``sweep.json``, the response curves and the heat map.

    Raises
    ------
    ExperimentError
        If the folder cannot be written.
    """
    make_output_folder(folder)
    write_csv(swept.rows(), folder / "sweep.csv")
    write_csv(swept.runs(), folder / "runs.csv")
    write_csv(found.boxes, folder / "conditions.csv")
    write_json(swept.rows().to_dict("records"), folder / "sweep.json")
    for chart in (response_chart(swept, language), heat_map(swept, language)):
        if chart is not None:
            chart.write(folder / CHARTS)
    return folder


def write_sought(found: Sought, folder: Path, language: Language) -> dict[str, Any]:
    """Write ``trials.csv``, ``seek.json``, ``found.yaml`` with the reason in it, and the frontier; return the JSON.

    Raises
    ------
    ExperimentError
        If the folder cannot be written.
    """
    make_output_folder(folder)
    path = folder / FOUND
    write_scenario(found.scenario, path)
    reason = [line for each in ("en", "zh") for line in sought_lines(found, each)]
    comment = "".join(f"# {printable(line)}\n" for line in ("urbsim seek", *reason))
    write_text(comment + path.read_text(encoding="utf-8"), path)
    write_csv(found.tried(), folder / "trials.csv")
    data = found.as_data(path.as_posix())
    write_json(data, folder / "seek.json")
    frontier_chart(found, language).write(folder / CHARTS)
    return data
