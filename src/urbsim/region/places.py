"""Finding real places: counties by code, Chinese name or pinyin, the counties of a prefecture, province or of China."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from urbsim.labels import bilingual, bracketed
from urbsim.reading.suggestions import closest
from urbsim.reading.wording import either, listed

COUNTY_DIGITS, PREFECTURE_DIGITS, PROVINCE_DIGITS = 6, 4, 2
#: Counties from which a world is shown by provinces: more than any province has.
VERY_MANY = 300
#: Code of all provinces together, as in the published series.
COUNTRY = "CN"
#: What else people write for it; answered with a suggestion, as no other place has a second spelling.
_COUNTRY_WORDS = ("全国", "all", "national")


class RegionError(ValueError):
    """A region that cannot be simulated as asked."""


class UnknownPlaceError(RegionError):
    """No such place; `suggestions` holds the likely intentions, best first."""

    def __init__(self, message: str, suggestions: Sequence[Place] = ()) -> None:
        super().__init__(message)
        self.suggestions = tuple(suggestions)


class YearNotAvailableError(RegionError):
    """The place exists, but not in the tables of that year."""


@dataclass(frozen=True)
class Place:
    """A county, prefecture, province or country that can be simulated.

    Attributes
    ----------
    code
        Division code: 6 digits for a county, 4 for a prefecture, 2 for a province; `CN` for China.
    name, short_name
        Chinese name with and without the kind of unit (界首市, 界首).
    pinyin, short_pinyin
        The same in the letters a to z (jieshoushi, jieshou); of China (zhongguo, china).
    level
        `county`, `prefecture`, `province` or `country`.
    parent
        Code of the prefecture or province it belongs to; empty for a province and the country.
    years
        Censuses in which the tables have it.
    residents
        Residents by census year; of a larger place the sum of its counties in the tables.
    other_codes
        Codes of the same territory in the other census, of a county that is in one only; empty if unknown.
    longitude, latitude
        Centroid in degrees.
    area
        Square kilometres; not-a-number where the outline is unknown.
    """

    code: str
    name: str
    short_name: str
    pinyin: str
    short_pinyin: str
    level: str
    parent: str
    years: tuple[int, ...]
    residents: dict[int, int] = field(hash=False)
    other_codes: tuple[str, ...] = field(hash=False)
    longitude: float = field(hash=False)
    latitude: float = field(hash=False)
    area: float = field(hash=False)


def shipped_folder(name: str, in_checkout: str, holds: str) -> Path:
    """Return a folder that ships with urbsim: inside the installed package, or in a checkout of the repository.

    Parameters
    ----------
    name
        Its name inside the installed package.
    in_checkout
        Its path in the repository, of which the package holds a copy.
    holds
        A file that must be in it.

    Raises
    ------
    FileNotFoundError
        If neither exists, which means a broken installation.
    """
    package = Path(__file__).resolve().parents[1]
    candidates = (package / name, package.parents[1] / in_checkout)
    for folder in candidates:
        if (folder / holds).is_file():
            return folder
    looked = either(str(folder) for folder in candidates)
    raise FileNotFoundError(
        bilingual(
            f"a part of urbsim is missing: no {holds} in {looked}; install urbsim again",
            f"urbsim 缺少一部分：{looked} 中没有 {holds}；请重新安装 urbsim",
        )
    )


def tables_folder() -> Path:
    """Return the folder of derived tables.

    Raises
    ------
    FileNotFoundError
        If the installation is broken.
    """
    return shipped_folder("tables", "calibration/tables", "places.csv")


@cache
def all_places() -> tuple[Place, ...]:
    """Return the country, then all places by code: a province before its prefectures, they before their counties."""
    with (tables_folder() / "places.csv").open(encoding="utf-8", newline="") as stream:
        places = tuple(_place(row) for row in csv.DictReader(stream))
    return (_country([place for place in places if place.level == "province"]), *places)


def _country(provinces: Sequence[Place]) -> Place:
    """Return all provinces together, its middle weighted with the residents of the latest census."""
    years = tuple(sorted({year for province in provinces for year in province.years}))
    residents = {year: sum(province.residents.get(year, 0) for province in provinces) for year in years}
    weights = [province.residents[years[-1]] / residents[years[-1]] for province in provinces]
    longitude, latitude = (
        sum(weight * getattr(province, name) for weight, province in zip(weights, provinces, strict=True))
        for name in ("longitude", "latitude")
    )
    area = sum(province.area for province in provinces)
    names = ("中国", "中国", "zhongguo", "china")
    return Place(COUNTRY, *names, "country", "", years, residents, (), longitude, latitude, area)


def _place(row: dict[str, str]) -> Place:
    years = tuple(int(year) for year in row["years"].split(";"))
    return Place(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        pinyin=row["pinyin"],
        short_pinyin=row["short_pinyin"],
        level=row["level"],
        parent=row["parent"],
        years=years,
        residents={year: int(row[f"residents_{year}"]) for year in years},
        other_codes=tuple(filter(None, row["code_other_year"].split("+"))),
        longitude=float(row["longitude"]),
        latitude=float(row["latitude"]),
        area=float(row["area_km2"] or "nan"),
    )


def find_places(text: str | int) -> list[Place]:
    """Return the places meant by a code, a Chinese name or pinyin, best first; empty if none.

    A prefecture or province named by its code is followed by its prefectures and counties. Otherwise exact names
    (and the code `CN`) come first, then names that begin with the text, then names that contain it; within each,
    larger areas first.
    """
    wanted = _folded(str(text))
    if not wanted:
        return []
    if wanted.isdecimal():
        code = _canonical_code(wanted)
        return [place for place in all_places() if place.code.startswith(code)]
    ranked = [(rank, len(place.code), place.code, place) for place in all_places() if (rank := _rank(place, wanted))]
    return [place for *_, place in sorted(ranked, key=lambda item: item[:3])]


def _rank(place: Place, wanted: str) -> int:
    """Return 1 for an exact name, 2 for a beginning, 3 for a part, 0 for no match."""
    names = (place.code.lower(), place.name, place.short_name, place.pinyin, place.short_pinyin)
    if wanted in names:
        return 1
    if any(name.startswith(wanted) for name in names):
        return 2
    return 3 if any(wanted in name for name in names) else 0


def _folded(text: str) -> str:
    letters = text.strip().lower().replace("ü", "v")
    return "".join(letter for letter in letters if letter not in " \t'’-")


def _canonical_code(digits: str) -> str:
    """Return 140400 as 1404, 140000 as 14 and cn as CN, unless six digits are a county of their own (441900)."""
    if digits.upper() == COUNTRY:
        return COUNTRY
    if digits in _children_by_code() or len(digits) != COUNTY_DIGITS:
        return digits
    if digits.endswith("0000"):
        return digits[:PROVINCE_DIGITS]
    return digits[:PREFECTURE_DIGITS] if digits.endswith("00") else digits


def is_code(text: str) -> bool:
    """Return whether a text is the code of a county, prefecture, province or of China."""
    return _canonical_code(text) in _children_by_code()


@cache
def _children_by_code() -> dict[str, tuple[str, ...]]:
    """Return the county codes of every code that names something, a county being its own only child."""
    children: dict[str, list[str]] = {}
    for place in all_places():
        if place.level == "county":
            # Beijing has no prefectures, but 1101 is an understandable way to name its counties.
            for code in (place.code, place.code[:PREFECTURE_DIGITS], place.code[:PROVINCE_DIGITS], COUNTRY):
                children.setdefault(code, []).append(place.code)
    return {code: tuple(codes) for code, codes in children.items()}


def resolve_region(spec: str | int | Iterable[str | int], year: int | None = None) -> tuple[str, ...]:
    """Return the county codes of a region, in order and without repeats.

    Parameters
    ----------
    spec
        A county (341282), a prefecture (1404 or 140400), a province (14 or 140000), China (CN), or a list of these.
        A name is not accepted: several counties may share it.
    year
        Census whose counties are meant, as districts were founded, merged and renumbered between the two. Without
        it a county stands for itself, and a larger place for its counties of the latest census.

    Raises
    ------
    UnknownPlaceError
        If a code names no place, or the list is empty; it carries suggestions.
    YearNotAvailableError
        If a place has no counties in the tables of `year`.
    """
    items = [spec] if isinstance(spec, str | int) else list(spec)
    if not items:
        raise UnknownPlaceError(
            bilingual(
                f"the region is an empty list; give a county, prefecture or province code, or {COUNTRY}",
                f"region 是空列表；请给出县、地级市或省的代码，或 {COUNTRY}",
            )
        )
    codes: set[str] = set()
    for item in items:
        codes.update(_counties_of(str(item).strip(), year))
    return tuple(sorted(codes))


def whole_provinces(codes: Sequence[str], year: int) -> tuple[str, ...]:
    """Return the provinces of which ``codes`` hold every county of a census, in order; none where that is all."""
    held = set(codes)
    provinces = sorted({code[:PROVINCE_DIGITS] for code in held})
    if len(provinces) == 1:
        return ()
    return tuple(code for code in provinces if held.issuperset(resolve_region(code, year)))


def region_code(text: str) -> str:
    """Return the code of the one region meant by a code or a name.

    Raises
    ------
    UnknownPlaceError
        If nothing, or more than one place, has that code or exact name; it carries suggestions.
    """
    wanted = _folded(text)
    if wanted.isdecimal():
        resolve_region(wanted)
        return _canonical_code(wanted)
    exact = [place for place in find_places(text) if _rank(place, wanted) == 1]
    if len(exact) == 1:
        return exact[0].code
    if not exact:
        raise unknown_place(text)
    several = listed(f"{place.code} {place.name}" for place in exact[:5])
    raise UnknownPlaceError(
        bilingual(
            f"several places are called {text!r}: {several}; give the code",
            f"有几个地区都叫“{text}”：{several}；请写代码",
        ),
        exact,
    )


def _counties_of(text: str, year: int | None) -> tuple[str, ...]:
    code = _canonical_code(text)
    counties = _children_by_code().get(code)
    if counties is None:
        raise unknown_place(text)
    places = [places_by_code()[county] for county in counties]
    wanted = year if year is not None else max(max(place.years) for place in places)
    present = tuple(place.code for place in places if wanted in place.years)
    if not present:
        raise year_not_available(places_by_code().get(code, places[0]), wanted)
    return present


def year_not_available(place: Place, year: int) -> YearNotAvailableError:
    """Return the error for a place that the tables of a census lack, with its code there or that of its namesake."""
    message = bilingual(
        f"{place.code} {place.name} has no row for {year}; available: {listed(map(str, place.years))}",
        f"{place.code} {place.name} 没有 {year} 年的数据；可用年份：{listed(map(str, place.years))}",
    )
    if place.other_codes:
        message += bilingual(
            f"; in {year} its code was {' and '.join(place.other_codes)}",
            f"；{year} 年它的代码是 {'、'.join(place.other_codes)}",
        )
    elif namesakes := counterparts(place, year):
        message += bilingual(
            f"; {' and '.join(namesakes)} has this name in {year}, with other boundaries",
            f"；{year} 年叫这个名称的是 {'、'.join(namesakes)}，但边界不同",
        )
    return YearNotAvailableError(message)


def counterparts(place: Place, year: int) -> tuple[str, ...]:
    """Return the codes in a census of the territory of a place it lacks, else of places of its name in its province."""
    return place.other_codes or tuple(
        other.code
        for other in all_places()
        if other.short_name == place.short_name and other.code[:2] == place.code[:2] and year in other.years
    )


def unknown_place(text: str) -> UnknownPlaceError:
    """Return the error for a text that names no place, with what was probably meant."""
    suggestions = suggest_places(text)
    message = bilingual(
        f"unknown place {text!r}: give a county (6 digits), prefecture (4) or province (2) code, or {COUNTRY}",
        f"未知的地区“{text}”：请写县（6 位）、地级市（4 位）或省（2 位）代码，或 {COUNTRY}",
    )
    if suggestions:
        meant = either(bracketed(f"{place.code} {place.name}", place.short_pinyin) for place in suggestions)
        message += bilingual(f"; did you mean {meant}?", f"；是否想写 {meant}？")
    return UnknownPlaceError(message, suggestions)


def suggest_places(text: str | int, limit: int = 3) -> list[Place]:
    """Return the places whose code, Chinese name or pinyin is nearest to a text with a typing error, best first."""
    wanted = _folded(str(text))
    if not wanted:
        return []
    found = find_places(wanted)[:limit]
    if found:
        return found
    return [places_by_code()[code] for code in closest(wanted, _spellings(), limit)]


@cache
def places_by_code() -> dict[str, Place]:
    """Return every place by its code."""
    return {place.code: place for place in all_places()}


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """Return code, names and pinyin of every place by its code; of equally likely ones the larger come first."""
    places = sorted(all_places(), key=lambda place: (len(place.code), place.code))
    found = {each.code: (each.code, each.name, each.short_name, each.pinyin, each.short_pinyin) for each in places}
    return {**found, COUNTRY: (*found[COUNTRY], *_COUNTRY_WORDS)}
