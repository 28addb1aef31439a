"""Tables of what money and land cut, and a line for counties beyond their debt limit."""

from __future__ import annotations

import pandas as pd
from rich.table import Table
from rich.text import Text

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language
from urbsim.report import text

_MILLION = 1e6
_TITLES = {
    "money": Label("Cut for lack of money (sums over the run)", "因资金不足而削减（全期合计）"),
    "land": Label("Held back for lack of land (sums over the run)", "因用地指标不足未能实施（全期合计）"),
}
_WANTED = {
    "money": Label("Wanted (million yuan)", "需要（百万元）"),
    "land": Label("Wanted (mu)", "需要（亩）"),
}
_POSSIBLE = {
    "money": Label("Funded (million yuan)", "到位（百万元）"),
    "land": Label("Permitted (mu)", "批准（亩）"),
}
_POLICY, _SHARE = Label("Policy", "政策"), Label("Share", "比例")
_DEVELOPERS = Label("developers' dwellings", "开发商住房")
_MOST_NAMED = 3


def cut_tables(ensemble: Ensemble, language: Language) -> list[Table | Text]:
    """Return a table for money and one for land where something was cut, and lines about debt; empty if nothing was."""
    found = ensemble.cuts()
    tables: list[Table | Text] = []
    for limit, title in _TITLES.items():
        rows = found[found["limit"] == limit]
        if len(rows):
            tables.append(_table(rows, limit, title, language))
    tables.extend(_debt_lines(ensemble, language))
    return tables


def _table(rows: pd.DataFrame, limit: str, title: Label, language: Language) -> Table:
    table = Table(title=title.in_language(language), title_justify="left", box=None, pad_edge=False)
    table.add_column(text.SCENARIO.in_language(language))
    table.add_column(_POLICY.in_language(language))
    for heading in (_WANTED[limit], _POSSIBLE[limit], _SHARE):
        table.add_column(heading.in_language(language), justify="right")
    scale = _MILLION if limit == "money" else 1.0
    for row in rows.to_dict("records"):
        amounts = (f"{row[column] / scale:,.1f}" for column in ("wanted", "possible"))
        name = row["policy"] or _DEVELOPERS.in_language(language)
        table.add_row(Text(row["scenario"]), Text(name), *amounts, f"{row['share']:.0%}")
    return table


def _debt_lines(ensemble: Ensemble, language: Language) -> list[Text]:
    """Return a line for every scenario in which debt exceeded its limit somewhere."""
    beyond = ensemble.debts_beyond_limit()
    counties = len(ensemble.plan.baseline.counties)
    lines = []
    for scenario, rows in beyond.groupby("scenario", sort=False):
        worst = rows.sort_values("worst", ascending=False, kind="stable").head(_MOST_NAMED)
        named = ", ".join(
            f"{text.place_label(row['place']).in_language(language)} {row['worst']:.0%}"
            for row in worst.to_dict("records")
        )
        first = int(rows["first_year"].min())
        lines.append(
            Text(
                Label(
                    f"Debt limit exceeded: '{scenario}', {len(rows)} of {counties} counties, first in {first}; "
                    f"debt in per cent of the limit: {named}",
                    f"超出债务限额：“{scenario}”，{counties}个县中有{len(rows)}个，最早在{first}年；债务与限额之比：{named}",
                ).in_language(language),
                style="yellow",
            )
        )
    return lines
