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
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from derivation.checks import Report
from derivation.columns import COUNTY_COLUMNS, SHARE_COLUMNS
from derivation.demography import fertility, mortality
from derivation.differences import differences
from derivation.estimates import SeatRelation, add_matches, add_registered, add_seat_shares, fit_seat_relation
from derivation.known import check_known, check_ranges, check_totals
from derivation.matching import former_units
from derivation.places import places_table, write_places
from derivation.series import published_series
from derivation.units import county_units, prefecture_names, read_census, without_provinces

TABLES = Path(__file__).resolve().parent / "tables"
RAW_FILES = (
    "census/county_2010.csv",
    "census/county_2020.csv",
    "demography/tfr.csv",
    "demography/asfr_pattern.csv",
    "demography/mx.csv",
    "statistics/series.csv",
)
TEXT_COLUMNS = frozenset({
    "code", "province", "prefecture", "name", "kind", "seat_share_status", "registered_status",
    "registered_basis", "code_other_year", "quality",
})  # fmt: skip


def county_table(source: Path, report: Report, left_out: Sequence[str] = ()) -> tuple[pd.DataFrame, SeatRelation]:
    """Return the county table of both censuses, and the fitted relation behind its seat shares.

    The rows of 2020 of the provinces ``left_out`` (two digits each) are not read.
    """
    raw = {year: read_census(source, year) for year in (2010, 2020)}
    raw[2020] = without_provinces(raw[2020], left_out)
    early, late = (county_units(raw[year], year, report) for year in (2010, 2020))
    early["seat_built_up"] = np.nan
    relation = fit_seat_relation(late)
    former = former_units(early, late)
    for units in (early, late):
        add_seat_shares(units, relation, report)
    add_registered(early, late, former, report)
    add_matches(early, late, former)
    counties = pd.concat([early, late], ignore_index=True).sort_values(["code", "year"], ignore_index=True)
    check_known(counties, report)
    check_ranges(counties, (*SHARE_COLUMNS, "seat_share", "nonagricultural_share"), report)
    for year in (2010, 2020):
        check_totals(counties, raw[year], year, prefecture_names(raw[year]), report)
    counties["quality"] = counties["quality"].replace("", "ok")
    return counties[list(COUNTY_COLUMNS)], relation


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


def derive(source: Path, out: Path, left_out: Sequence[str] = ()) -> Report:
    """Write every table into `out`; return the findings. ``left_out`` as for ``county_table``."""
    out.mkdir(parents=True, exist_ok=True)
    report = Report()
    counties, relation = county_table(source, report, left_out)
    write_counties(counties, out / "counties.parquet")
    write_places(places_table(counties), out / "places.csv")
    write_csv(relation_table(relation), out / "seat_share.csv")
    write_csv(fertility(source), out / "fertility.csv")
    write_csv(mortality(source), out / "mortality.csv")
    write_csv(published_series(source), out / "series.csv")
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
    parser.add_argument(
        "--leave-out-2020", nargs="+", default=[], metavar="CODE", help="provinces whose rows of 2020 are not read"
    )
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
        print(derive(options.raw, options.out, options.leave_out_2020).summary(), file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        derive(options.raw, Path(folder), options.leave_out_2020)
        found = differences(Path(folder), options.out)
    for finding in found:
        print(finding, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
