"""The results of an experiment: every run's tables, and what can be asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import import_module
from typing import Any

import pandas as pd

from urbsim.experiment import comparison as numbers
from urbsim.experiment import cuts, growth, money
from urbsim.experiment.counties import county_table
from urbsim.experiment.errors import UnknownNameError
from urbsim.experiment.plan import Failure, Plan
from urbsim.experiment.tables import Tables
from urbsim.experiment.targets import targets_met
from urbsim.labels import Language, bilingual
from urbsim.months import format_month, months_of_years
from urbsim.observation.indicators import INDICATORS
from urbsim.reading.wording import quoted
from urbsim.region.places import VERY_MANY, whole_provinces


class Ensemble:
    """Replicates of one or more scenarios, the first being the baseline.

    Attributes
    ----------
    series : DataFrame
        scenario, draw, replicate, month, place, indicator, value: what was observed, monthly.
    flows : DataFrame
        Persons by cause, origin zone and destination zone, monthly.
    ledger : DataFrame
        Yuan by lever, policy and payer, monthly.
    limits : DataFrame
        What policies wanted and what money and land allowed, and debt against its limit, by county and year.
    synthesis : DataFrame
        Fit of the base population to each of its margins.
    failures : tuple of Failure
        Runs that raised an error and are missing from the tables.
    workers : sequence of mappings
        Who carried out the runs on a cluster, and with what, as a manifest records it.
    """

    def __init__(
        self,
        plan: Plan,
        tables: Tables,
        failures: tuple[Failure, ...] = (),
        workers: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.plan = plan
        self.workers = workers
        self.tables = tables
        self.failures = failures
        self.series = tables["series"]
        self.flows = tables["flows"]
        self.ledger = tables["ledger"]
        self.limits = tables["limits"]
        self.synthesis = tables["synthesis"]

    @property
    def baseline(self) -> str:
        """Name of the scenario the others are compared with."""
        return self.plan.baseline.name

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios in order."""
        return self.plan.names

    def titles(self, language: Language) -> dict[str, str]:
        """Return what people are shown of each scenario's name, by name, in order."""
        return self.plan.titles(language)

    @property
    def place(self) -> str:
        """The place in ``series`` that stands for the whole world."""
        return self.plan.world

    @property
    def replicates(self) -> int:
        """Number of replicates that every scenario has."""
        return min(self.runs.values())

    @cached_property
    def runs(self) -> dict[str, int]:
        """Number of runs that succeeded, by scenario."""
        identities = self.series[["scenario", "draw", "replicate"]].drop_duplicates()
        return {name: int((identities["scenario"] == name).sum()) for name in self.names}

    @property
    def horizons(self) -> tuple[str, ...]:
        """Months compared by default: the first, the milestones and the latest inside the run, and the last."""
        return numbers.horizons(self.plan.baseline.start, self.plan.baseline.until, numbers.latest_month())

    @property
    def latest_month(self) -> str:
        """The latest month that figures are known of, YYYY-MM; first or last of the output where it lies outside."""
        return min(max(format_month(numbers.latest_month()), self.first_month), self.last_month)

    def summary(self) -> pd.DataFrame:
        """Return median and interval of every indicator in the first month, each December and the last month.

        Very many counties are left out here and in ``comparison``: ``counties`` has them.
        """
        months = self._told_apart["month"].astype(str)
        shown = (months == self.first_month) | numbers.ends_of_years(months, self.last_month)
        return numbers.summarise(self._told_apart[shown])

    def comparison(self, months: tuple[str, ...] | None = None) -> pd.DataFrame:
        """Return values and paired differences of every indicator at some months; see ``comparison.compare``."""
        return numbers.compare(self._told_apart, self.baseline, months) if months else self._comparison.copy()

    # What reports ask for again and again is worked out once, and given out as copies.
    @cached_property
    def _comparison(self) -> pd.DataFrame:
        return numbers.compare(self._told_apart, self.baseline, self.horizons)

    @cached_property
    def _counties(self) -> pd.DataFrame:
        codes = self.plan.baseline.counties
        return county_table(self.series, codes, self.baseline, self.first_month, self.last_month)

    @cached_property
    def _targets(self) -> pd.DataFrame:
        return targets_met(self.series, self.plan.scenarios, self.place)

    @cached_property
    def _told_apart(self) -> pd.DataFrame:
        """The series of the places that tables of all indicators have a row for."""
        counties = self.plan.baseline.counties
        if len(counties) < VERY_MANY:
            return self.series
        chosen = self.series[~self.series["place"].isin(list(counties))]
        return chosen.assign(place=chosen["place"].astype(str).astype("category"))

    def table(self, indicators: tuple[str, ...] = numbers.HEADLINES) -> pd.DataFrame:
        """Return the comparison for the whole world and a few indicators, in their order."""
        self.check_names(indicators)
        everything = self.comparison()
        chosen = everything[(everything["place"] == self.place) & everything["indicator"].isin(list(indicators))]
        rank = {name: number for number, name in enumerate(indicators)}
        order = {name: number for number, name in enumerate(self.names)}
        ranked = chosen.assign(
            _indicator=chosen["indicator"].map(rank).astype(int),
            _scenario=chosen["scenario"].map(order).astype(int),
            _month=chosen["month"].astype(str),
        )
        ranked = ranked.sort_values(["_indicator", "_scenario", "_month"], kind="stable")
        return ranked.drop(columns=["_indicator", "_scenario", "_month"]).reset_index(drop=True)

    def over_time(self, indicators: Sequence[str], place: str | None = None) -> pd.DataFrame:
        """Return median and interval of some indicators in every month, of the whole world or of another place."""
        self.check_names(indicators, place)
        return numbers.summarise(self._chosen(indicators, place or self.place))

    def time_series(self, indicator: str, place: str | None = None) -> pd.DataFrame:
        """Return one indicator over time, ready to plot and to resample.

        Returns
        -------
        DataFrame
            A row per month (``pandas.PeriodIndex``), a column per scenario and ``median``, ``low`` or ``high``.

        Raises
        ------
        UnknownNameError
            If the indicator or the place was not observed.
        """
        table = self.over_time([indicator], place)
        wide = table.pivot(index="month", columns="scenario", values=["median", "low", "high"])
        wide = wide.swaplevel(axis=1).reindex(columns=list(self.names), level=0)
        wide.index = pd.PeriodIndex(wide.index.astype(str), freq="M", name="month")
        return wide.sort_index()

    def check_names(self, indicators: Sequence[str], place: str | None = None) -> None:
        """Raise ``UnknownNameError`` for an indicator or a place that was not observed, saying what was meant."""
        observed = self.series["indicator"].astype("category").cat.categories
        for name in indicators:
            if name not in observed:
                known = [each for each in INDICATORS if each in observed]
                labels = {each: INDICATORS[each].label for each in known}
                found = bilingual(
                    f"{quoted(name)} was not observed in {place or self.place}",
                    f"{place or self.place} 没有{quoted(name)}的结果",
                )
                raise UnknownNameError(name, found, known, labels)
        places = self.series["place"].astype("category").cat.categories
        if place is not None and place not in places:
            raise UnknownNameError(
                place, bilingual(f"nothing was observed in {quoted(place)}", f"{quoted(place)}没有任何结果"), places
            )

    def __repr__(self) -> str:
        """Show the headline numbers in a session of Python."""
        shown: str = import_module("urbsim.report.notebook").ensemble_text(self)
        return shown

    def _repr_html_(self) -> str:
        """Show the headline numbers and a chart in a notebook."""
        # The report stands on ensembles, so it is looked up when one is shown.
        shown: str = import_module("urbsim.report.notebook").ensemble_html(self)
        return shown

    def differences(self, indicators: Sequence[str]) -> pd.DataFrame:
        """Return the difference of every other scenario from the baseline in every month, for the whole world."""
        self.check_names(indicators)
        gaps = numbers.paired_differences(self._chosen(indicators, self.place), self.baseline)
        return numbers.summarise(gaps[gaps["scenario"] != self.baseline], "difference")

    def effects(self, indicator: str, scenario: str) -> pd.Series[float]:
        """Return what a scenario changes at the end of the run, one value for each pair of runs with the same luck."""
        self.check_names([indicator])
        series = self._chosen([indicator], self.place)
        gaps = numbers.paired_differences(series[series["month"] == self.last_month], self.baseline)
        return gaps.loc[gaps["scenario"] == scenario, "difference"].dropna()

    def _chosen(self, indicators: Sequence[str], place: str) -> pd.DataFrame:
        series = self.series
        return series[(series["place"] == place) & series["indicator"].isin(list(indicators))]

    @property
    def first_month(self) -> str:
        """First month of the output, YYYY-MM."""
        return format_month(self.plan.baseline.start)

    @property
    def last_month(self) -> str:
        """Last month of the output, YYYY-MM."""
        return format_month(self.plan.baseline.until)

    def counties(self) -> pd.DataFrame:
        """Return every county's state, change and difference at the end of the run; see ``counties.county_table``."""
        return self._counties.copy()

    def provinces(self) -> pd.DataFrame:
        """Return what ``counties`` does, of the provinces that the world holds whole among others."""
        base = self.plan.baseline
        codes = whole_provinces(base.counties, base.base_year)
        if not self.series["place"].isin(list(codes)).any():
            return pd.DataFrame()
        return county_table(self.series, codes, self.baseline, self.first_month, self.last_month)

    def targets(self) -> pd.DataFrame:
        """Return how the scenarios do against their targets; see ``targets.targets_met``."""
        return self._targets.copy()

    def limits_by_year(self) -> pd.DataFrame:
        """Return the share of each policy that was funded and permitted by county and year; see ``cuts``.

        ``months`` says how many months of the year are in the output.
        """
        return self._with_months(cuts.limits_by_year(self.limits, self.runs))

    def cuts(self) -> pd.DataFrame:
        """Return the policies that money or land cut over the whole run; see ``cuts.cuts``."""
        return cuts.cuts(self.limits, self.runs)

    def debts_beyond_limit(self) -> pd.DataFrame:
        """Return the counties whose debt exceeded its limit; see ``cuts.debts_beyond_limit``."""
        return cuts.debts_beyond_limit(self.limits, self.runs)

    def spending(self, by: Sequence[str]) -> pd.DataFrame:
        """Return what was spent on policies, by year, lever or policy; see ``money.spending``.

        By year, ``months`` says how many months of the year are in the output.
        """
        return self._with_months(money.spending(self.ledger, self.runs, by))

    def urban_growth(self) -> pd.DataFrame:
        """Return the components of the change of the urban population by year; see ``growth.urban_growth``.

        ``months`` says how many months of the year are in the output.
        """
        return self._with_months(growth.urban_growth(self.flows, self.runs))

    @property
    def months_of_years(self) -> dict[int, int]:
        """Months of each calendar year in the output: 12 but for the first and the last year."""
        return months_of_years(self.plan.baseline.start, self.plan.baseline.until)

    def _with_months(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table by year with the months that its sums are over, after the year."""
        if "year" in table.columns:
            position = list(table.columns).index("year") + 1
            table.insert(position, "months", table["year"].map(self.months_of_years).astype(int))
        return table

    def base_fit(self) -> pd.Series[float]:
        """Return how far the base population is from each census margin: the share of people misplaced, worst first."""
        fit = self.synthesis
        margin = fit["margin"].astype(str)
        misplaced = fit["error"].abs().groupby(margin).sum() / 2.0
        return (misplaced / fit["target"].abs().groupby(margin).sum()).sort_values(ascending=False, kind="stable")
