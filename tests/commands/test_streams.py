"""Output that always can be written: any encoding, a closed pipe, a full disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from urbsim.commands import streams
from urbsim.commands.terminal import print_json
from urbsim.labels import printable

FULL = Path("/dev/full")
ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "scenarios" / "jieshou" / "plan-2025.yaml"
COMMANDS = [["regions", "14"], ["policies", "hukou_relaxation", "--lang", "zh"], ["show", PLAN], ["--help"]]


def urbsim(*arguments: str | Path, encoding: str = "utf-8", **streams: object) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "urbsim", *map(str, arguments)]
    where = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.run(command, env=environment, check=False, timeout=300, **where)  # type: ignore[call-overload]


@pytest.fixture(autouse=True)
def restored(monkeypatch):
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    monkeypatch.setattr(sys, "stderr", sys.stderr)
    streams.prepare()


@pytest.mark.parametrize(
    ("text", "encoding", "written"),
    [
        ("−0.5 [−1, 2]", "gbk", b"-0.5 [-1, 2]"),
        ("2020–2025 ± 3 ≥ 4 × 5", "ascii", b"2020-2025 +/- 3 >= 4 x 5"),
        ("café ² ① ﬁ", "ascii", b"cafe 2 1 fi"),
        ("10–90 % ≈", "latin-1", b"10-90 % ~"),
        ("10–90 % −", "cp1252", b"10\x9690 % -"),
        ("界首（县）", "latin-1", b"??(?)"),
        ("\ud800", "utf-8", b"?"),
    ],
)
def test_a_character_that_an_encoding_lacks_is_written_in_plain_ones(text, encoding, written):
    assert text.encode(encoding, "urbsim.plain") == written


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_command_fails_on_an_encoding(command, encoding):
    done = urbsim(*command, encoding=encoding)
    assert done.returncode == 0
    assert done.stdout.decode(encoding)
    assert b"Traceback" not in done.stderr


def test_a_message_that_cannot_be_encoded_is_still_given():
    done = urbsim("regions", "no–such", encoding="ascii")
    assert done.returncode == 2
    assert b"no county, prefecture or province is called" in done.stderr


def test_json_is_read_back_whole_whatever_the_encoding():
    done = urbsim("regions", "341282", "--json", encoding="ascii")
    assert json.loads(done.stdout)[0]["name"] == "界首市"


def test_json_has_null_for_what_is_no_number(capsys):
    print_json({"a": [float("nan"), 1.5], "b": float("inf")})
    assert json.loads(capsys.readouterr().out) == {"a": [None, 1.5], "b": None}


def test_a_reader_that_stops_is_no_failure():
    process = subprocess.Popen(
        [sys.executable, "-m", "urbsim", "policies", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said_and_the_command_fails():
    with FULL.open("wb") as full:
        done = urbsim("regions", "14", stdout=full)
    assert done.returncode == 1
    assert done.stderr == b"urbsim: cannot write to standard output: No space left on device\n"


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
def test_messages_that_cannot_be_written_stop_nothing():
    with FULL.open("wb") as full:
        done = urbsim("policies", stderr=full)
    assert done.returncode == 0
    assert b"hukou_relaxation" in done.stdout


def test_control_characters_are_shown_and_do_nothing():
    assert printable("a\x1b[31mb\u202ec\x00\td\ne 界 é 😀") == "a\\x1b[31mb\\u202ec\\x00\\td\ne 界 é 😀"
