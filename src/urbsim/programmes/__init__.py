"""The programmes clause by clause: what carries each measure in the model, or why nothing does; and every figure.

One YAML file a programme, beside this module; ``rows`` says what a file may hold, ``reading`` reads and checks it,
``coverage`` counts what is carried.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def programmes() -> tuple[str, ...]:
    """Return the names of the programmes, which are the names of the files."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
