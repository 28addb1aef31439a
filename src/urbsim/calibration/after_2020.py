"""Provinces after 2020: simulated from the census without a regional fit, beside the published figures and plain rules.

Every province is a world of all its counties, under some draws of the posterior. Year-ends of 2021 fitted what is
expected of provinces (``calibration.pace``); those of 2022 are a test: nothing was fitted to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from urbsim.calibration.counties import province_groups
from urbsim.calibration.snapshots import from_census, snapshots_of
from urbsim.experiment.runner import Runner
from urbsim.months import month_number
from urbsim.posterior import draws as stored
from urbsim.region.tables import all_county_rows, province_series

SEED = 2022
#: People simulated per county of a province, on average.
PEOPLE = 1500
#: Year-ends compared, and whether they fitted anything.
YEARS = {2021: "fit", 2022: "test"}
QUANTILES = {"p10": 0.1, "p90": 0.9}
MODEL = "urbsim"
NATION = "CN"


def simulate_provinces(
    provinces: Sequence[str], draws: int, runner: Runner, *, scale: float = 1.0, years: Sequence[int] = tuple(YEARS)
) -> pd.DataFrame:
    """Simulate provinces from the census of 2020 under draws 1, 2, ... of the posterior.

    Returns
    -------
    pandas.DataFrame
        Columns ``draw``, ``code`` (county), ``year`` (0 for the start), ``residents``, ``urban`` (persons).
    """
    groups = [group for group in province_groups(2020, int(PEOPLE * scale)) if group.codes[0][:2] in set(provinces)]
    months = tuple(month_number(year, 12) for year in years)
    tasks, numbers = [], []
    for number in range(1, draws + 1):
        for group in groups:
            drawn = stored.draw(number, group.codes, 2020)
            constants = np.array(drawn.constants.rows())
            tasks.append(from_census(group, 2020, months, drawn.parameters, constants, SEED, number))
            numbers.append(number)
    year_at = {0: 0, **dict(zip(months, years, strict=True))}
    parts = []
    for position, tables in runner.tables(tasks, "provinces from 2020"):
        counts = snapshots_of(tables).reset_index()
        parts.append(counts.assign(draw=numbers[position], year=counts["month"].map(year_at)))
    found = pd.concat(parts, ignore_index=True).sort_values(["draw", "code", "year"], ignore_index=True)
    return found[["draw", "code", "year", "residents", "urban"]]


def provinces_table(simulated: pd.DataFrame) -> pd.DataFrame:
    """Return published and simulated year-ends of every province, and of all of them together (``CN``).

    Columns ``province``, ``year``, ``use`` (``fit`` or ``test``), and for ``share`` (percent) and ``residents``
    (millions): published, mean, ``p10``, ``p90``. The change simulated since the start is added to the census, so that
    drawing the sample's start does not count.
    """
    base, seen = _census(), _published()
    simulated = simulated.assign(province=simulated["code"].str[:2])
    if simulated["province"].nunique() == len(base) - 1:
        simulated = pd.concat([simulated, simulated.assign(province=NATION)])
    sums = simulated.groupby(["draw", "province", "year"])[["residents", "urban"]].sum()
    start = sums.xs(0, level="year")
    rows = []
    for (province, year), part in sums.drop(index=0, level="year").groupby(["province", "year"]):
        now, then = part.droplevel(["province", "year"]), start.xs(province, level="province")
        change = now["urban"] / now["residents"] - then["urban"] / then["residents"]
        values = {
            "share": 100.0 * (base.at[province, "share"] + change),
            "residents": base.at[province, "residents"] * now["residents"] / then["residents"] / 1e6,
        }
        row: dict[str, object] = {"province": province, "year": int(year), "use": YEARS[int(year)]}
        for name, drawn in values.items():
            row[f"{name}_published"] = seen.at[(province, int(year)), name]
            row[name] = float(drawn.mean())
            row |= {f"{name}_{label}": float(drawn.quantile(q)) for label, q in QUANTILES.items()}
        rows.append(row)
    return pd.DataFrame(rows)


def errors_beside_rules(table: pd.DataFrame) -> pd.DataFrame:
    """Return mean absolute errors of the model and of plain rules over provinces, by year.

    Columns ``year``, ``use``, ``rule``, ``provinces``, ``share_mae``, ``share_bias`` (points), ``residents_mae``,
    ``residents_bias`` (percent) and, for the model, ``share_coverage_80``, ``residents_coverage_80`` (percent).
    """
    rows = []
    one = table[table["province"] != NATION]
    for year, part in one.groupby("year"):
        part = part.set_index("province")
        guesses = {**_rules(list(part.index), int(str(year))), MODEL: part[["share", "residents"]]}
        for rule, guess in guesses.items():
            share = guess["share"] - part["share_published"]
            residents = 100.0 * (guess["residents"] / part["residents_published"] - 1.0)
            row: dict[str, object] = {"year": year, "use": part["use"].iloc[0], "rule": rule, "provinces": len(part)}
            row |= {"share_mae": share.abs().mean(), "share_bias": share.mean()}
            row |= {"residents_mae": residents.abs().mean(), "residents_bias": residents.mean()}
            for name in ("share", "residents"):
                held = part[f"{name}_published"].between(part[f"{name}_p10"], part[f"{name}_p90"])
                row[f"{name}_coverage_80"] = 100.0 * held.mean() if rule == MODEL else np.nan
            rows.append(row)
    return pd.DataFrame(rows)


def _rules(provinces: list[str], year: int) -> Mapping[str, pd.DataFrame]:
    """Return what plain rules say of a year's end, share in percent and residents in millions.

    They know the census of 2020 and the published years up to it, but not what came after.
    """
    base = _census().loc[provinces]
    share, residents = 100.0 * base["share"], base["residents"] / 1e6
    series = (
        province_series().pivot(index="province", columns="year", values=["urban_share", "residents"]).loc[provinces]
    )
    passed = year - 2020 + 2.0 / 12.0
    pace = 100.0 * (series["urban_share"][2020] - series["urban_share"][2015]) / 5.0
    growth = np.log(series["residents"][2020] / series["residents"][2015]) / 5.0
    odds = np.log(series["urban_share"] / (1.0 - series["urban_share"]))
    slope = (odds[2020] - odds[2015]) / 5.0
    logistic = 100.0 / (1.0 + np.exp(-(np.log(base["share"] / (1.0 - base["share"])) + slope * passed)))
    kept = residents * np.exp(growth * passed)
    return {
        "no change": pd.DataFrame({"share": share, "residents": residents}),
        "pace of 2015-20 kept": pd.DataFrame({"share": share + pace * passed, "residents": kept}),
        "logistic trend of 2015-20": pd.DataFrame({"share": logistic, "residents": kept}),
    }


def groups_of_residents(simulated: pd.DataFrame) -> pd.DataFrame:
    """Return how residents of districts and of prefectures moved in the simulation, by year: percent since the start.

    Columns ``year``, ``kind`` (``district``, ``county``), ``units``, ``mean``, ``sd``, ``p5``, ``p95`` over units.
    """
    kinds = all_county_rows(2020).set_index("code")["kind"].replace({"city": "county"})
    means = simulated.groupby(["code", "year"])["residents"].mean().unstack("year")
    change = 100.0 * (means.div(means[0], axis=0) - 1.0).drop(columns=0)
    rows = []
    for kind, part in change.groupby(kinds.reindex(change.index)):
        for year, values in part.items():
            low, high = np.quantile(values, [0.05, 0.95])
            rows.append([year, kind, len(values), values.mean(), values.std(ddof=1), low, high])
    return pd.DataFrame(rows, columns=["year", "kind", "units", "mean", "sd", "p5", "p95"])


def _census() -> pd.DataFrame:
    """Return residents and urban share (0 to 1) of the census of 2020 by province, and of all."""
    rows = all_county_rows(2020)
    sums = rows[["residents", "urban"]].astype(float).groupby(rows["code"].str[:2]).sum()
    sums.loc[NATION] = sums.sum()
    return sums.assign(share=sums["urban"] / sums["residents"])


def _published() -> pd.DataFrame:
    """Return published year-ends by province and year: ``share`` in percent, ``residents`` in millions."""
    rows = province_series()
    table = rows.assign(share=100.0 * rows["urban_share"], residents=rows["residents"] / 1e6)
    table = table.set_index(["province", "year"])[["share", "residents"]]
    urban = table["share"] * table["residents"]
    nation = pd.DataFrame({"share": urban, "residents": table["residents"]}).groupby(level="year").sum()
    nation["share"] /= nation["residents"]
    nation.index = pd.MultiIndex.from_product([[NATION], nation.index], names=["province", "year"])
    return pd.concat([table, nation])
