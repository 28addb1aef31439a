"""One finished run on disk: a folder with a file per table and a record that binds them, put in place by one rename."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from urbsim.experiment.identity import key_of
from urbsim.experiment.reads import unchanged
from urbsim.experiment.tables import Tables, file_hash, read_parquet, write_parquet, write_text

RECORD = "entry.json"
PARTIAL = ".partial-"


class BrokenEntryError(Exception):
    """An entry that is damaged, holds another run than its name says, or whose inputs have changed."""


def write_entry(path: Path, identity: Mapping[str, Any], tables: Tables, reads: Mapping[str, str]) -> None:
    """Write a finished run to ``path``, whole or not at all, in place of what is there.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    temporary = path.with_name(f"{PARTIAL}{uuid.uuid4().hex[:16]}")
    try:
        temporary.mkdir(parents=True)
        for name, table in tables.items():
            write_parquet(table, temporary / f"{name}.parquet")
        hashes = {name: file_hash(temporary / f"{name}.parquet") for name in tables}
        record = {"identity": identity, "reads": dict(reads), "tables": hashes}
        write_text(json.dumps(record, sort_keys=True) + "\n", temporary / RECORD)
        aside = path.with_name(f"{temporary.name}-old")
        with suppress(FileNotFoundError):
            path.rename(aside)
        temporary.rename(path)
        shutil.rmtree(aside, ignore_errors=True)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def read_entry(path: Path, key: str) -> Tables | None:
    """Return the tables of the run with this key, None where there is no entry.

    Raises
    ------
    BrokenEntryError
        If it is not whole, not that run, or a file that it read has changed.
    """
    if not path.is_dir():
        return None
    try:
        record = json.loads((path / RECORD).read_text(encoding="utf-8"))
        if key_of(record["identity"]) != key:
            raise BrokenEntryError("it is another run")
        if not unchanged(record["reads"]):
            raise BrokenEntryError("a file that it read has changed")
        return {str(name): _table(path / f"{name}.parquet", known) for name, known in record["tables"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenEntryError(str(error)) from error


def _table(path: Path, known: str) -> pd.DataFrame:
    if file_hash(path) != known:
        raise BrokenEntryError(f"{path.name} is damaged")
    return read_parquet(path)
