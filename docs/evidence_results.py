"""The stored results of the evidence stage for docs/evidence.md: the fit, its recovery, and what effects hinge on."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from urbsim.arrays import spread_of
from urbsim.posterior.draws import evidence_folder
from urbsim.sensitivity.alternatives import alternatives
from urbsim.sensitivity.effect import HELD, SOURCES, EffectSource
from urbsim.sensitivity.outcomes import OUTCOMES
from urbsim.validation.partial import LEVERS, SHORT

STORED = Path(__file__).resolve().parents[1] / "calibration"
SENSITIVITY, FEEDBACK_TABLE = STORED / "sensitivity", STORED / "experiments" / "feedbacks.csv"
_FIT = """\
## The fit

    urbsim calibrate evidence

Responses and census parameters together, given the censuses and the studies that fit. Each study's own comparison is
simulated at {points} points of responses and census parameters; Gaussian processes say what it would find elsewhere;
the likelihood of a study is normal around that, with the study's error and the emulator's; the posterior is sampled
jointly, because how many look and what moving costs enters every effect. Numbers are 5, 50 and 95 %.

"""
_RECOVERY = """
**Recovered from synthetic evaluations.** {truths} points left out of the emulators stood for the truth; their
evaluations are what the model itself found there, with an error as large as each study's. Intervals of 50, 80 and 90 %
held {all} % of all responses, and {informed} % of those that studies inform.

"""
_RESPONSES = """\
Prior and posterior of every response; *narrowed* is one less the spread of the posterior over that of the prior, in
scores. A response that no study informs keeps its prior, and varies by it in every draw.

"""
_INTERVAL = """\
## What the interval of an effect is made of

    urbsim sensitivity scenarios/jieshou/plan-2025.yaml --against scenarios/jieshou/baseline.yaml --scale 0.02

The effect of Jieshou's plan in the last month, over {draws} draws. Each source is redrawn alone, with the others at the
middle of the posterior; shares are of the variance of all together, and need not add up to 100.

"""
_ALTERNATIVES = """\
## What the effect hinges on

Headline results and the effect of Jieshou's plan under choices of structure that were considered and not taken
(`calibration/national/alternatives.yaml`), at the middle of the posterior and without fitting anything again.

"""

_FEEDBACKS = """\
## Partial and general effects

    urbsim experiments --feedbacks --quick -o calibration/experiments

Additional residents of towns and seat per 1,000 residents, 3, 6 and 16 years after a policy began in all counties of an
experiment (two replicates): with all feedbacks at work (*general*, ± its standard error) and with all frozen
(*partial*). Under each feedback: the effect where it alone is frozen, over the general one. Above one it holds the
policy back, below one it carries it further. Nothing is printed where the general effect is smaller than its error.

