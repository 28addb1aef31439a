"""What is wrong with the fields of a request, in both languages: pydantic says it in English only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from urbsim.labels import Label
from urbsim.page.errors import both

#: Kinds of mistakes of pydantic by what begins their name, with the Chinese of what was expected.
_CHINESE = {
    "greater_than_equal": "应不小于{ge:g}",
    "greater_than": "应大于{gt:g}",
    "less_than_equal": "应不大于{le:g}",
    "less_than": "应小于{lt:g}",
    "extra_forbidden": "没有这个字段",
    "missing": "缺少此字段",
    "string_pattern_mismatch": "格式不符，应为 {pattern}",
    "string_too_long": "最多{max_length}个字符",
    "too_long": "最多{max_length}项",
    "too_short": "至少{min_length}项",
    "literal_error": "应为 {expected}",
    "json_invalid": "不是有效的 JSON",
    "int": "应为整数",
    "float": "应为数字",
    "finite": "应为有限的数",
    "bool": "应为 true 或 false",
    "string": "应为文本",
    "dict": "应为键值对",
    "list": "应为列表",
}
_OTHER = "不是可用的值"


def problem_of(error: Mapping[str, Any]) -> dict[str, Any]:
    """Return one mistake of a request as the page is told: at which field, and what was expected there."""
    key = ".".join(str(part) for part in error["loc"] if part != "body")
    found = Label(str(error["msg"]), _chinese(str(error["type"]), error.get("ctx", {})))
    nothing = both(Label("", ""))
    return {"key": key, "line": 0, "column": 0, "found": both(found), "allowed": nothing, "suggestion": None}


def _chinese(kind: str, context: Mapping[str, Any]) -> str:
    words = next((words for name, words in _CHINESE.items() if kind.startswith(name)), _OTHER)
    try:
        return words.format(**context)
    except (KeyError, ValueError):
        return _OTHER
