"""The lists of studies and responses keep to the rules: counts, bands, roles, sources."""

from __future__ import annotations

from collections import Counter
from statistics import NormalDist

import pytest

from urbsim.evidence.reading import repeated_by, responses, studies
from urbsim.evidence.rows import ErrorFrom, Role
from urbsim.evidence.rules import can_judge, grade, roles
from urbsim.parameters import registry
from urbsim.validation.run import STUDIES

#: What must have a prior, as registered or proposed.
WANTED = {
    "residence.alpha", "residence.delta", "residence.sigma", "residence.hukou", "residence.insurance", "residence.land",
    "residence.care", "services.weight", "residence.home", "returning.horizon_years", "residence.move",
    "reconsider.peak", "employment.wage_elasticity", "employment.capital_adjustment", "housing.price_elasticity",
    "housing.new_land_elasticity", "arrivals.response", "employment.training_finding", "schooling.expansion",
    "residence.taste", "reconsider.duration", "land.rent_per_mu", "income.own_produce", "income.transfers",
}  # fmt: skip


def named(name):
    return next(study for study in studies() if study.id == name)


def of(role):
    return [study for study in studies() if study.role is role]


def test_there_are_enough_studies_of_each_use():
    assert len(of(Role.FIT)) >= 5
    assert len(of(Role.TEST)) >= 6
    assert sum(study.experiment is None for study in studies()) >= 7


def test_every_study_is_used_once_and_levers_with_both_uses_have_two_studies():
    assert max(Counter(study.id for study in studies()).values()) == 1
    for lever in {lever for study in studies() for lever in study.levers}:
        fitted, tested = (
            {study.citation.short for study in of(role) if lever in study.levers} for role in (Role.FIT, Role.TEST)
        )
        assert not fitted & tested


def test_no_prior_rests_on_a_study_that_fits_or_tests():
    role = {study.id: study.role for study in studies()}
    used = [name for response in responses() for name in response.studies]
    assert used
    assert {role[name] for name in used} == {Role.PRIOR}


def test_every_study_has_an_identifier_and_every_number_its_words_and_place():
    for study in studies():
        assert study.citation.doi or study.citation.url
        for outcome in study.outcomes:
            assert outcome.estimate is None or (outcome.seen and outcome.read_at)


def test_bands_contain_their_estimates_and_exclude_zero_where_the_sign_is_sure():
    for study in studies():
        for outcome in study.outcomes:
            if outcome.estimate is None or not outcome.modelled:
                continue
            low, high = outcome.limits
            assert low <= outcome.estimate <= high
            if not study.disagrees and not outcome.kept:
                assert low >= 0.0 or high <= 0.0


def test_errors_are_those_of_a_hand_calculation():
    spouse = named("insurance_settlement").outcomes[0]
    assert spouse.error_from is ErrorFrom.P_VALUE
    assert spouse.error == pytest.approx(1.6 / NormalDist().inv_cdf(0.99), abs=1e-3)
    fees = named("school_fees_children").outcomes[0]
    assert (fees.estimate, fees.error, fees.band) == (-16.0, 6.8, (-27.0, -4.8))  # -16 - 1.645 x 6.8 = -27.2
    abroad = named("land_certificates_abroad").outcomes[0]
    assert abroad.error == pytest.approx(0.75 * 12.0)
    disputed = named("migrants_natives_cities").outcomes[0]
    assert disputed.error == pytest.approx(10.0)


def test_studies_that_disagree_are_carried_together():
    for study in studies():
        for other in study.disagrees:
            assert study.id in named(other).disagrees
            if can_judge(study) and can_judge(named(other)):
                assert named(other).role is study.role
    assert any(study.disagrees for study in studies())


def test_roles_take_turns_by_grade_and_year():
    assert [named(name).role for name in ("hukou_rural_labour", "hukou_wages")] == [Role.FIT, Role.TEST]
    schooling = [study for study in studies() if study.channel == "schooling" and can_judge(study)]
    ordered = sorted(schooling, key=lambda study: (grade(study) != "strong", -study.citation.year))
    assert [study.role for study in ordered] == [Role.FIT, Role.TEST, Role.FIT, Role.TEST]


def test_the_split_does_not_depend_on_the_order_of_the_list():
    sources = {name for response in responses() for name in response.studies}
    assert roles(studies()[::-1], sources) == {study.id: study.role for study in studies()}


def test_every_experiment_repeats_a_study_and_every_named_experiment_exists():
    keys = {study.key for study in STUDIES}
    assert {study.experiment for study in studies() if study.experiment} == keys
    for each in STUDIES:
        assert repeated_by(each.key)
        assert set(each.twins) <= {outcome.key for outcome in each.outcomes}


def test_the_bands_of_the_first_list_are_as_they_were():
    bands = {
        (study.key, outcome.key): (outcome.low, outcome.high)
        for study in STUDIES
        for outcome in study.outcomes
        if outcome.modelled and outcome.low > -1e300 and outcome.high < 1e300
    }
    first = {
        ("pension", "children_away"): (1.0, 4.0),
        ("hukou", "rural_work"): (-5.0, -2.0),
        ("hukou", "migrant_wages"): (-7.9, -2.6),
        ("relocation", "income"): (5.0, 15.0),
        ("return_pilot", "income"): (1.0, 5.0),
        ("return_pilot", "neighbours"): (-0.5, 0.5),
        ("industrial_park", "neighbours"): (-0.5, 0.5),
        ("training", "employment"): (0.0, 3.0),
    }
    assert first.items() <= bands.items()
    ratio = next(study for study in STUDIES if study.key == "feedbacks").outcomes[0]
    assert ratio.low == 2.0


def test_every_response_that_is_wanted_has_a_prior_within_the_registry():
    known = {response.id: response for response in responses()}
    assert known.keys() >= WANTED
    for response in known.values():
        if response.id in registry():
            parameter = registry()[response.id]
            assert parameter.low <= response.range[0] < response.range[1] <= parameter.high
        assert response.source.strip()
        assert "assumption" in response.source or "posterior" in response.source or response.studies
