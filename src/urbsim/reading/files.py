"""Reading files that somebody else named: regular files of a limited size, and nothing that waits or never ends."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from urbsim.labels import bilingual


class FileRefusedError(Exception):
    """A file that is not read; the text says what is wrong with it, and ``limit`` is the size allowed if that is it."""

    def __init__(self, message: str, limit: str = "") -> None:
        self.limit = limit
        super().__init__(message)


def read_regular(path: Path, most_bytes: int) -> bytes:
    """Return the bytes of a regular file.

    Raises
    ------
    FileRefusedError
        If there is no such file, it is a folder, pipe or device, cannot be read, or is larger than ``most_bytes``.
    """
    try:
        _check_regular(path.stat())
        # Between the check and here the file may become a pipe, for whose writer an ordinary open would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as stream:  # noqa: PTH123 - a descriptor has no path
            status = os.fstat(descriptor)
            _check_regular(status)
            data = stream.read(most_bytes + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise FileRefusedError(bilingual("no such file", "文件不存在")) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FileRefusedError(bilingual(f"cannot be read: {reason}", f"无法读取：{reason}")) from None
    if len(data) > most_bytes:
        size = max(status.st_size, len(data))
        raise FileRefusedError(
            bilingual(f"has {size / 1e6:.1f} MB", f"大小为 {size / 1e6:.1f} MB"),
            bilingual(f"at most {most_bytes / 1e6:g} MB", f"至多 {most_bytes / 1e6:g} MB"),
        )
    return data


def _check_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise FileRefusedError(
            bilingual("is a folder", "是文件夹")
            if stat.S_ISDIR(status.st_mode)
            else bilingual("is no regular file", "不是普通文件")
        )
