"""Provinces after 2020: simulated from the census without a regional fit, beside the published figures and plain rules.

Every province is a world of all its counties, under some draws of the posterior. Year-ends of 2021 fitted what is
expected of provinces (``calibration.pace``); those of 2022 are a test: nothing was fitted to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from urbsim.arrays import tails
from urbsim.calibration.aims import LAST_MONTHS
from urbsim.calibration.decade import province_groups
from urbsim.calibration.pace import YEARS as FIRST_YEARS
from urbsim.calibration.pace import expected_pace
from urbsim.calibration.skill import bands
from urbsim.calibration.snapshots import from_census, snapshots_of
from urbsim.experiment.runner import Runner
from urbsim.labels import bilingual
from urbsim.months import format_month, month_number
from urbsim.posterior import draws as stored
from urbsim.posterior.basis import OWN
from urbsim.region.tables import all_county_rows, provinces_table

SEED = 2022
#: People simulated per county of a province, on average: under every draw, and at the middle for single counties.
PEOPLE, PEOPLE_OF_BREAKS = 1000, 3500
#: Runs at the middle, each with people and chance of its own, over which a county's path is averaged.
RUNS_OF_BREAKS = 8
#: People simulated of a county, at least, for its single path to say something.
FEWEST = 1000
ALL = "all"
#: Year-ends compared, and whether they fitted anything.
YEARS = {2021: "fit", 2022: "test"}
MODEL = "urbsim"
NATION = "CN"


def simulate_provinces(
    provinces: Sequence[str],
    draws: Sequence[int],
    months: Sequence[int],
    people: int,
    runner: Runner,
    stream: int | None = None,
) -> pd.DataFrame:
    """Simulate provinces from the census of 2020 under some draws of the posterior, each as a world of its counties.

    No region has a fit of its own there.

    ``people`` are simulated per county on average; ``stream`` is that of the random numbers, if not the draw's number.

    Returns
    -------
    pandas.DataFrame
        Columns ``draw``, ``code`` (county), ``month`` (at whose end; 0 for the start), ``residents``, ``urban``
        (persons), ``scale``.
    """
    groups = [group for group in province_groups(2020, people) if group.codes[0][:2] in set(provinces)]
    worlds = [(number, group) for number in draws for group in groups]
    tasks = [
        from_census(
            group,
            2020,
            months,
            stored.draw(number, group.codes, 2020, regional=False),
            (SEED, number if stream is None else stream),
        )
        for number, group in worlds
    ]
    parts = [
        snapshots_of(tables).reset_index().assign(draw=worlds[position][0], scale=worlds[position][1].scale)
        for position, tables in runner.tables(tasks, bilingual("provinces from 2020", "2020 年起的各省"))
    ]
    found = pd.concat(parts, ignore_index=True).sort_values(["draw", "code", "month"], ignore_index=True)
    return found[["draw", "code", "month", "residents", "urban", "scale"]]


def run_after(provinces: Sequence[str], draws: int, runner: Runner, *, scale: float = 1.0) -> dict[str, pd.DataFrame]:
    """Simulate provinces from the census of 2020 and return the tables of what came of it, by name.

    ``provinces`` and ``rules``: year-ends under ``draws`` draws, beside plain rules; ``breaks``: counties' first five
    years against their past, at the middle of the posterior.

    Raises
    ------
    ValueError
        If the posterior holds fewer draws.
    """
    if draws > stored.available_draws():
        raise ValueError(
            bilingual(
                f"the posterior holds {stored.available_draws()} draws of the parameters, not {draws}",
                f"后验有 {stored.available_draws()} 组参数抽样，不是 {draws} 组",
            )
        )
    ends = [month_number(year, 12) for year in YEARS]
    drawn = simulate_provinces(provinces, range(1, draws + 1), ends, int(PEOPLE * scale), runner)
    table = compared_with_published(drawn)
    people, last = int(PEOPLE_OF_BREAKS * scale), [LAST_MONTHS[2020]]
    middle = [
        simulate_provinces(provinces, (0,), last, people, runner, stream).assign(run=stream)
        for stream in range(RUNS_OF_BREAKS)
    ]
    return {
        "provinces": table,
        "rules": errors_beside_rules(table),
        "breaks": breaks(pd.concat(middle, ignore_index=True)),
        "kinds": residents_by_kind(drawn),
    }


def compared_with_published(simulated: pd.DataFrame) -> pd.DataFrame:
    """Return published and simulated year-ends of every province, and of all of them together (``CN``).

    Columns ``province``, ``year``, ``use`` (``fit`` or ``test``), and for ``share`` (percent) and ``residents``
    (millions): published, mean, ``p10``, ``p90``. The change simulated since the start is added to the census, so that
    drawing the sample's start does not count.
    """
    base, seen = _census(), _published()
    shares, residents = base["share"].to_dict(), base["residents"].to_dict()
    year_of_end = {0: 0, **{month_number(year, 12): year for year in YEARS}}
    simulated = simulated.assign(province=simulated["code"].str[:2], year=simulated["month"].map(year_of_end))
    if simulated["province"].nunique() == len(base) - 1:
        simulated = pd.concat([simulated, simulated.assign(province=NATION)])
    sums = simulated.groupby(["draw", "province", "year"])[["residents", "urban"]].sum()
    start = sums.xs(0, level="year")
    rows = []
    for (name, number), part in sums.drop(index=0, level="year").groupby(["province", "year"]):
        province, year = str(name), int(str(number))
        now, then = part.droplevel(["province", "year"]), start.xs(province, level="province")
        change: pd.Series[float] = now["urban"] / now["residents"] - then["urban"] / then["residents"]
        values = {
            "share": 100.0 * (float(shares[province]) + change),
            "residents": float(residents[province]) / 1e6 * now["residents"] / then["residents"],
        }
        row: dict[str, object] = {"province": province, "year": year, "use": YEARS[year]}
        for what, drawn in values.items():
            row[f"{what}_published"] = seen.at[(province, year), what]
            numbers = drawn.to_numpy(dtype=float)
            row[what] = float(numbers.mean())
            row[f"{what}_p10"], row[f"{what}_p90"] = (float(end) for end in np.quantile(numbers, tails(len(numbers))))
        rows.append(row)
    return pd.DataFrame(rows)


def errors_beside_rules(table: pd.DataFrame) -> pd.DataFrame:
    """Return mean absolute errors of the model and of plain rules over provinces, by year.

    Columns ``year``, ``use``, ``rule``, ``provinces``, ``share_mae``, ``share_bias`` (points), ``residents_mae``,
    ``residents_bias`` (percent) and, for the model, ``share_coverage_80``, ``residents_coverage_80`` (percent).
    """
    rows = []
    one = table[table["province"] != NATION]
    for year, of_year in one.groupby("year"):
        part = of_year.set_index("province")
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

    They know the census of 2020 and the published years up to it, but not what came after; the last one is no
    prediction, it is told the mean change of all provinces.
    """
    base = _census().loc[provinces]
    share, residents = 100.0 * base["share"], base["residents"] / 1e6
    series = provinces_table().pivot(index="code", columns="year", values=["urban_share", "residents"]).loc[provinces]
    passed = year - 2020 + 2.0 / 12.0
    pace = 100.0 * (series["urban_share"][2020] - series["urban_share"][2015]) / 5.0
    growth = np.log(series["residents"][2020] / series["residents"][2015]) / 5.0
    odds = np.log(series["urban_share"] / (1.0 - series["urban_share"]))
    slope = (odds[2020] - odds[2015]) / 5.0
    logistic = 100.0 / (1.0 + np.exp(-(np.log(base["share"] / (1.0 - base["share"])) + slope * passed)))
    kept = residents * np.exp(growth * passed)
    seen = _published().xs(year, level="year").loc[provinces]
    shift, growth_seen = (seen["share"] - share).mean(), (seen["residents"] / residents).mean()
    return {
        "no change": pd.DataFrame({"share": share, "residents": residents}),
        "pace of 2015-20 kept": pd.DataFrame({"share": share + pace * passed, "residents": kept}),
        "logistic trend of 2015-20": pd.DataFrame({"share": logistic, "residents": kept}),
        "mean change, as it came": pd.DataFrame({"share": share + shift, "residents": residents * growth_seen}),
    }


