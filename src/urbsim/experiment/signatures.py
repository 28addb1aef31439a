"""With what types the model calls its kernels, so that they can be compiled before it runs.

``signatures.json`` beside this module is written by ``tools/write_signatures.py`` from runs of the model. A kernel
whose types have changed since is compiled when the model calls it; then only the time is lost.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from numba.core import types
from numba.core.errors import NumbaError
from numba.core.registry import CPUDispatcher

from urbsim.records import Record

SIGNATURES = Path(__file__).with_suffix(".json")
_ARRAY = re.compile(r"(\w+)\[(\d)([CFA])(r?)\]")


def signatures() -> dict[str, list[list[str]]]:
    """Return the types of the arguments of every kernel (``module:function``), the longest to compile first.

    A named tuple is written as its class and, behind ``=``, its members.
    """
    known: dict[str, list[list[str]]] = json.loads(SIGNATURES.read_text(encoding="utf-8"))
    return known


def compile_kernel(name: str) -> bool:
    """Compile a kernel for the types that it is called with, or load what is compiled; return whether that could be."""
    module, function = name.split(":")
    try:
        kernel = getattr(import_module(module), function)
        for arguments in signatures()[name]:
            kernel.compile(tuple(map(numba_type, arguments)))
    except (AttributeError, ImportError, KeyError, TypeError, ValueError, NumbaError):
        return False
    return True


def compile_part(part: int, parts: int) -> None:
    """Compile every so-manieth kernel, and print a line for each; the main function of a process of its own."""
    for position, name in enumerate(signatures()):
        # To and fro through the list, so that nobody always gets the longer one of two.
        turn, rest = divmod(position, parts)
        if part == (rest if turn % 2 == 0 else parts - 1 - rest):
            compile_kernel(name)
            sys.stdout.write(f"{name}\n")
            sys.stdout.flush()


def compiled() -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Yield every kernel that this process has compiled or loaded, with the Numba types of its arguments."""
    for module in sorted(name for name in sys.modules if name.startswith("urbsim.")):
        for function, value in vars(sys.modules[module]).items():
            if isinstance(value, CPUDispatcher) and value.py_func.__module__ == module and value.signatures:
                yield f"{module}:{function}", value.signatures


def type_text(kind: Any) -> str:
    """Return a Numba type as text that ``numba_type`` reads."""
    if isinstance(kind, types.Array):
        return f"{kind.dtype}[{kind.ndim}{kind.layout}{'' if kind.mutable else 'r'}]"
    if isinstance(kind, Record):
        cls = kind.instance_class
        return f"{cls.__module__}:{cls.__qualname__}=({';'.join(map(type_text, kind.types))})"
    if isinstance(kind, types.Number | types.Boolean):
        return "boolean" if isinstance(kind, types.Boolean) else str(kind)
    raise TypeError(f"kernels are not called with {kind}")


@cache
def numba_type(text: str) -> Any:
    """Return the Numba type of a text of ``type_text``."""
    if (named := text.partition("=("))[1]:
        module, name = named[0].split(":")
        members = tuple(numba_type(member) for member in _members(named[2][:-1]))
        return Record(getattr(import_module(module), name), members)
    if array := _ARRAY.fullmatch(text):
        layout: Any = array[3]
        return types.Array(getattr(types, array[1]), int(array[2]), layout, readonly=bool(array[4]))
    return getattr(types, text)


def _members(text: str) -> Iterator[str]:
    """Yield the parts between semicolons that stand in no brackets."""
    depth = first = 0
    for position, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if sign == ";" and depth == 0:
            yield text[first:position]
            first = position + 1
    if text:
        yield text[first:]
