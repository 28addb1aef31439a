from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

import urbsim
from urbsim.experiment.reopen import open_run
from urbsim.observation.observe import Observation
from urbsim.report.answers import find_answers
from urbsim.report.groups import groups_tables


def test_load_simulate_compare_tabulate_and_plot_in_five_lines(tmp_path, monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)
    base = urbsim.load_scenario("scenarios/jieshou/baseline.yaml")
    plan = urbsim.load_scenario("scenarios/jieshou/plan-2025.yaml")
    result = urbsim.compare([base, plan], scale=0.002, draws=0, replicates=2, until="2021-04")
    table = result.table()
    figure = result.plot("urbanization_rate", language="zh")
    assert set(table["scenario"]) == {base.name, plan.name}
    assert len(figure.axes[0].lines) == 2
    assert not list(tmp_path.iterdir())


def test_a_result_is_saved_with_what_its_scenario_observes_and_with_exports(tmp_path, baseline):
    observing = replace(baseline, observe={"by sex": Observation("urbanization_rate", ("sex",))})
    result = urbsim.simulate(observing, scale=0.002, draws=0, until="2020-12")
    assert not list(tmp_path.iterdir())
    folder = result.save(tmp_path / "run", language="zh", export=("xlsx", "docx"))
    files = {"comparison.csv", "report.html", "report.xlsx", "report.docx", "groups"}
    assert {each.name for each in folder.iterdir()} >= files
    again = find_answers(open_run(folder).plan, folder).groups
    shown = [[table.rows for table in groups_tables(groups, "zh")] for groups in (result.groups, again)]
    assert shown[0] == shown[1]
    assert [row[1] for row in shown[0][0]] == ["男", "女", "合计"]
    assert next(groups_tables(again, "zh")).headings[-1].zh == "基准"
    assert "by sex" in (folder / "report.html").read_text(encoding="utf-8")
    with pytest.raises(urbsim.ExperimentError, match=r"'docs' is no format; allowed: xlsx, docx.*did you mean 'docx'"):
        result.save(tmp_path / "other", export="docs")
    assert not (tmp_path / "other").exists()


def test_importing_urbsim_loads_nothing_heavy():
    code = "import sys, urbsim; print(sorted({'pandas', 'numpy', 'numba', 'mesa', 'matplotlib'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_every_public_name_is_there_and_others_are_refused():
    assert all(getattr(urbsim, name) is not None for name in urbsim.__all__)
    with pytest.raises(AttributeError, match=r"module 'urbsim' has no attribute 'simulat'; it offers .*simulate"):
        _ = urbsim.simulat
    with pytest.raises(AttributeError, match="did you mean 'list_levers'"):
        _ = urbsim.list_leverz


def test_a_month_that_is_none_is_refused():
    base = urbsim.scenario_from_mapping({"name": "a", "region": "341282", "start": "2020-11", "until": "2020-12"})
    with pytest.raises(urbsim.ExperimentError, match="'soon' is not a month"):
        urbsim.simulate(base, until="soon")