def residents_by_kind(simulated: pd.DataFrame) -> pd.DataFrame:
    """Return how residents of districts and of counties moved since the start, mean of the draws, percent.

    Columns ``kind``, ``month`` (at whose end), ``units``, ``mean``, ``sd``, ``p5``, ``p95``, ``lowest``, ``highest``.
    """
    kinds = all_county_rows(2020).set_index("code")["kind"].replace({"city": "county"})
    means = simulated.groupby(["code", "month"])["residents"].mean().unstack("month")
    change = 100.0 * (means.div(means[0], axis=0) - 1.0).drop(columns=0)
    rows = []
    for kind, part in change.groupby(kinds.reindex(change.index)):
        for month, values in part.items():
            numbers = values.to_numpy(dtype=float)
            low, high = np.quantile(numbers, [0.05, 0.95])
            spread = [numbers.mean(), numbers.std(ddof=1), low, high, numbers.min(), numbers.max()]
            rows.append([kind, format_month(int(str(month))), len(numbers), *spread])
    return pd.DataFrame(rows, columns=["kind", "month", "units", "mean", "sd", "p5", "p95", "lowest", "highest"])


def breaks(simulated: pd.DataFrame) -> pd.DataFrame:
    """Return how counties' first five years depart from their own past, by urban share of 2010, and all together.

    Of counties and county-level cities with both censuses of which ``FEWEST`` people are simulated in each ``run``. The
    break is the simulated mean yearly change of the urban share in the first five years, mean of the runs, less the
    observed yearly change of 2010-20, less the mean difference of the band.
    Columns ``band``, ``counties``, ``past`` and ``simulated`` (mean, points a year), ``break_mean``, ``break_sd``,
    ``chance_sd`` (what chance of single runs leaves in the mean of the runs, a part of ``break_sd``), ``falling`` and
    ``fell`` (percent of counties whose share falls in the runs, and fell in 2010-20). The mean break of all is over
    bands' expected differences, period times the expected past.
    """
    expected, shares = expected_pace(), simulated.assign(share=simulated["urban"] / simulated["residents"])
    wide = shares.pivot(index="code", columns=["month", "run"], values="share")
    first, last = (wide[month].to_numpy(dtype=float) for month in (0, LAST_MONTHS[2020]))
    changes = 100.0 * (last - first) / FIRST_YEARS
    rows = expected.counties.loc[wide.index].assign(simulated=changes.mean(axis=1))
    rows["chance"] = changes.var(axis=1, ddof=1) / changes.shape[1]
    start = simulated[simulated["month"] == 0]
    enough = (start["residents"] * start["scale"]).groupby(start["code"]).min().loc[rows.index] >= FEWEST
    rows = rows[(rows["basis"] == OWN) & ~rows["district"] & enough]
    rows["past"] *= 100.0
    rows["band"] = bands(100.0 * rows["share"] - 10.0 * rows["past"])
    rows["difference"] = rows["simulated"] - rows["past"]
    rows["break"] = rows["difference"] - rows.groupby("band")["difference"].transform("mean")
    implied = 100.0 * (expected.period - 1.0) * rows["expected"]
    rows["off"] = rows["difference"] - implied.groupby(rows["band"]).transform("mean")
    found = [_break_row(str(band), part) for band, part in rows.groupby("band", sort=True)]
    return pd.DataFrame([*found, _break_row(ALL, rows)])


