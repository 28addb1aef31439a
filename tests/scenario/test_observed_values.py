"""What was observed: tables and lists of it, and scenarios that hold them and a posterior of their own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.observed import observed_values
from urbsim.experiment.plan import make_plan
from urbsim.reading.problems import ScenarioError
from urbsim.scenario import load_scenario, resolved_yaml, write_scenario
from urbsim.scenario.model import ObservedValue
from urbsim.scenario.observed import read_observed

CODES = ("140403", "140404")  # 潞州区, 上党区 of 长治
END_2022 = 2022 * 12 + 11


def read(folder: Path, text: str, codes: tuple[str, ...] = ("341282",), region: str = "341282"):
    (folder / "seen.csv").write_text(text, encoding="utf-8")
    return read_observed(folder / "seen.csv", region, codes, 2020, "seen.csv")


def test_a_long_table(tmp_path):
    text = (
        "place,month,indicator,value,tolerance,source\n"
        "341282,2022-12,urbanization_rate,47.1%,0.5%,统计公报\n"
        "界首,2022年12月,常住人口,64.4万,,\n"
    )
    observed, found = read(tmp_path, text)
    assert observed == (
        ObservedValue("", END_2022, "residents", 644_000.0),
        ObservedValue("", END_2022, "urbanization_rate", pytest.approx(0.471), pytest.approx(0.005), "统计公报"),
    )
    assert not found.problems
    assert not found.doubts


def test_a_wide_table_with_years(tmp_path):
    observed, found = read(tmp_path, "年份,城镇化率（%）,年末常住人口（万人）\n2021,46.5,64.6\n2022年末,47.1,64.4\n")
    assert [(one.place, one.month, one.indicator) for one in observed] == [
        ("", END_2022 - 12, "residents"),
        ("", END_2022, "residents"),
        ("", END_2022 - 12, "urbanization_rate"),
        ("", END_2022, "urbanization_rate"),
    ]
    assert observed[3].value == pytest.approx(0.471)
    assert [str(doubt) for doubt in found.doubts] == ["seen.csv:A2: '2021' is read as the end of the year, 2021-12"]


def test_counties_and_the_region_itself(tmp_path):
    text = "地区,月份,指标,数值\n上党区,2022-12,常住人口,30万\n长治市,2022-12,常住人口,100万\n,2023-12,常住人口,99万\n"
    observed, found = read(tmp_path, text, CODES, "1404")
    assert not found.problems
    assert [one.place for one in observed] == ["", "", "140404"]


def test_what_yearbooks_call_unemployment_is_no_employment(tmp_path):
    read_values, _ = read(tmp_path, "月份,指标,数值\n2022-12,失业率,3.2%\n2022-12,65岁及以上人口比重,14%\n")
    assert {one.indicator: one.value for one in read_values} == {"old_share": 0.14, "unemployment_rate": 0.032}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("月份,城镇化率\n2022-12,47.1\n", ":B2: urbanization_rate is 47.1; allowed: a share from 0 to 1"),
        ("月份,城镇化率\n2022-13,0.47\n", ":A2: '2022-13' is no month"),
        ("月份,城镇化率\n2019-12,0.47\n", ":A2: 2019-12 is before a run begins; allowed: 2020-11"),
        ("月份,城镇化率\n2060-12,0.47\n", ":A2: 2060-12 is after a run can end; allowed: 2020-11"),
        ("月份,指标,数值,误差\n2022-12,城镇化率,0.47,-1\n", ":C2: tolerance is -1; allowed: a share"),
        ("月份,指标,数值,误差\n2022-12,城镇化率,0.47,5\n", "did you mean '0.05'"),
        ("城镇化率\n0.47\n", ":A2: urbanization_rate has no month"),
        ("月份,城镇化率\n2022-12,0.47\n2022-12,0.48\n", ":B3: urbanization_rate is 0.48 here and 0.47 in B2"),
        ("年份,月份,指标,数值\n2022,6,城镇化率,0.47\n", ":B1: the column '月份' says what '年份' in A1 says too"),
        ("月份,指标,数值,数值\n2022-12,城镇化率,0.47,0.48\n", ":D1: the column '数值' says what '数值' in C1 says too"),
        ("地区,月份,城镇化率\n潞州区,2022-12,0.47\n", "holds no observation of this region"),
    ],
)
def test_mistakes_of_tables(tmp_path, text, said):
    _, found = read(tmp_path, text)
    assert said in "\n".join(map(str, found.problems))


BASE = "name: a\nregion: 341282\nstart: 2020-11\nuntil: 2022-12\n"
LIST = "observed:\n  - {month: 2022-12, indicator: urbanization_rate, value: 0.471, tolerance: 0.005, target: on}\n"


def test_a_list_and_a_table_in_a_scenario_and_back(tmp_path):
    (tmp_path / "a.yaml").write_text(BASE + LIST, encoding="utf-8")
    scenario = load_scenario(tmp_path / "a.yaml")
    assert scenario.observed == (ObservedValue("", END_2022, "urbanization_rate", 0.471, 0.005, target=True),)
    (tmp_path / "again.yaml").write_text(resolved_yaml(scenario), encoding="utf-8")
    assert load_scenario(tmp_path / "again.yaml") == scenario
    (tmp_path / "seen.csv").write_text("月份,城镇化率\n2022-12,0.471\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(BASE + "observed: seen.csv\n", encoding="utf-8")
    assert load_scenario(tmp_path / "b.yaml").observed[0].value == 0.471


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("observed: none.csv", "observed names 'none.csv', which is no file"),
        ("observed: {month: 2022-12}", "observed is a mapping; allowed: a file, or a list of observations"),
        ("observed: [{month: 2022-12, value: 1}]", "an observation has no indicator"),
        ("observed: [{month: 2022-12, indicator: resident, value: 1}]", "did you mean 'residents'"),
        ("observed: [{month: 2022-12, indicator: urbanization_rate, value: 47}]", "did you mean '0.47'"),
        ("observed: [{month: 2022-12, indicator: residents, value: 1, tolerance: -1}]", "tolerance is -1"),
        ("observed: [{place: 140404, month: 2022-12, indicator: residents, value: 1}]", "is not in the region"),
        ("posterior: 3", "posterior is 3; allowed: text"),
    ],
)
def test_mistakes_of_scenarios(tmp_path, written, said):
    (tmp_path / "a.yaml").write_text(BASE + written + "\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as raised:
        load_scenario(tmp_path / "a.yaml")
    assert said in str(raised.value)


@pytest.fixture
def with_posterior(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    rows = [
        (2020, "341282", draw, member, 0.1 + draw, 0.2, 0.3, 0.4) for draw, member in ((0, 0), (1, 7), (2, 7), (3, 9))
    ]
    columns = ["year", "code", "draw", "member", "urban", "outside", "urban_later", "outside_later"]
    pd.DataFrame(rows, columns=columns).to_parquet(folder / "constants.parquet")
    (folder / "fit.csv").write_text("place,month,indicator\n,2022-12,urbanization_rate\n", encoding="utf-8")
    observed = "observed: seen.csv\nposterior: own\n"
    text = "月份,城镇化率,常住人口\n2022-12,0.471,644000\n"
    (tmp_path / "seen.csv").write_text(text, encoding="utf-8")
    (tmp_path / "a.yaml").write_text(BASE + observed, encoding="utf-8")
    return load_scenario(tmp_path / "a.yaml")


def test_a_scenario_runs_with_the_draws_of_its_posterior(with_posterior):
    known = make_plan([with_posterior], draws=3).given()
    assert [its.constants[0][0] for _, its in sorted(known.items())] == [1.1, 2.1, 3.1]
    assert known["a", 1].parameters == known["a", 2].parameters != known["a", 3].parameters
    with pytest.raises(ExperimentError, match="draws is 4"):
        make_plan([with_posterior], draws=4)


def test_what_was_used_to_fit_is_marked(with_posterior):
    table = observed_values(make_plan([with_posterior], draws=1)).set_index("indicator")
    assert bool(table.loc["urbanization_rate", "fitted"]) is True
    assert bool(table.loc["residents", "fitted"]) is False


def test_a_run_folder_keeps_the_posterior(with_posterior, tmp_path):
    kept = tmp_path / "run" / "scenario.yaml"
    kept.parent.mkdir()
    write_scenario(with_posterior, kept)
    again = load_scenario(kept)
    assert again == with_posterior
    assert again.posterior.folder.parent == kept.parent
    assert make_plan([again], draws=3).given() == make_plan([with_posterior], draws=3).given()


def test_a_posterior_that_is_not_made_yet(tmp_path):
    (tmp_path / "a.yaml").write_text(BASE + LIST + "posterior: none\n", encoding="utf-8")
    scenario = load_scenario(tmp_path / "a.yaml")
    with pytest.raises(ExperimentError, match=r"is not there; make it with: urbsim calibrate .*a\.yaml"):
        make_plan([scenario], draws=1)
