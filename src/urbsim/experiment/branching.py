"""Going on from a run folder: FOLDER@YYYY-MM names the runs of a folder at the end of a month.

A scenario that has been the same as one of the folder's up to then, in what it says and in what it was simulated with,
begins there and gives the same bytes as from its start. Whatever else differs is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from urbsim.experiment.checkpoint import Checkpoint
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.manifest import age, read_manifest
from urbsim.experiment.model_files import model_hash, software, tables_hash
from urbsim.experiment.past import has_own_levers, past_of, value_until
from urbsim.experiment.plan import Plan, RunKey
from urbsim.experiment.reopen import recorded_plan
from urbsim.experiment.simulate import Task
from urbsim.labels import Label, bilingual
from urbsim.months import format_month, parse_month
from urbsim.policies.base import Policy
from urbsim.reading.wording import quoted

_FORM = Label("FOLDER@YYYY-MM, such as outputs/baseline@2025-12", "FOLDER@YYYY-MM，例如 outputs/baseline@2025-12")


def branched(plan: Plan, origin: str) -> Plan:
    """Return a plan whose runs go on from those of a run folder, ``origin`` being FOLDER@YYYY-MM.

    Raises
    ------
    ExperimentError
        If there is no such folder or month, or a run does not fit what the folder holds.
    """
    folder, month = _parsed(origin)
    record = read_manifest(folder)
    if old := age(record):
        raise ExperimentError(
            bilingual(f"--from: {folder} cannot be gone on from: {old}", f"--from：{folder} 不能接着模拟：{old}")
        )
    before = recorded_plan(folder, record)
    _check_month(plan, month, origin)
    _check_numbers(plan, before, folder)
    theirs, found = before.tasks(), {}
    for key, mine in plan.tasks().items():
        past = past_of(mine, month)
        if past is None:
            raise ExperimentError(
                bilingual(
                    f"--from: '{key.scenario}' has levers of its own; nobody knows when these begin to act",
                    f"--from：“{key.scenario}”有自带手段；无从知道它们何时开始起作用",
                )
            )
        same = [theirs[RunKey(name, key.draw, key.replicate)] for name in before.names]
        if not any(past == past_of(each, month) for each in same):
            raise ExperimentError(_misfit(key, mine, same[0], month, folder))
        found[key] = Checkpoint(month, _name(past, month))
    return replace(plan, checkpoints=found)


def _parsed(origin: str) -> tuple[Path, int]:
    folder, at, month = origin.rpartition("@")
    if not at or not folder:
        raise ExperimentError(
            bilingual(f"--from is {quoted(origin)}; it must be {_FORM}", f"--from 是 {quoted(origin)}；应写成 {_FORM}")
        )
    try:
        return Path(folder), parse_month(month)
    except ValueError as error:
        raise ExperimentError(
            bilingual(
                f"--from is {quoted(origin)}: {error}; it must be {_FORM}",
                f"--from 是 {quoted(origin)}：{error}；应写成 {_FORM}",
            )
        ) from None


def _check_month(plan: Plan, month: int, origin: str) -> None:
    first, last = plan.baseline.start, plan.baseline.until - 1
    if not first <= month <= last:
        until, low, high = map(format_month, (plan.baseline.until, first, last))
        raise ExperimentError(
            bilingual(
                f"--from is {quoted(origin)}; runs to {until} can go on from the end of any month between {low} and "
                f"{high}",
                f"--from 是 {quoted(origin)}；到 {until} 为止的模拟可以从 {low} 至 {high} 任一月末接着进行",
            )
        )


def _check_numbers(plan: Plan, before: Plan, folder: Path) -> None:
    """Raise ``ExperimentError`` where the folder was not simulated with the place, people, seed or draws asked for."""
    mine, theirs = plan.baseline, before.baseline
    pairs = [
        ("region", ", ".join(mine.counties[:5]), ", ".join(theirs.counties[:5]), mine.counties == theirs.counties),
        ("start", format_month(mine.start), format_month(theirs.start), mine.start == theirs.start),
        ("scale", f"{mine.scale:g}", f"{theirs.scale:g}", mine.scale == theirs.scale),
        ("seed", str(plan.seed), str(before.seed), plan.seed == before.seed),
        ("draws", str(plan.draws), str(before.draws), set(plan.draw_numbers) <= set(before.draw_numbers)),
        ("replicates", str(plan.replicates), str(before.replicates), plan.replicates <= before.replicates),
    ]
    unlike = [
        bilingual(f"{name} ({asked} here, {had} there)", f"{name}（这里 {asked}，那里 {had}）")
        for name, asked, had, same in pairs
        if not same
    ]
    if unlike:
        raise ExperimentError(
            bilingual(
                f"--from: {folder} was simulated with other settings: {'; '.join(unlike)}",
                f"--from：{folder} 是用其他设置模拟的：{'；'.join(unlike)}",
            )
        )


def _misfit(key: RunKey, mine: Task, theirs: Task, month: int, folder: Path) -> str:
    differs = [str(each) for each in _differences(mine, theirs, month)] or [bilingual("something else", "其他内容")]
    return bilingual(
        f"--from: '{key.scenario}' has not been the same as the runs in {folder} to the end of {format_month(month)}: "
        f"{'; '.join(differs)}. Go on from an earlier month, or simulate it from the start",
        f"--from：到 {format_month(month)} 月末为止，“{key.scenario}”与 {folder} 中的模拟并不相同："
        f"{'；'.join(differs)}。"
        "请从更早的月份接着模拟，或从头模拟",
    )


def _differences(mine: Task, theirs: Task, month: int) -> Iterator[Label]:
    """Yield in words what is not the same in two tasks up to a month."""
    if has_own_levers(theirs):
        yield Label("the folder's levers of its own may act in any month", "该文件夹的自带手段可能在任何月份起作用")
        return
    here, there = mine.scenario, theirs.scenario
    begun = [
        {name: policy for name, policy in scenario.policies.items() if policy.start <= month}
        for scenario in (here, there)
    ]
    names = [*begun[0], *(name for name in begun[1] if name not in begun[0])]
    if unlike := [name for name in names if _text(begun[0].get(name)) != _text(begun[1].get(name))]:
        first = format_month(min((begun[0].get(name) or begun[1][name]).start for name in unlike))
        yield Label(
            f"polic{'ies' if len(unlike) > 1 else 'y'} {_some(unlike)}, from {first}",
            f"政策 {_some(unlike)}，自 {first} 起",
        )
    values = [
        {name: value_until(value, month) for name, value in scenario.parameters.items()} for scenario in (here, there)
    ]
    if unlike := sorted(name for name in {**values[0], **values[1]} if values[0].get(name) != values[1].get(name)):
        yield Label(f"parameter{'s' if len(unlike) > 1 else ''} {_some(unlike)}", f"参数 {_some(unlike)}")
    frozen = [{name for name, on in scenario.feedbacks.items() if not on} for scenario in (here, there)]
    if unlike := sorted(frozen[0] ^ frozen[1]):
        yield Label(f"feedback{'s' if len(unlike) > 1 else ''} {_some(unlike)}", f"反馈 {_some(unlike)}")
    if here.county_data != there.county_data:
        yield Label("the county's own figures", "县自己的数据")
    if mine.constants != theirs.constants:
        yield Label("the constants of counties, which come from the fit", "各县的常数（来自校准）")


def _text(policy: Policy | None) -> str:
    return "" if policy is None else policy.model_dump_json(exclude={"source", "part"})


def _some(names: Iterable[str]) -> str:
    found = list(names)
    return ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")


def _name(past: object, month: int) -> str:
    """Return the name of a checkpoint: the SHA-256 of all that shapes the model up to the end of the month."""
    whole = (past, month, model_hash(), tables_hash(), sorted(software().items()))
    return hashlib.sha256(repr(whole).encode()).hexdigest()
