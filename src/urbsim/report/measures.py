"""The policies of an experiment as people read them: in force, on whose word, and at what cost."""

from __future__ import annotations

from dataclasses import dataclass

from urbsim.codes import ZONE_LABELS
from urbsim.evidence.elasticities import sentences
from urbsim.evidence.grades import STRENGTHS, grade_of
from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import MISSING, Label, Language
from urbsim.months import format_month
from urbsim.policies.base import Policy
from urbsim.policies.choices import said_setting
from urbsim.policies.reference import lever_reference
from urbsim.report import text
from urbsim.report.targets import ASSUMED

GIVEN = Label("given", "文件给定")
_OPEN = Label("no end", "长期")
_RAMP = Label("full strength after {months} months", "{months}个月后达到全部力度")


@dataclass(frozen=True)
class PolicyInWords:
    """One policy of one scenario in words.

    ``amounts`` are the lever's own settings with their units, ``strength`` how well founded its effect is (``fitted``,
    ``sign``, ``assumption``), ``founded`` the same in words with the studies, ``effect`` what a dose of it does.
    """

    scenario: str
    name: str
    title: str
    period: str
    where: str
    amounts: tuple[str, ...]
    payer: str
    clause: str
    is_given: bool
    yuan: float
    strength: str
    strength_label: str
    founded: str
    effect: tuple[str, ...]

    @property
    def reasons(self) -> str:
        """``founded`` without the grade itself, which stands before it."""
        return self.founded.removeprefix(self.strength_label).lstrip(":： ")


def measures(ensemble: Ensemble, language: Language) -> list[PolicyInWords]:
    """Return every policy in force, by scenario, with what was spent on it over the whole run, mean over runs."""
    table = ensemble.spending(("policy",))
    spent = {(row["scenario"], row["policy"]): row["yuan"] for row in table.to_dict("records")}
    return [
        measure_of(scenario.name, name, policy, spent.get((scenario.name, name), 0.0), language)
        for scenario in ensemble.plan.scenarios
        for name, policy in scenario.policies.items()
    ]


def measure_of(scenario: str, name: str, policy: Policy, yuan: float, language: Language) -> PolicyInWords:
    """Return one policy in words; ``yuan`` were spent on it."""
    end = format_month(policy.end) if policy.end is not None else _OPEN.in_language(language)
    period = f"{format_month(policy.start)} – {end}"
    if policy.ramp_months:
        comma = "，" if language == "zh" else ", "
        period += comma + _RAMP.in_language(language).format(months=policy.ramp_months + 1)
    source, grade = policy.source, grade_of(type(policy))
    return PolicyInWords(
        scenario,
        name,
        policy.title.in_language(language),
        period,
        _where(policy, language),
        tuple(_amounts(policy, language)),
        policy.payer.label.in_language(language),
        f"{source.programme} {source.clause}" if source else MISSING,
        bool(source and source.given),
        yuan,
        str(grade.strength),
        STRENGTHS[grade.strength].in_language(language),
        grade.sentence(language),
        tuple(sentences(type(policy), language)),
    )


def _where(policy: Policy, language: Language) -> str:
    """Return the zones, and the counties where the policy is limited to some."""
    comma = "、" if language == "zh" else ", "
    zones = [ZONE_LABELS[zone.zone].in_language(language) for zone in policy.zones] if policy.zonal() else []
    counties = [text.place_label(code).in_language(language) for code in policy.counties or ()]
    return ("；" if language == "zh" else "; ").join(comma.join(part) for part in (zones, counties) if part)


def _amounts(policy: Policy, language: Language) -> list[str]:
    """Return the lever's own settings that differ from its defaults, with units."""
    written = policy.model_dump(mode="json", exclude_none=True)
    fields = [field for field in lever_reference(type(policy), language)["fields"] if field["own"]]
    return [
        said_setting(field, written[field["name"]], language)
        for field in fields
        if field["name"] in written and (field["required"] or written[field["name"]] != field["default"])
    ]


def clause_words(measure: PolicyInWords, language: Language) -> str:
    """Return whether a policy's amounts are given by its clause or assumed."""
    return (GIVEN if measure.is_given else ASSUMED).in_language(language)
