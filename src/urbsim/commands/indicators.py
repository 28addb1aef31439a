"""The options that choose what tables and charts show: indicators first, or nothing else."""

from __future__ import annotations

from typing import Annotated

import typer

from urbsim.labels import bilingual

IndicatorOption = Annotated[
    list[str] | None,
    typer.Option(
        "-i",
        "--indicator",
        metavar="NAME",
        help="Show this indicator first in tables and charts; may be repeated. docs/indicators.md lists them.",
    ),
]
OnlyOption = Annotated[
    bool, typer.Option("--only", help="Show the indicators of -i in tables and charts, and no others.")
]


def indicators_of(names: list[str] | None, *, only: bool = False) -> tuple[str, ...]:
    """Return the indicators asked for, each once; an unknown name is a mistake, as is --only without any."""
    from urbsim.observation.indicators import INDICATORS
    from urbsim.reading.suggestions import did_you_mean, named
    from urbsim.reading.wording import listed, quoted

    if only and not names:
        raise typer.BadParameter(
            bilingual("say which with -i NAME", "请用 -i 名称 说明是哪些指标"), param_hint="--only"
        )
    labels = {each: indicator.label for each, indicator in INDICATORS.items()}
    found = []
    for name in names or ():
        if (known := named(name, labels)) is None:
            hint = did_you_mean(name, INDICATORS, labels=labels) or bilingual(
                f"; allowed: {listed(INDICATORS)}", f"；允许：{listed(INDICATORS)}"
            )
            raise typer.BadParameter(
                bilingual(f"there is no indicator {quoted(name)}{hint}", f"没有指标{quoted(name)}{hint}"),
                param_hint="--indicator",
            )
        found.append(known)
    return tuple(dict.fromkeys(found))
