"""The pages about levers say what the code says."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
import yaml

from scripts import load_script
from urbsim.policies.choices import CHOICES
from urbsim.policies.reference import example_yaml, lever_reference
from urbsim.policies.registry import all_levers

ROOT = Path(__file__).parents[2]
OWN_LEVER = ROOT / "scenarios" / "teaching" / "own_lever"


def generator() -> ModuleType:
    return load_script(ROOT / "docs" / "generate_levers.py")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_reference_of_levers_is_current(language):
    generate = generator()
    page = generate.PAGES[language].read_text(encoding="utf-8")
    assert page == generate.page(language), "run python docs/generate_levers.py"


@pytest.mark.parametrize("page", ["own-lever.md", "own-lever.zh.md"])
@pytest.mark.parametrize("name", ["my_levers.py", "teacher-bonus.yaml"])
def test_the_page_on_own_levers_shows_the_files_as_they_are(name, page):
    page = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert (OWN_LEVER / name).read_text(encoding="utf-8").rstrip() in page


@pytest.mark.parametrize("lever", all_levers().values(), ids=list(all_levers()))
def test_the_example_of_a_lever_is_a_valid_policy(lever):
    (fields,) = yaml.safe_load(example_yaml(lever))["policies"].values()
    assert fields.pop("lever") == lever.lever
    assert lever.model_validate(fields)


def test_the_reference_shows_bounds_units_and_defaults():
    fields = {field["name"]: field for field in lever_reference(all_levers()["industrial_parks"])["fields"]}
    assert fields["posts_per_year"]["allowed"] == "more than 0, at most 1,000,000"
    assert fields["posts_per_year"]["unit"] == "posts a year, in each zone reached of each county"
    assert fields["posts_per_year"]["required"]
    assert fields["yuan_per_post"]["default"] == 50_000
    assert fields["sector"]["allowed"] == "industry, services"
    assert fields["zones"]["allowed"] == "a list of village, town, seat"
    assert fields["zones"]["choices"] == ["village", "town", "seat"]
    assert fields["end"]["allowed"] == "YYYY-MM"
    assert not fields["end"]["own"]


def test_in_chinese_every_member_stands_with_what_it_means():
    reference = lever_reference(all_levers()["hukou_relaxation"], "zh")
    fields = {field["name"]: field for field in reference["fields"]}
    assert fields["zones"]["allowed"] == "列表：village（乡村）、town（建制镇）、seat（县城）"
    assert fields["home_required"]["allowed"] == "true（是）、false（否）"
    assert reference["reaches"][0] == "“zones”所列区域（乡村、建制镇、县城）；不填则为建制镇、县城。"
    members = {
        each
        for lever in all_levers().values()
        for field in lever_reference(lever)["fields"]
        for each in field["choices"]
    }
    assert members <= set(CHOICES), "every member has a Chinese name"


def test_a_lever_on_whole_counties_shows_no_zones():
    for name, lever in all_levers().items():
        shown = {field["name"] for field in lever_reference(lever)["fields"]}
        assert ("zones" in shown) == lever.zonal(), name
