"""``urbsim data-template``: the form for a county's own figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from urbsim.commands.terminal import print_text, say
from urbsim.labels import bilingual, counted


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(name="data-template")(data_template)


def data_template(
    region: Annotated[str, typer.Argument(metavar="REGION", help="A county, prefecture or province by code or name.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.xlsx", help="Default: data-REGION.xlsx here.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over a file that is there.")] = False,
    start: Annotated[int, typer.Option("--from", help="Census year that runs begin from: 2010 or 2020.")] = 2020,
) -> None:
    """Write a workbook with the figures that a county can give itself, to be filled in.

    Each figure has its unit, the value the model takes without it, what that is estimated from, and what it moves, in
    English and Chinese. Cells that stay empty are estimated as before: 'urbsim run SCENARIO.yaml --county-data FILE'.

    Example: urbsim data-template 341282 -o jieshou.xlsx
    """
    from urbsim.experiment.errors import ExperimentError
    from urbsim.experiment.outputs import make_output_folder
    from urbsim.experiment.start_figures import start_figures
    from urbsim.months import CENSUS_YEARS
    from urbsim.region.places import RegionError, region_code, resolve_region
    from urbsim.report.data_template import write_template

    if start not in CENSUS_YEARS:
        raise typer.BadParameter(
            bilingual(f"{start} is no census year; known: 2010, 2020", f"{start} 不是普查年份；可用：2010、2020"),
            param_hint="--from",
        )
    try:
        code = region_code(region)
        codes = resolve_region(code, start)
    except RegionError as error:
        raise typer.BadParameter(str(error), param_hint="REGION") from None
    path = output or Path(f"data-{code}.xlsx")
    if path.suffix.lower() != ".xlsx":
        raise typer.BadParameter(
            bilingual(f"{path} does not end in .xlsx", f"{path} 不以 .xlsx 结尾"), param_hint="--output"
        )
    if path.exists() and not overwrite:
        message = bilingual(
            f"{path} is there already and may be filled in; choose another name, or --overwrite",
            f"{path} 已经存在，可能已填写；请换一个名称，或加 --overwrite",
        )
        raise typer.BadParameter(message, param_hint="--output")
    make_output_folder(path.parent)
    try:
        write_template(start_figures(codes, start), start, path)
    except OSError as error:
        raise ExperimentError(
            bilingual(f"cannot write {path}: {error.strerror or error}", f"不能写入 {path}：{error.strerror or error}")
        ) from error
    print_text(str(path))
    say(
        bilingual(
            f"urbsim: form of {counted(len(codes), 'county', 'counties')} written",
            f"urbsim：已写出 {len(codes)} 个县的填报表",
        )
    )
