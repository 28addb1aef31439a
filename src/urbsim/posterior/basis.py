"""What the constants of each county rest on, read without loading the constants themselves."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache

from urbsim.codes import FIRST_COUNTY_NUMBER
from urbsim.region.places import tables_folder

OWN, EXPECTED, EQUATION, NOTHING = "own", "expected", "equation", "none"


def basis_of_constants(codes: Sequence[str], year: int) -> dict[str, str]:
    """Return what the constants of each county rest on in runs from a census year, by code.

    ``own``: its own change between both censuses; ``expected``: what its province and urban share imply; ``equation``:
    its columns of 2010; ``none``: nothing, its constants are zero.
    """
    table, regions = _table(), _regions()
    found = {}
    for code in codes:
        if code.startswith(regions):
            found[code] = OWN
        elif (year, code) in table:
            found[code] = table[year, code]
        else:
            found[code] = EQUATION if int(code[4:6]) >= FIRST_COUNTY_NUMBER else NOTHING
    return found


@cache
def _table() -> dict[tuple[int, str], str]:
    path = tables_folder().parent / "posteriors" / "counties" / "basis.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {(int(row["year"]), row["code"]): row["basis"] for row in csv.DictReader(file)}


@cache
def _regions() -> tuple[str, ...]:
    """Return the codes of regions with a posterior of their own: what their counties' codes begin with."""
    folder = tables_folder().parent / "posteriors"
    return tuple(path.parent.name for path in folder.glob("*/constants.parquet"))


def forget() -> None:
    """Forget what was read, after the stored files changed."""
    for reader in (_table, _regions):
        reader.cache_clear()
