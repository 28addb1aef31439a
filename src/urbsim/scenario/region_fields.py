"""The region of a scenario and the counties a policy is limited to, resolved to census codes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from urbsim.labels import Label, bilingual, bracketed
from urbsim.months import census_month, format_month
from urbsim.reading.located import Node
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import either, listed, quoted, together
from urbsim.scenario.fields import Report

if TYPE_CHECKING:
    from urbsim.region.places import Place

_FORM = Label(
    "a county, prefecture or province, by code or by a name that only it has, or a list of them",
    "县、地级市或省，写代码或不重名的名称，也可以是列表",
)
_REGION_FORM = Label(
    "a county, prefecture or province, by code or by a name that only it has, CN for all of China, or a list of them",
    "县、地级市或省，写代码或不重名的名称，全中国写 CN，也可以是列表",
)
_MOST_NAMED = 5
_LONGEST_NAME = 60
#: After so many mistakes of one scenario, further unknown places get no suggestion.
_MANY_PROBLEMS = 20


def region_of(node: Node, base_year: int | None, report: Report) -> tuple[str, tuple[str, ...]] | None:
    """Return the region as written and its county codes in ascending order, or None after noting problems.

    A larger place stands for its counties in the census of the base year; without one, for all of them.
    """
    items = node.value if isinstance(node.value, list) else [node]
    if not items:
        report.note(node.at, bilingual("region is an empty list", "region 是空列表"), _REGION_FORM)
        return None
    found = [codes_of(item, "region", base_year, report) for item in items]
    if not all(found):
        return None
    written = listed(str(item.value).strip() for item in items)
    return written, tuple(sorted({code for codes in found for code in codes}))


def codes_of(
    node: Node, key: str, base_year: int | None, report: Report, likely: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the county codes of one place written as a code or a name; empty after noting a problem.

    ``likely`` are the counties that a mistyped one was probably meant to be, if they are known.
    """
    from urbsim.region.places import UnknownPlaceError, YearNotAvailableError, resolve_region

    form = _REGION_FORM if key == "region" else _FORM
    if isinstance(node.value, bool) or not isinstance(node.value, int | str):
        report.note(node.at, bilingual(f"{key} is {node.describe()}", f"{key} 的值是{node.describe()}"), form)
        return ()
    text = str(node.value).strip()
    namesakes = _named(text, base_year)
    if len(namesakes) > 1:
        report.note(
            node.at,
            bilingual(
                f"{key} {quoted(text)} is the name of {len(namesakes)} places",
                f"有 {len(namesakes)} 个地区叫 {key} {quoted(text)}",
            ),
            _either(namesakes),
        )
        return ()
    code = namesakes[0].code if namesakes else text
    if not namesakes and _is_hopeless(text, report):
        report.note(node.at, bilingual(f"unknown {key} {quoted(text)}", f"未知的 {key} {quoted(text)}"), form)
        return ()
    try:
        return resolve_region(code, base_year)
    except YearNotAvailableError:
        _note_missing_census(node, key, _place(code), base_year, report)
    except UnknownPlaceError as error:
        best = similar(text, likely) or next((place.code for place in error.suggestions), None)
        suggestion = bracketed(best, county_name(best)) if best else None
        report.note(
            node.at, bilingual(f"unknown {key} {quoted(text)}", f"未知的 {key} {quoted(text)}"), form, suggestion
        )
    return ()


def _is_hopeless(text: str, report: Report) -> bool:
    """Return whether an unknown place is not worth the search for what was meant, which reads all names."""
    from urbsim.region.places import is_code

    if len(text) > _LONGEST_NAME:
        return True
    return len(report) >= _MANY_PROBLEMS and not is_code(text)


def _named(text: str, base_year: int | None) -> list[Place]:
    """Return the places that have exactly this Chinese name or pinyin, in the base year if any of them has."""
    exact = [] if text.isdecimal() else _places_by_name().get(text.lower().replace(" ", ""), [])
    return [place for place in exact if base_year in place.years] or exact


@cache
def _places_by_name() -> dict[str, list[Place]]:
    from urbsim.region.places import all_places

    found: dict[str, list[Place]] = {}
    for place in all_places():
        for name in {place.name, place.short_name, place.pinyin, place.short_pinyin}:
            found.setdefault(name, []).append(place)
    return found


def _either(places: Sequence[Place]) -> str:
    shown = either(bracketed(place.code, place.name) for place in places[:_MOST_NAMED])
    return bilingual(f"a code: {shown}", f"代码：{shown}") + (
        bilingual(" or others", "，或其他") if len(places) > _MOST_NAMED else ""
    )


def _note_missing_census(node: Node, key: str, place: Place | None, base_year: int | None, report: Report) -> None:
    """Note a place whose county tables are of the other census, with its code there."""
    from urbsim.region.places import counterparts

    name = f" ({place.name})" if place else ""
    starts = (
        either(f"start: {format_month(census_month(year))}" for year in place.years)
        if place
        else bilingual("another start", "另一个起始月")
    )
    found = bilingual(
        f"{key} {quoted(str(node.value).strip())}{name} has no county tables for {base_year}",
        f"{key} {quoted(str(node.value).strip())}{name} 没有 {base_year} 年的县级数据表",
    )
    there = counterparts(place, base_year) if place and base_year else ()
    suggestion = together(bracketed(code, county_name(code)) for code in there) or None
    report.note(
        node.at, found, bilingual(f"a place that has, or {starts}", f"有该年数据的地区，或 {starts}"), suggestion
    )


def county_name(code: str) -> str:
    """Return the Chinese name of a county, or the code of none."""
    place = _place(code)
    return place.name if place else code


def _place(code: str) -> Place | None:
    from urbsim.region.places import places_by_code

    return places_by_code().get(code)
