"""The policies of an experiment as people read them: in force, on whose word, at what cost, and what was cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

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
_CUT = ["scenario", "limit", "policy"]
_WHOLE = 0.9995  # a share above it is rounding, not a cut
_LIMITS = {
    "money": Label("money, million yuan", "资金，百万元"),
    "land": Label("land, mu", "用地指标，亩"),
    "debt": Label("debt limit, million yuan", "债务限额，百万元"),
}
_WITHOUT_POLICY = {
    "money": Label("ordinary spending", "经常性支出"),
    "land": Label("developers' dwellings", "开发商住房"),
    "debt": Label("debt beyond the limit", "超过限额的债务"),
}


@dataclass(frozen=True)
class PolicyInWords:
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
    """How far a policy was cut: wanted and possible over the whole run, mean over runs, in the unit of the limit.

    ``share`` is what was possible of what was wanted, ``first`` the first year of any cut. Without a name it is what
    happens without a policy.
    """

    scenario: str
    name: str
    title: str
    limit: str
    wanted: float
    possible: float
    share: float
    first: int


def measures(ensemble: Ensemble, language: Language) -> list[PolicyInWords]:
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


def _measure(scenario: str, name: str, policy: Policy, millions: float, language: Language) -> PolicyInWords:
    end = format_month(policy.end) if policy.end is not None else _OPEN.in_language(language)
    period = f"{format_month(policy.start)} – {end}"
    if policy.ramp_months:
        comma = "，" if language == "zh" else ", "
        period += comma + _RAMP.in_language(language).format(months=policy.ramp_months + 1)
    source = policy.source
    return PolicyInWords(
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
    """Return the lever's own settings that differ from its defaults, with units."""
    written = policy.model_dump(mode="json", exclude_none=True)
    fields = [field for field in lever_reference(type(policy), language)["fields"] if field["own"]]
    return [
        f"{field['description']}: {_plain(written[field['name']])} {field['unit']}".rstrip()
        for field in fields
        if field["name"] in written and (field["required"] or written[field["name"]] != field["default"])
    ]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,g}" if isinstance(value, int | float) else str(value)


def clause_words(measure: PolicyInWords, language: Language) -> str:
    """Return whether a policy's amounts are given by its clause or assumed."""
    return (GIVEN if measure.is_given else ASSUMED).in_language(language)


def cuts(ensemble: Ensemble, language: Language) -> list[Cut] | None:
    """Return what money and land did not allow, the most cut first; None where the runs did not record it.

    The debt of counties beyond their limit is among them, wanted being the debt and possible the limit.
    """
    limits = ensemble.tables.get("limits")
    if limits is None:
        return None
    if limits.empty:
        return []
    plain = limits.astype(dict.fromkeys((*_CUT, "place"), str))
    of_debt = plain["limit"] == "debt"
    # Debt counts at its worst of all years, what a policy wanted over all of them.
    worst = plain[of_debt].assign(share=plain["possible"] / plain["wanted"]).sort_values("share", kind="stable")
    worst = worst.drop_duplicates(["scenario", "draw", "replicate", "place"])
    beyond = worst[worst["share"] < _WHOLE]
    table = pd.concat([plain[~of_debt], beyond])
    table = table.assign(first=table["year"].where(table["possible"] < _WHOLE * table["wanted"]))
    sums = table.groupby(_CUT, sort=False).agg({"wanted": "sum", "possible": "sum", "first": "min"}).reset_index()
    short = sums[sums["possible"] < _WHOLE * sums["wanted"]]
    found = [_cut(record, ensemble, language) for record in short.to_dict("records")]
    order = {name: position for position, name in enumerate(ensemble.names)}
    return sorted(found, key=lambda cut: (order[cut.scenario], cut.share))


def _cut(record: dict[Any, Any], ensemble: Ensemble, language: Language) -> Cut:
    scenario, limit, name = (str(record[column]) for column in _CUT)
    policies = {each.name: each.policies for each in ensemble.plan.scenarios}[scenario]
    title = policies[name].title if name in policies else _WITHOUT_POLICY[limit]
    divisor = ensemble.runs[scenario] * (1.0 if limit == "land" else 1e6)
    wanted, possible = float(record["wanted"]) / divisor, float(record["possible"]) / divisor
    words = title.in_language(language), _LIMITS[limit].in_language(language)
    return Cut(scenario, name, *words, wanted, possible, possible / wanted, int(record["first"]))
