"""Routes of jobs: asking for results, watching them come, cancelling, fetching what came."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response, StreamingResponse

from urbsim.labels import Label
from urbsim.page import asking, catalogue
from urbsim.page.errors import RequestError, both
from urbsim.page.jobs import ENDED, RESULT, Job, Jobs
from urbsim.page.lanes import Lanes
from urbsim.page.limits import PageLimits
from urbsim.page.requests import (
    ByGroup,
    Compare,
    ContributionsAsked,
    Household,
    InLanguage,
    SeekAsked,
    Simulate,
    SweepAsked,
    TraceOf,
)
from urbsim.region.places import places_by_code

router = APIRouter(tags=["jobs"])
_EVENTS = "text/event-stream"
#: Seconds of silence after which a comment is sent, so that nothing between takes the line for dead.
_SILENCE = 15.0
#: A report holds words of whoever wrote the scenario: it draws its charts with what it holds itself, loads nothing, and
#: has no part in the page from its sandbox.
_REPORT_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "sandbox allow-scripts"
)
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _lanes(request: Request) -> Lanes:
    lanes: Lanes = request.app.state.lanes
    return lanes


def _limits(request: Request) -> PageLimits:
    limits: PageLimits = request.app.state.settings.limits
    return limits


def _job(request: Request, name: str) -> Job:
    jobs: Jobs = request.app.state.jobs
    job = jobs.get(name)
    if job is None:
        raise RequestError(Label("there is no such job any more; ask again", "该任务已不存在，请重新提交"), 404)
    return job


def _shown(lanes: Lanes, job: Job) -> dict[str, Any]:
    return {**job.shown(), "before": lanes.place(job) if job.status == "queued" else 0, "about": both(_about(job))}


def _about(job: Job) -> Label:
    """Return what a job is about: the place, and what its scenarios are called."""
    scenarios = job.request["scenarios"]
    region = scenarios[0].get("region", "")
    code = str(region[0] if isinstance(region, list) and region else region)
    place = places_by_code().get(code)
    where = Label(place.short_pinyin.capitalize(), place.name) if place else Label(code, code)
    names = [_in_both(scenario.get("name", "")) for scenario in scenarios]
    return Label(
        f"{where.en}: {', '.join(name.en for name in names)}", f"{where.zh}：{'、'.join(name.zh for name in names)}"
    )


def _in_both(text: Any) -> Label:
    """Return a text of a scenario that is written once, or in both languages."""
    both_ways = text if isinstance(text, dict) else {"en": text, "zh": text}
    return Label(*(str(both_ways.get(language, "")) for language in ("en", "zh")))


def _submitted(request: Request, job: Job) -> dict[str, Any]:
    lanes = _lanes(request)
    return _shown(lanes, lanes.submit(job))


@router.post("/simulate")
def simulate(request: Request, asked: Simulate) -> dict[str, Any]:
    """Simulate one scenario; the job is returned at once."""
    return _submitted(request, asking.comparison(asked, _limits(request)))


@router.post("/compare")
def compare(request: Request, asked: Compare) -> dict[str, Any]:
    """Simulate scenarios side by side, paired person by person; the job is returned at once."""
    return _submitted(request, asking.comparison(asked, _limits(request)))


@router.post("/trace")
def trace(request: Request, asked: TraceOf) -> dict[str, Any]:
    """Follow one person's choice of where to live, term by term."""
    return _submitted(request, asking.tracing(asked, _limits(request)))


@router.post("/household")
def household(request: Request, asked: Household) -> dict[str, Any]:
    """Follow one household through the years."""
    return _submitted(request, asking.following(asked, _limits(request)))


@router.post("/contributions")
def contributions(request: Request, asked: ContributionsAsked) -> dict[str, Any]:
    """Say which policies of a plan did it, and at what cost."""
    return _submitted(request, asking.answering("contributions", asked, _limits(request)))


@router.post("/sweep")
def sweep(request: Request, asked: SweepAsked) -> dict[str, Any]:
    """Say how a plan's results depend on amounts, and under which conditions it fails."""
    return _submitted(request, asking.answering("sweep", asked, _limits(request)))


@router.post("/seek")
def seek(request: Request, asked: SeekAsked) -> dict[str, Any]:
    """Find the cheapest amounts with which a plan reaches its goals, or what keeps them out of reach."""
    return _submitted(request, asking.answering("seek", asked, _limits(request)))


