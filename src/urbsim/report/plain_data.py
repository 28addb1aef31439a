"""Results as plain data: strict JSON, in which what is not a number is null."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from urbsim.experiment.tables import write_text


def write_json(data: Any, path: Path) -> None:
    """Write plain data as strict JSON: what is not a number is null."""
    write_text(json.dumps(strict(data), ensure_ascii=False, indent=1, allow_nan=False) + "\n", path)


def strict(data: Any) -> Any:
    """Return data in which what is not a finite number is None."""
    if isinstance(data, Mapping):
        return {key: strict(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [strict(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data
