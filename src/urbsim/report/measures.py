"""The policies of an experiment as people read them: in force, on whose word, at what cost, and what was cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language
from urbsim.months import format_month
from urbsim.policies.base import Policy
from urbsim.policies.reference import lever_reference
from urbsim.report import text
from urbsim.report.numbers import MISSING
from urbsim.report.targets import ASSUMED

GIVEN = Label("given", "文件给定")
_PAYERS = {
    "county": Label("county", "县级"),
    "province": Label("province", "省级"),
    "centre": Label("centre", "中央"),
}
_ZONES = {
    "village": Label("villages", "乡村"),
    "town": Label("towns", "建制镇"),
    "seat": Label("county seat", "县城"),
}
_OPEN = Label("no end", "长期")
_RAMP = Label("full strength after {months} months", "{months}个月后达到全部力度")
_FULL_STRENGTH = 1.0 - 1e-9


@dataclass(frozen=True)
class Measure:
    """One policy of one scenario in words; ``amounts`` are the lever's own settings with their units."""

    scenario: str
    name: str
    title: str
    period: str
    where: str
    amounts: tuple[str, ...]
    payer: str
    clause: str
    is_given: bool
    millions: float


@dataclass(frozen=True)
class Cut:
    """How far a policy was cut for want of money; see ``cuts``."""

    scenario: str
    name: str
    title: str
    months: float
    least: float
    mean: float
    first: str


def measures(ensemble: Ensemble, language: Language) -> list[Measure]:
    """Return every policy in force, by scenario, with what was spent on it over the whole run, mean over runs."""
    spent = _spent(ensemble)
    return [
        _measure(scenario.name, name, policy, spent.get((scenario.name, name), 0.0), language)
        for scenario in ensemble.plan.scenarios
        for name, policy in scenario.policies.items()
    ]


def _spent(ensemble: Ensemble) -> dict[tuple[str, str], float]:
    """Return millions of yuan by scenario and policy, mean over runs."""
    ledger = ensemble.ledger
    if ledger.empty:
        return {}
    scenario, policy = ledger["scenario"].astype(str), ledger["policy"].astype(str)
    total = ledger["yuan"].groupby([scenario, policy]).sum()
    return {(str(key[0]), str(key[1])): value / ensemble.runs[key[0]] / 1e6 for key, value in total.items()}  # type: ignore[index]


def _measure(scenario: str, name: str, policy: Policy, millions: float, language: Language) -> Measure:
    end = format_month(policy.end) if policy.end is not None else _OPEN.in_language(language)
    period = f"{format_month(policy.start)} – {end}"
    if policy.ramp_months:
        comma = "，" if language == "zh" else ", "
        period += comma + _RAMP.in_language(language).format(months=policy.ramp_months + 1)
    source = policy.source
    return Measure(
        scenario,
        name,
        policy.title.in_language(language),
        period,
        _where(policy, language),
        tuple(_amounts(policy, language)),
        _PAYERS[str(policy.payer)].in_language(language),
        f"{source.programme} {source.clause}" if source else MISSING,
        bool(source and source.given),
        millions,
    )


def _where(policy: Policy, language: Language) -> str:
    """Return the zones, and the counties where the policy is limited to some."""
    comma = "、" if language == "zh" else ", "
    zones = [_ZONES[str(zone)].in_language(language) for zone in policy.zones] if policy.zonal() else []
    counties = [text.place_label(code).in_language(language) for code in policy.counties or ()]
    return ("；" if language == "zh" else "; ").join(comma.join(part) for part in (zones, counties) if part)


def _amounts(policy: Policy, language: Language) -> list[str]:
    """Return the lever's own settings that were written, with units."""
    written = policy.model_dump(mode="json", exclude_none=True)
    fields = [field for field in lever_reference(type(policy), language)["fields"] if field["own"]]
    return [
        f"{field['description']}: {_plain(written[field['name']])} {field['unit']}".rstrip()
        for field in fields
        if field["name"] in policy.model_fields_set and field["name"] in written
    ]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,g}" if isinstance(value, int | float) else str(value)


def clause_words(measure: Measure, language: Language) -> str:
    """Return whether a policy's amounts are given by its clause or assumed."""
    return (GIVEN if measure.is_given else ASSUMED).in_language(language)


def cuts(ensemble: Ensemble, language: Language) -> list[Cut]:
    """Return the policies that a budget could not carry in full.

    ``months`` counts county-months with a cut, mean over runs; ``least`` and ``mean`` are the smallest and the average
    share of the cost carried in those months; ``first`` is the first month of any.
    """
    titles = {(s.name, name): policy.title for s in ensemble.plan.scenarios for name, policy in s.policies.items()}
    table = ensemble.cuts[ensemble.cuts["funded"] < _FULL_STRENGTH] if len(ensemble.cuts) else ensemble.cuts
    if table.empty:
        return []
    keys = [table["scenario"].astype(str), table["policy"].astype(str)]
    grouped = table.assign(month=table["month"].astype(str)).groupby(keys, sort=False)
    summary = grouped.agg(
        count=("funded", "size"), least=("funded", "min"), mean=("funded", "mean"), first=("month", "min")
    )
    return [_cut(row, titles, ensemble, language) for row in summary.reset_index().to_dict("records")]


def _cut(row: dict[Any, Any], titles: dict[tuple[str, str], Label], ensemble: Ensemble, language: Language) -> Cut:
    scenario, name = str(row["scenario"]), str(row["policy"])
    title = titles[scenario, name].in_language(language)
    months = float(row["count"]) / ensemble.runs[scenario]
    return Cut(scenario, name, title, months, float(row["least"]), float(row["mean"]), str(row["first"]))
