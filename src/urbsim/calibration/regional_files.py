"""The files of a region's posterior: constants, fit, recovery, the diagnostic page, and what made them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from urbsim.calibration.regional import OBSERVATION_SD, CountyEnsemble, fit_table, recovery
from urbsim.experiment.tables import write_parquet, write_text
from urbsim.region.places import all_places

_INSIDE_80 = 1.2816  # standard deviations


def write_posterior(ensemble: CountyEnsemble, folder: Path, code: str) -> None:
    """Write the posterior, the table of its fit, the test of recovery, the diagnostic page and what made them."""
    from urbsim.report.charts.style import Chart
    from urbsim.report.diagnostic import diagnostic

    folder.mkdir(parents=True, exist_ok=True)
    write_parquet(ensemble.table(), folder / "constants.parquet")
    fit, found = fit_table(ensemble), recovery(ensemble)
    found.to_csv(folder / "recovery.csv", index=False, float_format="%.4f", lineterminator="\n")
    inside = {str(name): float(share) for name, share in _inside(found).groupby(found["constant"]).mean().items()}
    Chart("fit", diagnostic(fit, ensemble.prior, ensemble.posterior, found, inside), fit.round(4)).write(folder)
    (folder / "fit.svg").unlink()  # the picture alone is enough here, and ten times smaller
    write_text(_readme(ensemble, found, code), folder / "README.md")


def _inside(found: pd.DataFrame) -> pd.Series[bool]:
    """Return which recovered constants lie within their 80 % interval."""
    return (found["truth"] - found["estimate"]).abs() < _INSIDE_80 * found["sd"]


def _readme(ensemble: CountyEnsemble, found: pd.DataFrame, code: str) -> str:
    name = next(place.name for place in all_places() if place.code == code)
    table = fit_table(ensemble)
    known = table.dropna(subset=["observed"])
    errors = (known["posterior"] - known["observed"]).abs().groupby(known["target"], sort=False).mean()
    inside = _inside(found)
    fitted = sum(unit.observed is not None for unit in ensemble.units)
    kept = f"; {len(ensemble.units) - fitted} without a comparable census of 2020 keep their prior"
    kept = kept if fitted < len(ensemble.units) else ""
    lines = [
        f"# Posterior of {code} {name}",
        "",
        f"Constants of {fitted} {'county' if fitted == 1 else 'counties'} fitted to the censuses of 2010 and 2020, "
        f"{len(ensemble.prior)} draws{kept}.",
        "",
        "Mean distance of the mean simulated outcome from the observed one, counties as they were fitted:",
        "",
        *(f"- {target}: {error:.2f}" for target, error in errors.items()),
        "",
        f"Observation error assumed: {OBSERVATION_SD[0]:g} in the share, {OBSERVATION_SD[1]:g} in log "
        "residents. Where simulated members are taken as the truth, 80 % intervals hold "
        f"{100 * inside.mean():.0f} % of their constants.",
        "",
        "This is a fit, not a validation: these counties' censuses of 2020 were used.",
        "",
        "Made by",
        "",
        f"    urbsim calibrate {code} --members {len(ensemble.prior)}",
        "",
        "- `constants.parquet`: constants by county code (present and former) and draw, utility points",
        "- `fit.csv`, `fit.png`: every target before and after, and the diagnostic page",
        "- `recovery.csv`: the test of recovery",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
