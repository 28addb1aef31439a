"""Kernels as plain Python: what a compiled function does, line by line, without compiling anything."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from numba.core.dispatcher import Dispatcher

_known: dict[int, FunctionType] = {}


def plainly(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as the Python it is written in, and so all kernels that it calls."""
    if id(kernel) not in _known:
        written: FunctionType = kernel.py_func  # type: ignore[attr-defined]
        names: dict[str, Any] = dict(written.__globals__)
        _known[id(kernel)] = FunctionType(written.__code__, names, written.__name__, written.__defaults__)
        for name in written.__code__.co_names:
            if isinstance(names.get(name), Dispatcher):
                names[name] = plainly(names[name])
    return _known[id(kernel)]
