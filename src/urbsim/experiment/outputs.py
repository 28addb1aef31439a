"""The folder that results are written to: found to be usable before anything is simulated."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from urbsim.experiment.errors import ExperimentError
from urbsim.labels import bilingual


def make_output_folder(path: Path) -> list[Path]:
    """Make a folder, if need be, and prove that it can be written; return the folders made for it, innermost first.

    Raises
    ------
    ExperimentError
        If it cannot be made or written; nothing is left of it then.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise ExperimentError(
            bilingual(
                f"cannot write to the output folder {path}: {error.strerror or error}",
                f"不能写入结果文件夹 {path}：{error.strerror or error}",
            )
        ) from error
    return missing
