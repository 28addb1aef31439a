"""Derive the tables that urbsim starts from: counties, places, fertility, mortality, published series.

    python calibration/derive_tables.py --raw RAW_DATA [--out calibration/tables] [--check]

The raw files are read, never copied; without `--raw` the folder is that of the variable URBSIM_RAW_DATA. Every row that
fails a check is listed by name, code, reason and treatment in `derivation_report.csv`. With `--check` the tables are
derived afresh into a temporary folder and compared byte by byte with the committed ones; what differs is said, and the
exit status is 1 if anything does.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from derivation.absent import add_destinations
from derivation.checks import Report
from derivation.columns import COUNTY_COLUMNS, SHARE_COLUMNS
from derivation.demography import fertility, mortality
from derivation.differences import differences
from derivation.estimates import SeatRelation, add_seat_shares, fit_seat_relation
from derivation.known import check_known, check_ranges, check_totals
from derivation.matching import add_matches, former_units
from derivation.places import places_table, write_places
from derivation.provinces import provinces_by_year
from derivation.registered import add_registered
from derivation.series import published_series
from derivation.units import county_units, prefecture_names, read_census
from derivation.yearbook import county_yearbook, registered_at_census

CENSUSES = (2010, 2020)
TABLES = Path(__file__).resolve().parent / "tables"
SPLIT = Path(__file__).resolve().parent / "national" / "split.yaml"
RAW_FILES = (
    "census/county_2010.csv",
    "census/county_2020.csv",
    "demography/tfr.csv",
    "demography/asfr_pattern.csv",
    "demography/mx.csv",
    "statistics/series.csv",
    "statistics/county_2023.csv",
    "statistics/national.csv",
    "statistics/provinces.csv",
    "statistics/provinces_vital_2021.csv",
)
TEXT_COLUMNS = frozenset({
    "code", "province", "prefecture", "name", "kind", "seat_share_status", "registered_status",
    "registered_basis", "code_other_year", "quality",
})  # fmt: skip


class Derived(NamedTuple):
    """The tables that come from the censuses and the county yearbook."""

    counties: pd.DataFrame
    places: pd.DataFrame
    yearbook: pd.DataFrame
    relation: SeatRelation


def census_tables(source: Path, report: Report) -> Derived:
    """Return the county table of both censuses, its places, the yearbook's counties and the relation of seat shares."""
    raw = {year: read_census(source, year) for year in CENSUSES}
    early, late = (county_units(raw[year], year, report) for year in CENSUSES)
    early["seat_built_up"] = np.nan
    relation = fit_seat_relation(late, without=second_test())
    former = former_units(early, late)
    for units in (early, late):
        add_seat_shares(units, relation, report)
    yearbook = county_yearbook(source, late, report)
    add_registered(early, late, former, registered_at_census(yearbook, source), report)
    add_matches(early, late, former)
    places = places_table(pd.concat([early, late], ignore_index=True))
    for units in (early, late):
        add_destinations(units, places)
    counties = pd.concat([early, late], ignore_index=True).sort_values(["code", "year"], ignore_index=True)
    check_known(counties, report)
    check_ranges(counties, (*SHARE_COLUMNS, "seat_share", "nonagricultural_share"), report)
    for year in CENSUSES:
        check_totals(counties, raw[year], year, prefecture_names(raw[year]), report)
    counties["quality"] = counties["quality"].replace("", "ok")
    return Derived(counties[list(COUNTY_COLUMNS)], places, yearbook, relation)


def second_test() -> tuple[str, ...]:
    """Return the provinces whose 2020 no national relation may be fitted to."""
    return tuple(yaml.safe_load(SPLIT.read_text(encoding="utf-8"))["second_test"])


def write_counties(counties: pd.DataFrame, path: Path) -> None:
    """Write the county table with compact types: int32 counts, float32 shares, text.

    Counts that one census lacks are floating point, with not-a-number where missing.
    """
    arrays = []
    for column in counties.columns:
        values = counties[column]
        if column in TEXT_COLUMNS:
            arrays.append(pa.array(values.astype(str).tolist(), pa.string()))
        elif column == "comparable":
            arrays.append(pa.array(values.astype(bool).tolist(), pa.bool_()))
        elif column == "year":
            arrays.append(pa.array(values.astype("int16").to_numpy()))
        elif values.isna().any() or (values % 1 != 0).any():
            arrays.append(pa.array(values.astype("float32").to_numpy()))
        else:
            arrays.append(pa.array(values.astype("int32").to_numpy()))
    table = pa.Table.from_arrays(arrays, names=list(counties.columns))
    pq.write_table(table, path, compression="zstd", compression_level=9)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a small table as CSV, the same bytes on every system."""
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def relation_table(relation: SeatRelation) -> pd.DataFrame:
    """Return the seat relation as one row per term, with the fit's size and spread repeated."""
    terms = {
        "constant": relation.constant,
        "ln_residents_100k": relation.size,
        "logit_urban_share": relation.urban,
        "observations": relation.observations,
        "residual_sd_logit": relation.residual_sd,
        "residual_sd_share": relation.share_sd,
        "r_squared": relation.r_squared,
    }
    return pd.DataFrame({"term": list(terms), "value": [round(float(value), 6) for value in terms.values()]})


def derive(source: Path, out: Path) -> Report:
    """Write every table into `out`; return the findings."""
    out.mkdir(parents=True, exist_ok=True)
    report = Report()
    derived = census_tables(source, report)
    write_counties(derived.counties, out / "counties.parquet")
    write_places(derived.places, out / "places.csv")
    write_csv(relation_table(derived.relation), out / "seat_share.csv")
    write_csv(derived.yearbook, out / "counties_2023.csv")
    write_csv(fertility(source), out / "fertility.csv")
    write_csv(mortality(source), out / "mortality.csv")
    write_csv(published_series(source), out / "series.csv")
    write_csv(provinces_by_year(source), out / "provinces.csv")
    report.write(out / "derivation_report.csv")
    return report


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    """Return the options of the command line; a raw file that is missing is the user's mistake."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--raw",
        type=Path,
        default=os.environ.get("URBSIM_RAW_DATA"),
        metavar="DIR",
        help="folder with census/, demography/, statistics/; default: the variable URBSIM_RAW_DATA",
    )
    parser.add_argument("--out", type=Path, default=TABLES, help="where the tables are written, or compared")
    parser.add_argument("--check", action="store_true", help="compare with the tables in --out, write nothing")
    options = parser.parse_args(arguments)
    if options.raw is None:
        parser.error("say where the raw files are: --raw DIR or the variable URBSIM_RAW_DATA")
    options.raw = Path(options.raw)
    missing = [name for name in RAW_FILES if not (options.raw / name).is_file()]
    if missing:
        parser.error(f"{options.raw} lacks {', '.join(missing)}")
    if options.check and not options.out.is_dir():
        parser.error(f"{options.out} is no folder of tables to compare with")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Run the derivation from the command line; return the exit status."""
    options = parsed(arguments)
    if not options.check:
        print(derive(options.raw, options.out).summary(), file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        derive(options.raw, Path(folder))
        found = differences(Path(folder), options.out)
    for finding in found:
        print(finding, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
