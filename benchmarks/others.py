"""Frameworks that a user might pick instead of urbsim, each in an environment of its own in the folder of caches.

    python benchmarks/others.py    # make the environments; one that cannot be made is left out, with a word

They are no dependency of urbsim: `others.txt` pins them, and where versions of what they share are pinned by
`constraints.txt` (NumPy, Numba), they get the same as urbsim.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from urbsim.caches import cache_folder

HERE = Path(__file__).resolve().parent
#: By the name shown: the package in others.txt, and the script that simulates the county with it.
OTHERS = {
    "Starsim": ("starsim", "starsim_model.py"),
    "LASER": ("laser-core", "laser_model.py"),
    "ambr": ("ambr", "ambr_model.py"),
}


def main() -> None:
    """Make all environments, and say where they are."""
    for name in OTHERS:
        if python := environment(name):
            print(f"{name}: {python}")


def requirement(name: str) -> str:
    """Return the pinned requirement of a framework, as pip reads it."""
    package = OTHERS[name][0]
    lines = (HERE / "others.txt").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.split("==")[0].split("[")[0] == package)


def version(name: str) -> str:
    """Return the package and its version, for people."""
    return " ".join((OTHERS[name][0], requirement(name).split("==")[1]))


def installed(name: str) -> Path | None:
    """Return the interpreter of a framework's environment, None if there is none."""
    python = _folder(name) / ("Scripts" if os.name == "nt" else "bin") / "python"
    return python if (_folder(name) / "complete").exists() and python.exists() else None


def environment(name: str) -> Path | None:
    """Return the same after making the environment if need be; say why if it cannot be made."""
    if python := installed(name):
        return python
    folder = _folder(name)
    print(f"installing {requirement(name)} into {folder}", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", str(HERE.parent / "constraints.txt")]
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True, check=True)
        python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        subprocess.run([str(python), *pip, requirement(name)], capture_output=True, text=True, check=True)
        # Without arguments a script only imports what it needs.
        script = [str(python), str(HERE / OTHERS[name][1])]
        subprocess.run(script, env=_variables(), capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        print(f"{name} is left out: {requirement(name)} cannot be used here: {said[-1]}", file=sys.stderr)
        return None
    (folder / "complete").touch()
    return python


def command(python: Path, name: str, start: Path, months: int, seed: int = 0) -> list[str]:
    """Return the command that simulates the county from a start file."""
    return [str(python), str(HERE / OTHERS[name][1]), str(start), str(months), str(seed)]


def run(words: Sequence[str], settings: Mapping[str, str]) -> dict[str, Any]:
    """Return what a command of ``command`` prints."""
    done = subprocess.run(words, env=_variables() | dict(settings), stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _variables() -> dict[str, str]:
    """Return the environment's variables, without what leads to urbsim's packages."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    return kept | {"NUMBA_CACHE_DIR": os.fspath(cache_folder() / "benchmarks" / "numba")}


def _folder(name: str) -> Path:
    """Return where a framework's environment belongs, which names its version and that of Python."""
    python = ".".join(map(str, sys.version_info[:2]))
    return cache_folder() / "benchmarks" / f"{version(name).replace(' ', '-')}-python{python}"


if __name__ == "__main__":
    main()
