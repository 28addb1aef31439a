"""Write what people read in a run folder: summary, comparison, targets, counties, charts, and the report."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.manifest import read_manifest
from urbsim.experiment.observed import observed_beside
from urbsim.experiment.tables import write_csv, write_text
from urbsim.experiment.workers import Workers, server_runs
from urbsim.labels import Language

if TYPE_CHECKING:
    from urbsim.report.body import Shown

REPORT = "report.html"
#: Rows of series that are handed to another process to draw; that of more would take as long as drawing.
_MOST_ROWS_TOLD = 1_000_000


def write_report(
    ensemble: Ensemble,
    folder: Path,
    language: Language = "en",
    shown: Shown | None = None,
    kinds: Sequence[str] = (),
    *,
    charts: bool = True,
) -> None:
    """Write ``report.html``, ``charts/`` and tables as CSV: summary, comparison, targets, counties, provinces, limits.

    Without ``charts`` only the tables are written, and ``kinds``: what else the report is written as, of
    ``export.FORMATS``.

    The folder holds its manifest already, from which the report takes command and versions. The indicators ``shown``
    get a chart each, before the usual ones, or in their place.
    """
    write_csv(ensemble.summary(), folder / "summary.csv")
    write_csv(ensemble.comparison(), folder / "comparison.csv")
    if len(ensemble.plan.baseline.counties) > 1:
        write_csv(ensemble.counties(), folder / "counties.csv")
    provinces = ensemble.provinces()
    if len(provinces):
        write_csv(provinces, folder / "provinces.csv")
    targets = ensemble.targets()
    if len(targets):
        write_csv(targets, folder / "targets.csv")
    observed = observed_beside(ensemble.plan, ensemble.series)
    if len(observed):
        write_csv(observed, folder / "observed.csv")
    limits = ensemble.limits_by_year()
    if len(limits):
        write_csv(limits, folder / "limits.csv")
    if charts:
        _draw_and_write(ensemble, folder, language, shown)
    if kinds:
        _export(ensemble, folder, folder / REPORT, language, shown, kinds)


def write_page(
    ensemble: Ensemble,
    folder: Path,
    path: Path,
    language: Language = "en",
    shown: Shown | None = None,
    kinds: Sequence[str] = (),
) -> list[Path]:
    """Write the report of a run folder to a file, and its exports beside it; return the paths.

    ``language`` is the one shown first, and that of exports. The folder's charts stay as they are.
    """
    from urbsim.report.page import report_page  # what draws takes a second to load

    write_text(report_page(ensemble, read_manifest(folder), language, shown), path)
    return [path, *(_export(ensemble, folder, path, language, shown, kinds) if kinds else [])]


def _draw_and_write(ensemble: Ensemble, folder: Path, language: Language, shown: Shown | None) -> None:
    """Write charts and the report; another process draws the charts meanwhile if it need not load so much first."""
    own_code = any(policy.origin for scenario in ensemble.plan.scenarios for policy in scenario.policies.values())
    if not server_runs() or own_code or len(ensemble.series) > _MOST_ROWS_TOLD:
        _draw(ensemble, folder, language, shown)
        write_page(ensemble, folder, folder / REPORT, language, shown)
        return
    with Workers(1) as other:
        drawn = other.submit(_draw_told, pickle.dumps((ensemble, folder, language, shown)))
        write_page(ensemble, folder, folder / REPORT, language, shown)
        try:
            drawn.result()
        except BrokenProcessPool:  # it was killed from outside
            _draw(ensemble, folder, language, shown)


def _draw_told(told: bytes) -> None:
    _draw(*pickle.loads(told))


def _draw(ensemble: Ensemble, folder: Path, language: Language, shown: Shown | None) -> None:
    from urbsim.report.charts import all_charts

    asked, only = (shown.indicators, shown.only) if shown else ((), False)
    for chart in all_charts(ensemble, language, asked, only=only):
        chart.write(folder / "charts")


def _export(
    ensemble: Ensemble, folder: Path, path: Path, language: Language, shown: Shown | None, kinds: Sequence[str]
) -> list[Path]:
    from urbsim.report.body import Shown
    from urbsim.report.export import export

    return export(ensemble, path, kinds, language, shown or Shown(), read_manifest(folder))
