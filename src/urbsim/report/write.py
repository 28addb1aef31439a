"""Write what people read in a run folder: summary, comparison, targets, counties, charts, and the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.manifest import read_manifest
from urbsim.experiment.observed import observed_beside
from urbsim.experiment.tables import write_csv, write_text
from urbsim.labels import Language

if TYPE_CHECKING:
    from urbsim.report.charts.style import Chart

REPORT = "report.html"


def write_report(
    ensemble: Ensemble,
    folder: Path,
    language: Language = "en",
    indicators: Sequence[str] = (),
    *,
    only: bool = False,
    charts: bool = True,
) -> None:
    """Write ``report.html``, ``charts/`` and the tables summary, comparison, targets, counties and limits as CSV.

    Without ``charts`` only the tables are written.

    The folder holds its manifest already, from which the report takes command and versions. ``indicators`` get a chart
    each, before the usual ones, or with ``only`` in their place.
    """
    write_csv(ensemble.summary(), folder / "summary.csv")
    write_csv(ensemble.comparison(), folder / "comparison.csv")
    if len(ensemble.plan.baseline.counties) > 1:
        write_csv(ensemble.counties(), folder / "counties.csv")
    targets = ensemble.targets()
    if len(targets):
        write_csv(targets, folder / "targets.csv")
    observed = observed_beside(ensemble.plan, ensemble.series)
    if len(observed):
        write_csv(observed, folder / "observed.csv")
    limits = ensemble.limits_by_year()
    if len(limits):
        write_csv(limits, folder / "limits.csv")
    if not charts:
        return
    drawn = list(_charts(ensemble, language, indicators, only=only))
    for chart in drawn:
        chart.write(folder / "charts")
    write_text(_page(ensemble, drawn, folder, language, indicators, only=only), folder / REPORT)


def write_page(
    ensemble: Ensemble,
    folder: Path,
    path: Path,
    language: Language = "en",
    indicators: Sequence[str] = (),
    *,
    only: bool = False,
) -> None:
    """Write the report of a finished run folder to a file, in any language; the folder's charts stay as they are."""
    charts = list(_charts(ensemble, language, indicators, only=only))
    write_text(_page(ensemble, charts, folder, language, indicators, only=only), path)


def _charts(ensemble: Ensemble, language: Language, indicators: Sequence[str], *, only: bool) -> Iterator[Chart]:
    from urbsim.report.charts import all_charts  # what draws takes a second to load

    return all_charts(ensemble, language, indicators, only=only)


def _page(
    ensemble: Ensemble,
    charts: Sequence[Chart],
    folder: Path,
    language: Language,
    indicators: Sequence[str],
    *,
    only: bool,
) -> str:
    from urbsim.report.page import report_page

    return report_page(ensemble, charts, read_manifest(folder), language, indicators, only=only)
