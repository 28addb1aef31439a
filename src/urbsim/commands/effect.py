"""``urbsim sensitivity PLAN --against BASELINE``: where the interval of an effect comes from, and what it hinges on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from urbsim.commands.interrupts import interruptible
from urbsim.commands.terminal import print_json, print_table, say
from urbsim.commands.work import note_workers, what_is_kept
from urbsim.labels import Label, decimal

if TYPE_CHECKING:
    import pandas as pd

    from urbsim.experiment.runner import Runner
    from urbsim.labels import Language
    from urbsim.scenario.model import Scenario

INTERVAL, ALTERNATIVES = "interval.csv", "alternatives.csv"
_INTERVAL = (
    Label("effect in the last month", "最后一月的效果"),
    Label("redrawn alone", "单独重新抽样"),
    Label("effect [{spread.en}]", "效果［{spread.zh}］"),
    Label("standard deviation", "标准差"),
    Label("share of the variance, %", "占方差比例（%）"),
)
_ALTERNATIVES = (
    Label("choice not taken", "未采用的设定"),
    Label("result", "结果"),
    Label("baseline", "基线"),
    Label("plan", "方案"),
    Label("effect ± error by chance", "效果±随机误差"),
)
_SHARES = Label(
    "Shares are of the variance of all four together; what they make in company is not among them, and with {draws} "
    "draws a share is known to about a third of itself.",
    "比例以四者合计的方差为100%；共同作用未单列。{draws}组抽样下，比例的误差约为其三分之一。",
)


def explain_effect(
    baseline: Scenario, plan: Scenario, sizes: tuple[int, int], runner: Runner, folder: Path, seed: int
) -> dict[str, pd.DataFrame]:
    """Write both tables into a folder and return them; ``sizes`` are draws, and replicates of alternatives."""
    from urbsim.experiment.tables import write_csv
    from urbsim.sensitivity.effect import robustness, split_effect

    draws, replicates = sizes
    with interruptible(what_is_kept(runner)):
        interval = split_effect(baseline, plan, draws, runner, seed)
        write_csv(interval.round(5), folder / INTERVAL)  # at once, whatever becomes of the rest
        table = robustness(baseline, plan, replicates, runner, seed)
    write_csv(table.round(5), folder / ALTERNATIVES)
    note_workers(runner, folder)
    return {"interval": interval, "alternatives": table}


def check_pair(baseline: Scenario, plan: Scenario) -> None:
    """Refuse scenarios that cannot be compared."""
    from urbsim.experiment.errors import ExperimentError
    from urbsim.experiment.plan import make_plan

    try:
        make_plan([baseline, plan], draws=0)
    except ExperimentError as error:
        raise typer.BadParameter(str(error), param_hint="--against") from None


def show_effect(tables: dict[str, pd.DataFrame], language: Language, *, as_json: bool) -> None:
    """Print both tables, or all of them as JSON."""
    from urbsim.arrays import spread_of
    from urbsim.sensitivity.effect import HELD

    if as_json:
        print_json({name: table.round(5).astype(object).to_dict("records") for name, table in tables.items()})
        return
    interval, choices = tables["interval"], tables["alternatives"]
    draws = int(interval["draws"].iloc[0])
    spread = spread_of(draws, HELD)
    headings = [Label(each.en.format(spread=spread), each.zh.format(spread=spread)) for each in _INTERVAL]
    print_table(headings, _interval_rows(interval, language), language, right=(2, 3, 4))
    say(_SHARES.in_language(language).format(draws=draws))
    print()
    print_table(_ALTERNATIVES, _alternative_rows(choices, language), language, right=(2, 3, 4))


def _interval_rows(table: pd.DataFrame, language: Language) -> list[list[str]]:
    from urbsim.sensitivity.effect import SOURCES, EffectSource
    from urbsim.sensitivity.outcomes import OUTCOMES

    known = {outcome.indicator: outcome for outcome in OUTCOMES}
    rows, named = [], ""
    for row in table.to_dict("records"):
        outcome = known[row["outcome"]]
        name = f"{outcome.label.in_language(language)}, {outcome.unit.in_language(language)}"
        effect = f"{decimal(row['median'], 2)} [{decimal(row['p05'], 2)}, {decimal(row['p95'], 2)}]"
        share = decimal(100.0 * row["share"], 0) if row["share"] == row["share"] else ""
        source = SOURCES[EffectSource(row["source"])].in_language(language)
        rows.append(["" if name == named else name, source, effect, decimal(row["sd"], 2), share])
        named = name
    return rows


def _alternative_rows(table: pd.DataFrame, language: Language) -> list[list[str]]:
    from urbsim.sensitivity.alternatives import alternatives
    from urbsim.sensitivity.effect import PRESENT
    from urbsim.sensitivity.outcomes import OUTCOMES

    labels = {"": PRESENT, **{one.id: one.label for one in alternatives()}}
    known = {outcome.indicator: outcome.label for outcome in OUTCOMES}
    rows, named = [], None
    for row in table.to_dict("records"):
        effect = decimal(row["effect"], 2)
        if row["error"] == row["error"]:
            effect += f" ± {decimal(row['error'], 2)}"
        first = "" if row["alternative"] == named else labels[row["alternative"]].in_language(language)
        levels = [decimal(row[name], 1) for name in ("baseline", "plan")]
        rows.append([first, known[row["outcome"]].in_language(language), *levels, effect])
        named = row["alternative"]
    return rows
