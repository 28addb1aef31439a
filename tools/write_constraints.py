"""Write ``constraints/pyXY.txt`` for this Python X.Y: the installed version of everything urbsim needs and its tests.

Run it in each environment whose versions shall be kept, with urbsim's extras installed::

    python tools/write_constraints.py
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent


def declared() -> list[str]:
    """Return the requirements in ``pyproject.toml``, those of its extras among them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["dependencies"] + [text for extra in project["optional-dependencies"].values() for text in extra]


def collect(requirements: Iterable[str], extras: Iterable[str], found: dict[str, str]) -> None:
    """Add the packages required in this environment, and what they require, to ``found``."""
    for requirement in map(Requirement, requirements):
        marker = requirement.marker
        if marker and not any(marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            continue
        key = canonicalize_name(requirement.name)
        if key in found:
            continue
        try:
            package = distribution(requirement.name)
        except PackageNotFoundError as error:
            raise SystemExit(f"{requirement.name} is needed but not installed") from error
        found[key] = package.version
        collect(package.requires or (), requirement.extras, found)


def main() -> None:
    """Write the file."""
    found: dict[str, str] = {}
    collect(declared(), (), found)
    lines = [f"{name}=={version}" for name, version in sorted(found.items())]
    header = "# Versions that urbsim is tested with; written by tools/write_constraints.py.\n"
    path = ROOT / "constraints" / f"py{sys.version_info.major}{sys.version_info.minor}.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {len(lines)} packages")


if __name__ == "__main__":
    main()
