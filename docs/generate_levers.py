"""Write docs/levers.md, the reference of the levers, from their classes: python docs/generate_levers.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from urbsim.evidence.elasticities import sentences
from urbsim.evidence.grades import grade_of
from urbsim.policies.base import Policy
from urbsim.policies.reference import allowed_and_unit, default_text, lever_reference
from urbsim.policies.registry import all_levers

PAGE = Path(__file__).with_name("levers.md")
_OPENING = """\
# Levers

<!-- Written by docs/generate_levers.py from the classes in src/urbsim/policies; edit those. -->

A policy of a scenario uses one lever. It never touches people: it changes *named quantities* of zones or of the
government, and the people react to those. `urbsim policies LEVER` shows the same on the command line, in Chinese
with `--lang zh`.

- **Flows and stocks.** Amounts "a year" are flows: one twelfth is added every month while the policy is in force. What
  was added stays when the policy ends.
- **Each zone, each county.** An amount holds in every zone and county the policy reaches: 300 dwellings a year with
  `zones: [town, seat]` are 600 a year in the county. Write one policy per county where amounts differ.
- **Where policies meet.** Each quantity says how contributions combine. The order of the policies never matters.
- **Ramp.** With `ramp_months: 11` the first month has one twelfth of the strength, the twelfth month all of it. At
  partial strength a requirement has moved that part of the way from what holds without the policy.
- **Money.** Every lever books its cost to the ledger, for the real population at any `scale`. Building is booked when
  it happens; the running of what was built goes on after the policy ends. Where two policies pay for the same people,
  they share the cost. Defaults in yuan are assumptions, in constant prices; set your own where you know better.
- **Short budgets.** A shortfall cuts what the county pays in the order given with each lever: 1 is cut first.
- **How well founded.** *fitted*: the responses that the lever acts through were fitted to studies of it, or all of them
  to studies; *sign only*: another study of the list speaks to it; else *assumption*: by [rule](evidence.md#levers).
  What it does was measured in runs (`urbsim experiments --strength`).
- **Land.** Where a `construction_land_quota` is in force, policies that add dwellings or posts are cut to the land
  there is, all in the same proportion. A run prints what lack of money and land cut, and `limits.csv` holds it by
  county and year.
"""


def page() -> str:
    """Return the whole page."""
    levers = [
        (lever_reference(cls) | {"founded": _founded(cls)}, cls.title.zh, cls.cut_order)
        for cls in all_levers().values()
    ]
    every = [field for field in lever_reference(all_levers()["hukou_relaxation"])["fields"] if not field["own"]]
    contents = [
        f"- [`{lever['lever']}`](#{lever['lever']}): {lever['title']}, {chinese}" for lever, chinese, _ in levers
    ]
    common = ["## Fields of every lever", "", *_fields(every)]
    sections = [line for lever, chinese, cut_order in levers for line in _section(lever, chinese, cut_order)]
    return "\n".join([_OPENING, *contents, "", *common, "", *sections]).rstrip() + "\n"


def _section(lever: dict[str, Any], chinese: str, cut_order: int) -> list[str]:
    own = [field for field in lever["fields"] if field["own"] or field["name"] in {"zones", "payer"}]
    zonal = any(field["name"] == "zones" for field in own)
    return [
        f"## {lever['lever']}",
        "",
        f"**{lever['title']}** ({chinese}). {lever['explanation']}",
        "",
        f"*Evidence.* {lever['evidence']}",
        "",
        *lever["founded"],
        f"*Cut order* {cut_order}." + ("" if zonal else " Acts on whole counties: `zones` is refused."),
        "",
        *_table(
            ("acts on", "unit", "where several policies meet"),
            [(f"`{quantity['name']}`", quantity["unit"], quantity["rule"]) for quantity in lever["quantities"]],
        ),
        "",
        *_fields(own),
        "",
        "```yaml",
        lever["example"].rstrip(),
        "```",
        "",
    ]


def _founded(lever: type[Policy]) -> list[str]:
    """Return how well founded the effect of a lever is, and what a dose of it did in runs, in both languages."""
    lines = []
    for language, heading, effect in (
        ("en", "*How well founded.*", "*What it does, in runs.*"),
        ("zh", "*依据强度。*", "*模拟中的效果。*"),
    ):
        lines += [f"{heading} {grade_of(lever).sentence(language)}", ""]
        said = sentences(lever, language)
        lines += [f"{effect} {' '.join(said) if language == 'en' else ''.join(said)}", ""] if said else []
    return lines


def _fields(fields: list[dict[str, Any]]) -> list[str]:
    rows = [
        (f"`{field['name']}`", allowed_and_unit(field), default_text(field, "required"), field["description"])
        for field in fields
    ]
    return _table(("field", "allowed; unit", "default", "meaning"), rows)


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    lines = [headings, ("---",) * len(headings), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
