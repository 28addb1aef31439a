"""``urbsim cache``: what is kept of finished runs, and clearing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from urbsim.commands.terminal import JsonOption, print_json, print_text, say
from urbsim.labels import bilingual

if TYPE_CHECKING:
    from urbsim.experiment.store import Store


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(cache)


def cache(
    clear: Annotated[
        bool,
        typer.Option("--clear", help="Remove all finished runs, checkpoints and base populations; run folders stay."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the store of finished runs, which all commands share, or clear it.

    A run that any command simulated before is taken from here, whatever its scenario is called. Run folders are
    complete without it. It lies in the folder that URBSIM_CACHE_DIR names, else in your own cache folder; when it
    outgrows URBSIM_CACHE_SIZE (such as 2GB; 5GB without it), the runs that were not used for longest go. Checkpoints,
    which 'urbsim run --from' goes on from, lie beside them, and base populations that took long to make, which the next
    run of the same counties, scale and seed starts from.
    """
    from urbsim.experiment.checkpoint import CHECKPOINTS
    from urbsim.experiment.populations import POPULATIONS

    store = _store()
    removed = store.cut(0) if clear else 0
    for kept in (CHECKPOINTS, POPULATIONS) if clear else ():
        kept.cut(0)
    contents, (checkpoints, their_bytes) = store.contents(), CHECKPOINTS.contents()
    populations, bytes_of_populations = POPULATIONS.contents()
    if as_json:
        data = {"folder": str(contents.folder), "entries": contents.entries, "bytes": contents.bytes}
        data |= {"checkpoints": checkpoints, "checkpoint_bytes": their_bytes}
        data |= {"populations": populations, "population_bytes": bytes_of_populations}
        print_json({**data, "limit": contents.limit, "removed": removed})
        return
    if clear:
        say(bilingual(f"urbsim: {removed} finished runs removed", f"urbsim：已删除 {removed} 次完成的模拟"))
    print_text(bilingual(f"folder   {contents.folder}", f"文件夹   {contents.folder}"))
    print_text(bilingual(f"entries  {contents.entries}", f"模拟数   {contents.entries}"))
    print_text(
        bilingual(
            f"size     {_megabytes(contents.bytes)} of {_megabytes(contents.limit)}",
            f"大小     {_megabytes(contents.bytes)}，上限 {_megabytes(contents.limit)}",
        )
    )
    if checkpoints:
        print_text(
            bilingual(
                f"beside   {checkpoints} checkpoints, {_megabytes(their_bytes)}",
                f"另有     {checkpoints} 个检查点，{_megabytes(their_bytes)}",
            )
        )
    if populations:
        print_text(
            bilingual(
                f"beside   {populations} base populations, {_megabytes(bytes_of_populations)}",
                f"另有     {populations} 个基期人口，{_megabytes(bytes_of_populations)}",
            )
        )


def _store() -> Store:
    from urbsim.caches import FolderError
    from urbsim.experiment.errors import ExperimentError
    from urbsim.experiment.store import open_store

    try:
        return open_store()
    except FolderError as error:
        raise ExperimentError(
            bilingual(f"the cache folder cannot be used: {error}", f"缓存文件夹不能使用：{error}")
        ) from None


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
