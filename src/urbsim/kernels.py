"""One way to compile the loops over people: Numba, cached on disk, typed for the checker."""

from __future__ import annotations

import hashlib
import os
import platform
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from llvmlite import binding
from numba import njit
from numba.core import types
from numba.core.typing.templates import infer_global
from numba.extending import register_jitable

from urbsim.caches import FolderError, cache_folder, own_folder, user_cache_folder

Function = TypeVar("Function", bound=Callable[..., Any])


_HOLDS_KERNELS = re.compile(rb"kernels import .*\b(kernel|people_kernel|inlined|plain)\b")


def _digest() -> str:
    """Return a name of the modules with kernels and beside them, where they lie, this compiler and this processor.

    Numba's own cache looks at the file of a kernel only, and would go on using it after a change of a function inlined
    into it from another module. A folder named after all of them makes such a stale cache impossible.
    """
    package = Path(__file__).parent
    processor = (binding.get_host_cpu_name(), sorted(binding.get_host_cpu_features().items()))
    digest = hashlib.sha256(repr((numba.__version__, platform.python_version(), processor)).encode())
    digest.update(os.fsencode(package))
    for source in (Path(__file__), package / "records.py"):
        digest.update(source.read_bytes())
    holders = [source for source in package.rglob("*.py") if _HOLDS_KERNELS.search(source.read_bytes())]
    for source in sorted(holders):
        digest.update(str(source.stat().st_mtime_ns).encode())  # Numba compiles again what is newer
    # Constants are compiled in: those of the vocabulary, and of modules beside the kernels.
    beside = {source for holder in holders if holder.parent != package for source in holder.parent.glob("*.py")}
    for source in sorted({*holders, *beside, package / "codes.py"}):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> tuple[Path | None, str]:
    """Return the folder of compiled code, None where there is none that only the user can write to; and why not.

    Compiled code runs without further question when it is loaded. It is kept in ``$NUMBA_CACHE_DIR``, in
    ``$URBSIM_CACHE_DIR`` or in the user's own cache folder: in the first that holds it already, else in the first that
    can be used.
    """
    folders, problems = [home / f"kernels-{_digest()}" for home in _homes()], []
    for folder in sorted(folders, key=is_complete, reverse=True):
        try:
            return own_folder(folder), ""
        except FolderError as error:
            problems.append(str(error))
    return None, "; ".join(problems)


def _homes() -> list[Path]:
    numbas = [Path(numba.config.CACHE_DIR)] if numba.config.CACHE_DIR else []
    return list(dict.fromkeys([*numbas, cache_folder(), user_cache_folder()]))


def is_complete(folder: Path) -> bool:
    """Return whether a folder of compiled code holds all kernels."""
    return (folder / COMPLETE).exists()


#: File that marks a folder of compiled code in which no kernel is missing.
COMPLETE = "complete"
CACHE_FOLDER, CACHE_PROBLEM = _cache_folder()
_CACHED = CACHE_FOLDER is not None
if CACHE_FOLDER is not None:
    numba.config.CACHE_DIR = str(CACHE_FOLDER)
#: Nothing written in C calls kernels.
_NO_C_CALLS = {"no_cfunc_wrapper": True}


def kernel(function: Function) -> Function:
    """Compile a function of arrays and scalars to machine code; compiled code is kept for the next process.

    Arithmetic keeps IEEE order (no fast-math), so that the same inputs give the same bytes. Other threads may run
    meanwhile.
    """
    return cast(Function, njit(cache=_CACHED, error_model="numpy", nogil=True, **_NO_C_CALLS)(function))


def people_kernel(function: Function) -> Function:
    """Compile a loop over people or households that takes all their columns as one named tuple.

    Such a kernel may not allocate: it writes into arrays that its caller made. In return Numba leaves out counting
    references to the two dozen columns at every call, which costs ten times the work itself (measured on the monthly
    count). A kernel that allocates all the same fails to compile, with a message that says so.
    """
    return cast(Function, njit(cache=_CACHED, error_model="numpy", nogil=True, _nrt=False, **_NO_C_CALLS)(function))


def inlined(function: Function) -> Function:
    """Let a function become a part of the kernels that call it for every person, on the terms of ``people_kernel``.

    For Python it stays as it is written. What Python would need to call compiled code is left out, and nothing is kept
    but as a part of kernels: that would take a fifth of the time of compiling.
    """
    options = {"error_model": "numpy", "_nrt": False, "forceinline": True, "no_cpython_wrapper": True, **_NO_C_CALLS}
    compiled = njit(**options)(function)
    infer_global(function, types.Dispatcher(compiled))
    vars(function)["compiled"] = compiled  # Numba does not hold it
    return function


def plain(function: Function) -> Function:
    """Let kernels call a function of numbers that Python code calls as it stands, on numbers and on arrays."""
    return cast(Function, register_jitable(function))


@plain
def whole(number: Any) -> Any:
    """Return a whole number in 64 bits, which is how kernels count.

    A function is compiled anew for every type it is called with: a row that stands in a column of 32 bits, or a number
    written in the code, would be one more.
    """
    return np.int64(number)
