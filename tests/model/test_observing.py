"""Months that are observed together give what each gives alone."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.observation import recording
from urbsim.observation.indicators import INDICATORS
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
    assert np.array_equal(model.recorder.observed(), np.stack(alone, axis=1), equal_nan=True)
    series = model.recorder.results().series
    assert np.array_equal(series["value"].to_numpy(), np.stack(alone, axis=1).ravel(), equal_nan=True)
    model.close()
