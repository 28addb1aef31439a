"""The README and the chart of the benchmark results, from the tables in the output folder."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import matplotlib as mpl
import pandas as pd

mpl.use("Agg")
from matplotlib import pyplot as plt

PACKAGES = ("urbsim", "numpy", "numba", "mesa", "pandas")
REQUIRED_RATE, AIM_RATE = 6e6, 20e6  # person-months a second on one core
REQUIRED_MEGABYTES, REQUIRED_RATIO = 1500.0, 30.0
_SMALL = "urbsim run scenarios/jieshou/baseline.yaml --scale 0.015"
#: Seconds on the wall that a command may take, on two cores.
STARTUP_LIMITS = {
    "urbsim --help": 0.5,
    "urbsim validate scenarios/jieshou/baseline.yaml": 1.5,
    f"{_SMALL} --draws 1 --no-charts": 2.0,
    f"{_SMALL} --draws 8": 6.0,
}


def write_report(folder: Path, command: str) -> None:
    """Write ``README.md``, ``scaling.png`` and ``scaling.svg`` from all tables that exist."""
    names = ("jieshou", "processes", "plain", "people", "counties", "threads", "startup", "page", "china")
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in names if (folder / f"{name}.csv").exists()}
    drawn = draw_scaling(folder, tables)
    sections = [
        "# Benchmark results",
        f"Written by `{command}`; {_machine()}\n\nTimes are CPU seconds of one process on one core, in a fresh process "
        "with compiled code loaded; a person-month is one living simulated person (resident or absent registered) for "
        "one month. Speed counts building the world, every month and the result tables; the synthesis of the base "
        "population is apart.",
        *_quick_note(tables.values()),
        *_requirements(tables),
        *_jieshou(tables),
        *_plain(tables),
        *_scaling(tables),
        *_threads(tables),
        *_china(tables),
        *_page(tables),
        *(["![Cost of a person-month](scaling.png)"] if drawn else []),
    ]
    (folder / "README.md").write_text("\n\n".join(sections) + "\n", encoding="utf-8")


def _machine() -> str:
    """Return the machine as cores, processor and memory, and the versions in use."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
        memory = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB memory"
    except (OSError, StopIteration, ValueError):
        memory = "unknown memory"
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{os.cpu_count()} cores, {model}, {memory}; Python {platform.python_version()}, {packages}."


def _quick_note(tables: Iterable[pd.DataFrame]) -> list[str]:
    if any(table["quick"].any() for table in tables):
        return ["**Some tables come from `--quick`: shorter and smaller runs that understate the speed.**"]
    return []


