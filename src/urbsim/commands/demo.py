"""``urbsim demo``: a first comparison, from scenario files that ship with urbsim."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from urbsim.commands import run
from urbsim.commands.terminal import Lang, LanguageOption, say
from urbsim.labels import bilingual

_FOLDER = "jieshou"
_FILES = ("baseline.yaml", "hukou-relaxation.yaml", "housing-subsidy.yaml", "plan-2025.yaml")

_Scale = Annotated[float, typer.Option(help="Share of the population to simulate, 0 to 1; 1 is every person.")]
_Draws = Annotated[int, typer.Option(help="Draws of the parameters from the posterior; 0 runs its median.")]
_Jobs = Annotated[
    int | None, typer.Option(min=1, help="Processes at work; results do not depend on it. Default: one per core.")
]
_Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="DIR", help="Run folder. Default: a folder of its own in outputs/."),
]
_EPILOG = """[bold]Examples[/bold]

[cyan]urbsim demo[/cyan]

Every person of the county, in Chinese: [cyan]urbsim demo --scale 1 --lang zh[/cyan]"""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(epilog=_EPILOG)(demo)


def demo(
    scale: _Scale = 0.01,
    draws: _Draws = 8,
    jobs: _Jobs = None,
    output: _Output = None,
    lang: LanguageOption = Lang.en,
) -> None:
    """Compare four scenarios for Jieshou, 2020 to 2035, with everything a comparison writes.

    They are the baseline, a relaxation of the hukou, a housing subsidy, and the county's plan to 2025. The scenario
    files ship with urbsim; a line at the end says where they are, to be copied and changed.
    """
    from urbsim.region.places import shipped_folder

    folder = shipped_folder("scenarios", "scenarios", f"{_FOLDER}/{_FILES[0]}") / _FOLDER
    run.compare([folder / name for name in _FILES], scale=scale, draws=draws, jobs=jobs, output=output, lang=lang)
    say(bilingual(f"Scenario files to copy and change: {folder}", f"可以复制并修改的情景文件：{folder}"))
