"""What each scenario changes: differences from the baseline over time, paired by replicate."""

from __future__ import annotations

from collections.abc import Sequence

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language
from urbsim.policies.base import Policy
from urbsim.report import text
from urbsim.report.charts.style import GREY, Chart, frame, label_axes, line_with_band, panels, same_height, styled
from urbsim.report.charts.trajectory import forms_of
from urbsim.report.strength import explained, marked, strength_of

DIFFERENCE = "difference_from_baseline"


def difference_chart(ensemble: Ensemble, indicators: Sequence[str], language: Language) -> Chart:
    """Return a chart with one panel per indicator that was observed, showing every scenario but the baseline.

    Panels of one unit have one scale. Names are marked where the effect does not rest on studies that were fitted.
    """
    summary = ensemble.differences(indicators)
    forms = forms_of(ensemble.over_time(indicators), language, together=False)
    with styled():
        figure, axes = panels(len(indicators), 2)
        units: dict[str, str] = {}
        for axis, indicator in zip(axes, indicators, strict=True):
            form = forms[indicator]
            panel = summary[summary["indicator"] == indicator]
            axis.axhline(0, color=GREY, linewidth=1.0)
            lines = [
                line_with_band(axis, panel[panel["scenario"] == scenario], position, form.factor)
                for position, scenario in enumerate(ensemble.names)
                if position > 0
            ]
            units[indicator] = form.difference_unit.in_language(language)
            label_axes(axis, text.indicator_label(indicator, language), units[indicator], language)
        for unit in units.values():
            same_height([axis for axis, its in zip(axes, units.values(), strict=True) if its == unit])
        titles = list(ensemble.titles(language).values())
        title = Label(f"Difference from '{titles[0]}'", f"与“{titles[0]}”之差").in_language(language)
        own = [_own(ensemble, position) for position in range(1, len(titles))]
        names = [marked(name, policies) for name, policies in zip(titles[1:], own, strict=True)]
        said = [explained(map(strength_of, own), language), text.source_note(ensemble, language)]
        frame(figure, title, "; ".join(part for part in said if part), lines, names)
    return Chart(DIFFERENCE, figure, summary)


def _own(ensemble: Ensemble, position: int) -> list[Policy]:
    """Return the policies of a scenario that the baseline lacks or has otherwise."""
    base = ensemble.plan.baseline.policies
    policies = ensemble.plan.scenarios[position].policies
    return [policy for name, policy in policies.items() if base.get(name) != policy]
