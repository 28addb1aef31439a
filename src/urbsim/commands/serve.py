"""``urbsim serve``: the local page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from urbsim.commands.terminal import say
from urbsim.labels import bilingual

_NEEDED = ("fastapi", "uvicorn")

_Host = Annotated[
    str | None,
    typer.Option(
        help="Address to listen at; any but this machine's own needs the token of the link. Default: 127.0.0.1, with "
        "--class all addresses."
    ),
]
_Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen at; 0 takes a free one.")]
_Open = Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")]
_Jobs = Annotated[
    int | None,
    typer.Option(min=1, help="Comparisons simulated at a time, beside sketches. Default: the cores but one."),
]
_Folder = Annotated[
    Path | None, typer.Option(help="Folder of the page's jobs. Default: in the user's cache (see 'urbsim cache').")
]
_Class = Annotated[
    bool,
    typer.Option("--class", help="Let students on the network join with a code, predict, and see how answers spread."),
]
_People = Annotated[int, typer.Option(min=1000, help="Most people that one run may simulate at a time.")]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(serve)


def serve(
    host: _Host = None,
    port: _Port = 8765,
    open_browser: _Open = True,
    jobs: _Jobs = None,
    folder: _Folder = None,
    most_people: _People = 1_000_000,
    with_class: _Class = False,
) -> None:
    """Open a page on this machine that does without files what the command line does with them.

    Choose a county, add policies, compare up to four scenarios, in English or Chinese. The page needs no network and
    sends nothing anywhere; it is for this machine alone unless --host says otherwise.

    Example: urbsim serve
    """
    _need_extra()
    from urbsim.page.app import ServerSettings
    from urbsim.page.limits import PageLimits
    from urbsim.page.serve import serve as serve_page
    from urbsim.page.serve import workers

    host = host or ("0.0.0.0" if with_class else "127.0.0.1")
    settings = ServerSettings(host=host, limits=PageLimits(people=most_people))
    if folder is not None:
        settings = replace(settings, folder=folder.absolute())
    serve_page(workers(settings, jobs), port, open_browser=open_browser, with_class=with_class, say=say)


def _need_extra() -> None:
    """End with exit code 2, saying what to install, where a library of the extra ``page`` is missing."""
    from importlib.util import find_spec

    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        say(
            bilingual(
                f'urbsim: this needs {", ".join(missing)}; install with: pip install "urbsim[page]"',
                f'urbsim：需要 {"、".join(missing)}；安装命令：pip install "urbsim[page]"',
            )
        )
        raise typer.Exit(2)
