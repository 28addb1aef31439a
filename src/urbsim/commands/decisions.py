"""What the commands on decisions have in common: options and the folder they write to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from urbsim.scenario.model import Scenario

PlanArgument = Annotated[Path, typer.Argument(metavar="PLAN.yaml", help="Scenario file.", show_default=False)]
VaryOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PATH=LOW:HIGH",
        help="Amount that is varied, such as policies.parks.posts_per_year=0:5000, or with values, =0,500,2000; or a "
        "parameter, parameters.NAME=LOW:HIGH. May be repeated. 0 where a lever refuses it: without the policy.",
        show_default=False,
    ),
]
AtOption = Annotated[
    str | None,
    typer.Option("--at", metavar="YYYY-MM", help="Month asked about, up to which is simulated. Default: the last."),
]
ScaleOption = Annotated[
    float | None,
    typer.Option(help="Share of the population to simulate, 0 to 1. Default: the scenario's own."),
]
SeedOption = Annotated[int, typer.Option(help="Root of all random numbers; the same seed gives the same results.")]
DrawsOption = Annotated[int, typer.Option(help="Draws of the parameters from the posterior; 0 takes its median.")]
ReplicatesOption = Annotated[int, typer.Option(help="Repetitions of every draw with different random numbers.")]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="DIR", help="Folder of tables and charts. Default: a folder of its own in outputs/."
    ),
]


def default_folder(command: str, scenario: Scenario) -> Path:
    """Return the folder of a command's results for a scenario where none is named."""
    from urbsim.experiment.names import distinct_names

    return Path("outputs") / f"{command}-{distinct_names([scenario.name])[0]}"
