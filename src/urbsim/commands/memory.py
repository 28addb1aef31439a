"""A limit on the address space that is too low for the libraries, found before they wait or end without a word."""

from __future__ import annotations

import importlib

from urbsim.labels import bilingual

#: What a run of a small county takes, in GiB; a quarter of it is used, the rest reserved by threads and the compiler.
NEEDED = 3
_GIB = 1 << 30


def limit_too_low() -> str | None:
    """Return what is wrong if less than ``NEEDED`` is allowed (``ulimit -v``), else None; Windows has no such limit.

    With less, reading a table waits for threads that never start, and the compiler ends the process.
    """
    try:
        resource = importlib.import_module("resource")
    except ImportError:
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY or limit >= NEEDED * _GIB:
        return None
    return bilingual(
        f"the address space is limited to {limit / _GIB:.1f} GiB and urbsim needs {NEEDED}; raise the limit with "
        f"'ulimit -v {NEEDED * _GIB // 1024}' or lift it with 'ulimit -v unlimited'",
        f"地址空间上限为 {limit / _GIB:.1f} GiB，而 urbsim 需要 {NEEDED} GiB；请用“ulimit -v "
        f"{NEEDED * _GIB // 1024}”提高，或用“ulimit -v unlimited”取消上限",
    )
