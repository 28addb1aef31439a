"""Derive the tables that urbsim starts from: counties, places, fertility, mortality, published series.

    python calibration/derive_tables.py --source RAW_DATA [--out calibration/tables] [--check]

The raw files are read, never copied. Every row that fails a check is listed by name, code, reason and treatment
in `derivation_report.csv`. With `--check` the tables are derived afresh into a temporary folder and compared
byte by byte with the committed ones; the exit status is 1 if any differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from derivation.checks import Report
from derivation.columns import COUNTY_COLUMNS, SHARE_COLUMNS
from derivation.demography import fertility, mortality
from derivation.estimates import SeatRelation, add_matches, add_registered, add_seat_shares, fit_seat_relation
from derivation.known import check_known, check_ranges, check_totals
from derivation.matching import former_units
from derivation.places import places_table, write_places
from derivation.series import published_series
from derivation.units import county_units, prefecture_names, read_census

TABLES = Path(__file__).resolve().parent / "tables"
TEXT_COLUMNS = frozenset({
    "code", "province", "prefecture", "name", "kind", "seat_share_status", "registered_status",
    "registered_basis", "code_other_year", "quality",
})  # fmt: skip


def county_table(source: Path, report: Report) -> tuple[pd.DataFrame, SeatRelation]:
    """Return the county table of both censuses, and the fitted relation behind its seat shares."""
    raw = {year: read_census(source, year) for year in (2010, 2020)}
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


def derive(source: Path, out: Path) -> Report:
    """Write every table into `out`; return the findings."""
    out.mkdir(parents=True, exist_ok=True)
    report = Report()
    counties, relation = county_table(source, report)
    write_counties(counties, out / "counties.parquet")
    write_places(places_table(counties), out / "places.csv")
    write_csv(relation_table(relation), out / "seat_share.csv")
    write_csv(fertility(source), out / "fertility.csv")
    write_csv(mortality(source), out / "mortality.csv")
    write_csv(published_series(source), out / "series.csv")
    report.write(out / "derivation_report.csv")
    return report


def changed_files(fresh: Path, committed: Path) -> list[str]:
    """Return the names of files that differ, are missing, or are no longer derived."""
    names = {path.name for folder in (fresh, committed) for path in folder.iterdir() if path.is_file()}
    return sorted(name for name in names if _bytes(fresh / name) != _bytes(committed / name))


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def main(arguments: list[str] | None = None) -> int:
    """Run the derivation from the command line; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="folder with census/, demography/, statistics/")
    parser.add_argument("--out", type=Path, default=TABLES, help="where the tables are written, or compared")
    parser.add_argument("--check", action="store_true", help="compare with the tables in --out, write nothing")
    options = parser.parse_args(arguments)
    if not (options.source / "census").is_dir():
        parser.error(f"{options.source} holds no census folder")
    if not options.check:
        print(derive(options.source, options.out).summary(), file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        derive(options.source, Path(folder))
        changed = changed_files(Path(folder), options.out)
    for name in changed:
        print(f"{name}: differs from the committed table", file=sys.stderr)
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
