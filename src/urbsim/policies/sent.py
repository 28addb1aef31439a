"""Levers of the user's own on their way to another machine, which has none of their files.

What the lever's file read while it was run goes along: itself, modules beside it, data. What it opens only later,
during a run, does not.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePath, PurePosixPath
from typing import NamedTuple

from urbsim.labels import bilingual
from urbsim.policies.base import LeverOrigin
from urbsim.policies.own import IN_PLACE, MOST_BYTES_OF_DATA, LeverFileError
from urbsim.reading.files import read_regular
from urbsim.reading.wording import quoted


class LeverFiles(NamedTuple):
    """The files of a lever, by path relative to its folder, as they are sent to another machine."""

    path: str
    class_name: str
    files: tuple[tuple[str, str], ...]
    contents: tuple[bytes, ...]


def files_of(origin: LeverOrigin) -> LeverFiles:
    """Return the files that a lever read when its file was run.

    Raises
    ------
    FileRefusedError
        If one cannot be read.
    """
    folder = Path(origin.path).parent
    return LeverFiles(*origin, tuple(read_regular(folder / name, MOST_BYTES_OF_DATA) for name, _ in origin.files))


def put_in_place(sent: LeverFiles) -> None:
    """Write the files of a lever from another machine to a folder of this process, from which it is loaded."""
    origin = LeverOrigin(sent.path, sent.class_name, sent.files)
    if origin in IN_PLACE:
        return
    folder = Path(tempfile.mkdtemp(prefix="urbsim-levers-")).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for (name, _), content in zip(sent.files, sent.contents, strict=True):
        path = folder / PurePosixPath(name)
        if not path.resolve().is_relative_to(folder):
            raise LeverFileError(
                bilingual(
                    f"{quoted(name)} lies outside the folder of its lever", f"{quoted(name)}不在其政策工具的文件夹内"
                )
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    IN_PLACE[origin] = folder / PurePath(sent.path).name


def as_sent(hashes: Mapping[str, str]) -> dict[str, str]:
    """Return hashes of files by path, with the paths that files of levers have where they came from."""
    folders = {f"{local.parent}{os.sep}": Path(origin.path).parent for origin, local in IN_PLACE.items()}
    found = {}
    for path, digest in hashes.items():
        home = next((home for home in folders if path.startswith(home)), None)
        found[path if home is None else str(folders[home] / path.removeprefix(home))] = digest
    return found
