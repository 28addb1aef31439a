"""Words of tables and charts in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from rich.text import Text

from urbsim.arrays import spread_of
from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language, counted, printable
from urbsim.months import MONTHS, census_month, format_month
from urbsim.observation.indicators import INDICATORS
from urbsim.region.places import Place, all_places
from urbsim.units import unit_label

BASELINE = Label("baseline", "基准")
DIFFERENCE = Label("difference from", "与以下情景之差：")
SCENARIO = Label("Scenario", "情景")
TARGET = Label("target", "目标")
OBSERVED = Label("observed", "观测值")
FITTED = Label("observed, used to fit", "观测值（已用于校准）")


def cell(text: str, style: str = "") -> Text:
    """Return a cell of a printed table: text as it is, never marks for the look of it."""
    return Text(printable(text), style=style)


def indicator_label(indicator: str, language: Language, *, capital: bool = True) -> str:
    """Return an indicator's name, first letter in upper case unless it stands within a sentence."""
    text = INDICATORS[indicator].label.in_language(language)
    return text[:1].upper() + text[1:] if capital else text


def known_indicator_label(name: str, language: Language) -> str:
    """Return an indicator's name; the text itself where there is no such indicator."""
    return indicator_label(name, language) if name in INDICATORS else name


def known_unit(name: str, language: Language) -> str:
    """Return the unit that an indicator's values are written in, in files: of a share, 1; empty for no indicator."""
    if name not in INDICATORS:
        return ""
    known = INDICATORS[name]
    return "1" if known.percent else unit_label(known.unit).in_language(language)


def behind_commas(parts: Iterable[str], language: Language) -> str:
    """Return texts one behind the other, with the commas of the language."""
    return ("，" if language == "zh" else ", ").join(parts)


def headed(head: str, words: str, language: Language) -> str:
    """Return words below a head on one line, with the colon of the language."""
    return f"{head}：{words}" if language == "zh" else f"{head}: {words}"


def enumerated(names: Iterable[str], language: Language) -> str:
    """Return names of a kind one behind the other, as the language enumerates."""
    return ("、" if language == "zh" else ", ").join(names)


def interval_note(runs: int, language: Language, draws: int = 0) -> str:
    """Return what an interval over so many runs is; ``draws`` of the parameters are among them, 0 for none."""
    if runs < 2:
        return Label("single run, no interval", "单次模拟，无区间").in_language(language)
    what = Label(f"{runs} replicates", f"{runs}次重复模拟")
    if draws > 0:
        what = Label(f"{runs} runs, {counted(draws, 'draw')} of the parameters", f"{runs}次模拟（{draws}组参数）")
    spread = spread_of(runs)
    return Label(f"median and {spread.en} of {what.en}", f"{what.zh}的中位数与{spread.zh}").in_language(language)


def source_note(ensemble: Ensemble, language: Language) -> str:
    """Return the line below every chart: runs, scale, seed, and what the interval leaves out."""
    baseline, draws = ensemble.plan.baseline, ensemble.plan.draws
    known = interval_note(ensemble.replicates, language, draws)
    held = Label("Simulation noise only: parameters are held fixed.", "区间仅含模拟随机性，参数固定。")
    if draws > 1:
        held = Label("Parameters drawn from the posterior, and chance.", "区间含校准参数的不确定性与模拟随机性。")
    return Label(
        f"urbsim simulation from the {baseline.base_year} census; {known}, scale {baseline.scale:g}, "
        f"seed {ensemble.plan.seed}. {held.en}",
        f"urbsim模拟，基期为{baseline.base_year}年人口普查；{known}，抽样比例{baseline.scale:g}，"
        f"随机种子{ensemble.plan.seed}。{held.zh}",
    ).in_language(language)


def period(ensemble: Ensemble, language: Language) -> str:
    """Return the first and last month of the output, and the census month that the run began in where it is earlier."""
    said = f"{ensemble.first_month} – {ensemble.last_month}"
    begun = census_month(ensemble.plan.baseline.base_year)
    if begun >= ensemble.plan.baseline.start:
        return said
    month = format_month(begun)
    return said + Label(f" (simulated from {month})", f"（自{month}起模拟）").in_language(language)


def parts_of_years(ensemble: Ensemble, language: Language) -> dict[int, str]:
    """Return how many months of a calendar year the output has, in words, for years that it does not have whole."""
    return {
        year: Label(counted(months, "month"), f"{months}个月").in_language(language)
        for year, months in ensemble.months_of_years.items()
        if months < MONTHS
    }


@cache
def _places() -> dict[str, Place]:
    return {place.code: place for place in all_places()}


def place_label(code: str) -> Label:
    """Return the name of a county, prefecture or province; the code itself where it is none of these."""
    place = _places().get(code)
    return Label(place.short_pinyin.capitalize(), place.short_name) if place else Label(code, code)


def residents_of(code: str) -> int:
    """Return the residents of a place in the latest census that has it; 0 where it is unknown."""
    place = _places().get(code)
    return place.residents[max(place.years)] if place else 0
