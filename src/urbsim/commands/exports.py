"""The option that writes a report in files that offices work with."""

from __future__ import annotations

from typing import Annotated

import typer

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


def kinds_of(text: str | None) -> tuple[str, ...]:
    """Return the formats asked for, each once; an unknown one is a mistake."""
    if text is None:
        return ()
    from urbsim.experiment.errors import ExperimentError
    from urbsim.report.export import known_formats

    try:
        return known_formats(text)
    except ExperimentError as error:
        raise typer.BadParameter(str(error), param_hint="--export") from None