"""


def results() -> Iterator[str]:
    """Yield the sections of what is stored; nothing of what is not."""
    folder = evidence_folder()
    if (folder / "studies.csv").exists():
        yield _FIT.format(points=len(pd.read_csv(folder / "design.csv"))) + _studies(folder) + _recovery(folder)
        yield _RESPONSES + _responses(folder)
    if (SENSITIVITY / "interval.csv").exists():
        table = pd.read_csv(SENSITIVITY / "interval.csv")
        yield _INTERVAL.format(draws=int(table["draws"].iloc[0])) + _interval(table)
    if (SENSITIVITY / "alternatives.csv").exists():
        yield _ALTERNATIVES + _alternatives(pd.read_csv(SENSITIVITY / "alternatives.csv", keep_default_na=False))
    if FEEDBACK_TABLE.exists():
        yield _FEEDBACKS + _feedbacks(pd.read_csv(FEEDBACK_TABLE))


def _table(headings: list[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(headings)} |", "|" + "---|" * len(headings), *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines) + "\n"


def _three(row: Mapping[Hashable, Any], name: str) -> str:
    low, middle, high = (f"{row[f'{name}_{part}']:.3g}" for part in ("p05", "median", "p95"))
    return f"{middle} [{low}, {high}]"


def _studies(folder: Path) -> str:
    rows = [
        [
            f"`{row['study']}`",
            row["outcome"].replace("_", " "),
            f"{row['estimate']:+g} ± {row['error']:.2g}",
            f"{row['band_low']:g} to {row['band_high']:g}",
            _three(row, "prior"),
            _three(row, "posterior"),
            "yes" if row["inside"] else "**no**",
            f"{row['emulator_error']:.2g}",
            f"{100 * row['explained']:.0f} %",
        ]
        for row in pd.read_csv(folder / "studies.csv").to_dict("records")
    ]
    headings = ["study", "outcome", "found", "band", "before the fit", "after", "in the band"]
    return _table([*headings, "error of the emulator", "explained"], rows)


def _recovery(folder: Path) -> str:
    table = pd.read_csv(folder / "coverage.csv", index_col="responses")
    levels = ("50", "80", "90")
    held = {str(name): " / ".join(f"{row[level]:.0f}" for level in levels) for name, row in table.iterrows()}
    truths = pd.read_csv(folder / "recovery.csv")["point"].nunique()
    return _RECOVERY.format(truths=truths, **held)


def _responses(folder: Path) -> str:
    rows = [
        [
            f"`{row['response']}`",
            _three(row, "prior"),
            _three(row, "posterior"),
            f"{100 * row['narrowed']:.0f} %",
            ", ".join(f"`{name}`" for name in str(row["studies"]).split()) or "none",
        ]
        for row in pd.read_csv(folder / "responses.csv", keep_default_na=False).to_dict("records")
    ]
    return _table(["response", "prior", "posterior", "narrowed", "studies that inform it"], rows)


def _interval(table: pd.DataFrame) -> str:
    known = {outcome.indicator: outcome for outcome in OUTCOMES}
    rows = [
        [
            known[row["outcome"]].label.en,
            SOURCES[EffectSource(row["source"])].en,
            f"{row['median']:+.2f} [{row['p05']:+.2f}, {row['p95']:+.2f}] {known[row['outcome']].unit.en}",
            "" if pd.isna(row["share"]) else f"{100 * row['share']:.0f} %",
        ]
        for row in table.to_dict("records")
    ]
    spread = spread_of(int(table["draws"].min()), HELD).en
    return _table(["effect on", "redrawn alone", f"effect [{spread}]", "share of the variance"], rows)


def _alternatives(table: pd.DataFrame) -> str:
    labels = {"": "as it is", **{one.id: one.label.en for one in alternatives()}}
    known = {outcome.indicator: outcome for outcome in OUTCOMES}
    rows = []
    for (name, about), part in table.groupby(["alternative", "about"], sort=False):
        cells = [str(about), labels[str(name)]]
        for row in part.to_dict("records"):
            error = f" ± {float(row['error']):.2f}" if row["error"] not in ("", "nan") else ""
            cells += [f"{row['baseline']:.1f}", f"{row['effect']:+.2f}{error}"]
        rows.append(cells)
    headings = [[f"{known[name].label.en}, baseline", "effect"] for name in dict.fromkeys(table["outcome"])]
    return _table(["choice of", "not taken", *(cell for pair in headings for cell in pair)], rows)


def _feedbacks(table: pd.DataFrame) -> str:
    rows = [
        [
            LEVERS[row["lever"]].en,
            f"{row['years']:.0f}",
            f"{row['general']:+.2f} ± {row['spread']:.2f}",
            f"{row['partial']:+.2f}",
            *("" if pd.isna(row[name]) else f"{row[name]:.2f}" for name in ("ratio", *SHORT)),
        ]
        for row in table.to_dict("records")
    ]
    headings = ["policy", "years", "general", "partial", "partial / general", *(label.en for label in SHORT.values())]
    return _table(headings, rows)
