"""The report in files that offices work with: a workbook of all tables, and a memo of two pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.errors import ExperimentError
from urbsim.labels import Language, bilingual
from urbsim.reading.suggestions import did_you_mean
from urbsim.reading.wording import listed, quoted
from urbsim.report.body import Shown
from urbsim.report.export.memo import write_memo
from urbsim.report.export.workbook import write_workbook

Writer = Callable[[Ensemble, Path, Language, Shown, Mapping[str, Any]], None]
#: What a report can be exported to, by the ending of the file.
FORMATS: Mapping[str, Writer] = {"xlsx": write_workbook, "docx": write_memo}


def known_formats(kinds: str | Sequence[str]) -> tuple[str, ...]:
    """Return the formats asked for, each once.

    Raises
    ------
    ExperimentError
        If there is no such format.
    """
    named = kinds.split(",") if isinstance(kinds, str) else kinds
    wanted = tuple(dict.fromkeys(kind.strip().lower().removeprefix(".") for kind in named))
    for kind in wanted:
        if kind not in FORMATS:
            wrong, allowed, hint = quoted(kind), listed(FORMATS), did_you_mean(kind, FORMATS)
            raise ExperimentError(
                bilingual(f"{wrong} is no format; allowed: {allowed}{hint}", f"没有{wrong}格式；可选：{allowed}{hint}")
            )
    return wanted


def export(
    ensemble: Ensemble,
    report: Path,
    kinds: Sequence[str],
    language: Language,
    shown: Shown,
    record: Mapping[str, Any],
) -> list[Path]:
    """Write the exports asked for beside a report, named as it is, and return their paths.

    ``record`` is the manifest of the run folder.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    paths = [report.with_suffix(f".{kind}") for kind in kinds]
    for kind, path in zip(kinds, paths, strict=True):
        FORMATS[kind](ensemble, path, language, shown, record)
    return paths
