"""The derived tables: accounts close, shares are shares, and known counties carry their published figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from urbsim.region.places import all_places, resolve_region
from urbsim.region.tables import (
    UnknownPlaceError,
    YearNotAvailableError,
    county_rows,
    fertility_table,
    mortality_table,
    provinces_table,
    series_table,
    tables_folder,
    yearbook_table,
)

YEARS = (2010, 2020)


@pytest.fixture(scope="module")
def counties() -> pd.DataFrame:
    return pd.read_parquet(tables_folder() / "counties.parquet")


def test_both_sexes_add_up_to_residents(counties: pd.DataFrame) -> None:
    assert (counties["male"] + counties["female"] == counties["residents"]).all()


def test_urban_and_rural_add_up_to_residents(counties: pd.DataFrame) -> None:
    assert (counties["urban"] + counties["rural"] == counties["residents"]).all()


@pytest.mark.parametrize("sex", ["male", "female"])
def test_ages_add_up_to_the_sex(counties: pd.DataFrame, sex: str) -> None:
    ages = counties.filter(regex=rf"^{sex}_\d").columns
    assert len(ages) == 19
    assert (counties[ages].sum(axis=1) == counties[sex]).all()


def test_generations_add_up_to_households(counties: pd.DataFrame) -> None:
    parts = counties.filter(regex=r"^households_(one|two|three|four)_generation")
    assert parts.shape[1] == 4
    assert (parts.sum(axis=1) == counties["households"]).all()


def test_counts_are_never_negative(counties: pd.DataFrame) -> None:
    numbers = counties.select_dtypes("number").fillna(0)
    assert (numbers >= 0).all().all()


def test_every_share_lies_between_zero_and_one(counties: pd.DataFrame) -> None:
    shares = counties.filter(regex="_share$|^tenure_").select_dtypes("number")
    assert shares.shape[1] > 15
    assert (shares.isna() | ((shares >= 0) & (shares <= 1))).all().all()


def test_sectors_and_tenures_and_marital_states_are_complete(counties: pd.DataFrame) -> None:
    groups = [["farm_share", "industry_share", "services_share"], list(counties.filter(regex="^tenure_"))]
    groups += [[f"{s}_{m}_share" for m in ("single", "married", "divorced", "widowed")] for s in ("male", "female")]
    for group in groups:
        np.testing.assert_allclose(counties[group].sum(axis=1), 1, atol=1e-5)


def test_a_county_occurs_once_in_a_census(counties: pd.DataFrame) -> None:
    assert not counties.duplicated(["code", "year"]).any()
    assert counties["code"].str.fullmatch(r"\d{6}").all()


def test_absent_registered_close_the_account_and_are_near_or_far(counties: pd.DataFrame) -> None:
    arrivals = counties["migrants_same_province"] + counties["migrants_other_province"]
    assert (counties["absent_registered"] == counties["registered"] - counties["residents"] + arrivals).all()
    assert (counties["absent_near"] + counties["absent_far"] == counties["absent_registered"]).all()


@pytest.mark.parametrize("year", YEARS)
def test_people_away_are_the_migrants_counted_elsewhere(counties: pd.DataFrame, year: int) -> None:
    units = counties[counties["year"] == year]
    provinces = units.groupby(units["code"].str[:2])[["absent_near", "migrants_same_province"]].sum()
    assert len(provinces) == 31
    assert (provinces["absent_near"] == provinces["migrants_same_province"]).all()
    assert units["absent_far"].sum() == units["migrants_other_province"].sum()
    assert units["registered"].sum() == units["residents"].sum()


def test_registered_people_of_2020_are_always_marked_as_an_estimate(counties: pd.DataFrame) -> None:
    early, late = (counties[counties["year"] == year] for year in YEARS)
    assert (early["registered_status"] == "census").sum() == len(early) - 1  # Lenghu's cannot be right
    assert set(late["registered_status"]) == {"estimate"}
    basis = late["registered_basis"].value_counts()
    assert set(basis.index) == {"yearbook_2023", "carried_forward", "residents_less_migrants"}
    assert basis["yearbook_2023"] > 2000


# Recalled from the provinces' communiques of 2020, in ten thousands: what the estimate should come near to.
@pytest.mark.parametrize(
    ("province", "published"), [("22", 2580), ("23", 3540), ("34", 7120), ("42", 6180), ("44", 9809)]
)
def test_registered_people_of_provinces_are_near_the_published(
    counties: pd.DataFrame, province: str, published: float
) -> None:
    here = counties[(counties["year"] == 2020) & counties["code"].str.startswith(province)]
    assert here["registered"].sum() / 1e4 == pytest.approx(published, rel=0.02)


def test_printed_seat_shares_are_built_up_over_urban_residents(counties: pd.DataFrame) -> None:
    printed = counties[counties["seat_share_status"] == "census"]
    assert set(printed["year"]) == {2020}
    assert set(printed["kind"]) == {"city"}
    np.testing.assert_allclose(printed["seat_share"], printed["seat_built_up"] / printed["urban"], rtol=1e-5)


@pytest.mark.parametrize(
    ("year", "residents", "urban_percent", "registered"),
    [(2010, 561_956, 38.22, 785_417), (2020, 650_870, 47.40, None)],
)
def test_jieshou_carries_its_published_figures(
    year: int, residents: int, urban_percent: float, registered: int | None
) -> None:
    row = county_rows(["341282"], year).iloc[0]
    assert row["name"] == "界首市"
    assert row["prefecture"] == "阜阳市"
    assert row["residents"] == residents
    assert round(100 * row["urban"] / row["residents"], 2) == urban_percent
    assert registered is None or row["registered_printed"] == registered
    assert registered is None or row["registered"] == pytest.approx(registered, rel=0.005)


def test_the_seat_of_jieshou_is_printed_in_2020() -> None:
    assert county_rows(["341282"], 2020).iloc[0]["seat_built_up"] == 207_420


def test_changzhi_is_twelve_units_with_its_published_total() -> None:
    rows = county_rows(resolve_region(1404), 2020)
    assert len(rows) == 12
    assert rows["residents"].sum() == 3_180_884
    assert round(100 * rows["urban"].sum() / rows["residents"].sum(), 2) == 56.47


@pytest.mark.parametrize(
    ("year", "printed"),
    [
        (2010, {"14": 35_712_101, "34": 59_500_468, "46": 8_671_485, "45": 46_023_761}),
        (
            2020,
            {
                "14": 34_915_616,
                "22": 24_073_453,
                "34": 61_027_171,
                "43": 66_444_864,
                "44": 126_012_510,
                "46": 10_081_232,
            },
        ),
    ],
)
def test_provinces_add_up_to_their_printed_totals(year: int, printed: dict[str, int]) -> None:
    """All but the islands of Hainan, 444 people in 2010 and 2,333 in 2020, which have no long form."""
    for province, residents in printed.items():
        found = county_rows(resolve_region(province, year), year)["residents"].sum()
        assert found == pytest.approx(residents, abs=2_333 if province == "46" else 0)


def test_the_country_of_2020_is_whole(counties: pd.DataFrame) -> None:
    late = counties[counties["year"] == 2020]
    assert late["residents"].sum() == 1_409_778_724 - 2_333
    assert late["code"].str[:2].nunique() == 31


def test_the_printed_minus_sign_of_tianyang_is_gone() -> None:
    assert county_rows(["451003"], 2020).iloc[0]["female_education_preschool"] == 980


def test_yining_and_kuytun_have_their_own_figures() -> None:
    rows = county_rows(["654002", "654003"], 2010).set_index("name")["residents"]
    assert rows.to_dict() == {"伊宁市": 515_082, "奎屯市": 166_261}


def test_provinces_after_the_census() -> None:
    table = provinces_table().set_index(["code", "year"])
    assert len(table) == 31 * 8
    assert table.loc[("34", 2022), ["residents", "urban_share"]].tolist() == [61_270_000, 0.6015]
    assert table.loc[("34", 2021), "birth_rate"] == 0.00805
    assert table["birth_rate"].notna().sum() == 31


def test_the_yearbook_is_joined_by_place_and_not_by_number() -> None:
    table = yearbook_table().set_index("code")
    assert table.index.is_unique
    assert set(table.index) <= set(county_rows(list(table.index), 2020)["code"])
    assert table.loc["130208", ["name", "code_2023"]].tolist() == ["丰润区", "130207"]
    assert table.loc["360483", ["name", "code_2023"]].tolist() == ["庐山市", "360402"]
    assert np.isnan(table.loc["652702", "registered"])


def test_rows_come_in_order_of_code_and_only_once() -> None:
    rows = county_rows(["341282", "140428", "341282"], 2020)
    assert rows["code"].tolist() == ["140428", "341282"]
    assert rows.index.tolist() == [0, 1]


def test_changing_the_rows_does_not_change_the_tables() -> None:
    rows = county_rows(["341282"], 2020)
    rows["residents"] = 0
    assert county_rows(["341282"], 2020).loc[0, "residents"] == 650_870


def test_an_unknown_county_is_answered_with_a_suggestion() -> None:
    with pytest.raises(UnknownPlaceError, match=r"unknown place '341228'.*did you mean"):
        county_rows(["341228"], 2020)


def test_a_prefecture_is_not_a_county() -> None:
    with pytest.raises(UnknownPlaceError, match="1404 长治市 is a prefecture, not a county"):
        county_rows(["1404"], 2020)


def test_a_year_without_census_names_the_years_that_exist() -> None:
    with pytest.raises(YearNotAvailableError, match="no county table for 2015; available: 2010, 2020"):
        county_rows(["341282"], 2015)


def test_a_renumbered_county_names_its_other_code() -> None:
    with pytest.raises(YearNotAvailableError, match=r"140421 长治县 has no row for 2020.*140404"):
        county_rows(["140421"], 2020)


def test_the_list_of_places_and_the_county_table_agree(counties: pd.DataFrame) -> None:
    listed = {(p.code, year, p.residents[year]) for p in all_places() if p.level == "county" for year in p.years}
    assert listed == set(counties[["code", "year", "residents"]].itertuples(index=False, name=None))


def test_age_specific_fertility_adds_up_to_total_fertility() -> None:
    table = fertility_table()
    groups = table.groupby(["year", "variant"])
    np.testing.assert_allclose(5 * groups["asfr"].sum(), groups["tfr"].first(), atol=1e-6)
    assert (table["year"].min(), table["year"].max()) == (2005, 2050)
    assert set(table["variant"]) == {"estimate", "low", "medium", "high"}


def test_fertility_has_one_estimate_or_three_variants_a_year() -> None:
    variants = fertility_table().groupby("year")["variant"].agg(set)
    assert all(
        found == ({"estimate"} if year < 2024 else {"low", "medium", "high"}) for year, found in variants.items()
    )


def test_mortality_rises_with_age_after_thirty_and_women_live_longer() -> None:
    table = mortality_table()
    adults = table[table["age"] >= 30].sort_values("age")
    assert adults.groupby(["period_start", "sex"])["mx"].apply(lambda mx: mx.is_monotonic_increasing).all()
    wide = adults.pivot_table(index=["period_start", "age"], columns="sex", values="mx")
    assert (wide["female"] < wide["male"]).mean() > 0.95


def test_a_series_has_one_value_a_year_with_a_source_and_no_address() -> None:
    table = series_table()
    assert not table.duplicated(["place", "indicator", "year"]).any()
    assert table.notna().all().all()
    assert not table["source"].str.contains("http|www|github").any()
    assert (table.loc[table["unit"] == "share", "value"].between(0, 1)).all()


def test_recalled_incomes_are_called_an_assumption() -> None:
    table = series_table()
    recent = table[
        table["indicator"].isin(["income_urban_per_head", "income_rural_per_head"]) & (table["year"] >= 2019)
    ]
    assert len(recent) == 12
    assert recent["confidence"].str.startswith("assumption").all()
