"""Compile the model's kernels for this machine, unless they are: tests then run on several processes at once.

    python tools/compile_model.py

Processes that compile at once write the same files; see ``urbsim.experiment.compilation``.
"""

from __future__ import annotations

from urbsim.experiment import compilation
from urbsim.experiment.simulate import Task
from urbsim.months import CENSUS_YEARS, census_month
from urbsim.scenario.model import Scenario
from urbsim.state.constants import NO_CONSTANTS


def main() -> None:
    """Compile the kernels, and run a tiny model once."""
    if compilation.is_ready():
        return
    start = census_month(CENSUS_YEARS[-1])
    scenario = Scenario("compile", "341282", ("341282",), start, start + 12, scale=0.002)
    compilation.compile_model(Task(scenario, (NO_CONSTANTS,), seed=0, stream=0))


if __name__ == "__main__":
    main()
