"""The page on credibility says what the stored results say."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from scripts import load_script
from urbsim.report.sureness import COUNTY_POINTS

DOCS = Path(__file__).resolve().parents[2] / "docs"
HINDCAST = DOCS.parent / "calibration" / "hindcast"


def generator():
    return load_script(DOCS / "generate_credibility.py")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_current(language):
    generate = generator()
    written = generate.PAGES[language].read_text(encoding="utf-8")
    assert written == generate.page(language), "run python docs/generate_credibility.py"


def test_the_pictures_it_shows_exist():
    text = (DOCS / "credibility.md").read_text(encoding="utf-8")
    names = [part.split(")")[0] for part in text.split("](images/")[1:]]
    assert len(names) >= 3
    assert all((DOCS / "images" / name).is_file() for name in names)


def test_the_hindcast_holds_every_county_with_ordered_intervals():
    found = pd.read_csv(HINDCAST / "hindcast.csv", dtype={"code": str, "province": str}, index_col="code")
    assert len(found) > 1900
    for target in ("share", "residents"):
        columns = [f"{target}_{name}" for name in ("p05", "p10", "p90", "p95")]
        assert (found[columns].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def test_errors_on_the_page_follow_from_the_hindcast():
    from urbsim.calibration.skill import errors

    found = pd.read_csv(HINDCAST / "hindcast.csv", dtype={"code": str, "province": str}, index_col="code")
    rules = pd.read_csv(HINDCAST / "rules.csv").set_index(["rule", "set"])
    for group in ("held_out", "cross_validated"):
        here = errors(found)[found.loc[errors(found).index, "set"] == group]
        assert rules.loc[("urbsim", group), "share_mae"] == pytest.approx(here["share"].abs().mean(), abs=1e-3)
        assert rules.loc[("urbsim", group), "residents_mae"] == pytest.approx(here["residents"].abs().mean(), abs=1e-3)


@pytest.mark.parametrize(
    "page", ["README.md", "README.zh.md", "docs/odd.md", "docs/credibility.md", "docs/credibility.zh.md"]
)
def test_how_well_one_county_is_known_is_what_the_hindcast_found(page):
    found = pd.read_csv(HINDCAST / "hindcast.csv")
    assert round(float((found["share_p90"] - found["share_p10"]).mean() / 2)) == COUNTY_POINTS
    assert re.search(rf"±{COUNTY_POINTS}\b|±{COUNTY_POINTS}个", (DOCS.parent / page).read_text(encoding="utf-8"))
