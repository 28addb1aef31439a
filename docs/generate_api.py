"""Write the page of the Python functions in English and Chinese: python docs/generate_api.py.

The English texts are the docstrings; the Chinese ones stand in ``api.zh.yaml``, by function and entry.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from inspect import Parameter
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import urbsim
from urbsim.labels import Label, Language

DOCS = Path(__file__).parent
PAGES: dict[Language, Path] = {"en": DOCS / "api.md", "zh": DOCS / "api.zh.md"}
_CHINESE: Mapping[str, Mapping[str, str]] = yaml.safe_load((DOCS / "api.zh.yaml").read_text(encoding="utf-8"))
_STARS: Mapping[Any, str] = {Parameter.VAR_POSITIONAL: "*", Parameter.VAR_KEYWORD: "**"}
_LONGEST = 90  # of a signature on one line
_EXAMPLE = """\
```python
import urbsim

base = urbsim.load_scenario("scenarios/jieshou/baseline.yaml")
parks = base.with_policy("parks", "industrial_parks", start="2023-01", posts_per_year=2000, zones=["seat"])
result = urbsim.compare([base, parks], scale=0.02, draws=4, until="2025-12", progress=True)
result.time_series("seat_residents")  # a row per month
result.table(("urbanization_rate", "seat_residents"))
result.plot("seat_residents")
```
"""
_OPENING = Label(
    f"""\
# From Python

<!-- Written by docs/generate_api.py from the docstrings; edit those. -->

[中文](api.zh.md)

`import urbsim` offers the functions and classes below and nothing else. Results and scenarios show themselves as tables
and charts in a notebook, as in [this one](first-steps.ipynb). For a policy that no built-in lever carries, see
[a lever of your own](own-lever.md).

{_EXAMPLE}
A name that does not exist raises an error that says which there are and which was probably meant. Mistakes of a
scenario are a `ScenarioError`, settings that cannot be are an `ExperimentError`, runs that failed a `RunError`.
""",
    f"""\
# 在 Python 中

<!-- 由 docs/generate_api.py 根据 docs/api.zh.yaml 和函数的签名生成；请修改那里。 -->

[English](api.md)

`import urbsim` 提供以下函数和类，此外没有别的。情景和结果在笔记本中以表和图显示，见[这个笔记本](first-steps.ipynb)。
内置政策工具都做不到的政策，见[自己的政策工具](own-lever.zh.md)。

{_EXAMPLE}
不存在的名称会引发错误，消息说明有哪些名称、可能想写哪一个；语言按 `URBSIM_LANG` 或系统区域设置。
情景的错误是 `ScenarioError`，不可能的设置是 `ExperimentError`，失败的模拟是 `RunError`。
""",
)
#: Chapters, and the methods and properties shown of a class.
_CHAPTERS = {
    Label("Scenarios", "情景"): ("load_scenario", "scenario_from_mapping", "Scenario"),
    Label("Simulating", "模拟"): ("simulate", "compare", "trace", "Cluster"),
    Label("Questions about a plan", "关于规划的问题"): ("groups", "contributions", "sweep", "seek"),
    Label("Results", "结果"): ("Result", "Ensemble"),
    Label("What there is", "有哪些"): (
        *("list_levers", "list_regions", "list_indicators", "list_parameters", "list_groups"),
    ),
    Label("Errors", "错误"): ("ExperimentError", "RunError", "ScenarioError", "UnknownNameError"),
}
_SECTIONS = {
    "Parameters": Label("Parameters", "参数"),
    "Returns": Label("Returns", "返回"),
    "Raises": Label("Raises", "错误"),
    "Attributes": Label("Attributes", "属性"),
}
_MEMBERS = {
    "Scenario": ("with_policy", "without_policy", "with_parameter", "with_until", "with_name"),
    "Result": ("plot", "save"),
    "Ensemble": (
        *("table", "time_series", "over_time", "differences", "summary", "comparison", "counties"),
        *("provinces", "targets"),
        *("cuts", "limits_by_year", "debts_beyond_limit", "spending", "urban_growth"),
    ),
}


class Entry(NamedTuple):
    """What a docstring says: its text, and the entries of its sections with theirs."""

    text: str
    sections: dict[str, dict[str, str]]


def page(language: Language = "en") -> str:
    """Return the whole page."""
    lines = [_OPENING.in_language(language)]
    for chapter, names in _CHAPTERS.items():
        lines.append(f"## {chapter.in_language(language)}\n")
        for name in names:
            thing = getattr(urbsim, name)
            lines += _shown("###", name, thing, language)
            for member in _MEMBERS.get(name, ()):
                lines += _shown("####", f"{name}.{member}", getattr(thing, member), language)
    return "\n".join(lines).rstrip("\n") + "\n"


def names() -> set[str]:
    """Return the names of all chapters."""
    return {name for chapter in _CHAPTERS.values() for name in chapter}


def _shown(level: str, name: str, thing: Any, language: Language) -> list[str]:
    lines = [f"{level} `{name}`\n"]
    if not inspect.isclass(thing):
        lines.append(f"```python\n{name.rpartition('.')[2]}{_signature(thing)}\n```\n")
    entry = _entry(inspect.getdoc(thing) or "")
    return [*lines, _as_markdown(entry if language == "en" else _in_chinese(name, entry), language), ""]


def _signature(thing: Any) -> str:
    """Return a signature, a parameter a line where it is long."""
    signature = inspect.signature(thing)
    words: list[str] = []
    for each in signature.parameters.values():
        if each.name == "self":
            continue
        if each.kind is each.KEYWORD_ONLY and "*" not in words:
            words.append("*")
        stars = _STARS.get(each.kind, "")
        default = "" if each.default is each.empty else f" = {each.default!r}"
        words.append(f"{stars}{each.name}: {each.annotation}{default}")
    short = f"({', '.join(words)}) -> {signature.return_annotation}"
    if len(short) < _LONGEST:
        return short
    lines = "".join(f"    {word},\n" for word in words)
    return f"(\n{lines}) -> {signature.return_annotation}"


def _entry(doc: str) -> Entry:
    """Return what a numpy docstring says."""
    text, *rest = re.split(r"^(\w+)\n-+\n", doc, flags=re.M)
    sections = {}
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        found = re.findall(r"^(\S.*)\n((?:^(?: +.*)?\n?)*)", body, flags=re.M)
        sections[title] = {name: inspect.cleandoc(said) for name, said in found}
    return Entry(text.strip(), sections)


def _in_chinese(name: str, english: Entry) -> Entry:
    """Return the same in Chinese; an entry without any is a mistake."""
    own, common = _CHINESE[name], _CHINESE["common"]
    sections: dict[str, dict[str, str]] = {}
    for title, entries in english.sections.items():
        sections[title] = {}
        for entry in entries:
            key = title if title == "Returns" else f"{entry} entry" if f"{entry} entry" in own else entry
            sections[title][entry] = own[key] if key in own else common[key]
    return Entry(own["text"].strip(), sections)


def _as_markdown(entry: Entry, language: Language) -> str:
    """Return what a docstring says as Markdown: headings bold, entries of sections as a list."""
    lines = [entry.text]
    for title, entries in entry.sections.items():
        lines.append(f"\n**{_SECTIONS[title].in_language(language)}**\n")
        for name, text in entries.items():
            lines += [f"- `{name}`", *(f"  {line}" for line in text.splitlines())]
    return "\n".join(lines).replace("``", "`")


if __name__ == "__main__":
    for each, path in PAGES.items():
        path.write_text(page(each), encoding="utf-8")
