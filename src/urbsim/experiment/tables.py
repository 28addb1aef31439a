"""The tables a run produces, and how they are written so that equal results are equal bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow

#: Names of the tables of a recorded run, as attributes of ``urbsim.observation.results.Results``.
TABLES = ("series", "flows", "ledger", "limits", "synthesis")
Tables = dict[str, pd.DataFrame]
_PARTIAL = ".partial"
# Where no more threads can be had, pyarrow would wait for its own for ever; the processes at work are enough.
pyarrow.set_cpu_count(1)
pyarrow.set_io_thread_count(1)
#: Columns of the CSV tables that are text even where they look like numbers.
_TEXTS = ("scenario", "county", "margin", "category")
#: How text begins that a spreadsheet takes for a formula, with the apostrophes that say it is none.
_FORMULA = re.compile("'*[=+\\-@\\t＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


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
    """Return the table of a file, read in this thread."""
    with path.open("rb") as file:
        return pd.read_parquet(file, engine="pyarrow", use_threads=False, pre_buffer=False)


def read_table(path: Path) -> pd.DataFrame:
    """Return a merged table of a run folder."""
    if path.suffix == ".parquet":
        return read_parquet(path)
    return read_csv(path, _TEXTS).astype({"scenario": "category"})


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV in UTF-8 with unix line ends; ``read_csv`` gives it back as it was.

    The file begins with a byte order mark: without one Excel takes Chinese for the code of the machine.
    Text that a spreadsheet would take for a formula, such as a scenario named ``=1+1``, gets an apostrophe in front.
    Numbers are never changed.
    """
    safe = frame.assign(**{name: _harmless(frame[name]) for name in frame.columns if _holds_text(frame[name])})
    with replacing(path) as temporary:
        safe.to_csv(temporary, index=False, lineterminator="\n", encoding="utf-8-sig")


def read_csv(path: Path, text: Sequence[str]) -> pd.DataFrame:
    """Return a table that ``write_csv`` wrote; the columns ``text`` are text, whatever they look like."""
    kinds: dict[str, Any] = dict.fromkeys(text, str)
    everything: pd.DataFrame = pd.read_csv(path, dtype=kinds, keep_default_na=False, na_values=[""], engine="pyarrow")
    return everything.assign(**{name: everything[name].fillna("").map(_as_written) for name in text})


def _holds_text(values: pd.Series[Any]) -> bool:
    return not pd.api.types.is_numeric_dtype(values)


def _harmless(values: pd.Series[Any]) -> pd.Series[Any]:
    def quoted(value: Any) -> Any:
        taken = isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value)
        return f"'{value}" if taken else value

    return values.astype(object).map(quoted)


def _as_written(value: str) -> str:
    return value[1:] if value.startswith("'") and _FORMULA.match(value) else value


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
            digest.update("\x1f".join(_texts(values)).encode())
    return digest.hexdigest()


def _texts(values: pd.Series[Any]) -> list[str]:
    """Return values as text; of a few that come again and again each is written once."""
    if values.dtype == object:  # 1 and True are equal, and not the same text
        return values.astype(str).tolist()
    numbers, kinds = pd.factorize(values, use_na_sentinel=False)
    texts = kinds.astype(str).tolist()
    return [texts[number] for number in numbers.tolist()]


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
