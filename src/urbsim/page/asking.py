"""From a request to a job: settings are checked and limited before anything is queued."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from urbsim.experiment.errors import ExperimentError
from urbsim.labels import Label
from urbsim.page.amounts import runs_needed
from urbsim.page.errors import RequestError, said_by
from urbsim.page.jobs import Job, Kind, job_id
from urbsim.page.limits import PageLimits, people_of, sketch_scale
from urbsim.page.requests import (
    ByGroup,
    Compare,
    ContributionsAsked,
    Household,
    SeekAsked,
    Simulate,
    SweepAsked,
    TraceOf,
)
from urbsim.page.work import plan_of


def comparison(request: Compare | Simulate, limits: PageLimits) -> Job:
    """Return the job of a comparison.

    Raises
    ------
    RequestError
        If a scenario has mistakes, or more is asked for than the page does.
    ExperimentError
        If a setting is out of bounds or the scenarios cannot be compared.
    """
    asked = _asked(request, limits)
    sketch = asked.pop("sketch")
    if sketch:
        asked |= {"draws": 0, "replicates": 1}
    plan = plan_of(asked)
    asked["scale"] = plan.baseline.scale
    if sketch:
        asked["scale"] = sketch_scale(people_of(plan) / plan.baseline.scale, plan.baseline.scale)
        plan = plan_of(asked)
    limits.check(plan)
    return _job("compare", "quick" if sketch else "full", asked, plan.months, len(plan.run_keys()) // len(plan.names))


def tracing(request: TraceOf, limits: PageLimits) -> Job:
    """Return the job of a person's choice; errors are those of ``comparison``."""
    if (request.person is None) == (request.pick is None):
        words = Label(
            "say who is followed: person, the key of a person, or pick, a description of one",
            "请说明跟踪谁：person（人的键）或 pick（对人的描述）",
        )
        raise RequestError(words, 422)
    asked = _asked(request, limits)
    plan = plan_of(asked)
    limits.check(plan)
    return _job("trace", "quick", asked, plan.months, 1)


def following(request: Household, limits: PageLimits) -> Job:
    """Return the job of a household's years; errors are those of ``comparison``."""
    asked = _asked(request, limits)
    plan = plan_of(asked)
    limits.check(plan)
    return _job("household", "quick", asked, plan.months, 1)


def answering(kind: Kind, request: ContributionsAsked | ByGroup | SweepAsked | SeekAsked, limits: PageLimits) -> Job:
    """Return the job of a question about a plan; errors are those of ``comparison``."""
    asked = _asked(request, limits)
    plan = plan_of(asked)
    limits.check(plan)
    if not isinstance(request, SweepAsked | SeekAsked):
        return _job(kind, "full", asked, plan.months, 1)
    try:
        needed = runs_needed(asked, plan)
    except ExperimentError:
        raise RequestError(said_by(lambda: runs_needed(asked, plan)), 422) from None
    limits.check_points(needed.points, len(plan.run_keys()), f"urbsim {kind}")
    return _job(kind, "full", asked, needed.months, 1)


def written(kind: Kind, comparison: Job, language: str) -> Job:
    """Return the job that writes a file from a comparison.

    Raises
    ------
    RequestError
        If the comparison is not done.
    """
    if comparison.kind != "compare" or comparison.status != "done":
        raise RequestError(
            Label(
                "there is nothing to write yet: wait until all draws are done", "尚无可生成的内容：请等全部参数组完成"
            ),
            409,
        )
    return _job(kind, "quick", {**comparison.request, "language": language}, comparison.total, 1)


def _asked(request: BaseModel, limits: PageLimits) -> dict[str, Any]:
    """Return what is asked as data, if it is of no more scenarios than the page compares; none was read yet."""
    asked = request.model_dump()
    if "scenario" in asked:
        asked["scenarios"] = [asked.pop("scenario")]
    if "plan" in asked:
        against = asked.pop("against", None)
        asked["scenarios"] = [*([against] if against else []), asked.pop("plan")]
    count, most = len(asked["scenarios"]), limits.scenarios
    if count > most:
        words = Label(f"{count} scenarios; this page compares at most {most}", f"{count}个情景；本页最多比较{most}个")
        raise RequestError(words, 422)
    return asked


def _job(kind: Kind, lane: Any, asked: dict[str, Any], months: int, draws: int) -> Job:
    return Job(job_id(kind, asked), kind, lane, asked, total=months, of_draws=draws)
