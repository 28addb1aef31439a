"""Deriving the tables: printing errors are mended and reported, and the committed tables are what comes out."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TABLES = REPOSITORY / "calibration" / "tables"
sys.path.insert(0, str(REPOSITORY / "calibration"))

pytest.importorskip("pypinyin", reason="deriving the tables needs the `data` extra")
import raw_miniature  # noqa: E402

import derive_tables  # noqa: E402
from derivation.absent import add_destinations, shared  # noqa: E402
from derivation.checks import Report  # noqa: E402
from derivation.estimates import SeatRelation, fit_seat_relation  # noqa: E402
from derivation.matching import former_units  # noqa: E402
from derivation.registered import (  # noqa: E402
    carried_forward,
    estimate_2020,
    estimated_by_code,
    moved_to_total,
    people_in_other_provinces,
    rounded_to_total,
)
from derivation.repair import close_totals  # noqa: E402
from derivation.romanization import romanized, short_name  # noqa: E402
from derivation.units import kind_of, read_census, tidy_name  # noqa: E402
from derivation.yearbook import county_yearbook, registered_at_census  # noqa: E402
from derivation.zones import CODES, with_codes  # noqa: E402


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return raw_miniature.write_raw(tmp_path_factory.mktemp("raw") / "data")


@pytest.fixture(scope="module")
def derived(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    out = tmp_path_factory.mktemp("tables")
    return out, derive_tables.derive(raw, out)


@pytest.fixture(scope="module")
def counties(derived: tuple[Path, Report]) -> pd.DataFrame:
    return pd.read_parquet(derived[0] / "counties.parquet").set_index(["code", "year"])


def households(**changed: float) -> pd.DataFrame:
    normal = {"code": "140428", "year": 2010, "name": "甲县", "quality": "", "one": 100.0, "two": 300.0, "three": 50.0}
    rows = [normal, {**normal, "code": "140429", "name": "乙县", **changed}]
    return pd.DataFrame(rows)


def test_the_cell_out_of_line_takes_the_whole_difference() -> None:
    frame, report = households(two=1300.0), Report()
    close_totals(frame, frame, ("one", "two", "three"), pd.Series([450.0, 450.0]), "households", report)
    assert frame["two"].tolist() == [300.0, 300.0]
    assert frame["quality"].tolist() == ["", "households_mended"]
    assert [row[1:3] for row in report.rows] == [("140429", "乙县")]


def test_a_mended_cell_never_becomes_negative() -> None:
    frame, report = households(three=60.0), Report()
    close_totals(frame, frame, ("one", "two", "three"), pd.Series([450.0, 300.0]), "households", report)
    assert (frame[["one", "two", "three"]] >= 0).all().all()
    assert frame.loc[1, ["one", "two", "three"]].sum() == 300.0


def test_parts_that_add_up_are_left_alone_and_not_reported() -> None:
    frame, report = households(), Report()
    close_totals(frame, frame, ("one", "two", "three"), pd.Series([450.0, 450.0]), "households", report)
    assert report.rows == []


def test_registered_people_grow_faster_where_births_exceed_deaths_by_more() -> None:
    national = carried_forward(100_000, 0.005, 0.005)
    assert national == pytest.approx(105_378, rel=1e-4)
    assert carried_forward(100_000, 0.011, 0.005) > national > carried_forward(100_000, 0.001, 0.005)


def test_a_seat_share_is_always_inside_zero_and_one() -> None:
    relation = SeatRelation(1.3, -0.13, 0.36, 244, 0.95, 0.14, 0.11)
    units = pd.DataFrame({"urban": [0.0, 5e3, 1e7], "residents": [1e4, 1e4, 1e7]})
    assert relation.share(units).between(0, 1, inclusive="neither").all()


def test_a_unit_that_doubled_is_not_taken_for_the_same_territory() -> None:
    early = pd.DataFrame({"code": ["140421", "140428"], "name": ["长治县", "长子县"], "residents": [340_963, 353_266]})
    late = pd.DataFrame({"code": ["140404", "140428"], "name": ["上党区", "长子县"], "residents": [355_000, 900_000]})
    assert former_units(early, late) == {"140404": ("140421",)}


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("341282", "界首市", "city"),
        ("429004", "仙桃市", "city"),
        ("140403", "潞州区", "district"),
        ("140428", "长子县", "county"),
        ("520203", "六枝特区", "county"),
        ("429021", "神农架林区", "county"),
        ("150723", "鄂伦春自治旗", "county"),
    ],
)
def test_the_kind_of_unit_follows_its_name(code: str, name: str, kind: str) -> None:
    assert kind_of(code, name) == kind


def test_misprinted_names_are_corrected() -> None:
    assert tidy_name("  太仓巿") == "太仓市"


@pytest.mark.parametrize(
    ("name", "short", "letters"),
    [
        ("界首市", "界首", "jieshou"),
        ("沁县", "沁县", "qinxian"),
        ("清新区", "清新", "qingxin"),
        ("内蒙古自治区", "内蒙古", "neimenggu"),
        ("威宁彝族回族苗族自治县", "威宁", "weining"),
        ("东乡族自治县", "东乡", "dongxiang"),
        ("子长县", "子长", "zichang"),
        ("长子县", "长子", "zhangzi"),
        ("吕梁市", "吕梁", "lvliang"),
    ],
)
def test_short_names_and_their_letters(name: str, short: str, letters: str) -> None:
    assert short_name(name) == short
    assert romanized(short) == letters


def test_the_committed_tables_are_small_and_complete() -> None:
    names = {path.name for path in TABLES.iterdir()}
    assert names == {
        "counties.parquet",
        "places.csv",
        "seat_share.csv",
        "fertility.csv",
        "mortality.csv",
        "series.csv",
        "provinces.csv",
        "counties_2023.csv",
        "derivation_report.csv",
    }
    assert sum(path.stat().st_size for path in TABLES.iterdir()) < 4_000_000


def test_every_finding_names_the_row_the_reason_and_the_treatment() -> None:
    with (TABLES / "derivation_report.csv").open(encoding="utf-8", newline="") as stream:
        findings = list(csv.DictReader(stream))
    assert findings
    assert all(row["year"] and row["name"] and row["check"] and row["problem"] and row["treatment"] for row in findings)
    assert not [row for row in findings if row["check"] in {"known", "duplicate_code", "share_range"}]


def test_a_mended_row_is_flagged_in_the_county_table() -> None:
    counties = pd.read_parquet(TABLES / "counties.parquet").set_index(["code", "year"])
    with (TABLES / "derivation_report.csv").open(encoding="utf-8", newline="") as stream:
        mended = [row for row in csv.DictReader(stream) if " -> " in row["treatment"]]
    assert mended
    for row in mended:
        assert f"{row['check']}_mended" in counties.loc[(row["code"], int(row["year"])), "quality"]


def test_every_trap_of_the_miniature_is_found_and_nothing_else(derived: tuple[Path, Report]) -> None:
    found = {(check, year, code or name) for year, code, name, check, _, _ in derived[1].rows if check != "known"}
    assert found == {
        ("male_age_total", "2010", "140425"),
        ("negative_count", "2010", "140426"),
        ("industry_total", "2010", "140428"),
        ("dwellings", "2010", "341284"),
        ("migrants", "2010", "341286"),
        ("negative_count", "2020", "140427"),
        ("urban_rural_total", "2020", "341202"),
        ("seat_share", "2020", "341286"),
        ("long_form", "2020", "341283"),
        ("no_code", "2020", "140922"),
        ("no_code", "2020", "341202"),
        ("not_a_unit", "2020", "阜阳甲经济开发区"),
        ("development_zone", "2020", "341271"),
        ("prefecture_without_counties", "2010", "341900"),
        ("prefecture_without_counties", "2020", "341900"),
        ("area_total", "2020", "341200"),
        ("area_total", "2020", "340000"),
        ("registered", "2020", "341284"),
        ("absent_registered", "2020", "140403"),
        *(("registered_account", year, code) for year in ("2010", "2020") for code in ("140000", "340000")),
        *(("no_2010_match", "2020", code) for code in ("140922", "341271", "341285", "341288", "341289")),
        ("yearbook", "2023", "140427"),
        ("yearbook", "2023", "341299"),
    }


def test_invented_figures_are_not_the_known_ones(derived: tuple[Path, Report]) -> None:
    known = {(row[1], row[4]) for row in derived[1].rows if row[3] == "known"}
    assert ("341282", "residents 60000 not 561956") in known
    assert ("341282", "registered_printed 78000.0 not 785417") in known
    assert ("140403", "urban 90.0 % not 86.05 %") in known


def test_misprints_become_the_figures_that_were_meant(counties: pd.DataFrame) -> None:
    meant = {unit[0]: raw_miniature.row_2010(*unit) for unit in raw_miniature.UNITS_2010}
    assert counties.loc[("140425", 2010), "male_80_84"] == int(meant["140425"]["80-84岁（男）"])
    assert counties.loc[("140426", 2010), "households_three_generations"] == int(meant["140426"]["三代户"])
    assert counties.loc[("140427", 2010), "female_education_college"] == int(meant["140427"]["大学专科-女"])
    manufacturing, employed = int(meant["140428"]["制造业"]), int(meant["140428"]["各种行业人口总计"])
    assert counties.loc[("140428", 2010), "manufacturing_share"] == pytest.approx(manufacturing / employed)
    assert counties.loc[("341202", 2020), "rural"] == 7_200 + 2_400  # its own and the zone's
    assert counties.loc[("140427", 2020), "female_education_preschool"] == 144
    assert counties.loc[("140426", 2010), "quality"] == "negative_count_mended"
    assert counties.loc[("341286", 2010), "quality"] == "migrants_doubtful"


def test_transport_information_and_trade_are_services_whatever_their_headings(counties: pd.DataFrame) -> None:
    shares = counties.loc[("140425", 2010), ["farm_share", "industry_share", "services_share"]].astype(float)
    assert shares.tolist() == pytest.approx([0.50, 0.26, 0.24], abs=2e-3)  # weights 50, 2 + 15 + 1 + 8, and 12 of 2


def test_territories_are_followed_through_new_codes_names_and_mergers(counties: pd.DataFrame) -> None:
    assert counties.loc[("140403", 2020), "code_other_year"] == "140402+140411"
    assert counties.loc[("140404", 2020), "code_other_year"] == "140421"
    assert counties.loc[("341285", 2020), "code_other_year"] == ""  # it more than doubled
    comparable = counties["comparable"]
    assert comparable["140403", 2020]  # the sum of two former units
    assert not comparable["140402", 2010]  # which are one of several each
    assert not comparable["341285", 2020]


def test_a_zone_without_a_code_joins_its_district_and_averages_are_weighted(counties: pd.DataFrame, raw: Path) -> None:
    row = counties.loc[("341202", 2020)]
    assert row["residents"] == 90_000 + 6_000
    assert row["households"] == 90_000 // 3 + 6_000 // 3
    census = read_census(raw, 2020)
    zone = census.index[census["name"] == "阜阳经济技术开发区"]
    census.loc[zone, "平均每户住房间数"] = "6.5"  # 3.3 in the district, which has fifteen times the households
    joined = with_codes(census, 2020, Report()).set_index("code")
    assert float(joined.loc["341202", "平均每户住房间数"]) == pytest.approx(3.3 + (6.5 - 3.3) / 16)
    assert "阜阳经济技术开发区" not in set(joined["name"])


def test_a_zone_whose_code_nobody_has_is_a_unit_of_its_own() -> None:
    raw = pd.DataFrame({"code": ["230000", "232721", "", ""], "name": ["黑龙江省", "呼玛县", "加格达奇", "注"]})
    assert with_codes(raw, 2010, Report())["code"].tolist() == ["230000", "232721", "232761", ""]


def test_every_zone_joins_a_unit_of_its_province_that_exists() -> None:
    counties = pd.read_parquet(TABLES / "counties.parquet")
    for year, zones in CODES.items():
        assert set(zones.values()) <= set(counties.loc[counties["year"] == year, "code"])


def test_rows_that_stand_swapped_are_put_right(tmp_path: Path) -> None:
    (tmp_path / "census").mkdir()
    lines = ["地区,区划代码,合计", "伊宁市,654002,166261", "奎屯市,654003,515082"]
    (tmp_path / "census" / "county_2010.csv").write_text("\n".join(lines), encoding="utf-8")
    found = read_census(tmp_path, 2010).set_index("code")
    assert found.loc["654002", ["name", "合计"]].tolist() == ["伊宁市", "515082"]
    assert found.loc["654003", ["name", "合计"]].tolist() == ["奎屯市", "166261"]


def test_registered_people_without_a_yearbook_lie_between_two_estimates() -> None:
    early = pd.DataFrame({"code": ["a", "b"], "residents": [90_000, 50_000], "registered": [100_000, 50_000],
                          "birth_rate": 0.01, "death_rate": 0.005, "migrants_same_province": [5_000, 0],
                          "migrants_other_province": [5_000, 0]})  # fmt: skip
    late = pd.DataFrame({"code": ["a"], "residents": [120_000], "migrants_same_province": [20_000],
                         "migrants_other_province": [10_000]})  # fmt: skip
    carried = 100_000 * 141_178 / 133_972
    present_and_away = 90_000 + 20_000  # away in 2010: 100,000 registered less 80,000 of them present
    found = estimated_by_code(early, late, {"a": ("a",)})
    assert found == {"a": pytest.approx((carried * present_and_away) ** 0.5)}


def test_the_yearbook_bounds_registered_people_by_its_rounding(raw: Path) -> None:
    census = read_census(raw, 2020)
    units = pd.DataFrame({"code": census["code"], "name": census["name"], "province": census["省"]})
    table = county_yearbook(raw, units, Report())
    bounds = registered_at_census(table, raw)
    # Natural growth of the country 2021-23 was -3, -1 and -2 per thousand; Anhui's in 2021 3.05 above the country's.
    growth = -0.006 + (0.00805 - 0.008 - (0.005 - 0.008)) * (3 + 2 / 12)
    assert bounds.loc["341282", "low"] == pytest.approx(75_000 * np.exp(-growth))
    assert bounds.loc["341282", "high"] == pytest.approx(85_000 * np.exp(-growth))
    assert "341286" not in bounds.index  # nothing printed
    assert table.set_index("code").loc["140428", "code_2023"] == "140427"  # another county's code: joined by name


@pytest.mark.parametrize(
    ("low", "high", "registered"), [(0, 200_000, 90_000), (95_000, 99_000, 95_000), (70_000, 85_000, 85_000)]
)
def test_the_estimate_decides_within_the_yearbook_and_not_beyond(low: int, high: int, registered: int) -> None:
    units = {
        "code": ["a"],
        "name": ["甲县"],
        "residents": [80_000],
        "migrants_same_province": 0,
        "migrants_other_province": 0,
    }
    early = pd.DataFrame({**units, "registered": [90_000], "birth_rate": 0.0, "death_rate": 0.0})
    late = pd.DataFrame({**units, "residents": [90_000 * 133_972 / 141_178 - 10_000]})
    bounds = pd.DataFrame({"low": [float(low)], "high": [float(high)]}, index=["a"])
    estimate_2020(early, late, {"a": ("a",)}, bounds, Report())
    assert late.loc[0, "registered"] == pytest.approx(registered)
    assert late.loc[0, "registered_basis"] == "yearbook_2023"
    assert late.loc[0, "registered_spread"] == pytest.approx(np.hypot(0.02, (high - low) / np.sqrt(12) / registered))


def test_the_basis_of_registered_people_says_where_they_come_from(counties: pd.DataFrame) -> None:
    basis = counties["registered_basis"]
    assert basis["341282", 2020] == basis["140428", 2020] == "yearbook_2023"
    assert basis["341284", 2020] == "carried_forward"  # the yearbook has fewer than live there
    assert basis["341288", 2020] == "residents_less_migrants"
    assert basis["341282", 2010] == "census"
    assert counties.loc[("341282", 2010), "registered_printed"] == 78_000
    assert counties["registered_printed"].xs(2020, level="year").isna().all()


def test_nobody_is_away_who_does_not_live_elsewhere(counties: pd.DataFrame) -> None:
    for _, units in counties.groupby("year"):
        assert units["registered"].sum() == units["residents"].sum()
        provinces = units.groupby("province")[["absent_near", "migrants_same_province"]].sum()
        assert (provinces["absent_near"] == provinces["migrants_same_province"]).all()
        assert units["absent_far"].sum() == units["migrants_other_province"].sum()


def test_values_move_by_their_variance_and_stop_at_the_floor() -> None:
    values, spread, floor = np.array([100.0, 100.0, 50.0]), np.array([0.1, 0.2, 0.2]), np.array([0.0, 0.0, 50.0])
    found = moved_to_total(values, spread, floor, 230.0)
    assert found.sum() == pytest.approx(230.0)
    assert found[2] == 50.0
    assert np.log(found[1] / 100) == pytest.approx(4 * np.log(found[0] / 100))


def test_the_largest_remainders_are_rounded_up() -> None:
    assert rounded_to_total(np.array([1.2, 2.7, 0.1]), 4).tolist() == [1, 3, 0]
    with pytest.raises(ValueError, match="cannot be rounded to 9"):
        rounded_to_total(np.array([1.2, 2.7]), 9)


def test_people_in_other_provinces_are_all_migrants_and_near_the_surer_figure() -> None:
    units = pd.DataFrame({"code": ["110101", "340101"], "residents": [2_000_000.0, 1_000_000.0],
                          "migrants_other_province": [980_000.0, 20_000.0]})  # fmt: skip
    registered = np.array([1_000_000.0, 2_000_000.0])  # from Beijing minus 20,000 left, which cannot be
    found = people_in_other_provinces(units, registered, 2010)
    assert sum(found.values()) == 1_000_000
    assert 0 < found["11"] < 27_300 / (27 + 962) * 1_000  # printed: 27 of 989


def test_who_is_nearer_to_other_provinces_is_likelier_to_be_there() -> None:
    codes = ["340001", "340002", "340003", "350001"]
    units = pd.DataFrame({"code": codes, "absent_registered": [1_000, 1_000, 100, 0],
                          "migrants_same_province": [0, 0, 800, 0],
                          "migrants_other_province": [0, 0, 0, 1_200]})  # fmt: skip
    places = pd.DataFrame({"code": codes, "longitude": [115.0, 117.0, 114.0, 118.0], "latitude": 30.0})
    add_destinations(units, places)
    assert units["absent_near"].sum() == 800
    assert (units["absent_near"] + units["absent_far"] == units["absent_registered"]).all()
    # Odds of near against far: (1/96)/(1/289) and (1/289)/(1/96) by the distances along the parallel.
    near = (units["absent_near"] / units["absent_registered"])[:2]
    odds = (near / (1 - near)).to_numpy()
    assert (
        units.loc[2, "absent_near"] == 0
    )  # the only migrants of the province live in this county: nobody left it for them
    assert odds[0] / odds[1] == pytest.approx(9.0, rel=0.03)


def test_parts_of_two_ways_meet_their_total() -> None:
    people, odds = np.array([100.0, 300.0, 0.0]), np.array([1.0, 2.0, 5.0])
    parts = shared(people, odds, 250.0)
    assert parts.sum() == pytest.approx(250.0)
    assert (parts[1] / (300 - parts[1])) / (parts[0] / (100 - parts[0])) == pytest.approx(2.0)


def test_the_seat_relation_is_not_fitted_to_the_second_test() -> None:
    rng = np.random.default_rng(0)
    units = pd.DataFrame({"code": [f"{34 if n < 20 else 33}01{n + 21}" for n in range(40)], "kind": "city",
                          "residents": rng.uniform(2e5, 9e5, 40), "rural": 1e5})  # fmt: skip
    units["urban"] = units["residents"] - units["rural"]
    units["seat_built_up"] = units["urban"] * rng.uniform(0.4, 0.9, 40)
    fitted = fit_seat_relation(units, without=["33"])
    assert fitted == fit_seat_relation(units[:20])
    assert fitted.observations == 20 < fit_seat_relation(units).observations
    assert derive_tables.second_test() == ("13", "21", "33", "36", "43", "45", "51", "61")


def test_seat_shares_are_printed_for_cities_and_else_estimated(counties: pd.DataFrame) -> None:
    status, share = counties["seat_share_status"], counties["seat_share"]
    assert (status["341282", 2020], round(float(share["341282", 2020]), 6)) == ("census", 0.7)
    assert status["341286", 2020] == status["140428", 2020] == status["341282", 2010] == "estimate"
    assert share.between(0, 1, inclusive="neither").all()


def test_names_lose_blanks_and_misspellings(counties: pd.DataFrame) -> None:
    assert counties.loc[("341282", 2010), ["name", "kind", "prefecture"]].tolist() == ["界首市", "city", "阜阳市"]
    assert counties.loc[("140428", 2010), "name"] == "长子县"


def test_places_add_up_their_counties_and_those_without_an_outline_lie_in_their_prefecture(
    derived: tuple[Path, Report],
) -> None:
    places = pd.read_csv(derived[0] / "places.csv", dtype={"code": str}).set_index("code")
    in_2010 = [people for code, _, people, _, _ in raw_miniature.UNITS_2010 if code.startswith("1404")]
    assert places.loc["1404", "residents_2010"] == sum(in_2010)
    assert places.loc["341282", ["pinyin", "years", "located_by"]].tolist() == ["jieshoushi", "2010;2020", "code"]
    assert places.loc["140402", "located_by"] == "code of the other census"
    assert places.loc["341288", "located_by"] == "prefecture"
    assert places.loc["341288", "longitude"] == places.loc["3412", "longitude"]


def test_fertility_is_spread_over_the_band_and_mortality_kept(derived: tuple[Path, Report]) -> None:
    fertility = pd.read_csv(derived[0] / "fertility.csv").set_index(["year", "variant", "age"])
    assert fertility.loc[(2010, "estimate", 20), "asfr"] == pytest.approx(1.6 * 40 / 95 / 5)
    assert set(fertility.index.get_level_values("year")) == {2010, 2030}  # 2004 is before the first year
    mortality = pd.read_csv(derived[0] / "mortality.csv")
    assert mortality.to_numpy().tolist() == [[2010, "female", 100, 0.5], [2010, "male", 0, 0.01]]


def test_series_come_in_plain_units_and_official_figures_win(derived: tuple[Path, Report]) -> None:
    series = pd.read_csv(derived[0] / "series.csv").set_index(["place", "year", "indicator"])["value"]
    assert series["CN", 2018, "residents"] == 1_395_380_000
    assert series["CN", 2019, "residents"] == 1_410_080_000  # the yearbook's, revised after the census
    assert series["CN", 2022, "birth_rate"] == 0.007
    assert series["CN", 2018, "primary_pupils_share_village"] == 0.2579
    assert series["341282", 2021, "urbanization_rate"] == 0.485
    assert series["341282", 2019, "urbanization_rate_first_published"] == 0.445
    assert not [key for key in series.index if key[0] not in {"CN", "341282"}]


def test_provinces_come_in_persons_and_fractions_with_the_rates_of_2021(derived: tuple[Path, Report]) -> None:
    table = pd.read_csv(derived[0] / "provinces.csv", dtype={"code": str}).set_index(["code", "year"])
    assert table.loc[("34", 2021)].tolist() == ["安徽省", 61_130_000, 0.5939, 0.00805, 0.008]
    assert table.loc[("14", 2020), ["birth_rate", "death_rate"]].isna().all()


def test_pupils_of_the_yearbook_are_kept_where_registered_people_are_not_printed(derived: tuple[Path, Report]) -> None:
    table = pd.read_csv(derived[0] / "counties_2023.csv", dtype={"code": str}).set_index("code")
    assert table.loc["341286", ["primary_pupils", "secondary_pupils"]].tolist() == [1_500, 900]
    assert table.loc["341286"].isna().sum() == 1
    assert table.loc["341282", "registered"] == 80_000


def test_the_same_raw_files_give_the_same_bytes(raw: Path, derived: tuple[Path, Report], capsys) -> None:
    assert derive_tables.main(["--raw", str(raw), "--out", str(derived[0]), "--check"]) == 0
    assert capsys.readouterr().err == ""


def test_the_check_says_what_differs(raw: Path, derived: tuple[Path, Report], tmp_path: Path, capsys) -> None:
    for table in derived[0].iterdir():
        (tmp_path / table.name).write_bytes(table.read_bytes())
    counties = pd.read_parquet(tmp_path / "counties.parquet")
    counties.loc[counties["code"] == "140428", "households"] += 1
    counties[counties["code"] != "341282"].to_parquet(tmp_path / "counties.parquet")
    (tmp_path / "seat_share.csv").unlink()
    (tmp_path / "stray.csv").write_text("\n")
    assert derive_tables.main(["--raw", str(raw), "--out", str(tmp_path), "--check"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "counties.parquet: 2 rows come from the raw files and are not in the committed table: "
        "1 of 2010 安徽省; 1 of 2020 安徽省",
        "counties.parquet: 2 rows differ in households, such as 14667 -> 14666 in 2010 140428",
        "seat_share.csv: missing among the committed tables",
        "stray.csv: not derived from the raw files",
    ]


def test_the_check_tells_other_bytes_from_other_content(raw: Path, derived: tuple[Path, Report], tmp_path, capsys):
    for table in derived[0].iterdir():
        (tmp_path / table.name).write_bytes(table.read_bytes())
    pd.read_parquet(tmp_path / "counties.parquet").to_parquet(tmp_path / "counties.parquet", compression="gzip")
    assert derive_tables.main(["--raw", str(raw), "--out", str(tmp_path), "--check"]) == 1
    assert capsys.readouterr().err.startswith("counties.parquet: the same content in other bytes")


def test_the_raw_folder_comes_from_the_environment_too(raw: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("URBSIM_RAW_DATA", str(raw))
    assert derive_tables.main(["--out", str(tmp_path)]) == 0
    assert (tmp_path / "counties.parquet").is_file()


@pytest.mark.parametrize("arguments", [[], ["--raw", "nowhere"]])
def test_raw_files_that_are_missing_are_named(arguments: list[str], monkeypatch, capsys) -> None:
    monkeypatch.delenv("URBSIM_RAW_DATA", raising=False)
    with pytest.raises(SystemExit) as stopped:
        derive_tables.main([*arguments, "--check"])
    assert stopped.value.code == 2
    message = capsys.readouterr().err
    assert "--raw DIR" in message if not arguments else "nowhere lacks census/county_2010.csv, census" in message
