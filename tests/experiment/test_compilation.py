"""Compiling the kernels before the model runs: the list of what they are called with, and processes side by side."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from plainly import from_python
from urbsim.experiment import compilation
from urbsim.experiment.progress import Progress
from urbsim.experiment.signatures import compile_kernel, compiled, numba_type, signatures, type_text
from urbsim.randomness import Randomness, mix
from worlds import small_model, stepped


@pytest.fixture(scope="module")
def called() -> dict[str, set[tuple[object, ...]]]:
    stepped(small_model(scale=0.002, until="2021-01"), 2).close()
    return {name: set(found) for name, found in compiled()}


def test_the_list_holds_what_the_model_calls_its_kernels_with(called):
    listed = {name: {tuple(map(numba_type, one)) for one in each} for name, each in signatures().items()}
    stale = [name for name, found in called.items() if not listed.get(name, set()) <= found]
    assert not stale, "run tools/write_signatures.py: these kernels take other arguments now"
    assert {name for name in listed if name.startswith("urbsim.processes.residence")} <= called.keys()
    assert len(called.keys() & listed.keys()) > 20


def test_every_kernel_of_the_list_is_one_of_the_model():
    for name in signatures():
        module, function = name.split(":")
        assert hasattr(import_module(module), function), name


def test_types_are_read_as_they_were_written():
    for text in (text for each in signatures().values() for one in each for text in one):
        assert type_text(numba_type(text)) == text


def test_what_is_no_kernel_or_has_changed_is_left_to_the_run(monkeypatch):
    from urbsim.experiment import signatures as module

    monkeypatch.setattr(module, "signatures", lambda: {"urbsim.randomness:_fill": [["float64[1C]"]]})
    assert not compile_kernel("urbsim.randomness:_fill")
    assert not compile_kernel("urbsim.randomness:gone")
    assert not compile_kernel("urbsim.gone:_fill")


def test_processes_tell_how_far_they_are(monkeypatch):
    told = []
    whole = len(signatures())
    monkeypatch.setattr(compilation, "_started", lambda number, count: _Speaking(range(number, whole, count)))
    compilation.side_by_side(lambda done, of: told.append((done, of)), 2)
    assert told == [(done, whole) for done in range(1, whole + 1)]
    told.clear()
    compilation.side_by_side(lambda done, of: told.append((done, of)), 1)
    assert not told


class _Speaking:
    """A process that says what it is told to."""

    def __init__(self, lines) -> None:
        self.stdout = [f"{line}\n" for line in lines]

    def kill(self) -> None:
        """End nothing."""

    def wait(self) -> None:
        """Wait for nothing."""


def test_elsewhere_than_on_a_terminal_compiling_is_four_lines(capsys):
    progress = Progress(silent=False)
    for done in range(1, 11):
        progress.compiling(done, 10)
    said = capsys.readouterr().err.splitlines()
    assert [line.rpartition(": ")[2] for line in said] == [f"{done} of 10 loops" for done in (3, 5, 8, 10)]


def test_streams_are_mixed_in_python_as_in_kernels():
    seed, replicate, decision, month = 2**63 - 1, 7, 20, 24_260
    mixed = from_python(mix)
    with np.errstate(over="ignore"):
        root = np.uint64(mixed(np.uint64(seed))) ^ np.uint64(mixed(np.uint64(replicate) + np.uint64(0x5EED)))
        expected = mixed(root ^ np.uint64(mixed(np.uint64(decision << 32 | month))))
    assert int(Randomness(seed, replicate).stream(decision, month)) == int(expected)
