"""Births and deaths after 2020 are multiplied so that the country's published rates come out."""

from __future__ import annotations

import pandas as pd
import pytest

from urbsim.calibration import vital
from urbsim.calibration.decade import CountyGroup
from urbsim.experiment import executor
from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Finished, simulate
from urbsim.months import census_month, month_number
from worlds import small_scenario


def test_factors_are_published_rates_over_those_of_the_model(monkeypatch):
    given = []

    def answer(task, _):
        given.append(dict(task.scenario.parameters))
        people = 1000.0 * len(task.scenario.counties)
        rows = [[year, 0.01 * people, 0.008 * people, people] for year in range(2020, 2025)]
        return Finished({"events": pd.DataFrame(rows, columns=["year", "births", "deaths", "residents"])})

    monkeypatch.setattr(executor, "simulate", answer)
    groups = [CountyGroup(("341282",), 0.01), CountyGroup(("140423", "140425"), 0.01)]
    found = vital.vital_factors(groups, Runner())
    births, deaths = found["demography.fertility_factor"], found["demography.mortality_factor"]
    assert births == pytest.approx(
        {
            census_month(2020): 0.752,
            month_number(2022, 1): 0.677,
            month_number(2023, 1): 0.639,
            month_number(2024, 1): 0.677,
            month_number(2025, 1): (0.639 + 0.677) / 2,
        }
    )
    assert deaths[census_month(2020)] == pytest.approx(0.00718 / 0.008)
    # Of runs without factors, whatever the registry holds: the second fit must find what the first found.
    assert given == [{"demography.fertility_factor": 1.0, "demography.mortality_factor": 1.0}] * 2


def test_births_and_deaths_of_residents_are_counted_by_year():
    from urbsim.experiment.simulate import Task

    scenario = small_scenario(start="2020-11", until="2021-12", scale=0.05)
    zero = ((0.0,) * 4,) * len(scenario.counties)
    tables = simulate(Task(scenario, zero, 1, 0, probe=vital.Events())).tables
    recorded = simulate(Task(scenario, zero, 1, 0)).tables
    table = tables["events"].set_index("year")
    flows = recorded["flows"]
    for event, cause, end in (("births", "birth", "destination"), ("deaths", "death", "origin")):
        own = flows[(flows["cause"] == cause) & flows[end].isin(["village", "town", "seat"])]
        years = own.groupby(own["month"].astype(str).str[:4])["persons"].sum()
        assert table[event].to_list() == pytest.approx([years["2020"], years["2021"]])
    assert table.loc[2021, "residents"] == pytest.approx(650_000, rel=0.05)
