"""The command line, called as a function: all that the program does but its start, which takes longest."""

from __future__ import annotations

import io
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from urbsim.cli import main


@dataclass(frozen=True)
class Ended:
    """What a command left behind, named as what a process leaves."""

    returncode: int
    stdout: str
    stderr: str


def urbsim(*arguments: str | Path, cwd: Path | str = ".") -> Ended:
    """Run a command in a folder; an error that nobody foresaw is raised, as its traceback would be printed."""
    output, messages, code = io.StringIO(), io.StringIO(), 0
    asked = patch("sys.argv", ["urbsim", *map(str, arguments)])
    with asked, chdir(cwd), redirect_stdout(output), redirect_stderr(messages):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return Ended(code, output.getvalue(), messages.getvalue())
