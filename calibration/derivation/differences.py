"""What differs between freshly derived tables and the committed ones: rows and columns, in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

# What names a row of each table; where nothing does, rows differ as wholes.
KEYS = {
    "counties.parquet": ["year", "code"],
    "places.csv": ["code"],
    "seat_share.csv": ["term"],
    "fertility.csv": ["year", "variant", "age"],
    "mortality.csv": ["period_start", "sex", "age"],
    "counties_2023.csv": ["code"],
    "provinces.csv": ["code", "year"],
    "series.csv": ["place", "indicator", "year"],
}
MOST_SHOWN = 4
MARK = "\N{INFORMATION SEPARATOR ONE}"  # between the parts of a row's name; in no cell


def differences(fresh: Path, committed: Path) -> list[str]:
    """Return one line per finding, each beginning with the table's name; none if all files have the same bytes."""
    names = sorted({path.name for folder in (fresh, committed) for path in folder.iterdir() if path.is_file()})
    found = []
    for name in names:
        if not (fresh / name).is_file():
            found.append(f"{name}: not derived from the raw files")
        elif not (committed / name).is_file():
            found.append(f"{name}: missing among the committed tables")
        elif (fresh / name).read_bytes() != (committed / name).read_bytes():
            found += [f"{name}: {finding}" for finding in _findings(fresh / name, committed / name)]
    return found


def _findings(fresh: Path, committed: Path) -> list[str]:
    new, old = _read(fresh), _read(committed)
    columns = [column for column in new.columns if column in old.columns]
    found = []
    if list(new.columns) != list(old.columns):
        odd = [column for column in (*new.columns, *old.columns) if column not in columns]
        found.append(f"columns differ ({_some(odd) or 'in order'})")
    key = KEYS.get(fresh.name, columns)
    new, old = _by_key(new, key), _by_key(old, key)
    found += _rows_of_one(new, old, key, "rows come from the raw files and are not in the committed table")
    found += _rows_of_one(old, new, key, "rows are in the committed table and do not come from the raw files")
    both = new.index.intersection(old.index)
    changed = [column for column in columns if column not in key]
    unequal = {column: int((new.loc[both, column] != old.loc[both, column]).sum()) for column in changed}
    for column, number in unequal.items():
        if number:
            row = both[(new.loc[both, column] != old.loc[both, column]).to_numpy()][0]
            example = f"{old.loc[row, column]} -> {new.loc[row, column]} in {row.replace(MARK, ' ')}"
            found.append(f"{number:,} rows differ in {column}, such as {example}")
    return found or ["the same content in other bytes: written by another version of pyarrow or in another order"]


def _read(path: Path) -> pd.DataFrame:
    """Return a table as text, so that what is missing equals what is missing."""
    table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype=str, keep_default_na=False)
    return table.map(str)


def _by_key(table: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Name each row by its key, the second of a name by its number too."""
    names = table[key].agg(MARK.join, axis=1) if len(table) else pd.Series(dtype=str)
    again = names.groupby(names).cumcount()
    return table.set_axis(names.where(again == 0, names + MARK + again.astype(str)), axis=0)


def _rows_of_one(one: pd.DataFrame, other: pd.DataFrame, key: list[str], meaning: str) -> list[str]:
    only = one.loc[~one.index.isin(other.index)]
    if only.empty:
        return []
    if key == KEYS["counties.parquet"]:
        kinds = (only["year"] + " " + only["province"]).value_counts(sort=False)
        return [f"{len(only):,} {meaning}: {_some([f'{number} of {kind}' for kind, number in kinds.items()], 12)}"]
    return [f"{len(only):,} {meaning}: {_some([name.replace(MARK, ' ') for name in only.index])}"]


def _some(names: list[str], most: int = MOST_SHOWN) -> str:
    return "; ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")
