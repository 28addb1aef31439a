"""Deriving the tables: printing errors are mended and reported, and the committed tables are what comes out."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pandas as pd
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY.parent / "shared" / "data"
TABLES = REPOSITORY / "calibration" / "tables"
sys.path.insert(0, str(REPOSITORY / "calibration"))

pytest.importorskip("pypinyin", reason="deriving the tables needs the `data` extra")
import derive_tables  # noqa: E402
from derivation.checks import Report  # noqa: E402
from derivation.estimates import SeatRelation, carried_forward  # noqa: E402
from derivation.matching import former_units  # noqa: E402
from derivation.repair import close_totals  # noqa: E402
from derivation.romanization import romanized, short_name  # noqa: E402
from derivation.units import kind_of, tidy_name  # noqa: E402

needs_raw_data = pytest.mark.skipif(not SOURCE.is_dir(), reason="the raw data are not here")


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


@needs_raw_data
def test_deriving_again_gives_the_committed_tables_byte_for_byte() -> None:
    assert derive_tables.main(["--source", str(SOURCE), "--check"]) == 0


@needs_raw_data
def test_a_changed_table_is_noticed(tmp_path: Path) -> None:
    for table in TABLES.iterdir():
        (tmp_path / table.name).write_bytes(table.read_bytes())
    (tmp_path / "seat_share.csv").write_text("term,value\n")
    (tmp_path / "stray.csv").write_text("\n")
    assert derive_tables.changed_files(TABLES, tmp_path) == ["seat_share.csv", "stray.csv"]
