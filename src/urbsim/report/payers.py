"""Who pays for the policies: a row for each scenario, a column for each payer."""

from __future__ import annotations

from dataclasses import dataclass

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language
from urbsim.policies.base import Payer
from urbsim.report import text
from urbsim.report.numbers import money_format

_TOTAL = Label("All", "合计")


@dataclass(frozen=True)
class CostTable:
    """Headings, a row of texts for each scenario, and their unit; over the whole run, mean over runs."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    unit: str


def cost_table(ensemble: Ensemble, language: Language) -> CostTable | None:
    """Return what was spent by payer; None where no policy cost anything."""
    table = ensemble.spending(("payer",))
    if not len(table) or not (table["yuan"] != 0).any():
        return None
    spent = {(str(row["scenario"]), str(row["payer"])): float(row["yuan"]) for row in table.to_dict("records")}
    payers = [payer for payer in Payer if any(who == payer.value for _, who in spent)]
    yuan = money_format(table.groupby("scenario")["yuan"].sum().max(), language)
    rows = []
    for name, title in ensemble.titles(language).items():
        paid = [spent.get((name, payer.value), 0.0) for payer in payers]
        rows.append((title, *(yuan.value(each) for each in (*paid, sum(paid)))))
    headings = (text.SCENARIO, *(payer.label for payer in payers), _TOTAL)
    shown = tuple(heading.in_language(language) for heading in headings)
    return CostTable(shown, tuple(rows), yuan.unit.in_language(language))
