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
_PARTIAL = ".partial"
#: Columns of CSV files that are text even where they look like numbers.
_TEXTS = ("scenario", "county")


def is_partial(path: Path) -> bool:
    """Return whether a file was left half written by a process that was killed."""
    return path.name.startswith(".") and path.name.endswith(_PARTIAL)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path`` to write to; it takes the place of ``path`` only if all went well."""
    temporary = path.with_name(f".{path.name}{_PARTIAL}")
    try:
        yield temporary
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table; the same table gives the same bytes (with the same pyarrow)."""
    with replacing(path) as temporary, temporary.open("wb") as file:  # pyarrow knows no paths that are no text
        frame.to_parquet(file, index=False, compression="zstd", engine="pyarrow")


def read_parquet(path: Path) -> pd.DataFrame:
    """Return the table of a file, read in this thread: where threads cannot be had, pyarrow would wait for ever."""
    with path.open("rb") as file:
        return pd.read_parquet(file, engine="pyarrow", use_threads=False, pre_buffer=False)


def read_table(path: Path) -> pd.DataFrame:
    """Return a merged table of a run folder."""
    if path.suffix == ".parquet":
        return read_parquet(path)
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    typed = {name: frame[name] if name in _TEXTS else _numbers(frame[name]) for name in frame}
    return pd.DataFrame(typed).astype({"scenario": "category"})


def _numbers(column: pd.Series[str]) -> pd.Series[Any]:
    """Return a column as numbers that are exactly those written, or as it is where one of them is none."""
    for kind in (int, float):
        try:
            return pd.Series([kind(text) if text or kind is int else np.nan for text in column], index=column.index)
        except ValueError:
            continue
    return column


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
