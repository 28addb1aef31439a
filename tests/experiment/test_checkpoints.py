"""Going on from a run folder at the end of a month: the same bytes as from the start, or a word why not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from urbsim.caches import cache_folder
from urbsim.cli import app
from urbsim.experiment.branching import branched
from urbsim.experiment.checkpoint import CHECKPOINTS
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.folder import RunFolder
from urbsim.experiment.plan import make_plan
from urbsim.experiment.runner import Runner, carry_out
from urbsim.experiment.tables import content_hash
from urbsim.model import UrbanizationModel
from urbsim.months import parse_month
from urbsim.policies.registry import all_levers
from urbsim.scenario.model import Scenario

BASE = Scenario("base", "341282", ("341282",), parse_month("2020-11"), parse_month("2021-04"), scale=0.001)
HOUSING = all_levers()["housing_subsidy"]


def plan_of(*scenarios: Scenario, **settings):
    return make_plan(scenarios, **{"draws": 0, **settings})


def with_housing(start: str) -> Scenario:
    return replace(BASE, name="plan", policies={"housing": HOUSING.model_validate({**HOUSING.example, "start": start})})


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("branching") / "base"
    plan = plan_of(BASE)
    run = RunFolder(path, plan)
    run.finish(carry_out(plan, Runner(), run).tables, ())
    return path


@pytest.fixture
def stepped(monkeypatch) -> list[int]:
    months: list[int] = []
    original = UrbanizationModel.step

    def step(self) -> None:  # by this name a checkpoint knows the method
        original(self)
        months.append(self.month)

    monkeypatch.setattr(UrbanizationModel, "step", step)
    return months


def hashes(ensemble) -> dict[str, str]:
    return {name: content_hash(table) for name, table in ensemble.tables.items()}


@pytest.mark.usefixtures("empty_store")
def test_runs_go_on_from_the_month_and_no_byte_differs(folder, stepped):
    february = parse_month("2021-02")
    late = plan_of(BASE, with_housing("2021-03"))
    whole = hashes(carry_out(late, Runner()))
    together = branched(late, f"{folder}@2021-02")
    stepped.clear()
    assert hashes(carry_out(together, Runner())) == whole  # makes the checkpoint on the way
    assert min(stepped) == BASE.census
    stepped.clear()
    assert hashes(carry_out(together, Runner())) == whole
    assert set(stepped) == {february + 1, february + 2}
    stepped.clear()
    alone = plan_of(with_housing("2021-03"))
    from_start = hashes(carry_out(alone, Runner()))
    stepped.clear()
    assert hashes(carry_out(branched(alone, f"{folder}@2021-02"), Runner())) == from_start
    assert stepped == [february + 1, february + 2]
    assert CHECKPOINTS.contents()[0] == 1
    assert CHECKPOINTS.cut(0) == 1


@pytest.mark.usefixtures("empty_store")
def test_a_spoilt_checkpoint_is_made_again(folder, stepped):
    plan = branched(plan_of(with_housing("2021-04")), f"{folder}@2021-03")
    carry_out(plan, Runner())
    (file,) = cache_folder().glob("checkpoints/*")
    file.write_bytes(b"nothing of the kind")
    stepped.clear()
    carry_out(plan, Runner())
    assert len(stepped) == BASE.months
    assert file.stat().st_size > 1000


@pytest.mark.parametrize(
    ("plan", "origin", "words"),
    [
        (plan_of(BASE), "{}", "it must be FOLDER@YYYY-MM, such as outputs/baseline@2025-12"),
        (plan_of(BASE), "{}@2021-13", "it must be FOLDER@YYYY-MM"),
        (plan_of(BASE), "{}x@2021-02", "x is no folder; give the folder that 'urbsim run'"),
        (plan_of(BASE), "{}@2021-04", "can go on from the end of any month between 2020-11 and 2021-03"),
        (plan_of(BASE), "{}@2020-10", "can go on from the end of any month between 2020-11 and 2021-03"),
        (plan_of(BASE, seed=3), "{}@2021-02", "was simulated with other settings: seed (3 here, 0 there)"),
        (plan_of(BASE, scale=0.002), "{}@2021-02", "scale (0.002 here, 0.001 there)"),
        (plan_of(BASE, draws=2), "{}@2021-02", "draws (2 here, 0 there)"),
        (plan_of(BASE, replicates=2), "{}@2021-02", "replicates (2 here, 1 there)"),
        (plan_of(with_housing("2021-02")), "{}@2021-02", "to the end of 2021-02: policy housing, from 2021-02"),
        (
            plan_of(replace(BASE, parameters={"residence.gamma": 0.5})),
            "{}@2021-02",
            "to the end of 2021-02: parameter residence.gamma. Go on from an earlier month",
        ),
        (plan_of(replace(BASE, feedbacks={"wages": False})), "{}@2021-02", "to the end of 2021-02: feedback wages."),
    ],
)
def test_what_does_not_fit_is_named(folder, plan, origin, words):
    with pytest.raises(ExperimentError) as error:
        branched(plan, origin.format(folder))
    assert words in str(error.value)


@pytest.mark.usefixtures("empty_store")
def test_the_command_goes_on_and_leaves_charts_out(tmp_path, stepped):
    for name, until in (("base", "2021-01"), ("longer", "2021-02")):
        text = f"name: {name}\nregion: 341282\nstart: 2020-11\nuntil: {until}\nscale: 0.001\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    small = ["--draws", "0", "--jobs", "1", "--no-charts", "--quiet"]
    base = tmp_path / "out" / "base"
    first = CliRunner().invoke(app, ["run", str(tmp_path / "base.yaml"), *small, "-o", str(base)])
    assert first.exit_code == 0, first.output
    assert (base / "series.parquet").exists()
    assert (base / "summary.csv").exists()
    assert not (base / "charts").exists()
    assert not (base / "report.html").exists()
    stepped.clear()
    again = [str(tmp_path / "longer.yaml"), *small, "--from", f"{base}@2020-12"]
    for number, months in ((1, 4), (2, 2)):
        found = CliRunner().invoke(app, ["run", *again, "--overwrite", "-o", str(tmp_path / f"out{number}")])
        assert found.exit_code == 0, found.output
        assert len(stepped) == months
        stepped.clear()
    unfit = CliRunner().invoke(app, ["run", *again, "--seed", "5"])
    assert unfit.exit_code != 0
