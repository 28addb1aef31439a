"""The README and the chart of the benchmark results, from the tables in the output folder."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import matplotlib as mpl
import pandas as pd

from others import OTHERS

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

PACKAGES = ("urbsim", "numpy", "numba", "mesa", "pandas")
COLOURS = ("#1b6ca8", "#c8553d", "#5b8c5a", "#8f5aa8", "#b8860b", "#444444")
BESIDE = {"loc": "center left", "bbox_to_anchor": (1.0, 0.5), "frameon": False}
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
    """Write ``README.md`` and the charts, ``packages`` and ``scaling`` (PNG, SVG), from all tables that exist."""
    names = ("jieshou", "processes", "packages", "people", "counties", "months", "draws", "threads")
    names += ("startup", "page", "china")
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in names if (folder / f"{name}.csv").exists()}
    mpl.rcParams["svg.hashsalt"] = "urbsim"  # the same tables give the same file
    draw_packages(folder, tables)
    draw_scaling(folder, tables)
    sections = [
        "# Benchmark results",
        f"Measured {_days(tables.values())} by `{command}`; {machine()}",
        "Times are CPU seconds of one process on one core, in a fresh process with compiled code loaded; a "
        "person-month is one living simulated person (resident or absent registered) for one month. Speed counts "
        "building the world, every month and the result tables; the synthesis of the base population is apart.",
        *_quick_note(tables.values()),
        *_requirements(tables),
        *_jieshou(tables),
        *_packages(tables),
        *_scaling(tables),
        *_draws(tables),
        *_threads(tables),
        *_china(tables),
        *_page(tables),
    ]
    (folder / "README.md").write_text("\n\n".join(sections) + "\n", encoding="utf-8")


def machine() -> str:
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


def _days(tables: Iterable[pd.DataFrame]) -> str:
    """Return the day of the measurements, or the first and the last."""
    days = sorted({day for table in tables for day in table["date"]})
    return "never" if not days else days[0] if len(days) == 1 else f"between {days[0]} and {days[-1]}"


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
    if "packages" in tables:
        # The size of plain Mesa nearest to a county; the table of all sizes follows below.
        costs = _costs(tables["packages"])
        size, mesa = costs["plain Mesa"].last_valid_index(), costs["plain Mesa"].dropna().iloc[-1]
        ratio, what = mesa / costs["urbsim"].iloc[-1], f"speed against plain Mesa with {size:,} people"
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


def _costs(packages: pd.DataFrame) -> pd.DataFrame:
    """Return nanoseconds of CPU a person-month, medians of the rounds, by people (rows) and model (columns)."""
    costs = packages.pivot_table(index="asked", columns="model", values="nanoseconds", aggfunc="median", sort=False)
    people = packages[packages["model"] == "urbsim"].groupby("asked")["persons"].first()
    return costs.set_axis(people.reindex(costs.index).to_numpy())


def _against(packages: pd.DataFrame, other: str) -> pd.DataFrame:
    """Return the median over rounds of what a model costs as a multiple of another's cost in the same round."""
    rounds = packages.pivot_table(index=["asked", "round"], columns="model", values="nanoseconds", sort=False)
    return rounds.div(rounds[other], axis=0).groupby("asked").median()


