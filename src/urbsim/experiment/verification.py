"""Whether a run folder is as it was written: every file against the hash in the manifest, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from urbsim.experiment import draws, manifest
from urbsim.experiment.folder import MERGED, files_of, missing_values
from urbsim.experiment.tables import TABLES, content_hash, file_hash, read_table
from urbsim.labels import bilingual

_SOURCES = (".yaml", ".py", ".json")


def is_read(name: str) -> bool:
    """Return whether a file of a run folder is read when its results are opened; the others were written from these."""
    return name in (*MERGED.values(), draws.PARAMETERS, draws.CONSTANTS) or Path(name).suffix in (".yaml", ".json")


def is_run(name: str) -> bool:
    """Return whether a file of a run folder is read when it is simulated again: levers of one's own too."""
    return is_read(name) or any(part.startswith("lever-") for part in Path(name).parts)


def changes(folder: Path, record: Mapping[str, Any], which: Callable[[str], bool] = lambda _: True) -> list[str]:
    """Return what is not as it was written, one phrase each; nothing where all is well.

    Parameters
    ----------
    folder
        A finished run folder.
    record
        Its manifest.
    which
        Chooses the files to look at by name.
    """
    outputs: dict[str, str] = record.get("outputs", {})
    found = _of_manifest(record)
    unlisted = [MERGED[name] for name in TABLES if MERGED[name] not in outputs] if record.get("contents") else []
    found += [bilingual(f"{name} is not in the manifest", f"{name} 不在清单中") for name in unlisted]
    for name, known in outputs.items():
        if which(name) and (what := _change(folder / name, known, record)):
            found.append(f"{name} {what}")
    return found


def additions(folder: Path, record: Mapping[str, Any]) -> list[str]:
    """Return the files of a run folder that its manifest does not know."""
    return [name for name in files_of(folder) if name not in record.get("outputs", {})]


def _of_manifest(record: Mapping[str, Any]) -> list[str]:
    """Return whether the manifest fits its own hashes."""
    identity = {"settings": record["settings"], "inputs": record["inputs"]}
    if record["status"] == "running":
        return []
    if record["format"] > 1 and record.get("seal") != manifest.seal(record):
        return [bilingual("manifest.json was edited", "manifest.json 被编辑过")]
    if record.get("fingerprint") != manifest.fingerprint(identity, record.get("contents", {})):
        return [
            bilingual(
                "manifest.json was edited: settings, inputs or contents do not fit its fingerprint",
                "manifest.json 被编辑过：设置、输入或内容与指纹不符",
            )
        ]
    return []


def _change(path: Path, known: str, record: Mapping[str, Any]) -> str | None:
    """Return in words what became of a file; None where it is as it was."""
    try:
        if not path.is_file():
            return bilingual("is missing", "缺失")
        if file_hash(path) == known:
            return None
    except OSError as error:
        return bilingual(f"cannot be read ({error.strerror or error})", f"无法读取（{error.strerror or error}）")
    names = [name for name, file in MERGED.items() if file == path.name]
    if names and path.parent.name != "scenarios":
        return _change_of_table(path, names[0], record)
    return bilingual("was edited", "被编辑过") if path.suffix in _SOURCES else bilingual("was changed", "被改动")


def _change_of_table(path: Path, name: str, record: Mapping[str, Any]) -> str:
    try:
        frame = read_table(path)
    except Exception as error:  # a damaged file makes readers fail in many ways
        return bilingual(
            f"is damaged and cannot be read ({type(error).__name__})", f"已损坏，无法读取（{type(error).__name__}）"
        )
    if content_hash(frame) == record.get("contents", {}).get(name):
        return bilingual("was written anew with the same values", "被重新写过，数值相同")
    return bilingual(f"was changed: {_compared(frame, name, record)}", f"被改动：{_compared(frame, name, record)}")


def _compared(frame: pd.DataFrame, name: str, record: Mapping[str, Any]) -> str:
    rows, missing = (record.get(kind, {}).get(name) for kind in ("rows", "missing"))
    if rows is not None and len(frame) != rows:
        return bilingual(f"it has {len(frame)} rows, {rows} were written", f"有 {len(frame)} 行，写出时是 {rows} 行")
    gaps = missing_values(frame)
    if missing is not None and gaps != missing:
        return bilingual(
            f"{gaps} of its values are missing, {missing} were when it was written",
            f"缺失 {gaps} 个数值，写出时缺失 {missing} 个",
        )
    return bilingual("its values are not those that were written", "数值与写出时不同")