def _requirements(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Return the table of requirements, measured values and whether they are met."""
    rows: list[tuple[str, str, str, bool]] = []
    if "jieshou" in tables:
        run = tables["jieshou"].iloc[0]
        rate, peak = run["person_months_a_second"], run["peak_megabytes"]
        rows.append(("person-months a second", f"≥ {_millions(REQUIRED_RATE)}", _millions(rate), rate >= REQUIRED_RATE))
        rows.append(("the same, aim", f"≥ {_millions(AIM_RATE)}", _millions(rate), rate >= AIM_RATE))
        rows.append(("peak memory", f"< {REQUIRED_MEGABYTES:.0f} MB", f"{peak:.0f} MB", peak < REQUIRED_MEGABYTES))
    if "plain" in tables:
        # The size of plain Mesa nearest to a county; the table of all sizes follows below.
        ratios = _ratios(tables["plain"])["urbsim, everybody"]
        size, ratio = ratios.index.max(), ratios.loc[ratios.index.max()]
        what = f"speed against plain Mesa with {size:,} people"
        rows.append((what, f"≥ {REQUIRED_RATIO:.0f}", f"{ratio:.0f}", ratio >= REQUIRED_RATIO))
    if "startup" in tables:
        for _, row in tables["startup"].iterrows():
            wall, limit = row["wall_seconds"], STARTUP_LIMITS[row["command"]]
            rows.append((f"`{row['command']}`", f"< {limit} s", f"{wall:.2f} s", wall < limit))
    lines = [(what, limit, measured, "yes" if met else "no") for what, limit, measured, met in rows]
    return ["## Requirements", _markdown(("what", "required", "measured", "met"), lines)] if rows else []


def _jieshou(tables: dict[str, pd.DataFrame]) -> list[str]:
    if "jieshou" not in tables:
        return []
    run, processes = tables["jieshou"].iloc[0], tables["processes"]
    text = (
        f"{run['persons']:,} people at the start, {run['months']} months, {run['person_months'] / 1e6:.1f} million "
        f"person-months: {run['run_cpu'] + run['start_cpu']:.1f} s ({run['run_wall'] + run['start_wall']:.1f} s wall), "
        f"after {run['synthesis_cpu']:.1f} s for the synthesis. Peak memory {run['peak_megabytes']:.0f} MB, "
        f"{run['megabytes_after_synthesis']:.0f} MB of it reached by the end of the synthesis."
    )
    lines = [
        (row["process"], f"{row['milliseconds_a_month']:.2f}", f"{100 * row['share']:.1f} %")
        for _, row in processes.iterrows()
    ]
    return ["## Jieshou, one to one", text, _markdown(("process", "ms a month", "share"), lines)]


def _ratios(plain: pd.DataFrame) -> pd.DataFrame:
    """Return urbsim's speed over plain Mesa's by people, at the same people and with everybody."""
    is_plain = plain["model"] == "plain Mesa"
    mesa = plain[is_plain].set_index("persons")["person_months_a_second"]
    urbsim = plain[~is_plain].set_index("persons")["person_months_a_second"]
    return pd.DataFrame(
        {
            "plain Mesa": mesa,
            "urbsim, same people": urbsim.reindex(mesa.index) / mesa,
            "urbsim, everybody": urbsim.iloc[-1] / mesa,
        }
    )


def _plain(tables: dict[str, pd.DataFrame]) -> list[str]:
    if "plain" not in tables:
        return []
    lines = [
        (f"{persons:,}", _millions(row.iloc[0]), f"{row.iloc[1]:.1f}", f"{row.iloc[2]:.1f}")
        for persons, row in _ratios(tables["plain"]).iterrows()
    ]
    head = ("people", "plain Mesa, person-months a second", "urbsim at the same people", "urbsim with everybody")
    return [
        "## Beside a plain Mesa model",
        "`plain_mesa.py` simulates simplified rules (its docstring lists what it leaves out), one agent per person. "
        "The last two columns are urbsim's speed as a multiple of it. A month of urbsim has a fixed part (policies, "
        "institutions, indicators), which weighs on a few thousand people and vanishes over a county.",
        _markdown(head, lines),
    ]


def _page(tables: dict[str, pd.DataFrame]) -> list[str]:
    if "page" not in tables:
        return []
    lines = []
    for _, row in tables["page"].iterrows():
        unit = f" {row['unit']}" if isinstance(row["unit"], str) else ""
        met = row["measured"] >= row["bound"] if row["least"] else row["measured"] < row["bound"]
        cpu = "" if pd.isna(row["cpu"]) else f"{row['cpu']:.3g}{unit}"
        bound = f"{'≥' if row['least'] else '<'} {row['bound']:g}{unit}"
        lines.append(
            (row["what"], bound, f"{row['measured']:.3g}{unit}", "yes" if met else "no", cpu, f"{row['load']:.1f}")
        )
    return [
        "## The page",
        "A plan for Jieshou beside its baseline, 15 years, 2 % of the people, in a Chromium on the same machine; all "
        "draws are simulated meanwhile. `python benchmarks/run.py --only page` measures it again. Times are what "
        "passed; the load says how many processes wanted the cores, and CPU is what browser, server and the sketching "
        "process computed, one after the other: hardly less than what passes on a quiet machine.",
        _markdown(("what", "required", "measured", "met", "CPU", "load"), lines),
    ]


def _scaling(tables: dict[str, pd.DataFrame]) -> list[str]:
    lines = []
    if "people" in tables:
        lines += [("people", *_cells(row)) for _, row in tables["people"].iterrows()]
    if "counties" in tables:
        lines += [(row["series"], *_cells(row)) for _, row in tables["counties"].sort_values("series").iterrows()]
    head = ("series", "counties", "people", "months", "ns a person-month", "ms a month", "synthesis s", "peak MB")
    return ["## Scaling", _markdown(head, lines)] if lines else []


def _threads(tables: dict[str, pd.DataFrame]) -> list[str]:
    if "threads" not in tables:
        return []
    table = tables["threads"]
    text = (
        f"{table['persons'].iloc[0]:,} people, {table['months'].iloc[0]} months, medians of {table['round'].nunique()} "
        "rounds, each beside bare columns on one core; the same bytes at any number of threads. Other work "
        "on the machine lengthens the time on the wall: the load is what it was doing before."
    )
    median = table.drop(columns="round").groupby("threads").median()
    lines = [
        (
            str(count),
            f"{row['wall_nanoseconds']:.0f}",
            f"{row['cpu_nanoseconds']:.0f}",
            f"{row['bare_nanoseconds']:.0f}",
            f"{row['wall_nanoseconds'] / row['bare_nanoseconds']:.1f}",
            f"{row['load_before']:.1f}",
        )
        for count, row in median.iterrows()
    ]
    head = ("threads", "ns a person-month, wall", "CPU", "bare columns", "wall over bare columns", "load")
    return ["## Threads of one run", text, _markdown(head, lines)]


def _china(tables: dict[str, pd.DataFrame]) -> list[str]:
    if "china" not in tables:
        return []
    text = (
        f"`urbsim run scenarios/china/baseline.yaml --draws 0` at scale {tables['china']['scale'].iloc[0]:g}, "
        f"{tables['china']['months'].iloc[0]} months, from the command to the report; required: 6 minutes and 8 GB "
        "from the kept population. The load is what the machine was doing before."
    )
    lines = [
        (
            row["run"],
            f"{row['wall_seconds']:.0f}",
            f"{row['cpu_seconds']:.0f}",
            f"{row['population_cpu']:.0f}",
            f"{row['months_cpu']:.0f}",
            f"{row['peak_megabytes'] / 1e3:.1f}",
            f"{row['folder_megabytes']:.0f}",
            f"{row['load_before']:.1f}",
        )
        for _, row in tables["china"].iterrows()
    ]
    head = ("run", "wall s", "CPU s", "population, CPU s", "months, CPU s", "peak GB", "run folder MB", "load")
    return ["## All of China", text, _markdown(head, lines)]


def _cells(row: pd.Series) -> tuple[str, ...]:
    month = 1e3 * (row["run_cpu"] + row["start_cpu"]) / row["months"]
    return (
        f"{row['counties']}",
        f"{row['persons']:,}",
        f"{row['months']}",
        f"{row['nanoseconds']:.0f}",
        f"{month:.2f}",
        f"{row['synthesis_cpu']:.1f}",
        f"{row['peak_megabytes']:.0f}",
    )


def draw_scaling(folder: Path, tables: dict[str, pd.DataFrame]) -> bool:
    """Draw the time of a person-month against people and against counties; tell whether there was anything to draw."""
    if not {"people", "counties"} <= tables.keys():
        return False
    mpl.rcParams["svg.hashsalt"] = "urbsim"  # the same tables give the same file
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True, layout="constrained")
    people, counties = tables["people"], tables["counties"]
    left.plot(people["persons"], people["nanoseconds"], "o-", color="#1b6ca8")
    left.set(xscale="log", xlabel="people simulated, one county", ylabel="ns of CPU a person-month")
    for (series, rows), colour in zip(counties.groupby("series"), ("#1b6ca8", "#c8553d"), strict=True):
        right.plot(rows["counties"], rows["nanoseconds"], "o-", color=colour, label=f"{series} in every world")
    right.set(xscale="log", xlabel="counties in the world", ylim=(0, None))
    right.set_xticks(counties["counties"].unique(), [str(n) for n in counties["counties"].unique()])
    right.xaxis.minorticks_off()
    right.legend(frameon=False)
    figure.suptitle("Cost of a person-month", fontsize=11)
    figure.savefig(folder / "scaling.png", dpi=150)
    figure.savefig(folder / "scaling.svg", metadata={"Date": None})
    plt.close(figure)
    return True


def _millions(rate: float) -> str:
    return f"{rate / 1e6:.3g} million"


def _markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