@router.post("/groups")
def groups(request: Request, asked: ByGroup) -> dict[str, Any]:
    """Show results by group of people, and the same people with and without a plan."""
    return _submitted(request, asking.answering("groups", asked, _limits(request)))


@router.get("/questions")
def questions() -> dict[str, Any]:
    """Return what people can be told apart by, and what can be asked of each group."""
    return catalogue.questions()


@router.get("/jobs")
def jobs(request: Request) -> list[dict[str, Any]]:
    """Return all jobs, the latest first."""
    return [_shown(_lanes(request), job) for job in request.app.state.jobs.all()]


@router.get("/jobs/{name}")
def job(request: Request, name: str) -> dict[str, Any]:
    """Return how far a job is."""
    return _shown(_lanes(request), _job(request, name))


@router.get("/jobs/{name}/request")
def asked(request: Request, name: str) -> dict[str, Any]:
    """Return what a job was asked."""
    return _job(request, name).request


@router.delete("/jobs/{name}")
def cancel(request: Request, name: str, unwatched: bool = False) -> dict[str, Any]:
    """Cancel a job, with ``unwatched`` only if no page watches it; what it has simulated is kept."""
    found = _job(request, name)
    if not (unwatched and _lanes(request).listeners(found)):
        _lanes(request).cancel(found)
    return _shown(_lanes(request), found)


@router.get("/jobs/{name}/events", response_class=StreamingResponse)
async def events(request: Request, name: str) -> StreamingResponse:
    """Stream a job as it changes (server-sent events), until it has ended."""
    told = told_of(_job(request, name), _lanes(request))
    return StreamingResponse(told, media_type=_EVENTS, headers={"cache-control": "no-store"})


async def told_of(job: Job, lanes: Lanes) -> AsyncIterator[str]:
    """Yield the events of a job: how far it is, whenever that changed; the last one says how it ended."""
    seen = -1
    while True:
        if job.revision != seen:
            seen, shown = job.revision, _shown(lanes, job)
            yield f"data: {json.dumps(shown, ensure_ascii=False)}\n\n"
            if shown["status"] in ENDED:  # as it was told: it may have ended since
                return
        else:
            yield ": still here\n\n"
        await lanes.changes(job, _SILENCE, seen)


@router.get("/jobs/{name}/result", response_class=FileResponse)
def result(request: Request, name: str) -> Response:
    """Return what a job has found so far."""
    path = request.app.state.jobs.path(_job(request, name)) / RESULT
    if not path.is_file():
        raise RequestError(Label("there is no result yet", "尚无结果"), 409)
    return FileResponse(path, media_type="application/json", headers={"cache-control": "no-store"})


@router.post("/jobs/{name}/report")
def report(request: Request, name: str, asked: InLanguage) -> dict[str, Any]:
    """Write the report of a comparison in one language; the job is returned."""
    return _submitted(request, asking.written("report", _job(request, name), asked.language))


@router.post("/jobs/{name}/spreadsheet")
def spreadsheet(request: Request, name: str, asked: InLanguage) -> dict[str, Any]:
    """Write the tables of a comparison as a workbook; the job is returned."""
    job = asking.written("spreadsheet", _job(request, name), asked.language)
    return _submitted(request, job)


@router.get("/jobs/{name}/report.html", response_class=FileResponse)
def report_page(request: Request, name: str) -> Response:
    """Return a report that was written."""
    path = request.app.state.jobs.path(_job(request, name)) / "run" / "report.html"
    if not path.is_file():
        raise RequestError(Label("there is no report yet", "尚无报告"), 409)
    return FileResponse(path, media_type="text/html", headers={"content-security-policy": _REPORT_POLICY})


@router.get("/jobs/{name}/urbsim.xlsx", response_class=FileResponse)
def workbook(request: Request, name: str) -> Response:
    """Return a workbook that was written."""
    path = request.app.state.jobs.path(_job(request, name)) / "urbsim.xlsx"
    if not path.is_file():
        raise RequestError(Label("there is no spreadsheet yet", "尚无电子表格"), 409)
    return FileResponse(path, media_type=_WORKBOOK, filename="urbsim.xlsx")
