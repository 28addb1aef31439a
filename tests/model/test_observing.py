"""Months that are observed together give what each gives alone."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.observation import recording
from urbsim.observation.indicators import INDICATORS
from urbsim.region.places import resolve_region
from worlds import JIESHOU, THREE_COUNTIES, small_model, small_scenario


@pytest.mark.parametrize("counties", [JIESHOU, THREE_COUNTIES])
@pytest.mark.parametrize("waiting", [1, 4, 1000])
def test_every_value_is_that_of_its_month(monkeypatch, counties, waiting):
    monkeypatch.setattr(recording, "_MOST_WAITING", waiting)
    dated = {"eldercare.space_per_place": {0: 20.0, 24_254: 40.0}}  # 2021-03: a parameter that an indicator reads
    model = small_model(small_scenario(counties, scale=0.002, parameters=dated))
    alone, places = [], len(counties) + (len(counties) > 1)
    for _ in range(6):
        model.step()
        world = model.world
        values = [[*each.by_county(world), each.of_world(world)] for each in INDICATORS.values()]
        alone.append(np.array(values)[:, :places])
    assert np.array_equal(model.recorder.of_world(), np.stack(alone, axis=1)[:, :, -1], equal_nan=True)
    series = model.recorder.results().series
    assert np.array_equal(series["value"].to_numpy(), np.stack(alone, axis=1).ravel(), equal_nan=True)
    model.close()


#: A province whole, with few counties, and a county of another.
TWO_PARTS = (*resolve_region("54", 2020)[:2], *resolve_region("64", 2020))


@pytest.fixture(scope="module")
def months_of_two_parts():
    """Three months of a world that holds Ningxia whole and two counties of Tibet, recorded whole and thinned."""
    results = []
    for very_many in (300, 10):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(recording, "VERY_MANY", very_many)
            model = small_model(small_scenario(TWO_PARTS, scale=0.001))
        for _ in range(4):
            model.step()
        results.append(model.recorder.results())
        model.close()
    return results


def test_a_province_that_a_world_holds_whole_among_others_is_a_place_of_its_own(months_of_two_parts):
    series = months_of_two_parts[0].series
    assert set(series["place"]) - set(TWO_PARTS) == {"64", TWO_PARTS[0][:4]}
    values = series.set_index(["indicator", "month", "place"])["value"].sort_index()
    counties = [code for code in TWO_PARTS if code.startswith("64")]
    for month in ("2020-11", "2021-02"):
        residents, urban = (values.loc[name, month].reindex(counties) for name in ("residents", "urban_residents"))
        assert values["residents", month, "64"] == pytest.approx(residents.sum())
        assert values["urbanization_rate", month, "64"] == pytest.approx(urban.sum() / residents.sum())


def test_of_very_many_counties_the_first_month_decembers_and_the_last_month_are_kept(months_of_two_parts):
    whole, thin = (results.series for results in months_of_two_parts)
    of_counties = thin[thin["place"].isin(TWO_PARTS)]
    assert list(dict.fromkeys(of_counties["month"])) == ["2020-11", "2020-12", "2021-02"]
    assert list(dict.fromkeys(thin["month"])) == ["2020-11", "2020-12", "2021-01", "2021-02"]
    keys = ["month", "place", "indicator"]
    both = thin.merge(whole, on=keys, suffixes=("", "_whole"), how="left")
    assert both["value"].equals(both["value_whole"])
    assert len(thin) == len(INDICATORS) * (3 * len(TWO_PARTS) + 4 * 2)


def test_flows_of_very_many_counties_are_those_of_provinces(months_of_two_parts):
    whole, thin = (results.flows for results in months_of_two_parts)
    assert set(thin["place"]) == {"54", "64"}
    keys = ["month", "place", "cause", "origin", "destination"]
    summed = whole.assign(place=whole["place"].str[:2]).groupby(keys)["persons"].sum()
    assert thin.set_index(keys)["persons"].sort_index().equals(summed.sort_index())
