"""Write what was fitted into the registry: the middle of the posterior, and what changed after 2020.

    python calibration/renew_registry.py

A parameter is `calibrated` if, and only if, it is fitted to censuses or studies; the registry's source then says so. A
response that no study informs gets the middle of its prior, and stays what it was: an assumption with its source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from urbsim.calibration.design import priors
from urbsim.inference.comparisons import findings
from urbsim.posterior.draws import counties_folder, middle_values

REGISTRY = Path(__file__).resolve().parents[1] / "src" / "urbsim" / "parameters.yaml"
SOURCE = "middle of the posterior, fitted to the censuses of 2010 and 2020 (docs/credibility.md)"
FROM_STUDIES = "middle of the posterior, fitted to published evaluations (docs/evidence.md)"
AFTER_2020 = {
    "residence.period": (0.0, "fitted to the national urban share after 2020 (docs/credibility.md)"),
    "demography.fertility_factor": (
        1.0,
        "UN World Population Prospects 2024; from 2020-11 national births as published",
    ),
    "demography.mortality_factor": (
        1.0,
        "UN World Population Prospects 2024; from 2020-11 national deaths as published",
    ),
}
_ENTRY = re.compile(
    r"^(?P<name>[\w.]+): \{value: (?P<value>\{[^}]*\}|[^,]+), (?P<middle>.*)status: (?P<status>\w+), "
    r'source: "(?P<source>[^"]*)"(?P<rest>.*)$'
)


def renewed(line: str, values: Mapping[str, str]) -> str:
    """Return a line of the registry with the fitted value; other lines as they are."""
    entry = _ENTRY.match(line)
    if entry is None or entry["name"] not in values:
        return line
    name = entry["name"]
    status, source = "calibrated", SOURCE
    if name in AFTER_2020:
        source = AFTER_2020[name][1]
    elif name not in priors():
        informed = any(name in finding.study.informs for finding in findings())
        status, source = ("calibrated", FROM_STUDIES) if informed else (entry["status"], entry["source"])
    return f'{name}: {{value: {values[name]}, {entry["middle"]}status: {status}, source: "{source}"{entry["rest"]}'


def after_2020() -> dict[str, str]:
    """Return what changed after the census of 2020 as dated values; the last one holds on."""
    table = pd.read_csv(counties_folder() / "period.csv")
    found = {}
    for name, rows in table.groupby("parameter"):
        dated = [f"2010-01: {AFTER_2020[str(name)][0]}"]
        dated += [f"{month}: {value:.4g}" for month, value in zip(rows["month"], rows["value"], strict=True)]
        found[str(name)] = "{" + ", ".join(dated) + "}"
    return found


def main() -> None:
    """Rewrite the registry."""
    values = {name: f"{value:.6g}" for name, value in middle_values().items()}
    if (counties_folder() / "period.csv").exists():
        values |= after_2020()
    lines = REGISTRY.read_text(encoding="utf-8").splitlines()
    REGISTRY.write_text("\n".join(renewed(line, values) for line in lines) + "\n", encoding="utf-8")
    print(f"renewed {len(values)} values in {REGISTRY.name}")


if __name__ == "__main__":
    main()
