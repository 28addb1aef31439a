"""What one dose of every lever does, as runs found it: the stored table and its words.

``urbsim experiments --strength`` makes the table. A lever is carried out as in its own example, in one county, paid
from above, against the same people without it, in draws of the posterior.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from urbsim.arrays import spread_of
from urbsim.labels import Label, Language, plain_number
from urbsim.policies.base import Policy
from urbsim.policies.choices import said_setting
from urbsim.policies.reference import lever_reference
from urbsim.region.places import places_by_code
from urbsim.region.tables import tables_folder
from urbsim.units import YUAN_PER_HOUSEHOLD_YEAR

TABLE = "strength.csv"
#: Yuan a year that effects of levers with a cost are stated for: 1,000 yuan for each of 10,000 households.
DOSE = 10_000_000.0
#: Chance with which a further draw lies between the ends that are stored; draws are too few for it below 19.
HELD = 0.9
_EFFECT = Label(
    "One dose ({dose}): {seat} people in the seat and {urban} in towns and seat together after {years} years, in a "
    "county like {place} (median and {spread.en} of {draws} draws, against the same county without it; {scale} of "
    "people simulated).",
    "一份剂量（{dose}）：{place}这样的县{years}年后县城人口{seat}人，镇和县城合计{urban}人"
    "（{draws}组抽样的中位数与{spread.zh}，与无此政策的同一县相比；模拟{scale}的人口）。",
)
_COST = Label(
    "It costs {cost} million yuan a year; 10 million a year spent so{each} bring {seat} people to the seat.",
    "每年费用{wan}万元；按此每年每投入1000万元{each}，县城人口{seat}人。",
)
_EACH = Label(" (1,000 yuan a year for each of 10,000 households)", "（即1万户每户每年1000元）")
_PER_10_MILLION = "per_dose"


@dataclass(frozen=True)
class Elasticity:
    """What one lever does as in its example: people after some years, three numbers each (5, 50, 95 %).

    ``per_dose`` is the change in the seat per ``DOSE`` yuan a year, not-a-number where it costs nothing.
    """

    lever: str
    place: str
    years: float
    draws: int
    scale: float
    seat: tuple[float, float, float]
    urban: tuple[float, float, float]
    million_yuan_a_year: float
    per_dose: tuple[float, float, float]


def strength_file() -> Path:
    """Return where the table is stored."""
    return tables_folder().parent / "posteriors" / "evidence" / TABLE


@cache
def elasticities() -> dict[str, Elasticity]:
    """Return what is stored, by lever; nothing where the table was not made."""
    path = strength_file()
    if not path.exists():
        return {}
    rows = pd.read_csv(path).to_dict("records")
    return {str(row["lever"]): _elasticity({str(name): value for name, value in row.items()}) for row in rows}


def _elasticity(row: dict[str, object]) -> Elasticity:
    def three(name: str) -> tuple[float, float, float]:
        low, middle, high = (float(str(row[f"{name}_{part}"])) for part in ("p05", "median", "p95"))
        return low, middle, high

    return Elasticity(
        str(row["lever"]),
        str(row["place"]),
        float(str(row["years"])),
        int(str(row["draws"])),
        float(str(row["scale"])),
        three("seat"),
        three("urban"),
        float(str(row["million_yuan_a_year"])),
        three(_PER_10_MILLION),
    )


def sentences(lever: type[Policy], language: Language) -> list[str]:
    """Return what a dose of a lever does, in words; nothing where it was not measured."""
    found = elasticities().get(lever.lever)
    if found is None:
        return []
    said = [
        _EFFECT.in_language(language).format(
            dose=dose_of(lever, language),
            seat=people(found.seat),
            urban=people(found.urban),
            years=plain_number(found.years),
            place=_name_of(found.place, language),
            draws=found.draws,
            spread=spread_of(found.draws, HELD),
            scale=f"{found.scale:.1%}",
        )
    ]
    if found.million_yuan_a_year >= 0.1 and found.per_dose[1] == found.per_dose[1]:
        fields = {field["name"]: field["unit"] for field in lever_reference(lever)["fields"]}
        by_household = any(fields.get(name) == YUAN_PER_HOUSEHOLD_YEAR.en for name in lever.example)
        said.append(
            _COST.in_language(language).format(
                cost=f"{found.million_yuan_a_year:,.1f}",
                wan=f"{100 * found.million_yuan_a_year:,.0f}",
                each=_EACH.in_language(language) if by_household else "",
                seat=people(found.per_dose),
            )
        )
    return said


def _name_of(code: str, language: Language) -> str:
    place = places_by_code()[code]
    return Label(place.short_pinyin.capitalize(), place.short_name).in_language(language)


def dose_of(lever: type[Policy], language: Language) -> str:
    """Return the amounts of a lever's example in words, with their units."""
    fields = {field["name"]: field for field in lever_reference(lever, language)["fields"] if field["own"]}
    said = [said_setting(fields[name], value, language) for name, value in lever.example.items() if name in fields]
    return ("；" if language == "zh" else "; ").join(said)


def people(values: tuple[float, float, float]) -> str:
    """Return a change of people with its interval, to two digits; 0 where nothing changes in any draw."""
    low, middle, high = (_rounded(value) for value in values)
    if low == middle == high == 0.0:
        return "0"
    return f"{_signed(middle)} [{_signed(low)}, {_signed(high)}]"


def _signed(value: float) -> str:
    return f"{value:+,.0f}".replace("-", "−") if value else "0"


def _rounded(value: float) -> float:
    """Round to two digits, and to whole people."""
    return 0.0 if abs(value) < 0.5 else float(f"{value:.2g}")
