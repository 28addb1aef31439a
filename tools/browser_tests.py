"""Test the page in a Chromium, or say loudly that there is none.

python tools/browser_tests.py [PYTEST ARGUMENT ...]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def main() -> int:
    """Run the tests marked ``browser``."""
    if not (os.environ.get("URBSIM_BROWSER") or any(map(shutil.which, _NAMES))):
        line = "!" * 78
        print(f"{line}\nNO CHROMIUM ON THIS MACHINE: the page is NOT tested in a browser.\n{line}", file=sys.stderr)
        return 0
    command = [sys.executable, "-m", "pytest", "-n", "0", "-m", "browser", "tests/browser", *sys.argv[1:]]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
