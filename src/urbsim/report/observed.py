"""What was observed beside what runs have there, as people read it; what was used to fit is said to be no test."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.observed import observed_beside
from urbsim.labels import MISSING, Label, Language, bracketed
from urbsim.report import text
from urbsim.report.numbers import format_of

HEADINGS = (
    Label("Observed", "观测指标"),
    Label("Month", "月份"),
    Label("Value", "观测值"),
    text.SCENARIO,
    Label("Median [interval]", "中位数 [区间]"),
    Label("Difference", "差值"),
    Label("Use", "用途"),
    Label("Source", "来源"),
)
_FITTED = Label("used to fit: no test", "已用于校准，不作检验")
_TARGET = Label("target taken to hold: no test", "设定成立的目标，不作检验")
_FREE = Label("not used to fit", "未用于校准")


def observed_rows(ensemble: Ensemble, language: Language) -> Iterator[tuple[str, ...]]:
    """Yield a row for everything observed in the months of the output, and each scenario."""
    titles = ensemble.titles(language)
    for row in observed_beside(ensemble.plan, ensemble.series).to_dict("records"):
        form = format_of(row["indicator"], abs(row["observed"]), language)
        name = bracketed(text.indicator_label(row["indicator"], language), form.unit.in_language(language), language)
        if row["place"] != ensemble.place:
            name = text.headed(text.place_label(row["place"]).in_language(language), name, language)
        error = f" ± {form.value(row['tolerance'])}" if row["tolerance"] else ""
        use = _TARGET if row["target"] else _FITTED if row["fitted"] else _FREE
        yield (
            name,
            row["month"],
            f"{form.value(row['observed'])}{error}",
            titles[row["scenario"]],
            f"{form.value(row['median'])} {form.interval(row['low'], row['high'])}".rstrip(),
            form.difference(row["difference"]),
            use.in_language(language),
            row["source"] or MISSING,
        )


def observed_table(ensemble: Ensemble, language: Language) -> Table | None:
    """Return what was observed beside the runs; None where nothing was."""
    rows = list(observed_rows(ensemble, language))
    if not rows:
        return None
    table = Table(box=None, pad_edge=False)
    for position, heading in enumerate(HEADINGS):
        table.add_column(heading.in_language(language), justify="right" if position in (2, 4, 5) else "left")
    for row in rows:
        table.add_row(*map(text.cell, row))
    return table
