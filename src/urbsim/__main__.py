"""Makes ``python -m urbsim`` and the program ``urbsim`` the command line."""

from __future__ import annotations

from urbsim.commands.interrupts import listen


def main() -> None:
    """Run the command line; Ctrl-C ends it without noise even while it loads."""
    listen()
    from urbsim.cli import main as command_line

    command_line()


if __name__ == "__main__":
    main()
