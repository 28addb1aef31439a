"""The option that writes a report in files that offices work with."""

from __future__ import annotations

from typing import Annotated

import typer

from urbsim.labels import bilingual

ExportOption = Annotated[
    str | None,
    typer.Option(
        "--export",
        metavar="xlsx,docx",
        help="Also write the report as a workbook with a sheet for each table (xlsx), a memo of two pages (docx), or "
        "both.",
        show_default=False,
    ),
]
_KINDS = ("xlsx", "docx")


def kinds_of(text: str | None) -> tuple[str, ...]:
    """Return the formats asked for, each once; an unknown one is a mistake."""
    from urbsim.reading.suggestions import did_you_mean
    from urbsim.reading.wording import listed, quoted

    kinds = [kind.strip().lower().removeprefix(".") for kind in (text or "").split(",")] if text is not None else []
    for kind in kinds:
        if kind not in _KINDS:
            wrong, allowed, hint = quoted(kind), listed(_KINDS), did_you_mean(kind, _KINDS)
            raise typer.BadParameter(
                bilingual(f"{wrong} is no format; allowed: {allowed}{hint}", f"没有{wrong}格式；可选：{allowed}{hint}"),
                param_hint="--export",
            )
    return tuple(dict.fromkeys(kinds))
