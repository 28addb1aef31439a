"""One way to compile the loops over people: Numba, cached on disk, typed for the checker."""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba import njit
from numba.extending import register_jitable

Function = TypeVar("Function", bound=Callable[..., Any])


def _cache_folder() -> Path:
    """Return the folder of compiled code for just these sources and this compiler.

    Numba's own cache looks at the file of a kernel only, and would go on using it after a change of a function inlined
    into it from another module. Naming the folder after all modules with kernels makes such a stale cache impossible.
    """
    package = Path(__file__).parent
    digest = hashlib.sha256(repr((numba.__version__, platform.python_version(), platform.processor())).encode())
    for source in sorted(package.rglob("*.py")):
        if b"kernels import" in (text := source.read_bytes()):
            digest.update(text)
    home = package / "__pycache__"
    if numba.config.CACHE_DIR:
        home = Path(numba.config.CACHE_DIR)
    elif not os.access(package, os.W_OK):
        home = Path(tempfile.gettempdir())
    return home / f"urbsim-kernels-{digest.hexdigest()[:16]}"


CACHE_FOLDER = _cache_folder()
numba.config.CACHE_DIR = str(CACHE_FOLDER)


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


def plain(function: Function) -> Function:
    """Let kernels call a function of numbers that Python code calls as it stands, on numbers and on arrays."""
    return cast(Function, register_jitable(function))
