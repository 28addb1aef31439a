"""A county's own figures: messy tables read with every doubt named by cell, and scenarios that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from urbsim.labels import speaking
from urbsim.reading.amounts import AmountError, amount_of
from urbsim.reading.entries import Found
from urbsim.reading.problems import ScenarioError
from urbsim.region.figures import FIGURES, CountyData
from urbsim.report.data_template import write_template
from urbsim.scenario import load_scenario, resolved_yaml
from urbsim.scenario.county_data import read_county_data, with_county_data

JIESHOU, CHANGZHI = ("341282",), ("140403", "140404")  # 界首; 潞州区, 上党区


def csv_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "data.csv"
    path.write_bytes(text.encode(encoding))
    return path


def workbook(folder: Path, rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    book.save(folder / "data.xlsx")
    return folder / "data.xlsx"


def read(path: Path, codes: Sequence[str] = JIESHOU) -> tuple[CountyData, Found]:
    return read_county_data(path, codes, 2020, path.name)


@pytest.mark.parametrize(
    ("text", "unit", "heading", "value"),
    [
        ("1,234.5", "beds", None, 1234.5),
        ("１２，３４５", "beds", None, 12345.0),
        ("82.4万", "persons", None, 824000.0),
        ("82.4 万人", "persons", None, 824000.0),
        ("82.4", "persons", 1e4, 824000.0),
        ("3.12亿元", "yuan", None, 312e6),
        ("￥4,800万元", "yuan/year", None, 48e6),
        ("55.3%", "share", None, 0.553),
        ("55.3％", "share", 0.01, 0.553),
        ("48000元/年", "yuan/month", None, 4000.0),
        ("-1.5", "yuan", None, -1.5),
        ("12 345", "beds", None, 12345.0),
    ],
)
def test_amounts(text: str, unit: str, heading: float | None, value: float) -> None:
    assert amount_of(text, unit, heading).value == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("text", ["1,23", "12,34,567", "4000-4200", "八千", "4200公里", "1.2.3", "82万/千人"])
def test_what_could_mean_two_things_is_no_amount(text: str) -> None:
    with pytest.raises(AmountError):
        amount_of(text, "beds")


def test_a_unit_twice_is_refused() -> None:
    with pytest.raises(AmountError, match="another one"):
        amount_of("82.4万", "persons", 1e4)


def test_a_wide_table_in_gbk_with_units_in_headings(tmp_path: Path) -> None:
    text = '县名,户籍人口（万人）,床位数,一般公共预算支出（亿元）\n界首市,83.9,"3,254",48.8\n'
    data, found = read(csv_file(tmp_path, text, "gbk"))
    assert data == {"341282": {"registered": 839000.0, "beds": 3254.0, "budget_spending": pytest.approx(4.88e9)}}
    assert [str(doubt) for doubt in found.doubts] == ["data.csv: is not in UTF-8; read as GBK (GB18030)"]
    assert not found.problems


def test_a_long_table_with_a_byte_order_mark(tmp_path: Path) -> None:
    text = "指标,单位,数值,来源\n床位数,张,３２５４,卫健委\n户籍人口,万人,83.9,公安局\n"
    data, found = read(csv_file(tmp_path, text, "utf-8-sig"))
    assert data == {"341282": {"beds": 3254.0, "registered": 839000.0}}
    assert not found.problems
    assert not found.doubts


def test_a_line_of_units_above_the_table_is_named(tmp_path: Path) -> None:
    data, found = read(
        workbook(tmp_path, [["单位：万元、人"], ["县名", "财政支出", "医生数"], ["界首市", 488000, 1888]])
    )
    assert data["341282"]["budget_spending"] == pytest.approx(4.88e9)
    assert data["341282"]["doctors"] == 1888
    assert "data.xlsx:数据!B2" in str(found.doubts[0])


def test_every_doubt_is_named_by_cell(tmp_path: Path) -> None:
    rows = [
        ["县名", "床位数", "护士数", "特产", "小学学位"],
        ["潞州区", 4200, "约5200", "苹果", "—"],
        ["潞州区", 4200, None, None, None],
        ["界首市", 1, None, None, None],
        ["合计", 8400, None, None, None],
        ["注：数据为年末数", None, None, None, None],
    ]
    data, found = read(workbook(tmp_path, rows), CHANGZHI)
    assert data == {"140403": {"beds": 4200.0, "nurses": 5200.0}}
    said = "\n".join(map(str, found.doubts))
    for cell in ("D1", "C2", "E2", "B3", "A4", "A5", "A6"):
        assert f":数据!{cell}:" in said, cell
    assert "has no figure of" in said  # of the other county
    assert not found.problems


def test_two_figures_for_one_name_both_cells(tmp_path: Path) -> None:
    _, found = read(csv_file(tmp_path, "代码,床位数\n341282,3254\n341282,3300\n"))
    assert ":B3: beds is 3300 here and 3254 in B2: two figures for one" in str(found.problems[0])


def test_merged_cells(tmp_path: Path) -> None:
    rows = [["县名", "指标", "数值"], ["界首市", "床位数", 3254], [None, "医生数", None]]
    data, found = read(workbook(tmp_path, rows, ["A2:A3"]))
    assert data["341282"] == {"beds": 3254.0}
    assert "!A2: the merged cells A2:A3 are read as '界首市' in every row" in str(found.doubts[0])
    _, found = read(workbook(tmp_path, rows, ["C2:C3"]))
    assert "!C2: the merged cells C2:C3 hold one figure, '3254', for several rows" in str(found.problems[0])
    wide = [["县名", "床位数", "医生数", "备注"], ["界首市", 3254, None, None]]
    data, found = read(workbook(tmp_path, wide, ["B2:C2"]))
    assert "!B2: the merged cells B2:C2 hold one figure, '3254', for beds, doctors" in str(found.problems[0])
    assert not data
    data, found = read(workbook(tmp_path, wide, ["C2:D2"]))
    assert (data, found.problems) == ({"341282": {"beds": 3254.0}}, [])


def test_a_line_of_units_above_holds_for_the_rows_of_its_kind(tmp_path: Path) -> None:
    rows = [["2020年末"], ["单位：万元"], ["指标", "数值"], ["一般公共预算收入", "99,000"], ["床位数", 3254]]
    data, found = read(workbook(tmp_path, rows, ["A1:B1"]))
    assert data["341282"] == {"budget_revenue": 990_000_000.0, "beds": 3254.0}
    assert [str(doubt).split(": ", 1)[1] for doubt in found.doubts if "!A4" in doubt.file] == [
        "the indicator '一般公共预算收入' has no unit; A2 says '万元'"
    ]


def test_figures_and_units_have_their_chinese_names_and_cells_one_name_in_both_languages(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "床位数\n3254a\n")
    english = read(path)[1].problems[0]
    with speaking("zh"):
        chinese = read(path)[1].problems[0]
    assert (english.allowed, chinese.allowed) == ("a number of beds (beds)", "beds（医疗床位）的数值（张）")
    assert english.file == chinese.file == "data.csv:A2"


def test_an_impossible_figure_suggests_the_unit_meant(tmp_path: Path) -> None:
    _, found = read(csv_file(tmp_path, "床位数,户籍人口\n3254,83.9\n"))
    problem = found.problems[0]
    assert ":B2" in problem.file
    assert "registered for 界首市 is 83.9 persons, which cannot be" in problem.found
    assert problem.suggestion == "839000 (万)"
    data, found = read(csv_file(tmp_path, "初中学位,医疗床位\n3.3,0.3254万\n"))  # a county may have 3 places, not 3.3
    assert data["341282"] == {"beds": 3254.0}
    assert found.problems[0].suggestion == "33000 (万)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "县名,床位数\n界手市,3254\n",
            ":A2: unknown county '界手市'; allowed: 341282 (界首市); did you mean '341282",
        ),
        ("指标,数值\n床位树,3254\n", ":A2: unknown indicator '床位树'; did you mean 'beds'?"),
        ("指标,单位,数值\n床位数,公里,3254\n", ":B2: the unit '公里' is not of beds"),
        ("床位数\n3254a\n", ":A2: '3254a' has the unit 'a', which is not of this figure"),
        ("住房,县城住房\n200000,210000\n", "dwellings of 界首市 are 200000 in all, and 210000 in its zones"),
        ("户籍人口\n500000\n", "registered of 界首市 is 500000, but 623243 of its residents"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, said: str) -> None:
    _, found = read(csv_file(tmp_path, text))
    assert said in "\n".join(map(str, found.problems))


def test_a_formula_without_its_result(tmp_path: Path) -> None:
    _, found = read(workbook(tmp_path, [["床位数"], ["=1000+2254"]]))
    assert "!A2: holds a formula whose result is not in the file" in str(found.problems[0])


@pytest.mark.parametrize("name", ["missing.csv", "data.xls", "broken.xlsx", "unknown.csv"])
def test_files_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name != "missing.csv":
        path.write_bytes(b"one,two\n1,2\n")
    with pytest.raises(ScenarioError, match=name):
        read(path)


def test_the_form_reads_back_what_was_filled_in(tmp_path: Path) -> None:
    estimates = {"341282": dict.fromkeys(FIGURES, 1000.0)}
    path = tmp_path / "form.xlsx"
    write_template(estimates, 2020, path)
    data, found = read(path)
    assert (data, found.problems) == ({}, [])  # an empty form changes nothing
    assert "holds no figures; everything is estimated" in str(found.doubts[0])
    book = openpyxl.load_workbook(path)
    rows = {row[2].value: row for row in book.active.iter_rows()}
    rows["beds"][6].value, rows["registered"][6].value, rows["debt"][6].value = 3254, "83.9万", "31.2亿元"
    book.save(path)
    data, found = read(path)
    assert (data, found.problems, found.doubts) == (
        {"341282": {"beds": 3254.0, "registered": 839000.0, "debt": pytest.approx(3.12e9)}},
        [],
        [],
    )


BASE = "name: a\nregion: 341282\nstart: 2020-11\nuntil: 2020-12\n"


def test_a_scenario_names_a_table_or_holds_the_figures(tmp_path: Path) -> None:
    csv_file(tmp_path, "床位数,医生数\n3254,1888\n")
    (tmp_path / "a.yaml").write_text(BASE + "county_data: data.csv\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(BASE + "county_data: {beds: 3254, doctors: 1888}\n", encoding="utf-8")
    first, second = (load_scenario(tmp_path / name) for name in ("a.yaml", "b.yaml"))
    assert first.county_data == second.county_data == {"341282": {"beds": 3254.0, "doctors": 1888.0}}
    (tmp_path / "again.yaml").write_text(resolved_yaml(first), encoding="utf-8")
    assert load_scenario(tmp_path / "again.yaml") == first
    child = "name: c\nextends: b.yaml\ncounty_data: {341282: {nurses: 2000}}\n"
    csv_file(tmp_path, "医生数\n1900\n")
    assert with_county_data(second, tmp_path / "data.csv").county_data["341282"] == {"beds": 3254.0, "doctors": 1900.0}
    (tmp_path / "c.yaml").write_text(child, encoding="utf-8")
    with pytest.raises(ScenarioError, match="beds"):
        load_scenario(tmp_path / "c.yaml")  # figures and counties side by side


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{bed: 3254}", "a.yaml:5:15: unknown figure 'bed' of county_data"),
        ("{beds: 3254000}", "beds for 界首市 is 3254000 beds, which cannot be; allowed: 130 to 26,000 beds"),
        ("{341281: {beds: 3254}}", "county_data has '341281', which is no county of the region"),
        ("none.csv", "county_data names 'none.csv', which is no file"),
        ("{beds: 3,254}", "beds"),
    ],
)
def test_mistakes_in_the_file(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "a.yaml").write_text(BASE + f"county_data: {written}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as raised:
        load_scenario(tmp_path / "a.yaml")
    assert said in str(raised.value)
