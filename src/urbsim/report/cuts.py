"""What money and land cut, and counties beyond their debt limit, in words: for the terminal and for the page."""

from __future__ import annotations

from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language, bracketed
from urbsim.report import text
from urbsim.report.numbers import Format, money_format, share_text
from urbsim.units import unit_label

_TITLES = {
    "money": Label("Cut for lack of money (sums over the run)", "因资金不足而削减（全期合计）"),
    "land": Label("Held back for lack of land (sums over the run)", "因用地指标不足未能实施（全期合计）"),
}
_HEADINGS = {
    "money": (Label("Wanted ({unit})", "需要（{unit}）"), Label("Funded ({unit})", "到位（{unit}）")),
    "land": (Label("Wanted ({unit})", "需要（{unit}）"), Label("Permitted ({unit})", "批准（{unit}）")),
}
_LIMITS = {
    "money": Label("money, {unit}", "资金，{unit}"),
    "land": Label("land, {unit}", "用地指标，{unit}"),
}
_MU = Format(1.0, 1, unit_label("mu"), unit_label("mu"))
_WITHOUT_POLICY = {
    "money": Label("ordinary spending", "经常性支出"),
    "land": Label("developers' dwellings", "开发商住房"),
}
_POLICY, _SHARE, _FIRST = Label("Policy", "政策"), Label("Share", "比例"), Label("First in", "最早年份")
_DEBT = Label(
    "Debt limit exceeded: '{scenario}', {count} of {counties} counties, first in {first}; debt in per cent of the "
    "limit at its highest: {named}",
    "超出债务限额：“{scenario}”，{counties}个县中有{count}个，最早在{first}年；债务与限额之比最高时：{named}",
)
_COUNTY = Label("{county} {share:.0%} (in {runs} of {all} runs)", "{county} {share:.0%}（{all}次模拟中{runs}次）")
_MOST_NAMED = 3


@dataclass(frozen=True)
class Cut:
    """How far a policy was cut: wanted and possible over the whole run, mean over runs, in yuan or mu.

    ``form`` shows both in the unit of ``limit_words``; ``share`` is what was possible of what was wanted, ``first`` the
    first year of any cut. Without a name it is what happens without a policy; ``title`` then says what.
    """

    scenario: str
    name: str
    title: str
    limit: str
    wanted: float
    possible: float
    share: float
    first: int
    form: Format

    @property
    def limit_words(self) -> Label:
        """What limited it, with the unit of ``form``."""
        words, unit = _LIMITS[self.limit], self.form.unit
        return Label(words.en.format(unit=unit.en), words.zh.format(unit=unit.zh))

    @property
    def share_words(self) -> str:
        """The share in per cent, never 100 of what was cut."""
        return share_text(self.share)


def cut_rows(ensemble: Ensemble, language: Language) -> list[Cut]:
    """Return what money and land did not allow, scenario by scenario, the most cut first."""
    policies = {scenario.name: scenario.policies for scenario in ensemble.plan.scenarios}
    cuts, found = ensemble.cuts(), []
    largest = cuts.loc[cuts["limit"] == "money", "wanted"].max() if len(cuts) else 0.0
    forms = {"money": money_format(largest, language), "land": _MU}
    for record in cuts.to_dict("records"):
        scenario, limit, name = record["scenario"], record["limit"], record["policy"]
        known = policies[scenario].get(name)
        title = known.title if known else _WITHOUT_POLICY[limit] if not name else Label(name, name)
        amounts = record["wanted"], record["possible"], record["share"], record["first_year"]
        found.append(Cut(scenario, name, title.in_language(language), limit, *amounts, forms[limit]))
    return found


def debt_lines(ensemble: Ensemble, language: Language) -> list[str]:
    """Return a line for every scenario in which debt exceeded its limit somewhere, naming the worst counties."""
    beyond, titles = ensemble.debts_beyond_limit(), ensemble.titles(language)
    lines = []
    for scenario, rows in beyond.groupby("scenario", sort=False):
        named = [
            _COUNTY.in_language(language).format(
                county=text.place_label(row["place"]).in_language(language),
                share=row["worst"],
                runs=row["runs"],
                all=ensemble.runs[str(scenario)],
            )
            for row in rows.head(_MOST_NAMED).to_dict("records")
        ]
        lines.append(
            _DEBT.in_language(language).format(
                scenario=titles[str(scenario)],
                count=len(rows),
                counties=len(ensemble.plan.baseline.counties),
                first=rows["first_year"].min(),
                named=Label(", ", "、").in_language(language).join(named),
            )
        )
    return lines


def cut_tables(ensemble: Ensemble, language: Language) -> list[Table | Text]:
    """Return a table for money and one for land where something was cut, and lines about debt; empty if nothing was."""
    rows = cut_rows(ensemble, language)
    tables: list[Table | Text] = []
    for limit in _TITLES:
        chosen = [row for row in rows if row.limit == limit]
        if chosen:
            tables.append(_table(chosen, limit, ensemble.titles(language), language))
    return [*tables, *(text.cell(line, "yellow") for line in debt_lines(ensemble, language))]


def _table(rows: list[Cut], limit: str, titles: dict[str, str], language: Language) -> Table:
    title = text.cell(_TITLES[limit].in_language(language))
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in (text.SCENARIO, _POLICY):
        table.add_column(heading.in_language(language))
    for heading in (_FIRST, *_HEADINGS[limit], _SHARE):
        unit = rows[0].form.unit.in_language(language)
        table.add_column(heading.in_language(language).format(unit=unit), justify="right")
    for row in rows:
        amounts = (f"{row.first}", row.form.value(row.wanted), row.form.value(row.possible), row.share_words)
        named = bracketed(row.title, "" if row.name == row.title else row.name, language)
        table.add_row(text.cell(titles[row.scenario]), text.cell(named), *amounts)
    return table
