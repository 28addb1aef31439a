"""Runs leave nothing behind in the process that carries them out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from urbsim.region.whereabouts import _of_census

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "memory.py"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read where Linux tells it")
def test_five_hundred_runs_in_one_process_grow_by_less_than_twenty_megabytes():
    found = subprocess.run([sys.executable, str(SCRIPT), "500"], capture_output=True, text=True, check=True)
    assert json.loads(found.stdout)["growth"] < 20.0


def test_tables_that_depend_on_a_parameter_are_kept_for_few_of_its_values():
    assert _of_census.cache_info().maxsize == 4
