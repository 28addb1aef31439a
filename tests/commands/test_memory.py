"""A limit on the address space that is too low is named before any library waits for memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

resource = pytest.importorskip("resource", reason="Windows has no such limit")


def limited(gib: float, *arguments: str) -> subprocess.CompletedProcess[str]:
    size = int(gib * 2**30)
    lower = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({size}, {size}));"
    program = f"{lower} import sys; sys.argv = ['urbsim', *{arguments!r}]; from urbsim.cli import main; main()"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120)


def test_a_low_limit_is_named_with_what_is_needed_and_how_to_raise_it():
    result = limited(0.6, "regions", "jieshou")
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "urbsim: the address space is limited to 0.6 GiB and urbsim needs 3; raise the limit with 'ulimit -v 3145728' "
        "or lift it with 'ulimit -v unlimited'"
    ]


def test_a_limit_that_is_high_enough_is_no_matter():
    result = limited(3, "regions", "jieshou")
    assert result.returncode == 0, result.stderr
    assert "341282" in result.stdout
