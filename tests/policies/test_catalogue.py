"""The catalogue of programmes: complete, sound, and in step with levers, indicators, places and scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from urbsim.observation.indicators import INDICATORS
from urbsim.policies.registry import all_levers
from urbsim.programmes import programmes
from urbsim.programmes.coverage import coverage, open_rows
from urbsim.programmes.reading import CatalogueError, catalogue, catalogued, cited, read_programme
from urbsim.programmes.rows import Domain, FigureComparator, Programme, Use
from urbsim.programmes.texts import CALENDAR_YEAR, CONFIDENCES, DOMAINS, PERCENT, USES, figure_text
from urbsim.region.places import all_places
from urbsim.scenario.levers_set import levers_set_in
from urbsim.units import UNITS

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
PROGRAMMES = catalogue()
SOUND = """\
programme: small
title: [Small programme, 小规划]
place: "341282"
issued: 2022
period: [2022, 2025]
clauses:
  - id: "一(一)"
    gloss: [industry, 产业]
    domain: industry
    measures:
      - id: "一(一).1"
        gloss: [parks, 园区]
        levers: [industrial_parks]
        scenarios: [a/plan.yaml]
      - id: "一(一).2"
        gloss: [beds, 床位]
        domain: health
        indicator: beds_per_thousand
      - id: "一(一).3"
        gloss: [meetings, 会议]
        not_modelled: [no offices, 没有机构]
figures:
  - id: f1
    clause: "一(一).2"
    name: [beds, 床位]
    value: 7.5
    unit: beds/1000
    comparator: ">="
    year: 2025
    place: "341282"
    use: target
    indicator: beds_per_thousand
"""


def small(folder: Path, *changes: tuple[str, str]) -> Programme:
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "small.yaml").write_text(text, encoding="utf-8")
    return read_programme(folder / "small.yaml")


def test_the_five_programmes_are_there():
    assert programmes() == ("changzhi-2024", "jieshou-2022", "shanxi-2014", "shanxi-2023", "shanxi-2024")


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda one: one.programme)
def test_places_are_places_of_the_tables(programme):
    known = {place.code for place in all_places()}
    used = {programme.place, *(figure.place for figure in programme.figures)}
    used |= {code for named in programme.places for code in named.codes}
    assert used <= known


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda one: one.programme)
def test_figures_with_an_indicator_are_in_its_range_and_not_before_the_programme(programme):
    for figure in programme.figures:
        if figure.unit in {"share", "share/year"}:
            assert 0 <= figure.value <= 1, figure.id
        if figure.use is Use.TARGET and figure.year is not None:
            assert figure.year >= programme.period[0], figure.id


def test_a_lever_or_indicator_that_the_code_lacks_is_an_open_row():
    for programme in PROGRAMMES:
        still_open = {row.row for row in open_rows(programme, {})}
        for _, measure in programme.measures:
            lacks = set(measure.levers) - all_levers().keys() or {measure.indicator} - INDICATORS.keys() - {None}
            assert not lacks or measure.id in still_open
        for figure in programme.figures:
            assert figure.indicator is None or (figure.indicator not in INDICATORS) == (figure.id in still_open)


def test_texts_in_both_languages_for_every_choice_and_unit():
    assert DOMAINS.keys() == set(Domain)
    assert list(USES) == list(Use)
    assert len(CONFIDENCES) == 3
    units = {figure.unit for one in PROGRAMMES for figure in one.figures}
    assert units <= UNITS.keys() | PERCENT.keys() | {CALENDAR_YEAR}


def sources(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping that is the source of a policy or target."""
    if isinstance(node, dict):
        if isinstance(node.get("source"), dict):
            yield node["source"]
        for inner in node.values():
            yield from sources(inner)


