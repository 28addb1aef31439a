"""Every lever carries a grade that follows from the lists, and doses in words."""

from __future__ import annotations

import pandas as pd
import pytest

from urbsim.evidence import elasticities, grades
from urbsim.evidence.grades import Strength, fits, grade_of, responses_of
from urbsim.evidence.reading import studies
from urbsim.evidence.rows import Role
from urbsim.policies.registry import all_levers

LEVERS = all_levers()


def test_a_lever_whose_response_is_fitted_names_the_study_and_what_stays_open():
    grade = grade_of(LEVERS["hukou_relaxation"])
    assert grade.strength is Strength.FITTED
    assert "hukou_rural_labour" in [study.id for study in grade.fits]
    assert "hukou_wages" in [study.id for study in grade.tests]
    assert "An & Yan 2024" in grade.sentence("en")
    assert "拟合" in grade.sentence("zh")


def test_a_lever_that_only_tests_speak_to_is_known_in_sign():
    grade = grade_of(LEVERS["resettlement"])
    if not grade.fits:  # relocated households move by order: no response of the list but what they earn
        assert grade.strength is Strength.SIGN
    assert "relocation_income" in [study.id for study in grade.tests]


def test_a_lever_that_no_study_speaks_to_is_an_assumption():
    grade = grade_of(LEVERS["local_transport"])
    assert grade.strength is Strength.ASSUMPTION
    assert responses_of(LEVERS["local_transport"]) == ()
    assert grade.sentence("en").startswith("assumption")


def test_without_its_fit_a_lever_falls_to_what_is_left(monkeypatch):
    monkeypatch.setattr(grades, "fits", lambda _: False)
    assert grade_of(LEVERS["land_rights_security"]).strength is Strength.SIGN


def test_a_study_that_no_experiment_repeats_fits_nothing():
    fitted = [study for study in studies() if fits(study)]
    assert len(fitted) >= 5
    assert all(study.role is Role.FIT and study.experiment for study in fitted)
    unmodelled = next(study for study in studies() if study.id == "pension_migration")
    assert not fits(unmodelled)


def test_every_lever_has_a_grade_in_both_languages():
    found = {name: grade_of(lever) for name, lever in LEVERS.items()}
    assert {grade.strength for grade in found.values()} == set(Strength)
    assert all(grade.sentence("en") and grade.sentence("zh") for grade in found.values())


@pytest.fixture
def measured(tmp_path, monkeypatch):
    row = {
        "lever": "housing_subsidy",
        "grade": "assumption",
        "place": "341282",
        "years": 5.0,
        "draws": 12,
        "scale": 0.03,
    }
    row |= dict(zip(["seat_p05", "seat_median", "seat_p95"], [120.0, 342.0, 618.0], strict=True))
    row |= dict(zip(["urban_p05", "urban_median", "urban_p95"], [-4.0, 301.0, 590.0], strict=True))
    row |= dict(zip(["per_dose_p05", "per_dose_median", "per_dose_p95"], [20.0, 57.0, 103.0], strict=True))
    pd.DataFrame([row | {"million_yuan_a_year": 60.0}]).to_csv(tmp_path / "strength.csv", index=False)
    monkeypatch.setattr(elasticities, "strength_file", lambda: tmp_path / "strength.csv")
    elasticities.elasticities.cache_clear()
    yield
    elasticities.elasticities.cache_clear()


def test_a_dose_is_said_in_words_with_its_interval_and_what_10_million_bring(measured):
    said = elasticities.sentences(LEVERS["housing_subsidy"], "en")
    assert "+340 [+120, +620] people in the seat" in said[0]
    assert "2,400 yuan per household and year" in said[0]
    assert "a county like Jieshou" in said[0]
    assert "60.0 million yuan a year" in said[1]
    assert "(1,000 yuan a year for each of 10,000 households) bring +57 [+20, +100] people to the seat" in said[1]
    assert "界首" in elasticities.sentences(LEVERS["housing_subsidy"], "zh")[0]
    assert elasticities.sentences(LEVERS["local_transport"], "en") == []


def test_no_difference_is_said_as_such():
    assert elasticities.people((0.2, 0.0, -0.1)) == "0"
