"""``python -m urbsim`` is the same as ``urbsim``."""

from urbsim.cli import main

main()
