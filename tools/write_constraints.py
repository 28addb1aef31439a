"""Write ``constraints.txt``: the version of every package that urbsim and its tests use, for each Python tried.

Give the Pythons of environments in which urbsim is installed with all its extras::

    python tools/write_constraints.py ENV-3.11/bin/python ENV-3.12/bin/python ENV-3.13/bin/python

A version that differs between them gets one line for each Python.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Versions that urbsim is tested with; written by tools/write_constraints.py.\n"


def declared() -> list[str]:
    """Return the requirements in ``pyproject.toml``, those of its extras among them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    return [*project["dependencies"], *(text for extra in extras for text in extra)]


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
            raise SystemExit(f"{requirement.name} is needed but not installed for {sys.executable}") from error
        found[key] = package.version
        collect(package.requires or (), requirement.extras, found)


def installed() -> dict[str, str]:
    """Return the versions in this environment by package."""
    found: dict[str, str] = {}
    collect(declared(), (), found)
    return found


def installed_for(python: str) -> tuple[str, dict[str, str]]:
    """Return the version of a Python, such as 3.12, and what is installed for it."""
    answer = subprocess.run([python, __file__], capture_output=True, text=True, check=False)
    if answer.returncode:
        raise SystemExit(answer.stderr.strip())
    version, packages = json.loads(answer.stdout)
    return version, packages


def constraint_lines(environments: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return one line per package, or per package and Python where versions differ."""
    versions: dict[str, dict[str, str]] = defaultdict(dict)
    for python, packages in environments.items():
        for name, version in packages.items():
            versions[name][python] = version
    lines = []
    for name, by_python in sorted(versions.items()):
        if len(set(by_python.values())) == 1:
            lines.append(f"{name}=={next(iter(by_python.values()))}")
        else:
            lines += [f'{name}=={version}; python_version == "{python}"' for python, version in by_python.items()]
    return lines


def main() -> None:
    """Write the file; without arguments, print what this environment holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pythons", nargs="*", metavar="PYTHON")
    pythons = parser.parse_args().pythons
    if not pythons:
        print(json.dumps([f"{sys.version_info.major}.{sys.version_info.minor}", installed()]))
        return
    lines = constraint_lines(dict(map(installed_for, pythons)))
    (ROOT / "constraints.txt").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"constraints.txt: {len(lines)} lines")


if __name__ == "__main__":
    main()
