"""Kernels as plain Python, line by line, without compiling anything; and parts of kernels for Python to call."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from numba import njit
from numba.core.dispatcher import Dispatcher

_known: dict[int, FunctionType] = {}


def plainly(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as the Python it is written in, and so all kernels that it calls."""
    if id(kernel) not in _known:
        written: FunctionType = getattr(kernel, "py_func", kernel)
        names: dict[str, Any] = dict(written.__globals__)
        _known[id(kernel)] = FunctionType(written.__code__, names, written.__name__, written.__defaults__)
        for name in written.__code__.co_names:
            if isinstance(names.get(name), Dispatcher):
                names[name] = plainly(names[name])
    return _known[id(kernel)]


def from_python(inlined: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that is compiled into kernels as a kernel of its own."""
    kernel: Callable[..., Any] = njit(inlined, error_model="numpy")
    return kernel
