"""What a process simulates with: what must be the same everywhere, and what the last digits may depend on."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any, NamedTuple

from urbsim.experiment.model_files import model_hash, software, tables_hash
from urbsim.labels import bilingual


class Stamp(NamedTuple):
    """One process: its version of urbsim, hashes of the model's code and tables, libraries, processor and machine.

    ``libraries`` holds versions by name, ``features`` the instructions that the processor has; both in order.
    """

    urbsim: str
    model: str
    tables: str
    libraries: tuple[tuple[str, str], ...]
    processor: str
    features: tuple[str, ...]
    host: str


@cache
def own_stamp() -> Stamp:
    """Return the stamp of this process."""
    from llvmlite import binding

    features = sorted(name for name, there in binding.get_host_cpu_features().items() if there)
    libraries = tuple(sorted(software().items()))
    its = (version("urbsim"), model_hash(), tables_hash())
    return Stamp(*its, libraries, binding.get_host_cpu_name(), tuple(features), platform.node())


def misfits(there: Stamp, here: Stamp) -> list[str]:
    """Return in words why a process may not simulate for this one; nothing if it may."""
    found = []
    if there.urbsim != here.urbsim:
        found.append(
            bilingual(
                f"it has urbsim {there.urbsim}, this is {here.urbsim}",
                f"它的 urbsim 是 {there.urbsim}，本机是 {here.urbsim}",
            )
        )
    if there.model != here.model:
        found.append(
            bilingual(
                f"its code of the model is another ({there.model[:8]}, here {here.model[:8]})",
                f"它的模型代码不同（{there.model[:8]}，本机 {here.model[:8]}）",
            )
        )
    if there.tables != here.tables:
        found.append(
            bilingual(
                f"its county tables are others ({there.tables[:8]}, here {here.tables[:8]})",
                f"它的县级数据表不同（{there.tables[:8]}，本机 {here.tables[:8]}）",
            )
        )
    return found


def deviations(there: Stamp, here: Stamp) -> list[str]:
    """Return in words what may change the last digits of its results against those of this process."""
    ours = dict(here.libraries)
    found = [
        bilingual(f"{name} {number}, here {ours.get(name, 'none')}", f"{name} {number}，本机 {ours.get(name, '无')}")
        for name, number in there.libraries
        if number != ours.get(name)
    ]
    if there.features != here.features:
        more, less = sorted({*there.features} - {*here.features}), sorted({*here.features} - {*there.features})
        named = [f"{word} {', '.join(some)}" for word, some in (("with", more), ("without", less)) if some]
        found.append(
            bilingual(
                f"processor {there.processor} {' and '.join(named)}, here {here.processor}",
                f"处理器 {there.processor} {'、'.join(named)}，本机 {here.processor}",
            )
        )
    return found


def as_record(workers: Iterable[tuple[str, Stamp, int]], here: Stamp) -> list[dict[str, Any]]:
    """Return who did how many runs, for the manifest: workers with the same stamp but for the machine together."""
    groups: dict[Stamp, list[dict[str, Any]]] = {}
    for address, stamp, runs in sorted(workers):
        one = {"address": address, "host": stamp.host, "runs": runs}
        groups.setdefault(stamp._replace(host=""), []).append(one)
    return [_group(stamp, members, here) for stamp, members in groups.items()]


def _group(stamp: Stamp, members: Sequence[dict[str, Any]], here: Stamp) -> dict[str, Any]:
    return {
        "versions": {"urbsim": stamp.urbsim, **dict(stamp.libraries)},
        "model": stamp.model,
        "region tables": stamp.tables,
        "processor": stamp.processor,
        "processor features": list(stamp.features),
        "differs": deviations(stamp, here),
        "workers": list(members),
    }
