"""The report as a workbook and as a memo, and what other commands found out in it."""

from __future__ import annotations

import zipfile

import docx
import openpyxl
import pytest
from made_up import made_up, some_policies

from urbsim.experiment.errors import ExperimentError
from urbsim.policies.registry import all_levers
from urbsim.report.answers import find_answers, scenario_hash
from urbsim.report.body import Shown
from urbsim.report.export import FORMATS, export
from urbsim.report.export.members import in_words
from urbsim.report.export.memo import _fitting
from urbsim.report.opening.sentences import sentences
from urbsim.report.plain_data import write_json


@pytest.fixture(scope="module")
def ensemble():
    targets = {"urbanization_rate": {"2021-01": 0.4}}
    return made_up(until="2021-03", policies=some_policies(2), targets=targets)


@pytest.fixture(scope="module")
def written(ensemble, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exports")
    record = {"command": "urbsim compare A.yaml B.yaml"}
    return {
        language: export(ensemble, folder / f"{language}.html", list(FORMATS), language, Shown(), record)
        for language in ("en", "zh")
    }


@pytest.mark.parametrize(("language", "sheet"), [("en", "At a glance"), ("zh", "主要结果")])
def test_the_workbook_has_labelled_sheets_with_numbers(written, ensemble, language, sheet):
    book = openpyxl.load_workbook(written[language][0])
    assert len(book.sheetnames) == len(set(book.sheetnames)) >= 9
    rows = list(book[sheet].iter_rows(values_only=True))
    headings, first = rows[0], rows[1]
    assert None not in headings
    expected = ensemble.table(("residents",)).iloc[0]
    values = dict(zip(headings, first, strict=True))
    median = values["Median" if language == "en" else "中位数"]
    assert median == pytest.approx(expected["median"])
    assert values["Month" if language == "en" else "月份"] == "2020-11"
    brief = [row[0] for row in book[book.sheetnames[0]].iter_rows(min_row=2, values_only=True)]
    assert brief == sentences(ensemble, Shown().answers, language)


def test_a_chinese_workbook_names_members_units_and_levers_in_chinese(written):
    book = openpyxl.load_workbook(written["zh"][0])
    targets, spending = (list(book[name].iter_rows(values_only=True)) for name in ("目标", "支出"))
    first = dict(zip(targets[0], targets[1], strict=True))
    assert (first["单位"], first["比较方式"]) == ("比重，0至1", "≥")
    assert [in_words("given", each, "zh") for each in (True, False, None)] == ["是", "否", None]
    paid = dict(zip(spending[0], spending[1], strict=True))
    assert paid["支付方"] == "县级"
    assert paid["政策工具"] == all_levers()[next(iter(some_policies(1).values()))["lever"]].title.zh


def test_the_memo_has_the_sentences_a_chart_and_tables_on_two_pages(written, ensemble):
    memo = docx.Document(written["en"][1])
    words = "\n".join(paragraph.text for paragraph in memo.paragraphs)
    for sentence in sentences(ensemble, Shown().answers, "en"):
        assert sentence in words
    assert "urbsim compare A.yaml B.yaml" in words
    assert len(memo.inline_shapes) == 1
    assert len(memo.tables) == 3  # headline, targets, costs
    breaks = memo.element.xpath('.//w:br[@w:type="page"]')
    assert len(breaks) == 1
    (section,) = memo.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    headings = [paragraph.text for paragraph in memo.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == [
        "Targets",
        f"What differs from '{ensemble.baseline}'",
        "Costs",
        "How sure we are",
        "How to reproduce",
    ]


@pytest.mark.parametrize(("language", "comma"), [("en", ", "), ("zh", "、")])
def test_the_memo_says_what_is_added_to_its_end(written, ensemble, language, comma):
    added = comma.join(policy.title.in_language(language) for policy in ensemble.plan.scenarios[1].policies.values())
    (line,) = [each.text for each in docx.Document(written[language][1]).paragraphs if added in each.text]
    assert "–" not in line
    assert "→" not in line


def test_changes_are_cut_where_the_memo_has_no_room():
    assert _fitting(["a" * 400, "b" * 300]) == ["a" * 400, "b" * 300]
    assert len(_fitting(["a" * 2000, "b" * 300])) == 1
    assert _fitting(["a" * 9000])[0].endswith("…")


def test_no_sheet_has_a_column_without_a_heading(written):
    for language in ("en", "zh"):
        for sheet in openpyxl.load_workbook(written[language][0]):
            first, *others = sheet.iter_rows(values_only=True)
            assert None not in first[: max(len(row) for row in others) if len(first) > 1 else 1], sheet.title


def test_equal_results_give_equal_files(written, ensemble, tmp_path):
    again = export(
        ensemble, tmp_path / "again.html", list(FORMATS), "en", Shown(), {"command": "urbsim compare A.yaml B.yaml"}
    )
    for first, second in zip(written["en"], again, strict=True):
        assert first.read_bytes() == second.read_bytes()
        with zipfile.ZipFile(first) as archive:
            assert archive.testzip() is None


def contributions(ensemble, plan_hash: str) -> dict:
    part = {"name": "Works", "name_zh": "市政", "cost": 1e6, "cost_per_urban_resident": None}
    numbers = {f"{name}{end}": 0.01 for name in ("shapley", "alone", "left_out") for end in ("", "_p10", "_p90")}
    whole = {"median": 0.01, "p10": 0.0, "p90": 0.02, "base": 0.3, "plan": 0.31, "cost": 1e6}
    return {
        "indicator": "urbanization_rate",
        "month": "2021-03",
        "by": "part",
        "exact": True,
        "orders": 0,
        "plan": ensemble.names[1],
        "against": ensemble.baseline,
        "whole": whole,
        "parts": [{**part, **numbers}],
        "pairs": 2,
        "scale": 0.01,
        "seed": 0,
        "hashes": {ensemble.names[1]: plan_hash},
    }


def test_contributions_beside_a_run_folder_are_found_where_they_are_of_its_scenarios(ensemble, tmp_path):
    run, answer = tmp_path / "run", tmp_path / "contributions-plan"
    run.mkdir()
    answer.mkdir()
    plan = ensemble.plan.scenarios[1]
    write_json(contributions(ensemble, scenario_hash(plan)), answer / "contributions.json")
    found = find_answers(ensemble.plan, run)
    assert found.contributions_of(plan.name) is not None
    said = sentences(ensemble, found, "en")[2]
    assert "Works adds +1.00" in said
    again = find_answers(ensemble.plan, run, [answer, run / ".." / answer.name])
    assert len(again.contributions) == 1, "named and beside the folder, it is shown once"
    write_json(contributions(ensemble, "another plan"), answer / "contributions.json")
    assert find_answers(ensemble.plan, run).contributions == ()
    with pytest.raises(ExperimentError, match="holds no answer about these scenarios"):
        find_answers(ensemble.plan, run, [answer])
