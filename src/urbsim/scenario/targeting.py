"""Which counties a policy reaches: named one by one, or by the types of county that the scenario defines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from urbsim.labels import Label, bilingual, bracketed
from urbsim.reading.located import Node
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import listed, quoted
from urbsim.scenario.fields import Report, check_name, entries_of
from urbsim.scenario.region_fields import codes_of, county_name

#: Counties by the name of their type; None where a mistake kept them from being known.
CountyTypes = Mapping[str, tuple[str, ...] | None]
TYPES_KEY = "county_types"
_MOST_NAMED = 12
_TYPES_FORM = Label(
    "a list of names defined under county_types at the top of the scenario",
    "名称的列表，须在情景开头的 county_types 中定义",
)


@dataclass(frozen=True, slots=True)
class Region:
    """The counties simulated and the census they start from."""

    counties: tuple[str, ...]
    base_year: int


def county_types_of(node: Node | None, region: Region | None, report: Report) -> dict[str, tuple[str, ...] | None]:
    """Return the types of county that a scenario defines, each with its counties inside the region."""
    found: dict[str, tuple[str, ...] | None] = {}
    for name, inner in entries_of(node, TYPES_KEY, report).items() if node else ():
        check_name(
            name,
            inner.key_at,
            bilingual(f"the name of a county type is {quoted(name)}", f"县类型的名称是{quoted(name)}"),
            report,
        )
        codes = counties_of(inner, bilingual(f"county type {quoted(name)}", f"县类型{quoted(name)}"), region, report)
        found[name] = tuple(codes) if codes else None
    return found


def counties_of(node: Node, key: str, region: Region | None, report: Report) -> list[str] | None:
    """Return the codes of the counties named at a place of the file, each inside the region."""
    items = node.value if isinstance(node.value, list) else [node]
    if not items:
        allowed = bilingual("at least one county", "至少一个县") + (
            bilingual(", or no such key for all of them", "，要包括所有县就去掉这个键") if key == "counties" else ""
        )
        report.note(node.at, bilingual(f"{key} is an empty list", f"{key} 是空列表"), allowed)
        return None
    chosen: set[str] = set()
    inside = frozenset(region.counties if region else ())
    for item in items:
        known = (region.base_year, region.counties) if region else (None, ())
        codes = codes_of(item, "county", known[0], report, likely=known[1])
        outside = [code for code in codes if region and code not in inside]
        if outside:
            named = bracketed(outside[0], county_name(outside[0])) + (
                bilingual(" and others", "等") if len(outside) > 1 else ""
            )
            report.note(
                item.at,
                bilingual(f"{key} names {named}, outside the region", f"{key} 写了 {named}，不在模拟范围内"),
                _inside(region),
            )
        chosen.update(codes)
    return sorted(chosen) or None


def targeting_of(
    policy: Mapping[str, Node], region: Region | None, types: CountyTypes | None, report: Report
) -> dict[str, list[str]]:
    """Return the fields of a policy that say which counties it reaches: ``counties`` and ``county_types``.

    ``counties`` holds those named and those of all types named; both are left out where the policy names none.
    """
    fields: dict[str, list[str]] = {}
    named = counties_of(policy["counties"], "counties", region, report) if "counties" in policy else None
    chosen = set(named or ())
    names = _type_names(policy[TYPES_KEY], types, report) if types is not None and TYPES_KEY in policy else []
    for name in names:
        chosen.update((types or {})[name] or ())
    if chosen:
        fields["counties"] = sorted(chosen)
        if names:
            fields[TYPES_KEY] = names
    return fields


def _type_names(node: Node, types: CountyTypes, report: Report) -> list[str]:
    """Return the names of known types, in the order in which the scenario defines them."""
    items = node.value if isinstance(node.value, list) else [node]
    if not items:
        report.note(
            node.at,
            bilingual(f"{TYPES_KEY} is an empty list", f"{TYPES_KEY} 是空列表"),
            bilingual(f"{_TYPES_FORM}, or no such key", f"{_TYPES_FORM}，或去掉这个键"),
        )
    wanted = set()
    for item in items:
        if not isinstance(item.value, str):
            report.note(
                item.at,
                bilingual(f"{TYPES_KEY} holds {item.describe()}", f"{TYPES_KEY} 中有{item.describe()}"),
                _TYPES_FORM,
            )
        elif item.value not in types:
            allowed = (
                listed(types)
                if types
                else bilingual(
                    "none, because the scenario defines no county_types", "没有，因为该情景没有定义 county_types"
                )
            )
            report.note(
                item.at,
                bilingual(f"unknown county type {quoted(item.value)}", f"未知的县类型{quoted(item.value)}"),
                allowed,
                similar(item.value, types),
            )
        else:
            wanted.add(item.value)
    return [name for name in types if name in wanted]


def _inside(region: Region | None) -> str:
    counties = region.counties if region else ()
    if len(counties) > _MOST_NAMED:
        return bilingual(f"the {len(counties)} counties of the region", f"该地区的 {len(counties)} 个县")
    return listed(bracketed(code, county_name(code)) for code in counties)
