"""What the censuses say happened, and the split between fitting and testing."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.calibration.cohort_counts import counting_error, log_survival
from urbsim.calibration.decade import world_groups
from urbsim.calibration.design import sample_counties
from urbsim.calibration.summaries import observed_summaries, summarise, targets
from urbsim.posterior.outcomes import (
    county_codes,
    held_out_provinces,
    observed,
    second_test_provinces,
    second_testing,
    training,
)
from urbsim.posterior.outcomes import test_set as set_of
from urbsim.posterior.outcomes import testing as unseen


def test_every_county_of_2010_is_listed_and_districts_are_not():
    table = observed()
    assert len(table) == len(county_codes()) > 1900
    assert all(int(code[4:6]) >= 21 for code in table.index)


def test_jieshou_is_as_printed():
    row = observed().loc["341282"]
    assert row["residents_2010"] == 561_956
    assert row["residents_2020"] == 650_870
    assert row["share_2020"] == pytest.approx(0.4740, abs=5e-5)
    ages = [row[f"age_{age}_2020"] for age in (0, *range(5, 90, 5))]
    assert sum(ages) == pytest.approx(row["residents_2020"], rel=1e-3)


def test_counties_whose_territory_changed_are_unknown():
    table = observed()
    assert not table.loc["140421", "known"]  # Zhangzhi, a district since
    assert table.loc[~table["known"], "share_2020"].isna().all()


def test_every_known_county_either_fits_or_tests_once():
    table = observed()
    fits, tests, second = training(table), unseen(table), second_testing(table)
    assert (fits.astype(int) + tests + second == table["known"]).all()
    apart = {*held_out_provinces(), *second_test_provinces()}
    assert second_test_provinces() == ("13", "21", "33", "36", "43", "45", "51", "61")
    assert not {code[:2] for code in table.index[fits]} & apart
    assert not {code[:2] for code in sample_counties()} & apart
    assert set(table.loc[tests, "province"]) == set(held_out_provinces())
    assert set(table.loc[second, "province"]) == set(second_test_provinces())
    assert second.sum() > 600


def test_the_set_of_a_county_follows_its_province():
    table = observed().loc[["341282", "441426", "130123", "140421"]]
    assert set_of(table).tolist() == ["cross_validated", "held_out", "second_test", "unknown"]


def test_groups_hold_every_county_once_and_similar_sizes():
    codes = list(observed().index[::7])
    groups = world_groups(codes)
    assert sorted(code for group in groups for code in group.codes) == sorted(codes)
    residents = observed()["residents_2010"]
    for group in groups:
        sizes = residents.loc[list(group.codes)]
        assert sizes.max() / sizes.min() <= 2.5
        assert group.scale * sizes.median() == pytest.approx(1500, rel=0.01) or group.scale == 1.0


def test_summaries_of_the_census_are_those_of_the_evidence():
    table = observed()
    known = table[table["known"]]
    found = observed_summaries(known)
    assert list(found.index) == list(targets())
    assert found["change_60_80"] < found["change_45_60"] < found["change_25_35"]
    assert found["cohort_10"] < found["cohort_15"] < found["cohort_20"]  # the valley of leaving
    assert found["registered_rate"] == 8.7  # published
    growth = known["urban_2020"].sum() - known["urban_2010"].sum()
    assert found["rise_from_county"] == pytest.approx(
        100 * (known["from_county_2020"].sum() - known["from_county_2010"].sum()) / growth
    )


def test_a_summary_by_hand():
    table = observed().loc[["341282", "140428"]]
    moved = table.assign(share_2020=table["share_2010"] + np.array([0.10, 0.20]), reclassified=[1000.0, 500.0])
    registers = {"registered_2010": [900.0, 100.0], "registered_urban_2010": [200.0, 20.0]}
    registers |= {"registered_2020": [950.0, 50.0], "registered_urban_2020": [300.0, 5.0]}
    found = summarise(moved.assign(**registers), table)
    assert found["registered_rate"] == pytest.approx(30.5 - 22.0)  # of all registered people, not the mean of counties
    assert found["change_35_45"] == pytest.approx(10.0)  # Jieshou alone starts there
    assert found["change_10_25"] == pytest.approx(20.0)  # Zhangzi
    growth = table["urban_2020"].sum() - table["urban_2010"].sum()
    assert found["reclassified"] == pytest.approx(100 * 1500 / growth)


def test_a_cohort_that_the_censuses_lost_is_not_lost_to_the_model():
    """99.89 million aged 15-19 in 2010, 91.85 ten years later; about 0.5-0.7 % of them died."""
    deaths = 100 * np.log(91.85 / 99.89) - counting_error(15)
    assert -0.8 < deaths < -0.4
    assert counting_error(15) == pytest.approx(-7.75, abs=0.1)
    assert counting_error(10) == pytest.approx(0.6, abs=0.1)  # 74.91 million, then 74.94


def test_of_a_cohort_live_as_many_as_its_death_rates_leave():
    """Two per cent a year for ten years, of both sexes and all ages, leave exp(-0.2)."""
    assert log_survival(40, lambda _: np.full((2, 101), 0.02)) == pytest.approx(-0.2)
