"""In five minutes: has anything become slower? Ratios of speed, beside those that are kept.

    python benchmarks/quick.py           # compare with results/quick.json; exit code 1 if something is slower
    python benchmarks/quick.py --keep    # keep today's ratios, with the day and the machine

A ratio is CPU time per person-month over that of bare columns (``bare_columns.py``), measured alternately in one run
so that it means the same on a busy machine and on a quiet one. What urbsim does slower by more than 10 % is
said by name. Other frameworks (``others.py``) are measured beside it where their environments are already there.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import others
from report import machine
from run import JIESHOU, measure

HERE = Path(__file__).resolve().parent
KEPT = HERE / "results" / "quick.json"
ALLOWED = 1.10
ROUNDS = 3
#: What is measured, by name: the model, people and months.
CASES: Mapping[str, tuple[str, int, int]] = {
    "urbsim, 2,000 people": ("urbsim", 2_000, 24),
    "urbsim, 10,000 people": ("urbsim", 10_000, 24),
    "urbsim, 100,000 people": ("urbsim", 100_000, 24),
    "plain Mesa, 500 people": ("plain Mesa", 500, 6),
    **{f"{name}, 10,000 people": (name, 10_000, 24) for name in others.OTHERS},
}
BARE = ("bare columns", 200_000, 60)


def main() -> None:
    """Measure, and compare or keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", action="store_true", help="keep these ratios for later comparisons")
    options = parser.parse_args()
    ratios = measured()
    if options.keep:
        record = {"measured": datetime.now(UTC).date().isoformat(), "machine": machine(), "ratios": ratios}
        KEPT.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        print(f"kept in {KEPT}")
        return
    if not KEPT.exists():
        sys.exit(f"there is nothing to compare with: no {KEPT}; --keep makes it")
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    print(f"kept: {kept['measured']}, {kept['machine']}")
    for line in lines(ratios, kept["ratios"]):
        print(line)
    own = {name: ratio for name, ratio in ratios.items() if CASES[name][0] == "urbsim"}
    if late := slower(own, kept["ratios"]):
        sys.exit(f"slower by more than {ALLOWED - 1:.0%}: {', '.join(late)}")


def measured() -> dict[str, float]:
    """Return the ratio of every case to bare columns, the median of some rounds."""
    cases = {name: case for name, case in CASES.items() if case[0] not in others.OTHERS or others.installed(case[0])}
    rounds: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(ROUNDS):
        bare = _nanoseconds(*BARE)
        for name, case in cases.items():
            rounds[name].append(_nanoseconds(*case) / bare)
    return {name: float(f"{statistics.median(each):.4g}") for name, each in rounds.items()}


def _nanoseconds(model: str, persons: int, months: int) -> float:
    row: dict[str, Any] = measure(model, JIESHOU, persons=persons, months=months)
    return float(row["nanoseconds"])


def slower(now: Mapping[str, float], kept: Mapping[str, float]) -> list[str]:
    """Return what takes more than it may against what is kept; what is new cannot be slower."""
    return [name for name, ratio in now.items() if name in kept and ratio > ALLOWED * kept[name]]


def lines(now: Mapping[str, float], kept: Mapping[str, float]) -> list[str]:
    """Return a line for each case: its ratio now, its ratio then, the change in per cent."""
    found = [f"{'times bare columns':28}{'now':>9}{'kept':>9}{'change':>9}"]
    for name, ratio in now.items():
        then = kept.get(name)
        change = "new" if then is None else f"{100 * (ratio / then - 1):+.1f} %"
        found.append(f"{name:28}{ratio:9.1f}{'' if then is None else f'{then:.1f}':>9}{change:>9}")
    found += [f"{name:28}  not measured: `python benchmarks/others.py` installs it" for name in kept if name not in now]
    return found


if __name__ == "__main__":
    main()
