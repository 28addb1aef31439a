"""The pages about levers say what the code says."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
import yaml

from scripts import load_script
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
    assert fields["end"]["allowed"] == "YYYY-MM"
    assert not fields["end"]["own"]


def test_a_lever_on_whole_counties_shows_no_zones():
    for name, lever in all_levers().items():
        shown = {field["name"] for field in lever_reference(lever)["fields"]}
        assert ("zones" in shown) == lever.zonal(), name
