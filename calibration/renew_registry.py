"""Write the medians of the national posterior into the registry, as values of the fitted parameters.

    python calibration/renew_registry.py

A parameter is `calibrated` if, and only if, it is fitted; the registry's source then says so.
"""

from __future__ import annotations

import re
from pathlib import Path

from urbsim.calibration.national import medians
from urbsim.posterior.draws import posteriors_folder

REGISTRY = Path(__file__).resolve().parents[1] / "src" / "urbsim" / "parameters.yaml"
SOURCE = "median of the posterior, fitted to the censuses of 2010 and 2020 (docs/credibility.md)"
_ENTRY = re.compile(
    r'^(?P<name>[\w.]+): \{value: (?P<value>[^,]+), (?P<middle>.*)status: \w+, source: "(?P<source>[^"]*)"(?P<rest>.*)$'
)


def renewed(line: str, values: dict[str, float]) -> str:
    """Return a line of the registry with the fitted value; other lines as they are."""
    entry = _ENTRY.match(line)
    if entry is None or entry["name"] not in values:
        return line
    value = f"{values[entry['name']]:g}"
    return f'{entry["name"]}: {{value: {value}, {entry["middle"]}status: calibrated, source: "{SOURCE}"{entry["rest"]}'


def main() -> None:
    """Rewrite the registry."""
    values = medians(posteriors_folder() / "national")
    lines = REGISTRY.read_text(encoding="utf-8").splitlines()
    REGISTRY.write_text("\n".join(renewed(line, values) for line in lines) + "\n", encoding="utf-8")
    print(f"renewed {len(values)} values in {REGISTRY.name}")


if __name__ == "__main__":
    main()
