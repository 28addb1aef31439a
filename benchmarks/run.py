"""Measure speed, memory and scaling of urbsim, beside what a user might pick instead.

    python benchmarks/run.py [--quick] [--only NAME ...] [--output DIR]

About 25 minutes on two cores that do nothing else, ten of them for all of China; `--only` does a part, and keeps the
other tables. The first time it installs other frameworks into environments of their own (``others.py``): some minutes.

Every measurement runs in a fresh process on one core, after its compiled code is loaded. Tables (CSV), a chart and a
README with the comparison against the requirements go to the output folder. Where a case is repeated, the run with the
median CPU time counts. Processes that share the machine disturb absolute times; ratios are of CPU times measured one
after the other.
"""

from __future__ import annotations

import argparse
import csv
import functools
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import others
from china import measure_china
from urbsim.caches import cache_folder

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LIBRARIES = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
ONE_THREAD = dict.fromkeys(LIBRARIES, "1")
JIESHOU, CHANGZHI, SHANXI = "341282", "1404", "14"
EVERYBODY = 866_000  # of Jieshou, rounded up: scale 1
REPETITIONS_OF_START_UP = 5
#: Commands that are timed, which ``report.STARTUP_LIMITS`` names too.
STARTUP = (
    "--help",
    "validate scenarios/jieshou/baseline.yaml",
    "run scenarios/jieshou/baseline.yaml --scale 0.015 --draws 1 --no-charts",
    "run scenarios/jieshou/baseline.yaml --scale 0.015 --draws 8",
)
#: What is kept of a run beside others; frameworks without a result of the simplified county leave it empty.
KEPT = ("model", "persons", "months", "person_months", "start_cpu", "run_cpu", "peak_megabytes", "nanoseconds")
KEPT += ("births", "deaths", "moved", "posts")
Row = dict[str, Any]


