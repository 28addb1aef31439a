"""The stored posterior as scenarios use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from urbsim.calibration.design import priors
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import make_plan
from urbsim.inference.comparisons import findings
from urbsim.inference.scores import fitted_responses
from urbsim.parameters import registry
from urbsim.posterior import draws
from urbsim.state.constants import NO_CONSTANTS
from worlds import small_scenario


def test_the_registry_holds_the_middle_of_the_posterior_and_calls_what_was_fitted_calibrated():
    values = draws.middle_values()
    assert {name: registry()[name].value for name in values} == pytest.approx(values, rel=1e-5)
    fitted = {name for name, parameter in registry().items() if parameter.status == "calibrated"}
    factors = {"demography.fertility_factor", "demography.mortality_factor"}
    informed = {name for finding in findings() for name in finding.study.informs}
    responses = {response.id for response in fitted_responses() if response.id in informed}
    assert len(responses) > 15
    assert fitted == {*priors(), *responses, "residence.period", *factors}


def test_draws_are_within_the_range_of_their_parameters():
    for number in range(1, draws.available_draws() + 1):
        for name, value in draws.draw(number, (), 2020).parameters.items():
            dated = value.values() if isinstance(value, Mapping) else [value]
            assert all(registry()[name].low <= each <= registry()[name].high for each in dated)


def test_draw_0_changes_no_parameter_and_others_differ():
    assert draws.draw(0, ("341282",), 2020).parameters == {}
    one, two = draws.draw(1, ("341282",), 2020), draws.draw(2, ("341282",), 2020)
    assert one.parameters != two.parameters
    assert one.constants.urban != two.constants.urban


def test_a_draw_is_the_same_alone_and_in_company_of_other_provinces():
    alone = draws.draw(3, ("341282",), 2020).constants
    together = draws.draw(3, ("140423", "341282", "620422"), 2020).constants
    assert together.urban[1] == alone.urban[0]
    assert together.outside[1] == alone.outside[0]


def test_a_county_that_no_fit_knows_has_the_equations_constants(monkeypatch, tmp_path):
    monkeypatch.setattr(draws, "counties_folder", lambda: tmp_path)  # a folder without constants of counties
    code = "130123"
    equation = draws.county_equation()
    assert equation is not None
    middle = draws.draw(0, (code,), 2010).constants
    assert [middle.urban[0], middle.outside[0]] == pytest.approx(equation.constants([code])[0], abs=1e-6)
    spread = np.array([draws.draw(k, (code,), 2010).constants.urban[0] for k in range(1, 41)])
    expected = np.sqrt(equation.prior_covariance([code])[0, 0, 0])
    assert spread.std() == pytest.approx(expected, rel=0.4)


def test_an_urban_district_that_no_fit_knows_has_none(monkeypatch, tmp_path):
    monkeypatch.setattr(draws, "counties_folder", lambda: tmp_path)
    assert draws.draw(5, ("110101",), 2020).constants.rows() == (NO_CONSTANTS,)


def test_a_draw_that_does_not_exist_is_refused():
    beyond = draws.available_draws() + 1
    with pytest.raises(ValueError, match=f"draws 1 to {beyond - 1}, and 0 for its median; not {beyond}"):
        draws.draw(beyond, (), 2020)
    with pytest.raises(ExperimentError, match=f"draws is {beyond}; the posterior holds {beyond - 1}"):
        make_plan([small_scenario()], draws=beyond)


def test_every_draw_has_luck_of_its_own_shared_by_all_scenarios():
    scenario = small_scenario()
    plan = make_plan([scenario, replace(scenario, name="other")], draws=3, replicates=2)
    stream = {
        name: {(key.draw, key.replicate): task.stream for key, task in plan.tasks().items() if key.scenario == name}
        for name in plan.names
    }
    assert stream["test"] == stream["other"]
    assert [stream["test"][number, 0] for number in (1, 2, 3)] == [0, 1, 2]
    assert len(set(stream["test"].values())) == 6
    assert {key.draw for key in make_plan([scenario], draws=0).run_keys()} == {0}
