"""Counties: finding them, where they lie, and what the census says of them."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Any

import pandas as pd

from urbsim.labels import Label
from urbsim.page.errors import RequestError
from urbsim.parameters import registry
from urbsim.reading.wording import quoted
from urbsim.region.places import (
    Place,
    YearNotAvailableError,
    all_places,
    find_places,
    places_by_code,
    resolve_region,
    suggest_places,
)
from urbsim.region.tables import county_rows, yearbook_table
from urbsim.report.geography import outlines

_MOST_FOUND = 40
_MAP_COLUMNS = ("code", "name", "pinyin", "longitude", "latitude", "residents")
_AGES = ("0", "1_4", *(f"{age}_{age + 4}" for age in range(5, 85, 5)), "85_plus")
#: Five years of age each, so that the bars of a pyramid are of the same width.
_SHOWN_AGES = {"0–4": _AGES[:2], **{age.replace("_plus", "+").replace("_", "–"): (age,) for age in _AGES[2:]}}


@lru_cache(maxsize=500)
def regions(text: str) -> dict[str, Any]:
    """Return the places that a text means, best first, or what was probably meant."""
    found = find_places(text)[:_MOST_FOUND]
    guesses = [] if found else suggest_places(text)
    return {"found": [_place(place) for place in found], "suggestions": [_place(place) for place in guesses]}


def _place(place: Place) -> dict[str, Any]:
    parents = [places_by_code().get(place.code[:digits]) for digits in (2, 4) if digits < len(place.code)]
    return {
        "code": place.code,
        "name": place.name,
        "pinyin": place.short_pinyin,
        "level": place.level,
        "within": " ".join(parent.name for parent in parents if parent),
        "years": list(place.years),
        "residents": place.residents.get(2020, place.residents[max(place.years)]),
        "counties": len(_counties_in(place.code)),
    }


@cache
def _counties_in(code: str) -> tuple[str, ...]:
    try:
        return resolve_region(code, 2020)
    except YearNotAvailableError:
        return ()


@cache
def country() -> dict[str, Any]:
    """Return every county of 2020 as a point, and the provinces, for the map that one chooses on."""
    places = [place for place in all_places() if 2020 in place.years]
    points = [
        [place.code, place.name, place.short_pinyin, place.longitude, place.latitude, place.residents[2020]]
        for place in places
        if place.level == "county" and not math.isnan(place.longitude)
    ]
    provinces = [
        {"code": place.code, "name": place.name, "pinyin": place.short_pinyin}
        for place in places
        if place.level == "province"
    ]
    return {"columns": list(_MAP_COLUMNS), "counties": points, "provinces": provinces}


@lru_cache(maxsize=50)
def shapes(code: str) -> dict[str, Any]:
    """Return outlines of the counties of a prefecture or province, those that are known; a dot stands for the others.

    Raises
    ------
    RequestError
        If there is no such place.
    """
    codes = _counties_in(_known(code).code)
    rings = {
        each: [[[round(float(x), 4), round(float(y), 4)] for x, y in ring] for ring in parts]
        for each, parts in outlines(codes).items()
    }
    points = {each: [places_by_code()[each].longitude, places_by_code()[each].latitude] for each in codes}
    return {"outlines": rings, "points": points, "names": {each: _named(each) for each in codes}}


def _named(code: str) -> dict[str, str]:
    place = places_by_code()[code]
    return {"en": place.short_pinyin.capitalize(), "zh": place.name}


def _known(code: str) -> Place:
    place = places_by_code().get(code)
    if place is None:
        shown = quoted(code[:12])
        words = Label(
            f"there is no county, prefecture or province with the code {shown}", f"没有代码为{shown}的县、市或省"
        )
        raise RequestError(words, 404)
    return place


@lru_cache(maxsize=500)
def state(code: str) -> dict[str, Any]:
    """Return what the census of 2020 and the yearbook say of a county, or of a region's counties together.

    ``estimated`` names what no census printed and urbsim estimated.

    Raises
    ------
    RequestError
        If there is no such place, or the census of 2020 does not have it.
    """
    place = _known(code)
    codes = _counties_in(place.code)
    if not codes:
        name = f"{place.code} {place.name}"
        raise RequestError(Label(f"the census of 2020 has no county {name}", f"2020年普查中没有{name}"), 404)
    rows = county_rows(codes, 2020)
    return {
        **_place(place),
        **_people(rows),
        **_work(rows),
        **_services(codes, int(rows["residents"].sum())),
        "estimated": _estimated(rows),
    }


def _people(rows: pd.DataFrame) -> dict[str, Any]:
    residents, urban = int(rows["residents"].sum()), int(rows["urban"].sum())
    seat = float((rows["urban"] * rows["seat_share"]).sum())
    ages = [
        {"age": name, **{sex: int(rows[[f"{sex}_{age}" for age in parts]].sum().sum()) for sex in ("male", "female")}}
        for name, parts in _SHOWN_AGES.items()
    ]
    return {
        "residents": residents,
        "urban_share": urban / residents,
        "zones": {"village": residents - urban, "town": round(urban - seat), "seat": round(seat)},
        "ages": ages,
        "registered": round(float(rows["registered"].sum())),
        "absent": round(float(rows["absent_registered"].sum())),
        "absent_near": round(float(rows["absent_near"].sum())),
        "absent_far": round(float(rows["absent_far"].sum())),
        "households": int(rows["households"].sum()),
        "registered_elsewhere": int((rows["migrants_same_province"] + rows["migrants_other_province"]).sum()),
    }


def _work(rows: pd.DataFrame) -> dict[str, Any]:
    """Return people at work by sector, from the shares of the long form; missing where no county has them."""
    grown = sum(rows[f"{sex}_{age}"] for sex in ("male", "female") for age in _AGES[4:])
    work: dict[str, Any] = {"employed": None, "farm": None, "industry": None, "services": None}
    known = rows[["employed_share", "farm_share", "industry_share", "services_share"]].notna().all(axis=1)
    if known.any():
        employed = (grown * rows["employed_share"])[known]
        work["employed"] = round(float(employed.sum()))
        for sector in ("farm", "industry", "services"):
            work[sector] = round(float((employed * rows.loc[known, f"{sector}_share"]).sum()))
    return {"work": work}


def _services(codes: tuple[str, ...], residents: int) -> dict[str, Any]:
    """Return pupils of the yearbook of 2023, and hospital beds at the national rate that the model starts from."""
    table = yearbook_table()
    rows = table[table["code"].isin(codes)]
    columns = ("primary_pupils", "secondary_pupils")
    pupils = {name: int(rows[name].sum()) if rows[name].notna().any() else None for name in columns}
    rate = registry()["start.beds_2020"].value
    assert isinstance(rate, float | int)
    return {"pupils": pupils, "beds": round(rate * residents / 1000.0)}


def _estimated(rows: pd.DataFrame) -> dict[str, str]:
    """Return what is estimated and not printed by a census or yearbook, and for how many counties."""
    found = {}
    for column, status in (("registered", "registered_status"), ("seat", "seat_share_status")):
        count = int((rows[status] == "estimate").sum())
        if count:
            found[column] = f"{count}/{len(rows)}"
    # Absent people follow from registered ones, and beds from a national rate.
    everywhere = f"{len(rows)}/{len(rows)}"
    return {**found, **({"absent": found["registered"]} if "registered" in found else {}), "beds": everywhere}
