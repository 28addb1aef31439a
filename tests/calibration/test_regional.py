"""The county stage: constants move towards what was observed, and known ones are found."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.calibration.regional import (
    OBSERVATION_SD,
    CountyEnsemble,
    Unit,
    assimilate,
    calibrate,
    fit_table,
    prior_of,
    recovery,
    units_of,
)
from urbsim.experiment.runner import Runner
from urbsim.region.places import UnknownPlaceError, region_code
from urbsim.report.posterior_files import write_posterior

RESPONSE = np.array([[0.10, 0.0], [0.02, -0.15]])  # share and growth by the urban and the outside constant


def toy_ensemble(members: int = 400, units: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    prior = rng.normal(0, 0.5, (members, units, 2))
    return prior, np.array([0.45, 0.0]) + prior @ RESPONSE.T + rng.normal(0, 0.005, (members, units, 2))


def test_known_constants_are_found():
    prior, outcomes = toy_ensemble()
    truth = np.array([[0.4, 0.3], [-0.6, 0.1], [0.0, -0.5]])
    observed = np.array([0.45, 0.0]) + truth @ RESPONSE.T
    found = assimilate(prior, outcomes, observed, 1.0)
    assert found.mean(axis=0) == pytest.approx(truth, abs=0.12)
    spread = OBSERVATION_SD / np.abs(np.diag(RESPONSE))
    assert found.std(axis=0) == pytest.approx(np.broadcast_to(spread, (3, 2)), rel=0.5)


def test_a_county_with_an_unknown_outcome_keeps_its_prior():
    prior, outcomes = toy_ensemble()
    observed = np.array([[0.5, 0.0], [np.nan, np.nan], [0.4, 0.1]])
    found = assimilate(prior, outcomes, observed, 1.0)
    assert (found[:, 1] == prior[:, 1]).all()
    assert not (found[:, 0] == prior[:, 0]).any()


def test_recovery_holds_most_truths():
    prior, outcomes = toy_ensemble(120, 6)
    units = tuple(Unit(f"{n}", "", (), (0.4, 0.0)) for n in range(6))
    found = recovery(CountyEnsemble(units, prior, prior, outcomes[None]))
    inside = (found["truth"] - found["estimate"]).abs() < 1.2816 * found["sd"]
    assert 0.65 < inside.mean() < 0.95


def test_units_of_changzhi_are_twelve_with_their_former_codes():
    units = {unit.code: unit for unit in units_of("1404")}
    assert len(units) == 12
    assert units["140404"].former == ("140421",)
    assert units["140403"].former == ("140402", "140411")
    assert units["140428"].observed == pytest.approx((0.3497, np.log(298_690 / 353_316)), abs=0.1)


def test_regions_by_name():
    assert region_code("jieshou") == region_code("界首") == region_code("341282") == "341282"
    assert region_code("长治市") == region_code("140400") == "1404"
    with pytest.raises(UnknownPlaceError, match=r"several places are called 'Changzhi': 1404 长治市, 140421 长治县"):
        region_code("Changzhi")
    with pytest.raises(UnknownPlaceError, match=r"unknown place 'jieshuo'.*did you mean.*341282"):
        region_code("jieshuo")


def test_districts_have_a_prior_around_zero():
    district = [unit for unit in units_of("1404") if unit.code == "140403"]
    drawn = np.array([prior_of(district, draw)[0] for draw in range(1, 61)])
    assert np.abs(drawn.mean(axis=0)).max() < 0.5


@pytest.mark.slow
def test_a_county_simulated_with_known_constants_is_calibrated_to_them(tmp_path):
    """The whole county stage on a simulated truth: fit, resume, and the files it writes."""
    units = units_of("341282")
    first = calibrate(units, 24, Runner(), scale=0.3)
    member = 5
    truth = first.outcomes[0, member]
    ensemble = calibrate(units, 24, Runner(), scale=0.3, truth=truth)
    known, found = first.prior[member, 0], ensemble.posterior[:, 0]
    assert (np.abs(found.mean(axis=0) - known) < 2.5 * found.std(axis=0) + 0.1).all()
    assert (found.std(axis=0) < first.prior[:, 0].std(axis=0)).all()
    resumed = calibrate(units, 24, Runner(), scale=0.3)
    assert (resumed.posterior == first.posterior).all()
    write_posterior(ensemble, {}, fit_table(ensemble), recovery(ensemble), tmp_path / "posterior", "341282")
    assert {path.name for path in (tmp_path / "posterior").iterdir()} == {
        "README.md", "constants.parquet", "fit.csv", "fit.png", "recovery.csv"
    }  # fmt: skip
    assert len(fit_table(ensemble)) == 2
