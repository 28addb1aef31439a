"""Standard output and standard error as the commands use them: text that always can be written.

A character that the terminal's encoding lacks is written as a plain one, or as a question mark. What cannot be written
to standard output (a full disk) ends the command with a message; what cannot be written to standard error is dropped,
since no run should be lost for a line about its progress.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
import unicodedata
from pathlib import Path
from typing import TextIO

from urbsim.labels import bilingual

#: What stands for a character that an encoding lacks, beside what Unicode says of its parts.
_PLAIN = {
    "−": "-",
    "–": "-",
    "—": "-",
    "×": "x",
    "≥": ">=",
    "≤": "<=",
    "≈": "~",
    "±": "+/-",
    "≠": "!=",
    "…": "...",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "·": "-",
    "•": "*",
    "→": "->",
    "，": ",",
    "；": ";",
    "：": ":",
    "（": "(",
    "）": ")",
    "、": ",",
    "。": ".",
}
_HANDLER = "urbsim.plain"


class OutputError(Exception):
    """Standard output cannot be written to, such as a file on a full disk."""


class ClosedOutputError(Exception):
    """The reader of standard output, such as ``head``, wants no more."""


def _substitute(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    # An accented letter without its accent, a ligature in its letters, a full-width form in its usual width.
    bare = "".join(part for part in unicodedata.normalize("NFKD", character) if part.isascii())
    return bare or "?"


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_substitute, error.object[error.start : error.end])), error.end


class _Results(io.FileIO):
    """Standard output: a failure to write is told apart from that of any other file."""

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Write, or raise ``OutputError`` or ``ClosedOutputError``."""
        try:
            return super().write(data)
        except OSError as error:
            if error.errno in (errno.EPIPE, errno.EINVAL):  # the latter is what Windows says of a closed pipe
                raise ClosedOutputError from error
            raise OutputError(
                bilingual(f"cannot write to standard output: {error.strerror}", f"不能写入标准输出：{error.strerror}")
            ) from error


class _Messages(io.FileIO):
    """Standard error: what cannot be written is dropped."""

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Write, or do nothing."""
        try:
            return super().write(data)
        except OSError:
            return len(data)


def prepare() -> None:
    """Make standard output and standard error safe to print to; call once, at the start of the program."""
    codecs.register_error(_HANDLER, _replace)
    sys.stdout = _prepared(sys.stdout, 1, _Results)
    sys.stderr = _prepared(sys.stderr, 2, _Messages)


def _prepared(stream: TextIO | None, number: int, raw: type[io.FileIO]) -> TextIO:
    if stream is None:  # closed before the program began: nothing else may take its number
        return Path(os.devnull).open("w", encoding="utf-8")
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    if stream.isatty() or not _is_file(stream, number):
        stream.reconfigure(errors=_HANDLER)
        return stream
    stream.flush()
    buffer = io.BufferedWriter(raw(number, "w", closefd=False))
    return io.TextIOWrapper(buffer, stream.encoding, _HANDLER, line_buffering=number == 2)


def _is_file(stream: TextIO, number: int) -> bool:
    """Return whether a stream is the process's own of that number, not one that somebody put in its place."""
    try:
        return stream.fileno() == number
    except OSError:  # a stream in memory has no number
        return False


def finish() -> None:
    """Write what is still held back.

    Raises
    ------
    OutputError, ClosedOutputError
        If it cannot be written.
    """
    sys.stdout.flush()


def abandon() -> None:
    """Let what standard output still holds go nowhere, so that the end of the program is quiet."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
