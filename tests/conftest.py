from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from urbsim.api import Result
from urbsim.experiment.plan import Plan, make_plan
from urbsim.experiment.runner import carry_out
from urbsim.months import parse_month
from urbsim.scenario.loading import load_scenario
from urbsim.scenario.model import Scenario, Target

ROOT = Path(__file__).resolve().parent.parent
TINY_SCALE = 0.002


@pytest.fixture(scope="session", autouse=True)
def _store_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep finished runs of the tests apart from the user's, and their messages in English."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("URBSIM_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("URBSIM_LANG", "en")  # whatever the machine speaks
        yield


@pytest.fixture
def empty_store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test find nothing that was simulated before."""
    monkeypatch.setenv("URBSIM_CACHE_DIR", str(tmp_path_factory.mktemp("empty")))


@pytest.fixture(scope="session")
def baseline() -> Scenario:
    return load_scenario(ROOT / "scenarios" / "jieshou" / "baseline.yaml")


@pytest.fixture(scope="session")
def pilot_plan() -> Scenario:
    scenario = load_scenario(ROOT / "scenarios" / "jieshou" / "plan-2025.yaml")
    target = Target("urbanization_rate", parse_month("2020-12"), 0.99)
    early = {name: policy.model_copy(update={"start": scenario.start}) for name, policy in scenario.policies.items()}
    return replace(scenario, policies=early, targets=(target,))


@pytest.fixture(scope="session")
def tiny_plan(baseline: Scenario, pilot_plan: Scenario) -> Plan:
    """Two scenarios, two replicates, fourteen months, about two thousand people."""
    return make_plan([baseline, pilot_plan], scale=TINY_SCALE, until=parse_month("2021-12"), draws=0, replicates=2)


@pytest.fixture(scope="session")
def tiny(tiny_plan: Plan) -> Result:
    return Result(tiny_plan, carry_out(tiny_plan).tables)


@pytest.fixture(scope="session")
def saved(tiny: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of ``tiny``; tests only read it."""
    return tiny.save(tmp_path_factory.mktemp("saved") / "run")


@pytest.fixture(autouse=True, scope="session")
def _one_process() -> Iterator[None]:
    """Tests that do not ask for processes simulate in their own: that is where they look, and cores are taken."""
    from urbsim.experiment import executor

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executor, "cores", lambda: 1)
        yield
