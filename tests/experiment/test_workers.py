"""Programs load quickly: what no run needs stays out, and workers are forked from a process that loaded the model."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest


def _said(code: str) -> Any:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


MODEL = """
import json, sys
from urbsim import model
heavy = ("networkx", "scipy.special", "scipy.spatial", "matplotlib", "unittest")
before = [name for name in heavy if name in sys.modules]
import mesa
from mesa.space import MultiGrid
from mesa.discrete_space import OrthogonalMooreGrid
same = mesa is model.mesa and mesa.space.MultiGrid is MultiGrid and len(MultiGrid(2, 3, torus=False).empties)
print(json.dumps([before, same, mesa.experimental.continuous_space.ContinuousSpace.__name__]))
"""


def test_the_model_loads_without_what_only_spaces_need_and_these_come_when_asked_for():
    assert _said(MODEL) == [[], 6, "ContinuousSpace"]


FORKED = """
import gc, json, multiprocessing, os, sys
from urbsim.loading import own_process
from urbsim.experiment.workers import Workers, start_server
own_process()
start_server()
from multiprocessing import forkserver
with Workers(2) as workers:
    loaded = workers.submit(eval, "'urbsim.model' in __import__('sys').modules").result()
    parent = workers.submit(os.getppid).result()
    frozen = workers.submit(gc.get_freeze_count).result()
print(json.dumps([loaded, parent == forkserver._forkserver._forkserver_pid, frozen > 100_000]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_workers_of_a_program_are_forked_from_a_process_that_has_loaded_the_model():
    assert _said(FORKED) == [True, True, True]


ELSEWHERE = """
import gc, json
from urbsim.experiment import workers
from urbsim.loading import loading
workers.start_server()
with loading():
    pass
print(json.dumps([workers._Server.running, gc.get_freeze_count()]))
"""


def test_a_process_of_somebody_else_is_left_as_it_is():
    assert _said(ELSEWHERE) == [False, 0]