def _packages(tables: dict[str, pd.DataFrame]) -> list[str]:
    if "packages" not in tables:
        return []
    table = tables["packages"]
    costs, over_bare, over_urbsim = _costs(table), _against(table, "bare columns"), _against(table, "urbsim")
    versions = sorted(table["version"].dropna().unique())
    last = table.groupby(["asked", "model"], sort=False).median(numeric_only=True)
    cost_lines = [(model, *(_number(cost) for cost in costs[model])) for model in costs.columns]
    ratio_lines = [
        (model, *(_number(ratio) for ratio in over_urbsim[model]), *(_number(ratio) for ratio in over_bare[model]))
        for model in costs.columns
    ]
    result_lines = [
        (
            f"{asked:,}",
            model,
            f"{row['births']:.0f}",
            f"{row['deaths']:.0f}",
            *(f"{100 * row[share]:.1f} %" for share in ("moved", "posts")),
        )
        for (asked, model), row in last.iterrows()
        if not pd.isna(row["moved"])
    ]
    people = [f"{size:,} people" for size in costs.index]
    missing = [name for name in OTHERS if name not in costs.columns]
    return [
        "## Beside what one might pick instead",
        f"One county, {table['months'].iloc[0]} months, all models in turn in one run, medians of "
        f"{table['round'].nunique()} rounds. Plain Mesa (one agent a person) and {', '.join(versions) or 'no other'} "
        "simulate the same simplified rules from the same people (`plain_mesa.py` lists what they leave out: "
        "households, housing, policies, insurance, budgets, the ledger, ...); each is written as its authors "
        "recommend. **urbsim simulates all its rules**, and a month of it has a fixed part (policies, institutions, "
        "indicators) that weighs on a few thousand people. Bare columns are six trivial rules in one compiled loop, "
        "the neighbourhood of the limit (measured with at least 100,000 people). mesa-frames is left out (`others.txt` "
        "says why)." + (f" Left out because they could not be installed: {', '.join(missing)}." if missing else ""),
        "Nanoseconds of CPU a person-month:",
        _markdown(("model", *people), cost_lines),
        "The same as multiples of urbsim, and of bare columns:",
        _markdown(
            ("model", *(f"/ urbsim, {size}" for size in people), *(f"/ bare, {size}" for size in people)), ratio_lines
        ),
        "![What a person-month costs in each](packages.png)",
        "What the models of the simplified rules found, medians of the rounds: births, deaths, the share of the living "
        "who live in another zone than at the start, and the share of people with a post.",
        _markdown(("people asked for", "model", "births", "deaths", "moved", "with a post"), result_lines),
    ]


def _number(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.0f}" if value >= 100 else f"{value:.3g}"


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
    if "months" in tables:
        lines += [("months", *_cells(row)) for _, row in tables["months"].iterrows()]
    head = ("series", "counties", "people", "months", "ns a person-month", "ms a month", "synthesis s", "peak MB")
    chart = "![Cost against people, counties, months, draws and threads](scaling.png)"
    return ["## Scaling", _markdown(head, lines), chart] if lines else []


def _draws(tables: dict[str, pd.DataFrame]) -> list[str]:
    if "draws" not in tables:
        return []
    table = tables["draws"]
    text = (
        f"`urbsim run scenarios/jieshou/baseline.yaml --scale {table['scale'].iloc[0]:g} --no-charts` with nothing in "
        "the store, from the command to its end, by processes at work (CPU seconds are known of one). The load is what "
        "the machine was doing before."
    )
    lines = [
        (
            f"{row['draws']:.0f}",
            f"{row['processes']:.0f}",
            f"{row['wall_seconds']:.1f}",
            f"{row['cpu_seconds']:.1f}" if row["processes"] == 1 else "",
            f"{row['wall_seconds'] / row['draws']:.2f}",
            f"{row['load_before']:.1f}",
        )
        for _, row in table.iterrows()
    ]
    return ["## Draws", text, _markdown(("draws", "processes", "wall s", "CPU s", "wall s a draw", "load"), lines)]


def _threads(tables: dict[str, pd.DataFrame]) -> list[str]:
    if "threads" not in tables:
        return []
    table = tables["threads"]
    text = (
        f"{table['persons'].iloc[0]:,} people, {table['months'].iloc[0]} months, medians of {table['round'].nunique()} "
        "rounds, each beside bare columns on one core; the same bytes at any number of threads. Other work "
        "on the machine lengthens the time on the wall: the load is what it was doing before."
    )
    median = table.groupby("threads").median(numeric_only=True)
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


