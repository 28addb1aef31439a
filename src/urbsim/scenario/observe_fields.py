"""Reading what a scenario observes by group: what, of whom, by what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from urbsim.labels import Label, bilingual
from urbsim.reading.located import Node
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import listed, quoted
from urbsim.scenario.fields import Report, check_name, entries_of, note_unknown

# What observes is imported where a scenario observes something: reading others must not load the model.
if TYPE_CHECKING:
    from urbsim.observation.observe import Observation

#: Keys of an observation, and what they mean.
OBSERVE_KEYS: Mapping[str, Label] = {
    "indicator": Label("what is observed: a share, a mean or a count of people", "看什么：人的比重、均值或人数"),
    "by": Label("what people are told apart by; without it there is one number", "按什么把人分组；不写则只有一个数"),
    "of": Label(
        "of whom: ages, and members of what people can be told apart by; without it of everybody",
        "看谁：年龄，以及各分组维度的取值；不写则为所有人",
    ),
}
AGE = "age"
AGES_FORM = Label("a range of ages, such as 16-59 or 75+", "年龄区间，例如 16-59 或 75+")


def observations_of(nodes: Mapping[str, Node], report: Report) -> dict[str, Observation]:
    """Return what is observed by name; what is wrong is noted."""
    if not nodes:
        return {}
    from urbsim.observation.observe import Observation

    found: dict[str, Observation] = {}
    for name, node in nodes.items():
        check_name(
            name,
            node.key_at,
            bilingual(f"the name of an observation is {quoted(name)}", f"分组结果的名称是{quoted(name)}"),
            report,
        )
        owner = bilingual(f"observation {quoted(name)}", f"分组结果{quoted(name)}")
        entries = entries_of(node, owner, report)
        unknown = [key for key in entries if key not in OBSERVE_KEYS]
        for key in unknown:
            note_unknown(key, entries[key], bilingual("key", "键"), OBSERVE_KEYS, report, owner)
        indicator = _indicator(node, entries, owner, unknown, report)
        by = _names(entries["by"], "by", _dimension_labels(), report) if "by" in entries else ()
        of, ages = _whom(entries["of"], owner, report) if "of" in entries else ({}, None)
        if indicator is not None:
            found[name] = Observation(indicator, by, of, ages)
    return found


def _indicator(
    node: Node, entries: Mapping[str, Node], owner: str, unknown: Iterable[str], report: Report
) -> str | None:
    from urbsim.observation.measures import MEASURES, of_the_whole_county

    if "indicator" not in entries:
        if isinstance(node.value, dict) and similar("indicator", unknown) is None:
            report.note(
                node.key_at,
                bilingual(f"{owner} has no indicator", f"{owner}没有 indicator"),
                bilingual(f"indicator: one of {listed(MEASURES)}", f"indicator：{listed(MEASURES)} 之一"),
            )
        return None
    stated = entries["indicator"]
    if found := of_the_whole_county(stated.value):
        report.note(stated.at, found, listed(MEASURES))
        return None
    labels = {name: measure.label for name, measure in MEASURES.items()}
    return next(iter(_names(stated, "indicator", labels, report, single=True)), None)


def _dimension_labels() -> dict[str, Label]:
    from urbsim.observation.dimensions import DIMENSIONS

    return {name: dimension.label for name, dimension in DIMENSIONS.items()}


def _names(
    node: Node, key: str, known: Mapping[str, Label], report: Report, *, single: bool = False
) -> tuple[str, ...]:
    """Return known names, each once: one, or a list of them unless it must be a ``single`` one."""
    items = node.value if isinstance(node.value, list) and not single else [node]
    allowed = listed(known)
    if not items:
        report.note(node.at, bilingual(f"{key} is an empty list", f"{key} 是空列表"), allowed)
    found = []
    for item in items:
        if isinstance(item.value, str) and item.value in known:
            found.append(item.value)
        else:
            text = item.value if isinstance(item.value, str) else ""
            report.note(
                item.at,
                bilingual(f"{key} holds {item.describe()}", f"{key} 中有{item.describe()}"),
                allowed,
                similar(text, known, known),
            )
    return tuple(dict.fromkeys(found))


def _whom(node: Node, owner: str, report: Report) -> tuple[dict[str, tuple[str, ...]], tuple[int, int] | None]:
    """Return members by dimension, and the ages."""
    from urbsim.observation.dimensions import DIMENSIONS, ages_of

    members: dict[str, tuple[str, ...]] = {}
    ages = None
    for name, inner in entries_of(node, "of", report).items():
        if name not in DIMENSIONS:
            note_unknown(name, inner, bilingual("group", "分组"), _dimension_labels(), report, owner)
        elif name == AGE:
            ages = ages_of(inner.value) if isinstance(inner.value, str) else None
            if ages is None:
                report.note(
                    inner.at, bilingual(f"age is {inner.describe()}", f"age 的值是{inner.describe()}"), AGES_FORM
                )
        elif chosen := _names(inner, name, DIMENSIONS[name].members, report):
            members[name] = chosen
    return members, ages
