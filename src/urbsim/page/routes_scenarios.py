"""Routes that compute nothing: counties, levers, scenarios, their files and mistakes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from urbsim import listing
from urbsim.labels import Language
from urbsim.page import catalogue, counties
from urbsim.page.data import records
from urbsim.page.requests import One, OneMapping, Text, TwoScenarios
from urbsim.page.scenarios import as_document, download, read_scenarios, read_text
from urbsim.page.shipped import shipped, shipped_scenario, shipped_text
from urbsim.scenario import differences, json_schema

router = APIRouter(tags=["scenarios"])


@router.get("/regions")
def regions(text: str = "") -> dict[str, Any]:
    """Find counties, prefectures and provinces by code, Chinese name or pinyin, as `urbsim regions` does."""
    return counties.regions(text[:80])


@router.get("/regions/{code}")
def region(code: str) -> dict[str, Any]:
    """Return what the census of 2020 and the yearbook say of a region, and what is estimated."""
    return counties.state(code)


@router.get("/map")
def country() -> dict[str, Any]:
    """Return every county as a point."""
    return counties.country()


@router.get("/map/{code}")
def shapes(code: str) -> dict[str, Any]:
    """Return the outlines of a region's counties, where they are known."""
    return counties.shapes(code)


@router.get("/policies")
def policies() -> list[dict[str, Any]]:
    """Return every lever with its fields, bounds, units, evidence and cost, as `urbsim policies` does."""
    return list(catalogue.levers())


@router.get("/indicators")
def indicators() -> list[dict[str, Any]]:
    """Return every indicator."""
    return list(catalogue.indicators())


@router.get("/list_levers", tags=["lists"])
def list_levers(language: Language = "en") -> list[dict[str, Any]]:
    """Return ``urbsim.list_levers``."""
    return records(listing.list_levers(language).reset_index())


@router.get("/list_indicators", tags=["lists"])
def list_indicators(language: Language = "en") -> list[dict[str, Any]]:
    """Return ``urbsim.list_indicators``."""
    return records(listing.list_indicators(language).reset_index())


@router.get("/list_groups", tags=["lists"])
def list_groups(language: Language = "en") -> list[dict[str, Any]]:
    """Return ``urbsim.list_groups``."""
    return records(listing.list_groups(language).reset_index())


@router.get("/list_parameters", tags=["lists"])
def list_parameters(language: Language = "en") -> list[dict[str, Any]]:
    """Return ``urbsim.list_parameters``."""
    return records(listing.list_parameters(language).reset_index())


@router.get("/list_regions", tags=["lists"])
def list_regions(text: str = "") -> list[dict[str, Any]]:
    """Return ``urbsim.list_regions``."""
    return records(listing.list_regions(text[:80] or None).reset_index())


@router.get("/schema")
def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario, as `urbsim schema` does."""
    return json_schema()


@router.get("/scenarios")
def scenarios() -> list[dict[str, Any]]:
    """Return the scenarios that come with urbsim."""
    return [asdict(each) for each in shipped()]


@router.get("/scenarios/{name:path}")
def scenario(name: str) -> dict[str, Any]:
    """Return a scenario that comes with urbsim: everything written out, and its file as it is."""
    return {"scenario": as_document(shipped_scenario(name)), "text": shipped_text(name)}


@router.post("/load_scenario")
def load_scenario(request: Text) -> dict[str, Any]:
    """Read a scenario file that was uploaded; mistakes come with line, column and key. No code runs."""
    return {"scenario": as_document(read_text(request.text))}


@router.post("/scenario_from_mapping")
def scenario_from_mapping(request: OneMapping) -> dict[str, Any]:
    """Check a scenario; mistakes come with the key of the field, and line and column of its file."""
    return {"scenario": as_document(read_scenarios([request.mapping])[0])}


@router.post("/write_scenario", response_class=PlainTextResponse)
def write_scenario(request: One) -> Response:
    """Return the YAML file of a scenario."""
    return PlainTextResponse(download(read_scenarios([request.scenario])[0]), media_type="application/yaml")


@router.post("/differences")
def difference(request: TwoScenarios) -> list[dict[str, Any]]:
    """Return what differs between two scenarios, as `urbsim diff` does."""
    left, right = read_scenarios([request.first, request.second])
    return [asdict(each) for each in differences(left, right)]
