"""Deriving the tables: printing errors are mended and reported, and the committed tables are what comes out."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pandas as pd
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TABLES = REPOSITORY / "calibration" / "tables"
sys.path.insert(0, str(REPOSITORY / "calibration"))

pytest.importorskip("pypinyin", reason="deriving the tables needs the `data` extra")
import raw_miniature  # noqa: E402

import derive_tables  # noqa: E402
from derivation.checks import Report  # noqa: E402
from derivation.estimates import SeatRelation, carried_forward  # noqa: E402
from derivation.matching import former_units  # noqa: E402
from derivation.repair import close_totals  # noqa: E402
from derivation.romanization import romanized, short_name  # noqa: E402
from derivation.units import kind_of, read_census, tidy_name, without_provinces  # noqa: E402


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
        ("generation_total", "2010", "140426"),
        ("industry_total", "2010", "140428"),
        ("dwellings", "2010", "341284"),
        ("migrants", "2010", "341286"),
        ("urban_rural_total", "2020", "341202"),
        ("seat_share", "2020", "341286"),
        ("long_form", "2020", "341283"),
        ("not_a_unit", "2020", "170971"),
        ("not_a_unit", "2020", "阜阳甲经济开发区"),
        ("development_zone", "2020", "341271"),
        ("prefecture_without_counties", "2010", "341900"),
        ("prefecture_without_counties", "2020", "341900"),
        ("area_total", "2020", "341200"),
        ("area_total", "2020", "340000"),
        ("absent_registered", "2010", "140402"),
        ("absent_registered", "2020", "140403"),
        ("absent_registered", "2020", "341202"),
        *(("no_2010_match", "2020", code) for code in ("341271", "341285", "341288", "341289")),
    }


def test_invented_figures_are_not_the_known_ones(derived: tuple[Path, Report]) -> None:
    known = {(row[1], row[4]) for row in derived[1].rows if row[3] == "known"}
    assert ("341282", "residents 60000 not 561956") in known
    assert ("140403", "urban 90.0 % not 86.05 %") in known


def test_misprints_become_the_figures_that_were_meant(counties: pd.DataFrame) -> None:
    meant = {unit[0]: raw_miniature.row_2010(*unit) for unit in raw_miniature.UNITS_2010}
    assert counties.loc[("140425", 2010), "male_80_84"] == int(meant["140425"]["80-84岁（男）"])
    assert counties.loc[("140426", 2010), "households_three_generations"] == int(meant["140426"]["三代户"])
    assert counties.loc[("140427", 2010), "female_education_college"] == int(meant["140427"]["大学专科-女"])
    manufacturing, employed = int(meant["140428"]["制造业"]), int(meant["140428"]["各种行业人口总计"])
    assert counties.loc[("140428", 2010), "manufacturing_share"] == pytest.approx(manufacturing / employed)
    assert counties.loc[("341202", 2020), "rural"] == 7_200
    assert counties.loc[("140426", 2010), "quality"] == "generation_total_mended"
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


def test_registered_people_are_carried_forward_or_else_residents_less_migrants(counties: pd.DataFrame) -> None:
    # All units have the same natural growth, so only China's remains: 36,000 x 1.2 x 141,178 / 133,972.
    assert counties.loc[("140427", 2020), "registered"] == pytest.approx(43_200 * 141_178 / 133_972, abs=1)
    assert counties.loc[("341288", 2020), "registered"] == 39_000 - 39_000 // 20 - 39_000 // 40
    assert counties.loc[("341288", 2020), "absent_registered"] == 0


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
    assert series["CN", 2019, "residents"] == 1.4e9
    assert series["341282", 2021, "urbanization_rate"] == 0.485
    assert series["341282", 2019, "urbanization_rate_first_published"] == 0.445
    assert not [key for key in series.index if key[0] not in {"CN", "341282"}]


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


def test_provinces_of_2020_can_be_left_out_with_their_zones(raw: Path) -> None:
    census = read_census(raw, 2020)
    assert "阜阳甲经济开发区" in set(census["name"])
    rest = without_provinces(census, ["34"])
    assert set(rest["code"].str[:2]) == {"14", "17", ""}
    assert rest.loc[rest["code"] == "", "name"].tolist() == ["全国"]
    pd.testing.assert_frame_equal(without_provinces(census, []), census)


def test_provinces_left_out_are_not_in_the_tables(raw: Path, tmp_path: Path) -> None:
    arguments = ["--raw", str(raw), "--out", str(tmp_path), "--leave-out-2020", "14"]
    assert derive_tables.main(arguments) == 0
    counties = pd.read_parquet(tmp_path / "counties.parquet")
    assert set(counties.loc[counties["year"] == 2020, "province"]) == {"安徽省"}
    assert set(counties.loc[counties["year"] == 2010, "province"]) == {"安徽省", "山西省"}


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
