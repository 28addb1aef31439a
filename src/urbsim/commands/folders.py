"""``urbsim verify`` and ``urbsim reproduce``: whether a run folder is as it was written, and comes out the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from urbsim.commands.terminal import AllowCode, JsonOption, print_json, print_text, say
from urbsim.commands.work import JobsOption, QuietOption
from urbsim.labels import bilingual
from urbsim.reading.wording import clauses

_Folder = Annotated[Path, typer.Argument(metavar="RUN_DIR", help="Run folder.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(verify)
    app.command()(reproduce)


def verify(run_dir: _Folder, as_json: JsonOption = False) -> None:
    """Check every file of a run folder against the hash in its manifest. Nothing is simulated.

    Exit code 0 means that all is as it was written, 1 that something was changed, 2 that this is no run folder.
    """
    from urbsim.experiment.manifest import age, read_manifest
    from urbsim.experiment.verification import additions, changes

    record = read_manifest(run_dir)
    found, notes = changes(run_dir, record), []
    if record["status"] == "running":
        found = [
            bilingual(
                f"it is not finished; the command that began it continues it: {record.get('command') or 'unknown'}",
                f"尚未完成；用开始时的命令可以继续：{record.get('command') or '未知'}",
            )
        ]
    if old := age(record):
        notes.append(old)
    notes += [
        bilingual(f"{name} is not part of the run", f"{name} 不属于这次模拟") for name in additions(run_dir, record)
    ]
    if as_json:
        data = {"folder": str(run_dir), "intact": not found, "format": record["format"]}
        print_json({**data, "changes": found, "notes": notes})
    else:
        for note in notes:
            print_text(f"{run_dir}: {note}")
        for change in found:
            print_text(f"{run_dir}: {change}")
        if not found:
            print_text(
                bilingual(
                    f"{run_dir}: {len(record['outputs'])} files are as they were written",
                    f"{run_dir}：{len(record['outputs'])} 个文件与写出时一致",
                )
            )
    raise typer.Exit(1 if found else 0)


def reproduce(
    run_dir: _Folder,
    allow_code: AllowCode = False,
    jobs: JobsOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run the experiment of a folder again and compare the results with those in the folder, which stays as it is.

    Nothing is taken from the cache. Exit code 0 means that every table came out the same, 1 that something differs.
    """
    from urbsim.commands.work import cores
    from urbsim.experiment.progress import Progress
    from urbsim.experiment.reproduction import reproduced
    from urbsim.experiment.runner import Runner

    found = reproduced(run_dir, Runner(cores(jobs), Progress(silent=False, quiet=quiet)), allow_code=allow_code)
    if as_json:
        print_json(found)
    else:
        _print(run_dir, found)
    raise typer.Exit(0 if found["same"] else 1)


def _print(folder: Path, found: dict[str, Any]) -> None:
    for note in found["notes"]:
        print_text(f"{folder}: {note}")
    for table in found["tables"]:
        print_text(f"{folder}: {table['table']}: {table['result']}")
    same, differ = (
        bilingual("every table came out the same", "每张表都与原来相同"),
        bilingual("the results differ", "结果不同"),
    )
    print_text(f"{folder}: {same if found['same'] else differ}")
    if found["versions"] and not found["same"]:
        changed = clauses(
            bilingual(f"{name} {then} then, {now} now", f"{name} 当时 {then}，现在 {now}")
            for name, (then, now) in found["versions"].items()
        )
        say(bilingual(f"urbsim: versions differ: {changed}", f"urbsim：版本不同：{changed}"))