def main() -> None:
    """Run the benchmarks that are asked for, and report all that the output folder holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer months and people; a check, not a measurement")
    parser.add_argument("--only", action="append", choices=list(BENCHMARKS), help="run this one; may be repeated")
    parser.add_argument("--output", type=Path, default=HERE / "results", metavar="DIR", help="default: %(default)s")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    failed = [name for name in options.only or BENCHMARKS if not carried_out(name, options.output, options.quick)]
    from report import write_report

    write_report(options.output, "python benchmarks/run.py" + (" --quick" if options.quick else ""))
    print(f"wrote {options.output / 'README.md'}")
    if failed:
        sys.exit(f"not measured, see above: {', '.join(failed)}")


def carried_out(name: str, output: Path, quick: bool) -> bool:
    """Run one benchmark and write its tables; if it fails, say so, and let the others go on."""
    began = time.perf_counter()
    try:
        for table, rows in BENCHMARKS[name](quick).items():
            write(output / f"{table}.csv", rows, quick)
    except (Exception, SystemExit):
        traceback.print_exc()
        return False
    print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return True


def jieshou(quick: bool) -> dict[str, list[Row]]:
    """Run everybody of one county for 16 years, and see where the time goes."""
    row = measure("urbsim", JIESHOU, persons=EVERYBODY, months=24 if quick else 192)
    processes = row.pop("processes")
    total = sum(processes.values())
    breakdown = [
        {"process": name, "cpu_seconds": cpu, "milliseconds_a_month": 1e3 * cpu / row["months"], "share": cpu / total}
        for name, cpu in sorted(processes.items(), key=lambda item: -item[1])
    ]
    return {"jieshou": [row], "processes": breakdown}


def packages(quick: bool) -> dict[str, list[Row]]:
    """Run the simplified county in every framework, bare columns and urbsim beside, round by round."""
    months, rounds = (12, 1) if quick else (24, 3)
    sizes = (2_000, 10_000) if quick else (2_000, 10_000, 100_000, EVERYBODY)
    models = ["bare columns", "plain Mesa", *filter(others.environment, others.OTHERS), "urbsim"]
    rows = []
    for persons in sizes:
        for number in range(rounds):
            for model in models:
                if model == "plain Mesa" and persons == EVERYBODY:
                    continue  # ten minutes, to learn that a person costs as much as among 100,000
                # Bare columns of a few thousand people take no time that could be measured.
                enough = max(persons, 100_000) if model == "bare columns" else persons
                row = measure(model, JIESHOU, persons=enough, months=months)
                version = others.version(model) if model in others.OTHERS else ""
                rows.append({"asked": persons, "round": number, "version": version, **{n: row.get(n) for n in KEPT}})
    return {"packages": rows}


def people(quick: bool) -> dict[str, list[Row]]:
    """Run one county at growing size."""
    months, repeats = (12, 1) if quick else (96, 3)
    sizes = (10_000, 100_000, EVERYBODY)
    rows = [measure("urbsim", JIESHOU, persons=persons, months=months, repeats=repeats) for persons in sizes]
    return {"people": without_processes(rows)}


def counties(quick: bool) -> dict[str, list[Row]]:
    """Run worlds of 1, 12 and 117 counties: with as many people in all, and at one scale."""
    months, persons, scale = (12, 50_000, 0.002) if quick else (60, 800_000, 0.02)
    rows = []
    for region in (JIESHOU, CHANGZHI, SHANXI):
        rows.append({"series": "same people", **measure("urbsim", region, persons=persons, months=months)})
        rows.append({"series": "same scale", **measure("urbsim", region, scale=scale, months=months)})
    return {"counties": without_processes(rows)}


def months(quick: bool) -> dict[str, list[Row]]:
    """Run one county for longer and longer."""
    persons, repeats, lengths = (10_000, 1, (6, 24)) if quick else (100_000, 3, (12, 48, 192))
    rows = [measure("urbsim", JIESHOU, persons=persons, months=length, repeats=repeats) for length in lengths]
    return {"months": without_processes(rows)}


def draws(quick: bool) -> dict[str, list[Row]]:
    """Time the command with more and more draws, one process at work and as many as there are cores."""
    scale, numbers = ("0.005", (1, 4)) if quick else ("0.05", (1, 8, 32))
    rows = []
    for jobs in sorted({1, cores()}):
        for number in numbers:
            options = f"--scale {scale} --draws {number} --jobs {jobs} --no-charts"
            load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
            wall, cpu = time_command(program(), f"run scenarios/jieshou/baseline.yaml {options}")
            row = {"scale": float(scale), "draws": number, "processes": jobs, "wall_seconds": wall, "cpu_seconds": cpu}
            rows.append({**row, "load_before": load})
    return {"draws": rows}


def threads(quick: bool) -> dict[str, list[Row]]:
    """Run one county with one thread and with more, bare columns beside, by the clock on the wall."""
    persons, months, rounds = (100_000, 12, 1) if quick else (400_000, 24, 3)
    asked = sorted({1, 2, cores()})
    rows = []
    for number in range(rounds):
        bare = measure("bare columns", JIESHOU, persons=persons, months=months)
        limit = 1e9 * bare["run_cpu"] / bare["person_months"]
        for count in asked:
            load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
            row = measure("urbsim", JIESHOU, persons=persons, months=months, threads=count)
            wall, cpu = (1e9 * row[f"run_{clock}"] / row["person_months"] for clock in ("wall", "cpu"))
            rows.append(
                {
                    "round": number,
                    "threads": count,
                    "persons": row["persons"],
                    "months": months,
                    "wall_nanoseconds": wall,
                    "cpu_nanoseconds": cpu,
                    "bare_nanoseconds": limit,
                    "load_before": load,
                }
            )
    return {"threads": rows}


def startup(quick: bool) -> dict[str, list[Row]]:
    """Time what a user waits for: to read help, and for a small run of which nothing is in the store.

    Wall and CPU seconds, medians; a process of a command that ends after it is not in its CPU seconds.
    """
    rows = []
    for text in STARTUP:
        print("urbsim", text, file=sys.stderr)
        times = [time_command(program(), text) for _ in range(1 + (2 if quick else REPETITIONS_OF_START_UP))][1:]
        wall, cpu = (statistics.median(column) for column in zip(*times, strict=True))
        rows.append({"command": f"urbsim {text}", "wall_seconds": wall, "cpu_seconds": cpu})
    return {"startup": rows}


def china(quick: bool) -> dict[str, list[Row]]:
    """Run all of China as a user would, twice: the second time from the base population that the first one kept."""
    return {"china": measure_china(quick)}


def page(quick: bool) -> dict[str, list[Row]]:
    """Wait as a person at the page does, and ask as many do; nothing where there is no Chromium."""
    from page import measure_page

    rows = measure_page(quick)
    return {"page": rows} if rows else {}


BENCHMARKS: dict[str, Callable[[bool], dict[str, list[Row]]]] = {
    "jieshou": jieshou,
    "packages": packages,
    "people": people,
    "counties": counties,
    "months": months,
    "draws": draws,
    "threads": threads,
    "startup": startup,
    "china": china,
    "page": page,
}


def measure(model: str, region: str, *, repeats: int = 1, **task: Any) -> Row:
    """Run one measurement, ``repeats`` times, and return the one with the median CPU time."""
    print(json.dumps({"model": model, "region": region, **task}), file=sys.stderr)
    together = [] if task.get("threads", 1) > 1 else on_one_core()
    if model in others.OTHERS:
        python, start = others.environment(model), start_file(region, task["persons"])
        if python is None:
            raise RuntimeError(f"there is no {model} on this machine")
        words = [*together, *others.command(python, model, start, task["months"])]
        rows = [others.run(words, ONE_THREAD) for _ in range(repeats)]
    else:
        rows = [of_urbsim(together, model=model, region=region, **task) for _ in range(repeats)]
    row = sorted(rows, key=lambda row: row["run_cpu"])[(repeats - 1) // 2]
    used = row["start_cpu"] + row["run_cpu"]
    rates = {"person_months_a_second": row["person_months"] / used, "nanoseconds": 1e9 * used / row["person_months"]}
    return {"model": model, "region": region, **row, **rates}


def of_urbsim(together: list[str], **task: Any) -> Row:
    """Return what ``measure.py`` prints of a task."""
    command = [*together, sys.executable, str(HERE / "measure.py"), json.dumps(task)]
    done = subprocess.run(command, env=os.environ | ONE_THREAD, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


@functools.cache
def start_file(region: str, persons: int) -> Path:
    """Return a file with the start of the simplified county, which is there until this program ends."""
    path = Path(_starts().name) / f"{region}-{persons}.npz"
    of_urbsim([], model="start", region=region, persons=persons, months=1, path=str(path))
    return path


@functools.cache
def _starts() -> TemporaryDirectory[str]:
    return TemporaryDirectory()


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def program() -> str:
    """Return the command of urbsim."""
    found = shutil.which("urbsim", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        sys.exit("the command urbsim is not installed beside this Python; run `pip install -e .` first")
    return found


def on_one_core() -> list[str]:
    """Return the prefix of a command that ties it to one core, where the system has one."""
    if shutil.which("taskset") is None or not hasattr(os, "sched_getaffinity"):
        return []
    return ["taskset", "-c", str(max(os.sched_getaffinity(0)))]


def time_command(program: str, text: str) -> tuple[float, float]:
    """Return wall and CPU seconds of a command with nothing in the store: on one core, or on all if it simulates."""
    simulates = text.startswith("run ")
    with TemporaryDirectory() as folder:
        output = ["--quiet", "--output", f"{folder}/run"] if simulates else []
        settings = {"URBSIM_CACHE_DIR": f"{folder}/cache", "NUMBA_CACHE_DIR": os.fspath(cache_folder())}
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [*([] if simulates else on_one_core()), program, *text.split(), *output]
        subprocess.run(command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def without_processes(rows: Iterable[Row]) -> list[Row]:
    """Return the rows without the breakdown by process."""
    return [{name: value for name, value in row.items() if name != "processes"} for row in rows]


def write(path: Path, rows: list[Row], quick: bool) -> None:
    """Write a table, with the day and the kind of measurement, four significant digits."""
    stamp = {"date": datetime.now(UTC).date().isoformat(), "quick": int(quick)}
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, [*rows[0], *stamp], lineterminator="\n")
        table.writeheader()
        for row in rows:
            short = {name: float(f"{value:.4g}") if isinstance(value, float) else value for name, value in row.items()}
            table.writerow(short | stamp)


if __name__ == "__main__":
    main()
