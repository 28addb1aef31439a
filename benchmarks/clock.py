"""Times and memory of a process, for measurements inside and outside urbsim."""

from __future__ import annotations

import gc
import resource
import sys
import time


class Stopwatch:
    """CPU and wall seconds of one stretch of work: ``with Stopwatch() as watch: ...``."""

    cpu = wall = 0.0

    def __enter__(self) -> Stopwatch:
        gc.collect()  # or the collector goes through what was there before at the cost of what is measured
        self.cpu, self.wall = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu, self.wall = time.process_time() - self.cpu, time.perf_counter() - self.wall


def seconds(**watches: Stopwatch) -> dict[str, float]:
    """Return ``<name>_cpu`` and ``<name>_wall`` of each stretch of work."""
    return {f"{name}_{kind}": getattr(watch, kind) for name, watch in watches.items() for kind in ("cpu", "wall")}


def peak_megabytes() -> float:
    """Return the largest memory this process has held so far, MB of 10^6 bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
