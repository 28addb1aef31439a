"""The published series that the model uses, in plain units, each with the report it was printed in."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

COLUMNS = ("place", "place_name", "year", "indicator", "value", "unit", "source", "confidence")

# Name in the collection: code here, English name. China as a whole is CN.
PLACES = {
    "中国 China": ("CN", "China"),
    "中国 China: migrant workers 农民工": ("CN", "China"),
    "安徽省 Anhui": ("34", "Anhui"),
    "阜阳市 Fuyang": ("3412", "Fuyang"),
    "界首市 Jieshou": ("341282", "Jieshou"),
    "山西省 Shanxi": ("14", "Shanxi"),
    "长治市 Changzhi": ("1404", "Changzhi"),
    "潞州区 Luzhou (Changzhi)": ("140403", "Luzhou"),
    "上党区 Shangdang (Changzhi)": ("140404", "Shangdang"),
    "屯留区 Tunliu (Changzhi)": ("140405", "Tunliu"),
    "襄垣县 Xiangyuan (Changzhi)": ("140423", "Xiangyuan"),
}

# Raw unit: factor and unit here.
UNITS = {
    "10k persons": (10_000.0, "persons"),
    "100m persons": (100_000_000.0, "persons"),
    "persons": (1.0, "persons"),
    "households": (1.0, "households"),
    "%": (0.01, "share"),
    "per 1000": (0.001, "per person-year"),
    "yuan/month": (1.0, "yuan per month"),
    "yuan": (1.0, "yuan per year"),
    "100m yuan": (100_000_000.0, "yuan per year"),
    "100m yuan (current)": (100_000_000.0, "yuan per year"),
    "years": (1.0, "years"),
    "m2": (1.0, "square metres"),
    "km2": (1.0, "square kilometres"),
}

COMMUNIQUE = "Statistical Communique on National Economic and Social Development {year}, {office}"
CENSUS = "Population Census {year}, communique, {office}"
MONITORING = "Monitoring Survey Report on Migrant Workers {year}, National Bureau of Statistics"
POLICE = "Ministry of Public Security, registered urbanization rate {year}"
YEARBOOK = "China Statistical Yearbook 2023 (revised after the 2020 census), National Bureau of Statistics"
EDUCATION = "Statistical Communique on National Educational Development {year}, Ministry of Education"
OFFICE = {"CN": "National Bureau of Statistics"}

# Indicator in the collection: indicator here, report.
INDICATORS = {
    "urbanization rate (resident, as first published, not census-revised)": (
        "urbanization_rate_first_published",
        COMMUNIQUE,
    ),
    "urbanization rate (resident, NBS communique)": ("urbanization_rate", COMMUNIQUE),
    "urbanization rate (resident)": ("urbanization_rate", COMMUNIQUE),
    "urbanization rate (resident) =142244/279500": ("urbanization_rate_first_published", COMMUNIQUE),
    "urbanization rate (resident, pre-census-revision)": ("urbanization_rate_first_published", COMMUNIQUE),
    "urbanization rate (resident, pre-revision)": ("urbanization_rate_first_published", COMMUNIQUE),
    "hukou urbanization rate": ("registered_urbanization_rate", COMMUNIQUE),
    "hukou urbanization rate (Ministry of Public Security)": ("registered_urbanization_rate", POLICE),
    "total population": ("residents", COMMUNIQUE),
    "resident population": ("residents_first_published", COMMUNIQUE),
    "resident population (pre-revision)": ("residents_first_published", COMMUNIQUE),
    "resident population, year-end (pre-census-revision sample estimate)": ("residents_first_published", COMMUNIQUE),
    "resident population, year-end": ("residents", COMMUNIQUE),
    "resident population, census": ("residents_census", CENSUS),
    "resident population, census, 2020 boundary (=城区+郊区)": ("residents_census_2020_boundary", CENSUS),
    "urban population": ("urban_residents_first_published", COMMUNIQUE),
    "urban population, census": ("urban_residents_census", CENSUS),
    "hukou population": ("registered_population", COMMUNIQUE),
    "households": ("households", COMMUNIQUE),
    "family households": ("family_households", CENSUS),
    "residence-hukou separated population": ("living_away_from_registration", CENSUS),
    "residence-hukou separated population (basis changes in 2020)": (
        "living_away_from_registration_annual",
        COMMUNIQUE,
    ),
    "floating population": ("floating_population", CENSUS),
    "floating population, inter-provincial": ("floating_population_other_province", CENSUS),
    "floating population, intra-provincial": ("floating_population_same_province", CENSUS),
    "out-of-province hukou population (outflow stock)": ("registered_living_in_other_provinces", CENSUS),
    "return flow of out-migrants in year": ("returned_in_year", COMMUNIQUE),
    "crude birth rate": ("birth_rate", COMMUNIQUE),
    "crude birth rate (census-revised)": ("birth_rate", COMMUNIQUE),
    "crude death rate": ("death_rate", COMMUNIQUE),
    "births": ("births", COMMUNIQUE),
    "births (health dept register)": ("births_health_register", COMMUNIQUE),
    "deaths": ("deaths", COMMUNIQUE),
    "deaths (health dept register)": ("deaths_health_register", COMMUNIQUE),
    "age share 0-14": ("age_share_0_14", COMMUNIQUE),
    "age share 65+": ("age_share_65_plus", COMMUNIQUE),
    "GDP": ("gdp", COMMUNIQUE),
    "GDP primary sector": ("gdp_primary", COMMUNIQUE),
    "GDP secondary sector": ("gdp_secondary", COMMUNIQUE),
    "GDP tertiary sector": ("gdp_tertiary", COMMUNIQUE),
    "land area": ("land_area", COMMUNIQUE),
    "urban disposable income per head": ("income_urban_per_head", COMMUNIQUE),
    "rural net income per head (old definition)": ("income_rural_net_per_head", COMMUNIQUE),
}
MIGRANT_INDICATORS = {
    "total": "migrant_workers",
    "outgoing 外出": "migrant_workers_outgoing",
    "local 本地": "migrant_workers_local",
    "outgoing, whole family 举家外出": "migrant_workers_outgoing_whole_family",
    "outgoing, inter-provincial": "migrant_workers_outgoing_other_province",
    "outgoing, intra-provincial": "migrant_workers_outgoing_same_province",
    "outgoing, inter-provincial share": "outgoing_other_province_share",
    "central region: outgoing inter-provincial share": "outgoing_other_province_share_central",
    "living in cities 进城": "migrant_workers_in_cities",
    "monthly earnings, all": "migrant_earnings",
    "monthly earnings, local": "migrant_earnings_local",
    "monthly earnings, outgoing": "migrant_earnings_outgoing",
    "monthly earnings, construction": "migrant_earnings_construction",
    "monthly earnings, manufacturing": "migrant_earnings_manufacturing",
    "monthly earnings, transport": "migrant_earnings_transport",
    "monthly earnings, hospitality": "migrant_earnings_hospitality",
    "monthly earnings, wholesale-retail": "migrant_earnings_trade",
    "mean age": "migrant_mean_age",
    "mean age, local": "migrant_mean_age_local",
    "mean age, outgoing": "migrant_mean_age_outgoing",
    "age share <=40": "migrant_age_share_to_40",
    "age share >50": "migrant_age_share_over_50",
    "female share": "migrant_female_share",
    "female share, outgoing": "migrant_female_share_outgoing",
    "female share, local": "migrant_female_share_local",
    "married share, outgoing": "migrant_married_share_outgoing",
    "married share, local": "migrant_married_share_local",
    "sector share secondary": "migrant_sector_share_secondary",
    "sector share tertiary": "migrant_sector_share_tertiary",
    "education none": "migrant_education_none",
    "education primary": "migrant_education_primary",
    "education junior secondary": "migrant_education_junior",
    "education senior secondary": "migrant_education_senior",
    "education tertiary": "migrant_education_tertiary",
    "dwelling area per head, in cities": "migrant_dwelling_area_in_cities",
    "feels local 本地人": "migrant_feels_local",
    "accompanying children compulsory age in school": "migrant_children_compulsory_in_school",
    "accompanying children: primary pupils in public schools": "migrant_children_primary_in_public_schools",
    "accompanying children: junior pupils in public schools": "migrant_children_junior_in_public_schools",
}

# The collection of national figures: those of the yearbook are one vintage, and win over first published ones.
NATIONAL_INDICATORS = {
    "total population, year-end (census-revised, incl. active military)": ("residents", YEARBOOK),
    "urban population, year-end (census-revised)": ("urban_residents", YEARBOOK),
    "resident urbanization rate, year-end (census-revised)": ("urbanization_rate", YEARBOOK),
    "total population, year-end": ("residents", COMMUNIQUE),
    "urban population, year-end": ("urban_residents", COMMUNIQUE),
    "resident urbanization rate, year-end": ("urbanization_rate", COMMUNIQUE),
    "crude birth rate": ("birth_rate", COMMUNIQUE),
    "crude death rate": ("death_rate", COMMUNIQUE),
    "hukou (registered) urbanization rate": ("registered_urbanization_rate", COMMUNIQUE),
    "compulsory-education urbanization rate (pupils in 城区+镇区)": ("compulsory_pupils_share_urban", EDUCATION),
    "primary urbanization rate (pupils in 城区+镇区)": ("primary_pupils_share_urban", EDUCATION),
    "junior secondary urbanization rate (pupils in 城区+镇区)": ("junior_pupils_share_urban", EDUCATION),
    "primary pupils: share in 城区 (city) schools": ("primary_pupils_share_city", EDUCATION),
    "primary pupils: share in 镇区 (town and county-seat) schools": ("primary_pupils_share_town", EDUCATION),
    "primary pupils: share in 乡村 (village) schools": ("primary_pupils_share_village", EDUCATION),
    "primary pupils, total": ("primary_pupils", EDUCATION),
    "primary pupils in 城区": ("primary_pupils_city", EDUCATION),
    "primary pupils in 镇区": ("primary_pupils_town", EDUCATION),
    "primary pupils in 乡村": ("primary_pupils_village", EDUCATION),
    "junior secondary pupils, total": ("junior_pupils", EDUCATION),
    "junior secondary pupils in 城区": ("junior_pupils_city", EDUCATION),
    "junior secondary pupils in 镇区": ("junior_pupils_town", EDUCATION),
    "junior secondary pupils in 乡村": ("junior_pupils_village", EDUCATION),
}
MIGRANTS_PREFIX = "migrant workers: "

# Disposable income per head, yuan a year (urban, rural). Recalled, not found in a document that could be quoted.
RECALLED_INCOME = {
    2019: (42_359, 16_021),
    2020: (43_834, 17_131),
    2021: (47_412, 18_931),
    2022: (49_283, 20_133),
    2023: (51_821, 21_691),
    2024: (54_188, 23_119),
}
RECALLED = "assumption: recalled, not re-verified"

# The census or the first communique after it; annual rates in between were not revised and do not join on.
CENSUS_CONSISTENT_FROM = 2020
CENSUS_YEARS = {2010}


def published_series(source: Path) -> pd.DataFrame:
    """Return the series of use to the model: one row per place, year and indicator.

    Shares are fractions, births and deaths are per person-year, money is yuan (see `unit`). Where a place's
    annual urbanization rate precedes the 2020 census, the indicator's name ends in `_first_published`.
    """
    raw = pd.read_csv(source / "statistics" / "series.csv", dtype=str, encoding="utf-8-sig")
    national = pd.read_csv(source / "statistics" / "national.csv", dtype=str, encoding="utf-8-sig")
    rows = [row for record in raw.to_dict("records") if (row := _row(record)) is not None]
    rows += [row for record in national.to_dict("records") if (row := _national_row(record)) is not None]
    rows += _recalled_income()
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    # The yearbook wins over a first figure, and the official one over one derived from it; else the later entry.
    table["rank"] = table["confidence"].str.startswith("derived") - 1 * (table["source"] == YEARBOOK)
    key = ["place", "indicator", "year"]
    table = table.sort_values([*key, "rank", "value"], kind="stable").drop_duplicates(key)
    return table[list(COLUMNS)].reset_index(drop=True)


def _national_row(record: dict[str, str]) -> tuple[object, ...] | None:
    name = record["indicator"]
    if name.startswith(MIGRANTS_PREFIX):
        indicator, report = MIGRANT_INDICATORS.get(name.removeprefix(MIGRANTS_PREFIX)), MONITORING
    else:
        indicator, report = NATIONAL_INDICATORS.get(name, (None, ""))
    if indicator is None or record["unit"] not in UNITS:
        return None
    factor, unit = UNITS[record["unit"]]
    value, year = round(float(record["value"]) * factor, 6), int(record["year"])
    text = report.format(year=year, office=OFFICE["CN"])
    return "CN", "China", year, indicator, value, unit, text, "official quoted by secondary"


def _row(record: dict[str, str]) -> tuple[object, ...] | None:
    if record["place"] not in PLACES or record["unit"] not in UNITS:
        return None
    migrants = "migrant workers" in record["place"]
    if migrants:
        indicator, report = MIGRANT_INDICATORS.get(record["indicator"]), MONITORING
    else:
        indicator, report = INDICATORS.get(record["indicator"], (None, ""))
    if indicator is None:
        return None
    place, place_name = PLACES[record["place"]]
    year = int(record["year"])
    if indicator == "urbanization_rate" and place != "CN" and year < CENSUS_CONSISTENT_FROM:
        indicator = "urbanization_rate_first_published"
    if indicator == "urbanization_rate" and year < CENSUS_CONSISTENT_FROM:
        return None  # the same figure stands in the first-published series
    if indicator == "floating_population" and year > CENSUS_CONSISTENT_FROM:
        report = COMMUNIQUE
    factor, unit = UNITS[record["unit"]]
    value = round(float(record["value"]) * factor, 6)
    text = report.format(year=year, office=OFFICE.get(place, f"{place_name} Bureau of Statistics"))
    return place, place_name, year, indicator, value, unit, text, record["confidence"]


def _recalled_income() -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for year, (urban, rural) in RECALLED_INCOME.items():
        text = COMMUNIQUE.format(year=year, office=OFFICE["CN"])
        for indicator, value in (("income_urban_per_head", urban), ("income_rural_per_head", rural)):
            rows.append(("CN", "China", year, indicator, float(value), "yuan per year", text, RECALLED))
    return rows
