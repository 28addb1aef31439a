"""What the constants of a scenario's counties rest on, counted and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from urbsim.labels import Label, Language
from urbsim.months import format_month
from urbsim.posterior.basis import EQUATION, EXPECTED, NOTHING, OWN, basis_of_constants
from urbsim.region.places import all_places
from urbsim.scenario.model import Scenario
from urbsim.scenario.own_posterior import fitted_to

#: What constants can rest on beside the county's own change between both censuses, the surest first.
_WEAKER = {
    EXPECTED: Label(
        "its territory changed between the censuses, so its pace is what its province and urban share imply",
        "两次普查之间区划有变，其速度按所在省份和城镇化水平推算",
    ),
    EQUATION: Label("its constants are estimated from its columns of 2010", "其常数由2010年普查指标估计"),
    NOTHING: Label("its constants are zero: nothing was calibrated for it", "未经校准，常数为零"),
}
_SENTENCE = Label(
    "{count} of {all} counties without constants of their own ({names}): {reason}.",
    "{all}个县级单位中有{count}个没有自身常数（{names}）：{reason}。",
)
_MOST_NAMES = 6


_OWN_POSTERIOR = Label(
    "'{name}' runs with the posterior in {folder}, fitted to {count} figures ({first} to {last}): agreement with them "
    "is no validation.",
    "“{name}”使用{folder}中的后验，按{count}项数值（{first}至{last}）校准：与这些数值相符不构成检验。",
)
_UNLIKE = Label(
    "Scenarios run with different posteriors: what differs between them is not the policies' doing alone.",
    "各情景使用不同的后验：其差异不只来自政策。",
)


def posterior_notes(scenarios: Sequence[Scenario], language: Language) -> list[str]:
    """Return a sentence for every scenario with a posterior of its own, and one where scenarios have several."""
    notes = []
    for scenario in scenarios:
        used = sorted(month for _, month, _ in fitted_to([scenario]))
        if scenario.posterior is not None and scenario.calibrated:
            period = [format_month(month) for month in (used[0], used[-1])] if used else ["?", "?"]
            text, folder = _OWN_POSTERIOR.in_language(language), scenario.posterior.folder.name
            said = {"name": scenario.name, "folder": folder, "count": len(used)}
            notes.append(text.format(**said, first=period[0], last=period[1]))
    if len({each.posterior.digest if each.posterior else "" for each in scenarios}) > 1:
        notes.append(_UNLIKE.in_language(language))
    return notes


def footing(scenario: Scenario) -> Mapping[str, tuple[str, ...]]:
    """Return the codes of the scenario's counties by what their constants rest on.

    ``own``: the county's own change between both censuses; ``expected``: what its province and urban share imply;
    ``equation``: its columns of 2010; ``none``: nothing, the constants are zero, as in scenarios without calibration.
    """
    if not scenario.calibrated:
        return {NOTHING: scenario.counties}
    basis = basis_of_constants(scenario.counties, scenario.base_year)
    found = {kind: tuple(code for code in scenario.counties if basis[code] == kind) for kind in (OWN, *_WEAKER)}
    return {kind: codes for kind, codes in found.items() if codes}


def footing_notes(scenario: Scenario, language: Language) -> list[str]:
    """Return a sentence for every group of counties whose constants do not rest on their own past."""
    names = {place.code: place.name for place in all_places()}
    notes = []
    for kind, codes in footing(scenario).items():
        if kind == OWN:
            continue
        shown = ", ".join(names.get(code, code) for code in codes[:_MOST_NAMES])
        shown += ", ..." if len(codes) > _MOST_NAMES else ""
        text = _SENTENCE.in_language(language)
        reason = _WEAKER[kind].in_language(language)
        notes.append(text.format(count=len(codes), all=len(scenario.counties), names=shown, reason=reason))
    return notes