@pytest.mark.parametrize("path", sorted(SCENARIOS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_clauses_that_scenarios_cite_exist(path):
    for source in sources(yaml.safe_load(path.read_text(encoding="utf-8"))):
        if not {"programme", "clause"} <= source.keys():
            continue  # the rest of it stands in the file it extends
        assert set(cited(source["clause"])) <= set(catalogued(source["programme"]).citable)


def test_targets_that_the_jieshou_plan_gives_are_figures_of_the_catalogue():
    plan = yaml.safe_load((SCENARIOS / "jieshou" / "plan-2025.yaml").read_text(encoding="utf-8"))
    figures = catalogued("jieshou-2022").figures
    stated = {(figure.indicator, figure.year, figure.value) for figure in figures if figure.use is Use.TARGET}
    given = {name: target for name, target in plan["targets"].items() if target["source"].get("given", True)}
    assert {"urbanization_rate", "seat_residents"} <= given.keys()
    for name in ("urbanization_rate", "seat_residents"):
        assert (name, 2025, given[name]["2025-12"]) in stated


def test_the_base_of_the_jieshou_growth_targets_is_the_census_of_2020():
    figures = {figure.id: figure.value for figure in catalogued("jieshou-2022").figures}
    assert figures["t2"] - figures["t2_growth"] / 100 == pytest.approx(308_493 / 650_870, abs=0.0005)
    assert figures["t1"] / (1 + figures["t1_growth"]) == pytest.approx(207_420, rel=0.005)


def test_clause_numbers_are_read_with_any_brackets_blanks_and_separators():
    assert cited("四（三）1") == ("四(三)1",)
    assert cited("三(一) 1，三（一）2; 四(二)") == ("三(一)1", "三(一)2", "四(二)")
    assert cited(" 、 ") == ()


def test_coverage_counts_by_hand(tmp_path):
    counted = coverage(small(tmp_path))
    assert (counted.clauses, counted.measures) == (1, 3)
    assert (counted.by_lever, counted.by_indicator, counted.not_modelled) == (1, 1, 1)
    assert counted.figures == {use: int(use is Use.TARGET) for use in Use}


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda one: one.programme)
def test_every_measure_is_counted_once(programme):
    counted = coverage(programme)
    assert counted.by_lever + counted.by_indicator + counted.not_modelled == counted.measures
    assert sum(counted.figures.values()) == len(programme.figures)


def missing(programme: Programme, folder: Path) -> list[tuple[str, str]]:
    return [(row.row, row.missing.en) for row in open_rows(programme, levers_set_in(folder))]


def test_a_row_is_open_until_its_scenario_sets_the_lever(tmp_path):
    programme, scenarios = small(tmp_path), tmp_path / "scenarios"
    (scenarios / "a").mkdir(parents=True)
    assert missing(programme, scenarios) == [("一(一).1", "there is no scenario a/plan.yaml")]
    plan = scenarios / "a" / "plan.yaml"
    plan.write_text("extends: base.yaml\npolicies: {x: {lever: school_capacity}}\n")
    base = scenarios / "a" / "base.yaml"
    base.write_text("name: x\n")
    assert missing(programme, scenarios) == [("一(一).1", "a/plan.yaml does not use industrial_parks")]
    base.write_text("policies: {y: {lever: industrial_parks}}\n")
    assert missing(programme, scenarios) == []
    plan.write_text("extends: base.yaml\npolicies: {y: null}\n")
    assert missing(programme, scenarios) == [("一(一).1", "a/plan.yaml does not use industrial_parks")]
    plan.write_text("[")
    assert missing(programme, scenarios) == [("一(一).1", "a/plan.yaml does not use industrial_parks")]
    assert missing(small(tmp_path, ("[a/plan.yaml]", "[]")), scenarios) == [("一(一).1", "no scenario is named")]


def test_figures_are_shown_as_people_write_them():
    figure = catalogued("jieshou-2022").figures[0]
    changes: list[tuple[dict[str, Any], str, str]] = [
        ({}, "250,000 persons", "250,000 人"),
        ({"value": 0.12, "unit": "share/year", "comparator": FigureComparator.AT_LEAST}, "≥ 12 % a year", "≥ 12%/年"),
        ({"value": 0.55, "unit": "share", "comparator": FigureComparator.ABOUT}, "about 55 %", "约 55%"),
        ({"value": 1, "upper": 2, "unit": "cities", "comparator": FigureComparator.BETWEEN}, "1–2 cities", "1至2 个市"),
        ({"value": 2000, "unit": "year", "comparator": FigureComparator.AT_MOST}, "≤ 2000", "≤ 2000"),
        ({"value": 120e9, "unit": "yuan/year"}, "120,000,000,000 yuan/year", "120,000,000,000 元/年"),
    ]
    for change, english, chinese in changes:
        changed = figure.model_copy(update=change)
        assert (figure_text(changed, "en"), figure_text(changed, "zh")) == (english, chinese)


MISTAKES = {
    "lever misspelt": (
        ("[industrial_parks]", "[industrial_park]"),
        "13:18: row '一(一).1': levers: there is no lever 'industrial_park', did you mean 'industrial_parks'?",
    ),
    "two answers": (
        ("scenarios: [a/plan.yaml]", "indicator: residents"),
        "11:9: row '一(一).1': needs exactly one of levers, indicator, not_modelled; found levers and indicator",
    ),
    "no answer": (
        ("        not_modelled: [no offices, 没有机构]\n", ""),
        "19:9: row '一(一).3': needs exactly one of levers, indicator, not_modelled; found none",
    ),
    "scenarios without levers": (
        ("indicator: beds_per_thousand\n      -", "indicator: residents\n        scenarios: [a/b.yaml]\n      -"),
        "15:9: row '一(一).2': scenarios go with levers",
    ),
    "unknown key": (
        ("        domain: health\n", "        field: health\n"),
        "17:9: row '一(一).2': unknown key 'field'",
    ),
    "unknown domain": (
        ("domain: health", "domain: helth"),
        f"17:17: row '一(一).2': domain is the text 'helth'; allowed: {', '.join(Domain)}; did you mean 'health'?",
    ),
    "languages in the wrong order": (
        ("[parks, 园区]", "[园区, parks]"),
        "12:16: row '一(一).1': gloss: English comes first: [English, 中文]",
    ),
    "full-width brackets": (
        ('- id: "一(一)"', '- id: "一（一）"'),
        "7:9: row '一（一）': id: write the number with half-width brackets and without blanks: '一(一)'",
    ),
    "measure of another clause": (
        ('"一(一).1"', '"一(二).1"'),
        "7:5: row '一(一)': the measure '一(二).1' must be numbered '一(一).1' and so on",
    ),
    "number twice": (('"一(一).2"', '"一(一).1"'), "1:1: the number '一(一).1' stands twice"),
    "clause of a figure": (
        ('clause: "一(一).2"', 'clause: "一(二).2"'),
        "24:13: row 'f1': there is no clause '一(二).2'; allowed: the number of a clause or measure of this file; "
        "did you mean '一(一).2'?",
    ),
    "unused figure without a reason": (
        ("use: target", "use: not_modelled"),
        "23:5: row 'f1': a figure that is not_modelled needs the reason as its note: [English, 中文]",
    ),
    "doubt without a reason": (
        ("use: target", "use: target\n    confidence: low"),
        "23:5: row 'f1': confidence low needs the doubt as its note: [English, 中文]",
    ),
    "range without its end": (
        ('comparator: ">="', "comparator: between"),
        "23:5: row 'f1': upper goes with the comparator between",
    ),
    "value as text": (("value: 7.5", 'value: "7.5"'), "26:12: row 'f1': value: Input should be a valid number"),
    "unit missing": (("    unit: beds/1000\n", ""), "23:5: row 'f1': unit is missing"),
    "another name": (("programme: small", "programme: large"), "1:12: programme is 'large'; allowed: small"),
    "key twice": (("issued: 2022", "issued: 2022\nissued: 2023"), "5:1: the key 'issued' a second time, after line 4"),
    "no YAML": (("period: [2022, 2025]", "period: [2022, 2025"), "6:8: not YAML"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_names_file_line_and_row(tmp_path, name):
    change, message = MISTAKES[name]
    with pytest.raises(CatalogueError) as caught:
        small(tmp_path, change)
    assert str(caught.value).startswith(f"small.yaml:{message}")
    assert len(caught.value.problems) == 1


def test_an_unknown_programme_is_no_programme():
    with pytest.raises(KeyError, match="jieshou-2021"):
        catalogued("jieshou-2021")


def test_clauses_are_called_as_the_programme_calls_them():
    """Their numbers stand in the reports of both languages: no English word is among them."""
    numbers = [
        number
        for programme in PROGRAMMES
        for number in (*(clause.id for clause in programme.clauses), *(each.id for _, each in programme.measures))
    ]
    assert not [number for number in numbers if any("a" <= letter.lower() <= "z" for letter in number)]
