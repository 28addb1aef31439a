"""Makes ``python -m urbsim`` and the program ``urbsim`` the command line."""

from __future__ import annotations

import gc

from urbsim.commands.interrupts import listen
from urbsim.loading import loading, own_process


def main() -> None:
    """Run the command line; Ctrl-C ends it without noise even while it loads."""
    listen()
    own_process()
    with loading():
        from urbsim.cli import main as command_line
    try:
        command_line()
    finally:
        gc.freeze()  # the end of the program takes no time to look through all that it loaded


if __name__ == "__main__":
    main()
