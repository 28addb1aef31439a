"""Write what people read in a run folder: summary, comparison, targets, charts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.tables import write_csv
from urbsim.labels import Language
from urbsim.report.charts import all_charts


def write_report(ensemble: Ensemble, folder: Path, language: Language = "en", indicators: Sequence[str] = ()) -> None:
    """Write ``summary.csv``, ``comparison.csv``, ``targets.csv`` and ``charts/`` into a run folder.

    ``indicators`` get a chart each, beside the usual ones.
    """
    write_csv(ensemble.summary(), folder / "summary.csv")
    write_csv(ensemble.comparison(), folder / "comparison.csv")
    targets = ensemble.targets()
    if len(targets):
        write_csv(targets, folder / "targets.csv")
    for chart in all_charts(ensemble, language, indicators):
        chart.write(folder / "charts")
