"""Write what people read in a run folder: summary, comparison, targets, charts."""

from __future__ import annotations

from pathlib import Path

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.tables import write_csv
from urbsim.labels import Language
from urbsim.report.charts import all_charts


def write_report(ensemble: Ensemble, folder: Path, language: Language = "en") -> None:
    """Write ``charts/`` and the tables summary, comparison, targets and counties into a run folder, as CSV."""
    write_csv(ensemble.summary(), folder / "summary.csv")
    write_csv(ensemble.comparison(), folder / "comparison.csv")
    if len(ensemble.plan.baseline.counties) > 1:
        write_csv(ensemble.counties(), folder / "counties.csv")
    targets = ensemble.targets()
    if len(targets):
        write_csv(targets, folder / "targets.csv")
    for chart in all_charts(ensemble, language):
        chart.write(folder / "charts")
