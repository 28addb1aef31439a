"""Running the experiment of a folder again, with the draws it recorded, and comparing what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from urbsim.experiment import manifest
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.folder import load_merged
from urbsim.experiment.reopen import recorded_plan
from urbsim.experiment.runner import Runner, carry_out
from urbsim.experiment.tables import TABLES, content_hash
from urbsim.experiment.verification import changes, is_run
from urbsim.labels import Label, bilingual
from urbsim.scenario.loading import load_scenario

_KINDS = {
    "model": Label("the model has changed since", "此后模型有变"),
    "region tables": Label("the region tables have changed since", "此后地区数据表有变"),
}
_AMOUNTS = ("value", "persons", "yuan", "wanted", "possible")


def reproduced(folder: Path, runner: Runner, *, allow_code: bool = False) -> dict[str, Any]:
    """Return how the results of a run folder compare with those of simulating it again.

    ``allow_code`` says whether the Python files of its levers may be run.

    Returns
    -------
    dict
        ``same``; ``tables``, with ``table``, ``same``, ``result`` in words; ``versions`` that differ, as (then, now);
        ``notes``.

    Raises
    ------
    ExperimentError
        If the folder holds no finished run, or was changed since it was written.
    RunError
        If no run succeeds.
    """
    record = manifest.read_manifest(folder)
    if record["status"] == "running" or not record.get("contents"):
        raise ExperimentError(
            bilingual(f"{folder} holds no finished run to compare with", f"{folder} 没有可供比较的已完成模拟")
        )
    if found := changes(folder, record, is_run):
        raise ExperimentError(
            bilingual(
                f"{folder} was changed since it was written: {'; '.join(found)}",
                f"{folder} 写出之后被改动：{'；'.join(found)}",
            )
        )
    plan = recorded_plan(folder, record, partial(load_scenario, allow_code=allow_code))
    again = carry_out(plan, runner)
    before = load_merged(folder)
    tables = [_compared(name, before[name], again.tables[name]) for name in TABLES]
    return {
        "folder": str(folder),
        "same": all(table["same"] for table in tables),
        "tables": tables,
        "versions": _versions(record),
        "notes": _notes(record, manifest.inputs(plan)),
    }


def _compared(name: str, before: pd.DataFrame, after: pd.DataFrame) -> dict[str, Any]:
    same = content_hash(before) == content_hash(after)
    return {
        "table": name,
        "same": same,
        "result": bilingual("the same", "相同") if same else _difference(before, after),
    }


def _difference(before: pd.DataFrame, after: pd.DataFrame) -> str:
    """Return in words how two tables differ."""
    if list(before.columns) != list(after.columns):
        return bilingual(
            f"columns were {', '.join(before.columns)} and are {', '.join(after.columns)}",
            f"原来的列是 {', '.join(before.columns)}，现在是 {', '.join(after.columns)}",
        )
    if len(before) != len(after):
        return bilingual(
            f"{len(before)} rows were written, {len(after)} came out",
            f"写出的是 {len(before)} 行，现在得到 {len(after)} 行",
        )
    amounts = [column for column in before.columns if column in _AMOUNTS]
    rest = [column for column in before.columns if column not in _AMOUNTS]
    if not (before[rest].astype(str).to_numpy() == after[rest].astype(str).to_numpy()).all():
        return bilingual("its rows are of other months, places or kinds", "各行的月份、地区或种类不同")
    old, new = (frame[amounts].to_numpy(dtype=float) for frame in (before, after))
    unlike = ~((old == new) | (np.isnan(old) & np.isnan(new)))
    with np.errstate(over="ignore"):  # from nothing to something is infinitely more
        size = np.abs(new - old) / np.maximum(np.abs(old), np.finfo(float).tiny)
    return bilingual(
        f"{int(unlike.sum())} of {old.size} values differ, by up to {100 * float(np.nanmax(size)):.3g} %",
        f"{old.size} 个数值中有 {int(unlike.sum())} 个不同，最大相差 {100 * float(np.nanmax(size)):.3g} %",
    )


def _versions(record: Mapping[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    then, now = record.get("versions", {}), manifest.surroundings(1)["versions"]
    return {name: (then.get(name), now.get(name)) for name in sorted({*then, *now}) if then.get(name) != now.get(name)}


def _notes(record: Mapping[str, Any], inputs: Mapping[str, str]) -> list[str]:
    """Return what has changed around the folder since it was written."""
    found = []
    if old := manifest.age(record):
        found.append(
            bilingual(
                f"{old}; its draws were not recorded, those of the present posterior are used",
                f"{old}；没有记录所用的抽样，改用当前后验的抽样",
            )
        )
        return found
    changed = [name for name in _KINDS if record["inputs"].get(name) != inputs.get(name)]
    return [str(_KINDS[name]) for name in changed]
