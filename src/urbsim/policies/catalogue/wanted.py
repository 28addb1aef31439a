"""Names that the catalogue may use before the code has them; what the code lacks counts as open."""

from __future__ import annotations

#: Levers that clauses ask for.
WANTED_LEVERS = frozenset(
    {
        "hukou_relaxation",
        "residence_based_services",
        "migrant_child_schooling",
        "school_capacity",
        "childcare_supply",
        "social_insurance",
        "affordable_housing",
        "housing_subsidy",
        "skills_training",
        "job_matching",
        "labour_protection",
        "land_rights_security",
        "land_exit_compensation",
        "return_talent",
        "resettlement",
        "industry_clusters",
        "industrial_parks",
        "industry_relocation",
        "innovation_productivity",
        "tourism_culture",
        "commerce_logistics",
        "agri_upgrading",
        "health_capacity",
        "eldercare_supply",
        "rural_service_equalisation",
        "urban_renewal",
        "local_transport",
        "metro_integration",
        "utilities_resilience",
        "rural_habitat",
        "green_environment",
        "digital_services",
        "construction_land_quota",
        "citizenisation_transfer",
        "development_finance",
    }
)
#: Indicators that clauses and figures ask for.
WANTED_INDICATORS = frozenset(
    {
        "childcare_places_per_thousand",
        "doctors_per_thousand",
        "nurses_per_thousand",
        "eldercare_beds",
        "kindergarten_places",
    }
)
