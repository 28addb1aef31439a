"""No class name has two meanings."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import urbsim


def test_every_public_class_has_a_name_of_its_own() -> None:
    names = Counter(
        node.name
        for path in Path(urbsim.__file__).parent.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in names.items() if count > 1] == []
