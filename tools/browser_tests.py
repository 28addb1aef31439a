"""Test the page in a Chromium, or say loudly that there is none.

python tools/browser_tests.py [--short] [PYTEST ARGUMENT ...]

The short part walks every path once; the whole takes each in both languages, and measures.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def main(arguments: list[str]) -> int:
    """Run the tests marked ``browser``; with ``--short`` those that are not slow."""
    if not (os.environ.get("URBSIM_BROWSER") or any(map(shutil.which, _NAMES))):
        line = "!" * 78
        print(f"{line}\nNO CHROMIUM ON THIS MACHINE: the page is NOT tested in a browser.\n{line}", file=sys.stderr)
        return 0
    marked = "browser and not slow" if "--short" in arguments else "browser"
    rest = [each for each in arguments if each != "--short"]
    command = [sys.executable, "-m", "pytest", "-n", "0", "-m", marked, "tests/browser", *rest]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
