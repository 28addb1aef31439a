"""The files of a region's posterior: constants, fit, recovery, the diagnostic page, and what made them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from urbsim.arrays import Floats
from urbsim.calibration.county_files import OBSERVATION_SD
from urbsim.calibration.regional import CountyEnsemble, constants_table
from urbsim.experiment.tables import write_parquet, write_text
from urbsim.labels import counted
from urbsim.region.places import all_places
from urbsim.report.charts.style import Chart
from urbsim.report.diagnostic import diagnostic


def write_posterior(
    ensemble: CountyEnsemble,
    after: Mapping[str, Floats],
    fit: pd.DataFrame,
    recovered: pd.DataFrame,
    folder: Path,
    code: str,
) -> None:
    """Write the posterior, the table of its fit, the test of recovery, the diagnostic page and what made them.

    Parameters
    ----------
    ensemble
        What was fitted to the census of 2020, for runs from 2010.
    after
        Constants of runs from 2020 (draws, 4) by county.
    fit, recovered
        Its ``fit_table`` and ``recovery``.
    folder, code
        Where to write, and the code of the region.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = [ensemble.table(), *([constants_table(2020, after)] if after else [])]
    write_parquet(pd.concat(tables, ignore_index=True), folder / "constants.parquet")
    recovered.drop(columns="inside").to_csv(
        folder / "recovery.csv", index=False, float_format="%.4f", lineterminator="\n"
    )
    page = diagnostic(fit, ensemble.prior, ensemble.posterior, recovered)
    Chart("fit", page, fit.round(4)).write(folder)
    (folder / "fit.svg").unlink()  # the picture alone is enough here, and ten times smaller
    write_text(_readme(ensemble, fit, recovered, code), folder / "README.md")


def _readme(ensemble: CountyEnsemble, fit: pd.DataFrame, recovered: pd.DataFrame, code: str) -> str:
    name = next(place.name for place in all_places() if place.code == code)
    known = fit.dropna(subset=["observed"])
    errors = (known["posterior"] - known["observed"]).abs().groupby(known["target"], sort=False).mean()
    fitted = sum(unit.observed is not None for unit in ensemble.units)
    kept = f"; {len(ensemble.units) - fitted} without a comparable census of 2020 keep their prior"
    kept = kept if fitted < len(ensemble.units) else ""
    lines = [
        f"# Posterior of {code} {name}",
        "",
        f"Constants of {counted(fitted, 'county', 'counties')} fitted to the censuses of 2010 and 2020, "
        f"{len(ensemble.prior)} draws{kept}.",
        "",
        "Mean distance of the mean simulated outcome from the observed one, counties as they were fitted:",
        "",
        *(f"- {target}: {error:.2f}" for target, error in errors.items()),
        "",
        f"Observation error assumed: {OBSERVATION_SD[0]:g} in the share, {OBSERVATION_SD[1]:g} in log "
        "residents. Where simulated members are taken as the truth, 80 % intervals hold "
        f"{100 * recovered['inside'].mean():.0f} % of their constants.",
        "",
        "This is a fit, not a validation: these counties' censuses of 2020 were used.",
        "",
        "Made by",
        "",
        f"    urbsim calibrate {code} --members {len(ensemble.prior)}",
        "",
        "- `constants.parquet`: constants by census year of the start, county code and draw, at the start and in the "
        "long run, utility points",
        "- `fit.csv`, `fit.png`: every target before and after, and the diagnostic page",
        "- `recovery.csv`: the test of recovery",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