def _break_row(band: str, part: pd.DataFrame) -> dict[str, object]:
    return {
        "band": band,
        "counties": len(part),
        "past": part["past"].mean(),
        "simulated": part["simulated"].mean(),
        "break_mean": part["off"].mean(),
        "break_sd": part["break"].std(ddof=0),
        "chance_sd": float(np.sqrt(part["chance"].mean())),
        "falling": 100.0 * (part["simulated"] < 0).mean(),
        "fell": 100.0 * (part["past"] < 0).mean(),
    }


def _census() -> pd.DataFrame:
    """Return residents and urban share (0 to 1) of the census of 2020 by province, and of all."""
    rows = all_county_rows(2020)
    sums = rows[["residents", "urban"]].astype(float).groupby(rows["code"].str[:2]).sum()
    sums.loc[NATION] = sums.sum()
    return sums.assign(share=sums["urban"] / sums["residents"])


def _published() -> pd.DataFrame:
    """Return published year-ends by province and year: ``share`` in percent, ``residents`` in millions."""
    rows = provinces_table().rename(columns={"code": "province"})
    table = rows.assign(share=100.0 * rows["urban_share"], residents=rows["residents"] / 1e6)
    table = table.set_index(["province", "year"])[["share", "residents"]]
    urban = table["share"] * table["residents"]
    nation = pd.DataFrame({"share": urban, "residents": table["residents"]}).groupby(level="year").sum()
    nation["share"] /= nation["residents"]
    nation.index = pd.MultiIndex.from_product([[NATION], nation.index], names=["province", "year"])
    return pd.concat([table, nation])
