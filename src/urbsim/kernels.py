"""One way to compile the loops over people: Numba, cached on disk, typed for the checker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile a function of arrays and scalars to machine code; compiled code is cached beside the module.

    Arithmetic keeps IEEE order (no fast-math), so that the same inputs give the same bytes.
    """
    return cast(Function, njit(cache=True, error_model="numpy")(function))


def people_kernel(function: Function) -> Function:
    """Compile a loop over people or households that takes all their columns as one named tuple.

    Such a kernel may not allocate: it writes into arrays that its caller made. In return Numba leaves out counting
    references to the two dozen columns at every call, which costs ten times the work itself (measured on the monthly
    count). A kernel that allocates all the same fails to compile, with a message that says so.
    """
    return cast(Function, njit(cache=True, error_model="numpy", _nrt=False)(function))


def inlined(function: Function) -> Function:
    """Compile a small function, on the terms of ``people_kernel``, into the kernels that call it for every person."""
    return cast(Function, njit(cache=True, error_model="numpy", _nrt=False, forceinline=True)(function))
