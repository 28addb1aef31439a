"""The checks of single values: text, numbers, months, true or false; each notes a problem and returns None."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from urbsim.labels import Label, bilingual, bracketed, spoken
from urbsim.months import format_month, parse_month
from urbsim.reading.located import Node, Position, blanks, first_marks
from urbsim.reading.problems import Problem
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import listed, quoted
from urbsim.scenario.hints import month_hint, number_hint
from urbsim.scenario.model import LONGEST_NAME
from urbsim.units import UNITS

MONTH_FORM = Label("a month written YYYY-MM, for example 2025-12", "月份写作 YYYY-MM，例如 2025-12")
#: The unit of a parameter that has none.
PURE_NUMBER = "1"
_LANGUAGES = {"en": Label("English", "英文"), "zh": Label("Chinese", "中文")}


class Report(list[Problem]):
    """The problems of one scenario, in the order found.

    Where a value was left out the mistake is known already. A text that is wrong and has a mark of a Chinese keyboard
    is wrong because of it.
    """

    def __init__(self, root: Node | None = None) -> None:
        super().__init__()
        self.blank = frozenset(blanks(root) if root else ())
        self.marks = {at: (place, mark) for at, place, mark in (first_marks(root) if root else ())}

    def note(self, at: Position, found: str, allowed: str | Label = "", suggestion: str | None = None) -> None:
        """Add a problem of what stands at a place."""
        if at in self.marks:
            place, mark = self.marks[at]
            found = bilingual(
                f"{found}, with {mark.name} where {mark.typed} is meant",
                f"{found}，其中用了{mark.name}，应为 {mark.typed}",
            )
            at = place
        if at not in self.blank:
            self.append(at.problem(found, allowed, suggestion))


def text_of(node: Node, key: str, report: Report) -> str | None:
    """Return a text; numbers and true or false must be quoted to be text."""
    if isinstance(node.value, str):
        return node.value
    written = node.written or str(node.value)
    is_single = not isinstance(node.value, list | dict)
    allowed = (
        bilingual("text, in quotes where it could mean something else", "文本；可能有歧义时加引号")
        if is_single
        else bilingual("text", "文本")
    )
    report.note(
        node.at,
        bilingual(f"{key} is {node.describe()}", f"{key} 的值是{node.describe()}"),
        allowed,
        f'"{written}"' if is_single else None,
    )
    return None


def name_of(node: Node, key: str, report: Report) -> str | None:
    """Return a text fit to be a name: one line, not blank."""
    text = text_of(node, key, report)
    if text is None:
        return None
    return (
        text
        if check_name(text, node.at, bilingual(f"{key} is {node.describe()}", f"{key} 的值是{node.describe()}"), report)
        else None
    )


def in_both_languages(
    node: Node, key: str, read: Callable[[Node, str, Report], str | None], report: Report
) -> tuple[str | None, str]:
    """Return a text and its Chinese, which is empty where the file gives one text for both languages.

    ``read`` reads each of the texts, noting what is wrong with it.
    """
    if not isinstance(node.value, dict):
        return read(node, key, report), ""
    entries = node.entries
    for name in [name for name in entries if name not in _LANGUAGES]:
        note_unknown(name, entries[name], bilingual("language", "语言"), _LANGUAGES, report, key)
    for name, language in _LANGUAGES.items():
        if name not in entries:
            report.note(
                node.key_at,
                bilingual(f"{key} has no {language.en} text", f"{key} 缺少{language.zh}"),
                bilingual("text, or {en: text, zh: text}", "文字，或 {en: 英文, zh: 中文}"),
            )
    found = {name: read(entries[name], bracketed(key, name), report) for name in _LANGUAGES if name in entries}
    return found.get("en"), found.get("zh") or ""


def check_name(name: str, at: Position, found: str, report: Report) -> bool:
    """Return whether a text is fit to be a name, after noting what was ``found`` otherwise."""
    is_name = bool(name.strip()) and name.isprintable() and len(name) <= LONGEST_NAME
    if not is_name:
        unseen = next((each for each in name if not each.isprintable()), "")
        found += (
            bilingual(f", with the character U+{ord(unseen):04X}", f"，含有字符 U+{ord(unseen):04X}") if unseen else ""
        )
        # Any marks may stand in a name: they are not what is wrong with it.
        report.append(
            at.problem(
                found, bilingual(f"one line of 1 to {LONGEST_NAME} characters", f"一行，1 至 {LONGEST_NAME} 个字符")
            )
        )
    return is_name


def number_of(node: Node, key: str, bounds: tuple[float, float] | None, unit: str, report: Report) -> float | None:
    """Return a number within bounds (both included), in the unit that a message names."""
    allowed = (
        bilingual(f"a number from {bounds[0]:g} to {bounds[1]:g}", f"{bounds[0]:g} 至 {bounds[1]:g} 之间的数字")
        if bounds
        else bilingual("a number", "数字")
    )
    if unit not in {"", PURE_NUMBER}:
        name = UNITS.get(unit, unit) if spoken() == "zh" else unit
        allowed += bilingual(f" ({name})", f"（{name}）")
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        report.note(
            node.at,
            bilingual(f"{key} is {node.describe()}", f"{key} 的值是{node.describe()}"),
            allowed,
            number_hint(node.value, bounds),
        )
        return None
    if bounds and not bounds[0] <= node.value <= bounds[1]:
        report.note(node.at, bilingual(f"{key} is {node.describe()}", f"{key} 的值是{node.describe()}"), allowed)
        return None
    return float(node.value)


def boolean_of(node: Node, key: str, report: Report) -> bool | None:
    """Return true or false, which may be written on, off, yes or no."""
    if isinstance(node.value, bool):
        return node.value
    report.note(
        node.at,
        bilingual(f"{key} is {node.describe()}", f"{key} 的值是{node.describe()}"),
        bilingual("on or off", "on 或 off"),
    )
    return None


#: From a text that is no month to the month that was meant.
Hint = Callable[[str], str | None]


def month_of(node: Node, key: str, report: Report, hint: Hint = month_hint) -> int | None:
    """Return a month number."""
    if isinstance(node.value, str):
        return month_from(node.value, node.at, bilingual(f"{key} is", f"{key} 的值是"), report, hint)
    report.note(
        node.at,
        bilingual(f"{key} is {node.describe()}", f"{key} 的值是{node.describe()}"),
        MONTH_FORM,
        hint(node.written),
    )
    return None


def month_from(text: str, at: Position, subject: str, report: Report, hint: Hint = month_hint) -> int | None:
    """Return the month number a text states."""
    try:
        month = parse_month(text)
    except ValueError:
        month = None
    if month is None or format_month(month) != text:
        report.note(at, f"{subject} {quoted(text)}", MONTH_FORM, hint(text))
        return None
    return month


def entries_of(node: Node, key: str, report: Report) -> dict[str, Node]:
    """Return the entries of a mapping."""
    if not isinstance(node.value, dict):
        report.note(
            node.at,
            bilingual(f"{key} is {node.describe()}", f"{key} 的值是{node.describe()}"),
            bilingual("a mapping, as indented 'key: value' lines", "映射，即缩进的“键: 值”各行"),
        )
    return node.entries


def note_unknown(key: str, node: Node, what: str, known: Iterable[str], report: Report, owner: str = "") -> None:
    """Note a key that means nothing (in the mapping of ``owner``), with the keys that do, perhaps with their labels."""
    choices = list(known)
    found = bilingual(f"unknown {what} {quoted(key)}", f"未知的{what}{quoted(key)}") + (
        bilingual(f" of {owner}", f"（{owner}）") if owner else ""
    )
    labels = (
        {name: each for name, each in known.items() if isinstance(each, Label)} if isinstance(known, Mapping) else {}
    )
    report.note(node.key_at, found, listed(choices), similar(key, choices, labels))
