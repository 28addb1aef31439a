"""Mending a row whose parts do not add up to its printed total."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from derivation.checks import Report


def close_totals(
    units: pd.DataFrame,
    figures: pd.DataFrame,
    parts: Sequence[str],
    total: pd.Series,
    check: str,
    report: Report,
    tolerance: float = 0.0,
) -> None:
    """Compare the sum of `parts` with `total`, and mend in place the cell that explains the difference.

    The cell mended is the one that comes closest to the province's mix once it takes the whole difference.
    `units` receives the quality flag; `figures` holds the numbers and may be the same frame. A missing total
    cannot be checked and is skipped. `tolerance` is relative to the total.
    """
    columns = list(parts)
    gap = total - figures[columns].sum(axis=1)
    wrong = gap.notna() & (gap.abs() > tolerance * total)
    if not wrong.any():
        return
    province = units["code"].str[:2]
    mix = figures[columns].where(~wrong).groupby(province).sum()
    mix = mix.div(mix.sum(axis=1), axis=0)
    for row in figures.index[wrong]:
        cell = _cell_to_mend(figures.loc[row, columns], mix.loc[province[row]], float(total[row]), float(gap[row]))
        before = figures.loc[row, cell]
        figures.loc[row, cell] = before + gap[row]
        problem = f"parts differ from the total {total[row]:.0f} by {gap[row]:.0f}"
        treatment = f"{cell} {before:g} -> {before + gap[row]:.0f}"
        report.add(
            int(units.loc[row, "year"]), units.loc[row, "code"], units.loc[row, "name"], check, problem, treatment
        )
        units.loc[row, "quality"] = joined(units.loc[row, "quality"], f"{check}_mended")


def _cell_to_mend(printed: pd.Series, mix: pd.Series, total: float, gap: float) -> str:
    expected = mix * total
    gain = (printed - expected).abs() - (printed + gap - expected).abs()
    gain[printed + gap < 0] = -np.inf
    return str(gain.idxmax())


def joined(quality: str, note: str) -> str:
    """Return the quality column with one more note."""
    return ";".join(sorted({*filter(None, quality.split(";")), note}))


def flag(units: pd.DataFrame, rows: pd.Series, check: str, problem: str, report: Report) -> None:
    """Report rows that look wrong and cannot be mended; they are kept and flagged in place."""
    for row in units.index[rows]:
        unit = units.loc[row]
        report.add(int(unit["year"]), unit["code"], unit["name"], check, problem, "kept, flagged")
        units.loc[row, "quality"] = joined(unit["quality"], f"{check}_doubtful")
