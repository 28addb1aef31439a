"""The tables of parameters and indicators say what the code says, and links between pages lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

import urbsim
from scripts import load_script
from urbsim.observation.indicators import INDICATORS
from urbsim.parameters import registry

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
LINK = re.compile(r"\]\(([^)\s#]*)(?:#([^)\s]*))?\)")


def generator(name: str) -> ModuleType:
    return load_script(ROOT / "docs" / f"{name}.py")


@pytest.mark.parametrize("subject", ["parameters", "indicators", "evidence"])
def test_the_generated_page_is_current(subject):
    page = (ROOT / "docs" / f"{subject}.md").read_text(encoding="utf-8")
    assert page == generator(f"generate_{subject}").page(), f"run python docs/generate_{subject}.py"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_of_own_figures_is_current(language):
    generate = generator("generate_own_data")
    page = generate.PAGES[language].read_text(encoding="utf-8")
    assert page == generate.page(language), "run python docs/generate_own_data.py"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_of_the_functions_is_current(language):
    generate = generator("generate_api")
    page = generate.PAGES[language].read_text(encoding="utf-8")
    assert page == generate.page(language), "run python docs/generate_api.py"


def test_the_page_of_the_functions_has_all_that_is_public():
    assert generator("generate_api").names() == set(urbsim.__all__)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_of_the_programmes_is_current(language):
    generate = generator("generate_policies")
    page = generate.PAGES[language].read_text(encoding="utf-8")
    assert page == generate.page(language), "run python docs/generate_policies.py"


def test_the_pages_list_every_parameter_and_indicator_once():
    parameters = (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8")
    indicators = (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([^`]+)` \|", parameters, flags=re.M) == list(registry())
    assert re.findall(r"^\| `([^`]+)` \|", indicators, flags=re.M) == list(INDICATORS)


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        goal = (page.parent / target).resolve() if target else page
        assert goal.exists(), f"{page.name} links to {target}"
        if anchor and goal.suffix == ".md":
            assert anchor in anchors(goal), f"{page.name} links to {target}#{anchor}"


def named_in_model_description() -> list[str]:
    """Return the dotted names on the page that could be parameters, or families written name_*."""
    page = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    sections = "|".join(sorted({name.split(".", 1)[0] for name in registry()}))
    names = re.findall(rf"(?<![\w./])(?:{sections})\.[a-z0-9_.*]*[a-z0-9*]", page)
    return [name for name in names if not name.endswith((".csv", ".py", ".md"))]


def matches(name: str, parameter: str) -> bool:
    return re.fullmatch(re.escape(name).replace(r"\*", ".+"), parameter) is not None


def test_parameters_named_in_the_model_description_are_registered():
    for name in named_in_model_description():
        assert any(matches(name, parameter) for parameter in registry()), f"docs/odd.md names {name}"


def test_the_model_description_names_every_parameter_outside_the_synthesis():
    named = set(named_in_model_description())
    monthly = [parameter for parameter in registry() if not parameter.startswith("synthesis.")]
    missing = [parameter for parameter in monthly if not any(matches(name, parameter) for name in named)]
    assert not missing, f"docs/odd.md does not say what these do: {', '.join(missing)}"
