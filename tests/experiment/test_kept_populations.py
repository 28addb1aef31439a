"""Base populations that took long to make are kept, found by all that they depend on, and cleared with the cache."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from urbsim.caches import cache_folder
from urbsim.cli import app
from urbsim.experiment import populations
from urbsim.experiment.populations import POPULATIONS, kept_or_made
from urbsim.months import parse_month
from urbsim.region.base import base_population
from urbsim.scenario.model import Scenario


@pytest.fixture(scope="module")
def base_of_jieshou():
    scenario = Scenario("base", "341282", ("341282",), parse_month("2020-11"), parse_month("2020-12"), scale=0.002)
    return base_population(scenario, 0, 0)


@pytest.mark.usefixtures("empty_store")
def test_a_base_population_that_took_long_is_read_the_next_time_and_no_byte_differs(monkeypatch, base_of_jieshou):
    made = []

    def make():
        made.append(1)
        return base_of_jieshou

    monkeypatch.setattr(populations, "_LONG", 0.0)
    first = kept_or_made(("jieshou", 0.002), make)
    again = kept_or_made(("jieshou", 0.002), make)
    assert len(made) == 1
    assert first is base_of_jieshou
    assert again.population.scale == first.population.scale
    for kind in ("people", "households"):
        mine, its = getattr(again.population, kind), getattr(first.population, kind)
        assert mine.size == its.size
        assert all(np.array_equal(mine[name], its[name]) and mine[name].dtype == its[name].dtype for name in its)
    pd.testing.assert_frame_equal(again.fit, first.fit)
    kept_or_made(("jieshou", 0.003), make)
    assert len(made) == 2


@pytest.mark.usefixtures("empty_store")
def test_a_kept_population_is_made_again_after_a_change_of_the_model_or_where_it_is_spoilt(
    monkeypatch, base_of_jieshou
):
    made = []
    monkeypatch.setattr(populations, "_LONG", 0.0)

    def ask():
        made.append(1)
        return base_of_jieshou

    kept_or_made("a", ask)
    monkeypatch.setattr(populations, "model_hash", lambda: "another")
    kept_or_made("a", ask)
    assert len(made) == POPULATIONS.contents()[0] == 2
    for file in cache_folder().glob("populations/*"):
        file.write_bytes(b"nothing of the kind")
    kept_or_made("a", ask)
    assert len(made) == 3


@pytest.mark.usefixtures("empty_store")
def test_a_base_population_that_was_quickly_made_is_not_kept_and_clearing_removes_the_others(
    monkeypatch, base_of_jieshou
):
    kept_or_made("quick", lambda: base_of_jieshou)
    assert POPULATIONS.contents() == (0, 0)
    monkeypatch.setattr(populations, "_LONG", 0.0)
    kept_or_made("slow", lambda: base_of_jieshou)
    shown = CliRunner().invoke(app, ["cache", "--json"])
    assert json.loads(shown.stdout)["populations"] == 1
    CliRunner().invoke(app, ["cache", "--clear"])
    assert POPULATIONS.contents() == (0, 0)
