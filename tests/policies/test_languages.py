"""Every unit, payer, zone, indicator, lever and parameter that people see has words in both languages."""

from __future__ import annotations

import re

import pytest

from urbsim import units
from urbsim.codes import CAUSE_LABELS, GROUP_LABELS, ZONE_LABELS
from urbsim.labels import Label
from urbsim.observation.indicators import INDICATORS
from urbsim.parameters import registry
from urbsim.policies.base import Payer, ZoneName
from urbsim.policies.reference import lever_reference
from urbsim.policies.registry import all_levers
from urbsim.quantities.environment import DECLARATIONS
from urbsim.report.numbers import format_of
from urbsim.report.words import CHART_TITLES, WORDS
from urbsim.scenario.loading import load_scenario
from urbsim.scenario.output import provenance

CHINESE = re.compile("[\u4e00-\u9fff]")
#: Units that are signs, and numbers without one.
SIGNS = {"1", "%"}


def in_both(label: Label) -> bool:
    return bool(label.en.strip() and CHINESE.search(label.zh) and not CHINESE.search(label.en))


def test_units_of_indicators_parameters_and_programmes_are_known():
    assert {indicator.unit for indicator in INDICATORS.values()} <= units.UNITS.keys()
    assert {parameter.unit for parameter in registry().values()} <= units.UNITS.keys()


LABELS = {
    **{f"unit {name}": label for name, label in units.UNITS.items() if name not in SIGNS and "1/" not in name},
    **{f"lever unit {name}": label for name, label in vars(units).items() if isinstance(label, Label)},
    **{f"payer {payer}": payer.label for payer in Payer},
    **{f"zone {zone}": ZONE_LABELS[zone.zone] for zone in ZoneName},
    **{f"group {group.name}": label for group, label in GROUP_LABELS.items()},
    **{f"cause {cause.name}": label for cause, label in CAUSE_LABELS.items()},
    **{f"indicator {name}": indicator.label for name, indicator in INDICATORS.items()},
    **{f"definition {name}": indicator.definition for name, indicator in INDICATORS.items()},
    **{f"parameter {name}": parameter.label for name, parameter in registry().items()},
    **{f"quantity {name}": declared.unit for name, declared in DECLARATIONS.items()},
    **{f"lever {name}": lever.title for name, lever in all_levers().items()},
    **{f"explanation of {name}": lever.explanation for name, lever in all_levers().items()},
    **{f"word {name}": label for name, label in WORDS.items()},
    **{f"chart {name}": label for name, label in CHART_TITLES.items()},
}


@pytest.mark.parametrize("label", LABELS.values(), ids=LABELS.keys())
def test_words_are_there_in_both_languages(label):
    assert in_both(label)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_an_indicator_is_shown_with_a_chinese_unit(indicator):
    for largest in (0.5, 1e3, 1e9):
        form = format_of(indicator, largest, "zh")
        assert form.unit.zh == "%" or CHINESE.search(form.unit.zh)
        assert CHINESE.search(form.difference_unit.zh)


@pytest.mark.parametrize("lever", all_levers().values(), ids=lambda lever: lever.lever)
def test_fields_of_a_lever_are_described_in_both_languages(lever):
    for field, chinese in zip(lever_reference(lever)["fields"], lever_reference(lever, "zh")["fields"], strict=True):
        assert CHINESE.search(chinese["description"])
        assert bool(field["unit"]) == bool(CHINESE.search(chinese["unit"]))


def test_the_values_of_a_scenario_are_shown_with_chinese_units(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text(
        "name: s\nregion: 341282\nstart: 2020-11\nuntil: 2021-12\nscale: 0.01\n"
        "parameters: {schooling.kindergarten_rate: 0.9, start.wage_2020: 3500}\n"
        "targets: {beds_per_thousand: {2021-12: 5}}\n",
        encoding="utf-8",
    )
    shown = {setting.key: setting.unit for setting in provenance(load_scenario(path), "zh")}
    assert shown["targets.beds_per_thousand.2021-12"] == "张/千人"
    assert shown["scale"] == "占家庭户比例"
    assert shown["parameters.start.wage_2020"] == "元/月"
