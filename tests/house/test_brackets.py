"""Brackets are those of the language: one function makes them, in Python and on the page."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import urbsim
from urbsim.labels import bracketed, speaking

PACKAGE = Path(urbsim.__file__).parent
_OPENS = re.compile(r"\s\($")
_TWO_SIDED = {"Label", "bilingual"}


def _mixed(tree: ast.AST) -> Iterator[int]:
    """Yield the lines of f-strings that set one filled-in text in half-width brackets behind another.

    The English of a text in both languages has them rightly, and so has a message to developers alone.
    """
    english = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TWO_SIDED and node.args
        for inner in ast.walk(node.args[0])
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in english:
            for before, between, after in zip(node.values, node.values[1:], node.values[2:], strict=False):
                filled = isinstance(before, ast.FormattedValue) and isinstance(after, ast.FormattedValue)
                if filled and isinstance(between, ast.Constant) and _OPENS.search(str(between.value)):
                    yield node.lineno


def test_no_text_for_users_brings_brackets_of_its_own() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name not in ("labels.py", "proportional_fitting.py")
        for line in _mixed(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_no_text_of_the_page_or_the_report_brings_brackets_of_its_own() -> None:
    scripts = sorted((PACKAGE / "page" / "static" / "js").glob("*.js"))
    templates = sorted((PACKAGE / "report" / "templates").glob("*.j2"))
    pattern = re.compile(r"\} \((\$\{|\{\{)")
    texts = {path.name: path.read_text(encoding="utf-8") for path in (*scripts, *templates)}
    found = [name for name, text in texts.items() if name != "language.js" and pattern.search(text)]
    assert found == []


def test_a_mixed_text_is_found() -> None:
    assert list(_mixed(ast.parse('f"{name} ({unit})"'))) == [1]
    assert not list(_mixed(ast.parse('Label(f"{name} ({unit})", f"{name}（{unit}）")')))


@pytest.mark.parametrize(("language", "expected"), [("en", "Cost (yuan)"), ("zh", "Cost（yuan）")])
def test_brackets_follow_the_language_asked_for_or_in_force(language: str, expected: str) -> None:
    assert bracketed("Cost", "yuan", language) == expected  # type: ignore[arg-type]
    with speaking(language):  # type: ignore[arg-type]
        assert bracketed("Cost", "yuan") == expected
    assert bracketed("Cost", "", language) == "Cost"  # type: ignore[arg-type]
