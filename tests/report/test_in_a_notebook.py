"""What a notebook shows, series with a real time index, names with suggestions, lists, processes of a plain script."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from made_up import made_up

import urbsim
from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.errors import UnknownNameError
from urbsim.experiment.executor import run_all
from urbsim.experiment.plan import make_plan
from urbsim.observation.indicators import INDICATORS
from urbsim.parameters import registry
from urbsim.policies.registry import all_levers
from urbsim.report.charts.trajectory import trajectory
from urbsim.report.notebook import ensemble_html, scenario_html
from urbsim.scenario.model import Scenario

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def result() -> Ensemble:
    return made_up(until="2021-12")


def test_time_series_have_a_row_per_month_and_the_numbers_of_the_summary(result: Ensemble) -> None:
    table = result.time_series("residents")
    assert isinstance(table.index, pd.PeriodIndex)
    assert (str(table.index[0]), str(table.index[-1]), len(table)) == ("2020-11", "2021-12", 14)
    assert list(table.columns.get_level_values(0).unique()) == list(result.names)
    last = result.table(("residents",)).set_index(["scenario", "month"])
    for name in result.names:
        assert table.loc["2021-12", (name, "median")] == last.loc[(name, "2021-12"), "median"]


@pytest.mark.parametrize(
    ("ask", "meant"),
    [
        (lambda result: result.table(("seat_resident",)), "seat_residents"),
        (lambda result: result.time_series("resident"), "residents"),
        (lambda result: result.differences(["县城人口数"]), "seat_residents"),
        (lambda result: trajectory(result, "urbanisation_rate"), "urbanization_rate"),
        (lambda result: result.time_series("residents", "341283"), "341282"),
    ],
)
def test_an_unknown_name_is_an_error_with_a_suggestion(ask, meant: str, result: Ensemble) -> None:
    with pytest.raises(UnknownNameError) as caught:
        ask(result)
    assert f"did you mean '{meant}'?" in str(caught.value)
    assert isinstance(caught.value, KeyError)


def test_results_show_every_headline_number_and_a_chart(result: Ensemble) -> None:
    shown = result._repr_html_()
    assert shown.count("data:image/svg+xml;base64,") == 1
    for words in ("Resident urbanization rate (%)", *result.names, "2020-11 (start)", "2021-12 (end)", "2 replicates"):
        assert words in shown
    value = result.table(("residents",)).iloc[0]["median"]
    assert f"{value:,.0f}" in shown


def test_results_show_their_headline_numbers_in_a_session_of_python(result: Ensemble) -> None:
    shown = repr(result)
    assert shown.startswith("Jieshou\n")
    value = result.table(("residents",)).iloc[0]["median"]
    for words in ("Resident urbanization rate (%)", f"{value:,.0f}", "2021-12 (end)", *result.names):
        assert words in shown
    assert all(line == line.rstrip() for line in shown.splitlines())


def test_scenarios_are_called_by_their_names_in_the_language_shown(pilot_plan: Scenario, result: Ensemble) -> None:
    assert pilot_plan.title.zh != pilot_plan.name
    shown = scenario_html(pilot_plan, "zh")
    for label in (pilot_plan.title, pilot_plan.about):
        assert label.zh in shown
        assert label.en not in shown
    plan = replace(
        result.plan, scenarios=tuple(replace(each, name_zh="界首" + each.name) for each in result.plan.scenarios)
    )
    assert "<td>界首Baseline</td>" in ensemble_html(Ensemble(plan, result.tables), "zh")


def test_a_scenario_shows_its_policies_and_escapes_what_it_says(pilot_plan: Scenario) -> None:
    shown = pilot_plan.with_name("<script>")._repr_html_()
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    assert shown.count("data:image/svg+xml;base64,") == 1
    for name in pilot_plan.policies:
        assert name in shown


def test_results_and_scenarios_show_themselves_in_the_language_in_force(
    result: Ensemble, pilot_plan: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("URBSIM_LANG", "zh")
    for words in ("指标", "常住人口城镇化率（%）", "2021-12（期末）"):
        assert words in result._repr_html_()
    for words in ("地区", "期间", "政策工具", "产业园区建设"):
        assert words in pilot_plan._repr_html_()
    assert "产业园区建设" in set(urbsim.list_levers()["title"])


def test_the_lists_hold_everything_there_is() -> None:
    assert list(urbsim.list_levers().index) == list(all_levers())
    assert list(urbsim.list_indicators().index) == list(INDICATORS)
    assert list(urbsim.list_parameters().index) == list(registry())
    assert urbsim.list_parameters().loc["residence.alpha", "value"] == registry()["residence.alpha"].value
    assert urbsim.list_regions("jieshou").loc["341282", "residents_2020"] > 500_000
    assert {"by", "indicator"} == set(urbsim.list_groups()["kind"])
    with pytest.raises(urbsim.ExperimentError, match="did you mean 341282"):
        urbsim.list_regions("jieshuo")


def test_a_file_is_simulated_and_its_progress_told(tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    path.write_text(
        f"extends: {(ROOT / 'scenarios/jieshou/baseline.yaml').as_posix()}\nname: Short\nuntil: 2020-11\nscale: 0.002\n"
    )
    told: list[tuple[int, int]] = []
    result = urbsim.simulate(path, draws=2, jobs=1, progress=lambda done, runs: told.append((done, runs)))
    assert result.names == ("Short",)
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_without_a_number_of_jobs_there_is_one_process_per_core(pilot_plan: Scenario, monkeypatch) -> None:
    asked: list[tuple[int, bool]] = []

    def stand_in(jobs: int, progress: object, *, with_script: bool) -> None:
        asked.append((jobs, with_script))
        raise InterruptedError

    monkeypatch.setattr("urbsim.experiment.executor._own_executor", stand_in)
    monkeypatch.setattr("urbsim.experiment.executor.cores", lambda: 3)
    tasks = list(make_plan([pilot_plan], scale=0.01, draws=0, replicates=4).tasks().values())
    for number in (len(tasks), 1):
        with pytest.raises(InterruptedError):
            list(run_all(tasks[:number], None))
    policy = next(iter(pilot_plan.policies.values()))
    monkeypatch.setattr(type(policy), "__module__", "__main__")
    with pytest.raises(InterruptedError):
        list(run_all(tasks, None))
    assert asked == [(3, False), (1, False), (1, True)]


@pytest.mark.slow
def test_a_plain_script_may_use_several_processes(tmp_path: Path) -> None:
    script = tmp_path / "plain.py"
    script.write_text(
        "import urbsim\nprint('once')\n"
        f"base = urbsim.load_scenario({str(ROOT / 'scenarios/jieshou/baseline.yaml')!r})\n"
        "print(urbsim.simulate(base, scale=0.002, draws=2, until='2020-12', jobs=2, seed=77).replicates)\n"
    )
    found = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout.split()) == (0, ["once", "2"]), found.stderr
