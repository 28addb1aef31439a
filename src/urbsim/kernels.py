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