def draw_packages(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Draw what a person-month costs in each model against people."""
    if "packages" not in tables:
        return
    costs = _costs(tables["packages"])
    figure, axes = plt.subplots(figsize=(7, 4.2), layout="constrained")
    for model, colour in zip(costs.columns, COLOURS, strict=False):
        drawn = costs[model].dropna()
        line, width = "o--" if model == "bare columns" else "o-", 2.5 if model == "urbsim" else 1.5
        axes.plot(drawn.index, drawn, line, linewidth=width, color=colour, label=model)
    axes.set(xscale="log", yscale="log", xlabel="people simulated, one county", ylabel="ns of CPU a person-month")
    lines, names = axes.get_legend_handles_labels()
    dearest_first = sorted(range(len(names)), key=lambda number: -lines[number].get_ydata()[-1])
    axes.legend([lines[number] for number in dearest_first], [names[number] for number in dearest_first], **BESIDE)
    axes.set_title("The same simplified rules in each, all rules in urbsim", fontsize=11)
    _save(figure, folder / "packages")


def draw_scaling(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Draw what a person-month costs against people, counties and months, and the wait against draws and threads."""
    panels = [(name, draw) for name, draw in PANELS.items() if name in tables]
    if not panels:
        return
    figure, axes = plt.subplots(1, len(panels), figsize=(3.2 * len(panels), 3.4), layout="constrained", squeeze=False)
    for place, (name, draw) in zip(axes[0], panels, strict=True):
        draw(place, tables[name])
        place.set_ylim(bottom=0)
    _save(figure, folder / "scaling")


def _draw_people(axes: Axes, table: pd.DataFrame) -> None:
    axes.plot(table["persons"], table["nanoseconds"], "o-", color=COLOURS[0])
    axes.set(xscale="log", xlabel="people simulated, one county", ylabel="ns of CPU a person-month")


def _draw_counties(axes: Axes, table: pd.DataFrame) -> None:
    for (series, rows), colour in zip(table.groupby("series"), COLOURS, strict=False):
        axes.plot(rows["counties"], rows["nanoseconds"], "o-", color=colour, label=f"{series} in every world")
    axes.set(xscale="log", xlabel="counties in the world", ylabel="ns of CPU a person-month")
    _name_ticks(axes, table["counties"])
    axes.legend(frameon=False, fontsize=8)


def _draw_months(axes: Axes, table: pd.DataFrame) -> None:
    axes.plot(table["months"], table["nanoseconds"], "o-", color=COLOURS[0])
    axes.set(xscale="log", xlabel="months", ylabel="ns of CPU a person-month")
    _name_ticks(axes, table["months"])


def _draw_draws(axes: Axes, table: pd.DataFrame) -> None:
    for (processes, rows), colour in zip(table.groupby("processes"), COLOURS, strict=False):
        axes.plot(rows["draws"], rows["wall_seconds"], "o-", color=colour, label=f"processes: {processes}")
    axes.set(xlabel="draws", ylabel="s on the wall, the whole command")
    axes.legend(frameon=False, fontsize=8)


def _draw_threads(axes: Axes, table: pd.DataFrame) -> None:
    median = table.groupby("threads")["wall_nanoseconds"].median()
    axes.plot(median.index, median, "o-", color=COLOURS[0])
    axes.set(xlabel="threads of one run", ylabel="ns on the wall a person-month", xticks=median.index)


PANELS = {
    "people": _draw_people,
    "counties": _draw_counties,
    "months": _draw_months,
    "draws": _draw_draws,
    "threads": _draw_threads,
}


def _name_ticks(axes: Axes, values: pd.Series) -> None:
    axes.set_xticks(values.unique(), [str(value) for value in values.unique()])
    axes.xaxis.minorticks_off()


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path.with_suffix(".png"), dpi=150)
    figure.savefig(path.with_suffix(".svg"), metadata={"Date": None})
    plt.close(figure)


def _millions(rate: float) -> str:
    return f"{rate / 1e6:.3g} million"


def _markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
