"""Write with what types the model calls its kernels, from a run of it: ``src/urbsim/experiment/signatures.json``.

    python tools/compile_model.py && python tools/write_signatures.py

To do after a change of a kernel's arguments; a test says when. What is compiled already is only loaded where Python
calls it, and not what is part of something else; so the model has to be compiled. The list begins with what the most
code is made of, which takes longest to compile.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

from urbsim.experiment import compilation
from urbsim.experiment.signatures import SIGNATURES, compiled, type_text
from urbsim.experiment.simulate import Task
from urbsim.months import CENSUS_YEARS, census_month
from urbsim.scenario.model import Scenario
from urbsim.state.constants import NO_CONSTANTS


def main() -> None:
    """Run a tiny model for more than a year, and write down what its kernels were called with."""
    if not compilation.is_ready():
        sys.exit("the model is not compiled yet: python tools/compile_model.py")
    start = census_month(CENSUS_YEARS[-1])
    scenario = Scenario("compile", "341282", ("341282",), start, start + 12, scale=0.002)
    compilation.warm_up(Task(scenario, (NO_CONSTANTS,), seed=0, stream=0))
    found = {name: [list(map(type_text, one)) for one in each] for name, each in compiled()}
    ranked = {name: sorted(found[name]) for name in sorted(found, key=lambda name: (-_bytes(name), name))}
    SIGNATURES.write_text(json.dumps(ranked, indent=1) + "\n", encoding="utf-8")
    for name, each in ranked.items():
        print(f"{_bytes(name):9,d}  {len(each)}  {name}")


def _bytes(name: str) -> int:
    """Return the size of a kernel's compiled code."""
    module, function = name.split(":")
    folder = Path(getattr(import_module(module), function).stats.cache_path)
    return sum(file.stat().st_size for file in folder.glob(f"*.{function}-*.nbc"))


if __name__ == "__main__":
    main()
