"""A policy that changes nothing changes nothing, bit for bit; the same seed gives the same bytes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from urbsim.model import UrbanizationModel
from urbsim.policies.base import Policy
from urbsim.policies.levers.care import ChildcareSupply, EldercareSupply
from urbsim.policies.levers.construction import ConstructionLandQuota
from urbsim.policies.levers.employment import SkillsTraining
from urbsim.policies.levers.finance import DevelopmentFinance
from urbsim.policies.levers.health import HealthCapacity
from urbsim.policies.levers.housing import HousingSubsidy
from urbsim.policies.levers.labour import JobMatching, LabourProtection
from urbsim.policies.levers.land import LandRightsSecurity
from urbsim.policies.levers.registration import HukouRelaxation
from urbsim.policies.levers.schooling import MigrantChildSchooling
from urbsim.policies.levers.services import ResidenceBasedServices, RuralServiceEqualisation
from urbsim.policies.registry import all_levers
from worlds import THREE_COUNTIES, base_of, columns_of, small_model, small_scenario

CLASSES: dict[str, type[Policy]] = all_levers()
#: Amounts that are felt within a year by the few people of these runs; other levers act at those of their example.
FELT: dict[str, dict[str, object]] = {
    "hukou_relaxation": {"home_required": False, "years_required": 0},
    "school_capacity": {"stage": "primary", "places_per_year": 3000},
    "skills_training": {"trainees_per_year": 9000},
    "housing_subsidy": {"rent_yuan_per_household_year": 6000, "yuan_per_purchase": 50000},
    "affordable_housing": {"kind": "public_rental", "dwellings_per_year": 2000},
    "land_rights_security": {"certified_share": 1.0},
    "citizenisation_transfer": {"same_county_yuan": 5000},
    "land_exit_compensation": {"yuan_per_household": 1_000_000},
    "resettlement": {"households_per_year": 3000},
    "industry_clusters": {"posts_per_year": 3000},
    "industry_relocation": {"posts_per_year": 3000},
    "innovation_productivity": {"growth_per_year": 0.05},
    "tourism_culture": {"posts_per_year": 3000, "amenity_points": 0.1},
    "commerce_logistics": {"posts_per_year": 3000},
    "agri_upgrading": {"income_growth_per_year": 0.05, "workers_freed_per_year": 3000},
    "urban_renewal": {"share_per_year": 0.5},
    "local_transport": {"minutes_saved": 20, "build_months": 6, "yuan_total": 1e7},
    "metro_integration": {"minutes_saved": 60, "build_months": 6, "yuan_total": 1e7},
    "utilities_resilience": {"share_per_year": 0.5},
    "rural_habitat": {"share_per_year": 0.5},
    "green_environment": {"share_per_year": 0.5},
    "digital_services": {"share_per_year": 0.5},
    "construction_land_quota": {"mu_per_year": 0},
    "development_finance": {"yuan_per_year": 1e8, "debt_cap": 0.1},
}
#: The national programme has ended, so that among few people there are some whose land only a policy certifies.
UNCERTIFIED = {"land.national_certified_share": 0.5}
LEVERS: dict[str, dict[str, object]] = {name: FELT.get(name, dict(cls.example)) for name, cls in CLASSES.items()}
FREE_HUKOU = {"administration_yuan_per_person": 0, "service_yuan_per_person": 0}
#: Amounts at which a lever contributes its quantity's base value and so changes nothing, at no cost.
ZERO_AMOUNTS: dict[str, Policy] = {
    "hukou rule no easier than the one in force": HukouRelaxation(start="2020-12", years_required=10, **FREE_HUKOU),
    "admission no more open": MigrantChildSchooling(
        start="2020-12", admitted_share=0.0, exam_years=12, yuan_per_pupil_year=0
    ),
    "subsidy of next to nothing": HousingSubsidy(start="2020-12", rent_yuan_per_household_year=1e-300),
    "down-payment no lower": HousingSubsidy(start="2020-12", down_payment_share=1.0),
    "no more land certified": LandRightsSecurity(start="2020-12", certified_share=0.0),
    "land for everything": ConstructionLandQuota(start="2020-12", mu_per_year=1_000_000),
    "a debt cap nobody reaches": DevelopmentFinance(start="2020-12", debt_cap=10.0),
    "training that teaches nobody": SkillsTraining(start="2020-12", trainees_per_year=1e-300),
    "no entitlement": ResidenceBasedServices(start="2020-12", entitlement=0.0),
    "services no better than they are": RuralServiceEqualisation(
        start="2020-12", service_ratio=0.1, school_ratio=0.1, yuan_per_resident_year=0
    ),
    "no more childcare than ordinary": ChildcareSupply(start="2020-12", places_per_thousand=1.0),
    "no more elder care than ordinary": EldercareSupply(start="2020-12", m2_per_hundred_households=1.0),
    "no more beds and staff than ordinary": HealthCapacity(
        start="2020-12", beds_per_thousand=1.0, doctors_per_thousand=1.0, nurses_per_thousand=1.0
    ),
    "matching as it is": JobMatching(start="2020-12", rate_factor=1.0, yuan_per_seeker_year=0),
    "arrears as they are": LabourProtection(start="2020-12", arrears_probability=0.5, yuan_per_worker_year=0),
}


def run_model(policies: dict[str, Policy], seed: int = 1, replicate: int = 0) -> UrbanizationModel:
    scenario = small_scenario(THREE_COUNTIES, scale=0.005, until="2021-12", policies=policies, parameters=UNCERTIFIED)
    model = UrbanizationModel(scenario, seed, replicate, base=base_of(scenario, seed, replicate))
    model.run()
    return model


@pytest.fixture(scope="module")
def plain() -> UrbanizationModel:
    return run_model({})


def assert_same_population(one: UrbanizationModel, other: UrbanizationModel) -> None:
    for kind in ("people", "households"):
        first, second = (columns_of(getattr(model.world.population, kind)) for model in (one, other))
        for name, column in first.items():
            assert column.tobytes() == second[name].tobytes(), f"{kind}.{name}"


def assert_same_series(one: UrbanizationModel, other: UrbanizationModel) -> None:
    tables = [model.recorder.results() for model in (one, other)]
    pd.testing.assert_frame_equal(tables[0].series, tables[1].series, check_exact=True)
    assert tables[0].series["value"].to_numpy().tobytes() == tables[1].series["value"].to_numpy().tobytes()
    pd.testing.assert_frame_equal(tables[0].flows, tables[1].flows, check_exact=True)


@pytest.mark.parametrize("lever", LEVERS)
def test_a_policy_not_yet_in_force_changes_no_byte(lever: str, plain: UrbanizationModel) -> None:
    later = run_model({lever: CLASSES[lever](start="2022-01", **LEVERS[lever])})
    assert_same_population(plain, later)
    assert_same_series(plain, later)
    assert later.world.ledger.entries == []


@pytest.mark.parametrize("lever", LEVERS)
def test_a_policy_for_another_county_changes_no_byte(lever: str, plain: UrbanizationModel) -> None:
    elsewhere = run_model({lever: CLASSES[lever](start="2020-12", counties=("341282",), **LEVERS[lever])})
    assert_same_population(plain, elsewhere)
    assert_same_series(plain, elsewhere)
    assert elsewhere.world.ledger.entries == []


@pytest.mark.parametrize("lever", LEVERS)
def test_the_same_policy_in_force_does_change_something(lever: str, plain: UrbanizationModel) -> None:
    """Without this, the two tests above could pass because the policies never act."""
    acting = run_model({lever: CLASSES[lever](start="2020-12", **LEVERS[lever])})
    values = [model.recorder.results().series["value"].to_numpy() for model in (plain, acting)]
    assert not np.array_equal(*values)


@pytest.mark.parametrize("amount", ZERO_AMOUNTS)
def test_a_policy_of_zero_amount_changes_no_byte(amount: str, plain: UrbanizationModel) -> None:
    zero = run_model({"zero": ZERO_AMOUNTS[amount]})
    assert_same_population(plain, zero)
    if "next to nothing" not in amount:  # an amount just above zero is booked all the same
        assert_same_series(plain, zero)


def test_the_same_seed_gives_the_same_bytes(plain: UrbanizationModel) -> None:
    again = run_model({})
    assert_same_population(plain, again)
    assert_same_series(plain, again)


def test_another_replicate_or_seed_gives_another_history(plain: UrbanizationModel) -> None:
    flows = [frozenset(model.recorder.flows) for model in (plain, run_model({}, replicate=1), run_model({}, seed=2))]
    assert len(set(flows)) == 3


def test_a_model_leaves_its_base_population_unchanged() -> None:
    scenario = small_scenario(until="2021-10")
    base = base_of(scenario)
    before = {kind: columns_of(getattr(base.population, kind)) for kind in ("people", "households")}
    small_model(scenario).run()
    for kind, columns in before.items():
        after = columns_of(getattr(base.population, kind))
        assert all(column.tobytes() == after[name].tobytes() for name, column in columns.items())


def test_a_run_begun_in_steps_continues_as_if_uninterrupted() -> None:
    scenario = small_scenario(scale=0.005, until="2021-10")
    whole, stepwise = small_model(scenario), small_model(scenario)
    whole.run()
    for _ in range(5):
        stepwise.step()
    stepwise.run()
    assert_same_population(whole, stepwise)
    assert_same_series(whole, stepwise)
