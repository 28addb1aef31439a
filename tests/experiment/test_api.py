from __future__ import annotations

import subprocess
import sys

import pytest

import urbsim


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


def test_results_stay_in_memory_until_saved(tmp_path, tiny):
    folder = tiny.save(tmp_path / "run", language="zh")
    assert (folder / "comparison.csv").exists()
    assert tiny.replicates == 2


def test_importing_urbsim_loads_nothing_heavy():
    code = "import sys, urbsim; print(sorted({'pandas', 'numpy', 'numba', 'mesa', 'matplotlib'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_every_public_name_is_there_and_others_are_refused():
    assert all(getattr(urbsim, name) is not None for name in urbsim.__all__)
    with pytest.raises(AttributeError, match=r"module 'urbsim' has no attribute 'simulat'; it offers .*simulate"):
        _ = urbsim.simulat


def test_a_month_that_is_none_is_refused():
    base = urbsim.scenario_from_mapping({"name": "a", "region": "341282", "start": "2020-11", "until": "2020-12"})
    with pytest.raises(urbsim.ExperimentError, match="'soon' is not a month"):
        urbsim.simulate(base, until="soon")
