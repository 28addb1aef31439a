"""The tables a run produces, and how they are written so that equal results are equal bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

#: Names of the tables of a recorded run, as attributes of ``urbsim.observation.results.Results``.
TABLES = ("series", "flows", "ledger", "limits", "synthesis")
Tables = dict[str, pd.DataFrame]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path`` to write to; it takes the place of ``path`` only if all went well."""
    temporary = path.with_name(f".{path.name}.partial")
    try:
        yield temporary
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table; the same table gives the same bytes (with the same pyarrow)."""
    with replacing(path) as temporary:
        frame.to_parquet(temporary, index=False, compression="zstd", engine="pyarrow")


def read_parquet(path: Path) -> pd.DataFrame:
    """Return the table of a file, read in this thread: where threads cannot be had, pyarrow would wait for ever."""
    return pd.read_parquet(path, engine="pyarrow", use_threads=False, pre_buffer=False)


def read_table(path: Path) -> pd.DataFrame:
    """Return a merged table of a run folder."""
    if path.suffix == ".parquet":
        return read_parquet(path)
    text: dict[str, Any] = {"scenario": "category", "county": str}
    return pd.read_csv(path, dtype=text, float_precision="round_trip")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV in UTF-8 with unix line ends; numbers read back as they were."""
    with replacing(path) as temporary:
        frame.to_csv(temporary, index=False, lineterminator="\n", encoding="utf-8")


def write_text(text: str, path: Path) -> None:
    """Write text in UTF-8 with unix line ends."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def content_hash(frame: pd.DataFrame) -> str:
    """Return the SHA-256 of a table's values, whatever file format or library version holds them."""
    digest = hashlib.sha256()
    for column in frame.columns:
        values = frame[column]
        digest.update(f"\x1e{column}\x1f".encode())
        if pd.api.types.is_float_dtype(values):
            digest.update(np.ascontiguousarray(values.to_numpy(), dtype="<f8").tobytes())
        else:
            digest.update("\x1f".join(values.astype(str)).encode())
    return digest.hexdigest()


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
