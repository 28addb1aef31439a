"""What a worker process does: one job after the other, telling its server how far it is."""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbsim.experiment.errors import ExperimentError, RunError
from urbsim.labels import Label
from urbsim.page.errors import FAULT, RequestError, both, said_by
from urbsim.page.jobs import RESULT
from urbsim.page.told import Cancelled, Told
from urbsim.threads import threads_in_environment, use_threads

if TYPE_CHECKING:
    from urbsim.api import Result
    from urbsim.experiment.plan import Plan, RunKey
    from urbsim.experiment.tables import Tables
    from urbsim.scenario.model import Scenario

CANCEL = "cancel"
_LOG = logging.getLogger("urbsim.page")
#: Seconds between two results of one job: what is drawn anew more often only flickers.
_SECONDS_BETWEEN_RESULTS = 1.0
#: What a worker simulates before its first job: few people, a whole year.
_WARM_SCALE, _WARM_MONTHS = 0.002, 13


_WRITING = Label("writing the report", "正在生成报告")
_NO_RUN = Label("no run succeeded", "没有一次模拟成功")
_NO_MEMORY = Label(
    "there is not enough memory; ask for a smaller scale or fewer draws", "内存不足；请缩小抽样比例或减少参数组数"
)


def serve_jobs(pipe: Connection) -> None:
    """Do jobs as they come, until the server has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    use_threads(threads_in_environment() or 1)  # jobs side by side leave no core free, and the page has to answer
    try:
        _warm_up(pipe)
        while True:
            message = pipe.recv()
            if message != CANCEL:  # of a job that had ended meanwhile
                _do(pipe, *message)
    except (EOFError, OSError, KeyboardInterrupt):
        os._exit(0)


def _warm_up(pipe: Connection) -> None:
    """Load the model and what shows its results before the first job comes; compile it first where it is not."""
    from urbsim.experiment import compilation
    from urbsim.page.shipped import shipped_scenario

    baseline = shipped_scenario("jieshou/baseline.yaml")
    plan = _plan([baseline], draws=0, scale=_WARM_SCALE, until=baseline.start + _WARM_MONTHS)
    if not compilation.is_ready():
        pipe.send({"stage": both(compilation.MESSAGE)})
    try:
        compilation.prepare(next(iter(plan.tasks().values())))
    except OSError:
        _LOG.warning("the folder of compiled code cannot be used; the first job takes %s longer", compilation.TIME.en)
    _rehearse(plan)


def _rehearse(plan: Plan) -> None:
    """Simulate a plan and view its results, for what that loads; nothing is kept."""
    from urbsim.experiment.ensemble import Ensemble
    from urbsim.experiment.merging import merge
    from urbsim.experiment.simulate import Finished, simulate
    from urbsim.page.views import view

    outcomes = {key: simulate(task) for key, task in plan.tasks().items()}
    tables = {key: outcome.tables for key, outcome in outcomes.items() if isinstance(outcome, Finished)}
    if tables:
        view(Ensemble(plan, merge(tables, plan.run_keys())))


def _do(pipe: Connection, kind: str, request: dict[str, Any], folder: str) -> None:
    told = Told(pipe)

    def carry_out() -> None:
        _KINDS[kind](request, Path(folder), told)

    try:
        try:
            carry_out()
        except (ExperimentError, RunError):
            # Said again in each language; what was simulated is in the store.
            raise RequestError(said_by(carry_out)) from None
    except Cancelled:
        pipe.send({"status": "cancelled"})
    except RequestError as error:
        pipe.send({"status": "failed", "error": both(error.message)})
    except MemoryError:
        pipe.send({"status": "failed", "error": both(_NO_MEMORY)})
    except (EOFError, BrokenPipeError):
        raise
    except Exception:
        _LOG.exception("a job failed")
        pipe.send({"status": "failed", "error": both(FAULT)})
    else:
        pipe.send({"status": "done"})


def plan_of(request: dict[str, Any]) -> Plan:
    """Return the plan of a comparison that the page asked for.

    Raises
    ------
    RequestError
        If a scenario has mistakes, a setting is out of bounds or the scenarios cannot be compared.
    """
    from urbsim.page.scenarios import read_month, read_scenarios

    scenarios = read_scenarios(request["scenarios"])
    settings: dict[str, Any] = {"draws": 0}
    settings |= {name: request[name] for name in ("scale", "seed", "draws", "replicates") if name in request}
    settings["until"] = read_month(request["until"]) if request.get("until") else None
    try:
        return _plan(scenarios, **settings)
    except ExperimentError:
        raise RequestError(said_by(lambda: _plan(scenarios, **settings)), 422) from None


def _plan(scenarios: Sequence[Scenario], **settings: Any) -> Plan:
    from urbsim.experiment.plan import make_plan

    return make_plan(scenarios, **settings)


def _compare(request: dict[str, Any], folder: Path, told: Told) -> None:
    """Run a plan draw by draw; after each draw the result holds one more."""
    from urbsim.experiment.runner import runner_in_this_process
    from urbsim.experiment.simulate import Finished

    plan = plan_of(request)
    tasks = plan.tasks()
    keys = list(tasks)
    pairs = len(keys) // len(plan.names)
    told.send(total=plan.months, of_draws=pairs, draws=0)
    parts: dict[RunKey, Tables] = {}
    failed: Label | None = None
    shown, written = 0, 0.0
    for position, outcome in runner_in_this_process(told).outcomes(list(tasks.values())):
        told.look()
        if isinstance(outcome, Finished):
            parts[keys[position]] = outcome.tables
        else:
            failed = Label(
                f"a run failed at {outcome.stage}: {outcome.error}", f"一次模拟失败（{outcome.stage}）：{outcome.error}"
            )
            _LOG.error("%s\n%s", failed.en, outcome.details)
        complete = _complete(plan, parts)
        if len(complete) > shown and time.monotonic() - written > _SECONDS_BETWEEN_RESULTS:
            _write_result(plan, complete, folder)
            shown, written = len(complete), time.monotonic()
            told.send(draws=shown // len(plan.names))
    complete = _complete(plan, parts)
    if not complete:
        raise RequestError(failed or _NO_RUN, 500)
    if len(complete) > shown:
        _write_result(plan, complete, folder)
    told.send(draws=len(complete) // len(plan.names), done=plan.months, error=failed and both(failed))


def _complete(plan: Plan, parts: dict[RunKey, Tables]) -> dict[RunKey, Tables]:
    """Return the runs of the draws that every scenario has."""
    by_pair: dict[tuple[int, int], int] = {}
    for key in parts:
        by_pair[key.draw, key.replicate] = by_pair.get((key.draw, key.replicate), 0) + 1
    return {key: tables for key, tables in parts.items() if by_pair[key.draw, key.replicate] == len(plan.names)}


def _write_result(plan: Plan, parts: dict[RunKey, Tables], folder: Path) -> None:
    from urbsim.experiment.ensemble import Ensemble
    from urbsim.experiment.merging import merge
    from urbsim.page.views import view

    _write(view(Ensemble(plan, merge(parts, plan.run_keys()))), folder)


def _write(found: dict[str, Any], folder: Path) -> None:
    """Write the result of a job, whole or not at all; what is no JSON is a fault."""
    from urbsim.experiment.tables import write_text

    write_text(json.dumps(found, ensure_ascii=False, allow_nan=False), folder / RESULT)


def _finished(request: dict[str, Any], told: Told) -> Result:
    """Return the result of a comparison, whose runs are in the store."""
    from urbsim.api import Result
    from urbsim.experiment.runner import carry_out, runner_in_this_process

    plan = plan_of(request)
    told.send(total=plan.months)
    ensemble = carry_out(plan, runner_in_this_process(told))
    return Result(ensemble.plan, ensemble.tables, ensemble.failures)


def _report(request: dict[str, Any], folder: Path, told: Told) -> None:
    """Write the report of a comparison in one language."""
    import shutil

    result = _finished(request, told)
    told.send(stage=both(_WRITING))
    shutil.rmtree(folder / "run", ignore_errors=True)
    result.save(folder / "run", request["language"])


def _spreadsheet(request: dict[str, Any], folder: Path, told: Told) -> None:
    from urbsim.report.export.workbook import write_workbook

    write_workbook(_finished(request, told), folder / "urbsim.xlsx", request["language"])


def _trace(request: dict[str, Any], folder: Path, told: Told) -> None:
    from urbsim.page.people import traced

    _write(traced(plan_of(request), request, told), folder)


def _household(request: dict[str, Any], folder: Path, told: Told) -> None:
    from urbsim.page.people import household

    _write(household(plan_of(request), request["person"], told), folder)


def _contributions(request: dict[str, Any], folder: Path, told: Told) -> None:
    from urbsim.page.answers import contributions

    plan = plan_of(request)
    told.expect(plan.months, plan.baseline.months)
    _write(contributions(plan, request, told), folder)


def _groups(request: dict[str, Any], folder: Path, told: Told) -> None:
    from urbsim.page.answers import groups

    _write(groups(plan_of(request), request, told), folder)


def _sweep(request: dict[str, Any], folder: Path, told: Told) -> None:
    from urbsim.page.amounts import runs_needed, sweep

    plan = plan_of(request)
    needed = runs_needed(request, plan)
    told.expect(needed.months, needed.each)
    _write(sweep(plan, request, told), folder)


def _seek(request: dict[str, Any], folder: Path, told: Told) -> None:
    from urbsim.page.amounts import runs_needed, seek

    plan = plan_of(request)
    needed = runs_needed(request, plan)
    told.expect(needed.months, needed.each)
    _write(seek(plan, request, told), folder)


_KINDS: dict[str, Callable[[dict[str, Any], Path, Told], None]] = {
    "compare": _compare,
    "report": _report,
    "spreadsheet": _spreadsheet,
    "trace": _trace,
    "household": _household,
    "contributions": _contributions,
    "groups": _groups,
    "sweep": _sweep,
    "seek": _seek,
}
