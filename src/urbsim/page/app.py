"""The application: its parts, its routes, and what becomes of errors."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from urbsim.caches import cache_folder
from urbsim.experiment.errors import ExperimentError, RunError
from urbsim.labels import Label
from urbsim.page import asking, catalogue, routes_jobs, routes_lessons, routes_scenarios, shipped
from urbsim.page.classroom import Classroom
from urbsim.page.errors import RequestError, error_body
from urbsim.page.jobs import Jobs
from urbsim.page.lanes import Lanes
from urbsim.page.limits import PageLimits
from urbsim.page.mistakes import problem_of
from urbsim.page.requests import Compare
from urbsim.page.scenarios import as_document
from urbsim.page.security import Door, Guard
from urbsim.reading.problems import ScenarioError

STATIC = Path(__file__).parent / "static"
_ABOUT = (
    "What the page of urbsim asks its server, with the functions and names of the Python API. A comparison is a job: "
    "POST /api/compare returns it, GET /api/jobs/{id}/events streams how far it is (server-sent events), GET "
    "/api/jobs/{id}/result holds what is done so far."
)


@dataclass(frozen=True)
class ServerSettings:
    """Where the server listens and what it may do."""

    host: str = "127.0.0.1"
    folder: Path = field(default_factory=lambda: cache_folder() / "page")
    limits: PageLimits = field(default_factory=PageLimits)
    quick: int = 1
    full: int = 1


class _Files(StaticFiles):
    """The files of the page, asked for again at every visit: a new version shows at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def make_app(settings: ServerSettings, door: Door | None = None, classroom: Classroom | None = None) -> FastAPI:
    """Return the application of a server.

    Parameters
    ----------
    door
        Who is let in; that of the host without it.
    classroom
        The class that students may join; nobody may without it.
    """
    jobs = Jobs(settings.folder / "jobs", settings.limits.kept)
    lanes = Lanes(jobs, settings.quick, settings.full, settings.limits.queue)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        lanes.start()
        threading.Thread(target=_rehearse, args=(settings.limits,), daemon=True).start()
        yield
        lanes.close()

    app = FastAPI(
        title="urbsim",
        version=version("urbsim"),
        description=_ABOUT,
        openapi_url="/api/openapi.json",
        docs_url=None,  # its page would load code from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.settings, app.state.lanes, app.state.jobs = settings, lanes, jobs
    app.include_router(routes_scenarios.router, prefix="/api")
    app.state.classroom = classroom
    app.include_router(routes_jobs.router, prefix="/api")
    app.include_router(routes_lessons.router, prefix="/api")
    _explain(app)
    app.add_api_route("/", lambda: FileResponse(STATIC / "index.html"), include_in_schema=False)
    if classroom is not None:
        app.add_api_route("/class", lambda: FileResponse(STATIC / "index.html"), include_in_schema=False)
    app.mount("/static", _Files(directory=STATIC))
    app.add_middleware(Guard, door=door or Door.of(settings.host), body_bytes=settings.limits.body_bytes)
    return app


def _rehearse(limits: PageLimits) -> None:
    """Do once what every page asks first, for what that loads: the first person need not wait for it."""
    catalogue.levers()
    catalogue.indicators()
    shipped.shipped()
    first = as_document(shipped.shipped_scenario("jieshou/baseline.yaml"))
    asking.comparison(Compare(scenarios=[first], sketch=True), limits)


def _explain(app: FastAPI) -> None:
    """Answer errors that a person can do something about with what is wrong, and no others."""

    def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestError)
        return JSONResponse(error.body(), error.status)

    def unreadable(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        problems = [problem_of(each) for each in error.errors()]
        key, found = problems[0]["key"], problems[0]["found"]
        return JSONResponse(error_body(Label(f"{key}: {found['en']}", f"{key}：{found['zh']}"), problems), 422)

    def mistaken(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse(error_body(Label(str(error), str(error))), 422)

    def missing(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        chinese = "没有这个页面或请求方式" if error.status_code in (404, 405) else "请求无法读取"
        return JSONResponse(error_body(Label(str(error.detail), chinese)), error.status_code)

    app.add_exception_handler(RequestError, refused)
    app.add_exception_handler(RequestValidationError, unreadable)
    for kind in (ExperimentError, RunError, ScenarioError):
        app.add_exception_handler(kind, mistaken)
    app.add_exception_handler(HTTPException, missing)


def openapi() -> str:
    """Return the description of the API as JSON (OpenAPI)."""
    return json.dumps(make_app(ServerSettings()).openapi(), ensure_ascii=False, indent=1)
