"""The citation file says what the package says of itself, and the notices are shipped."""

from __future__ import annotations

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def test_the_citation_has_the_fields_of_version_1_2_0():
    assert CITATION["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "version", "license"} <= CITATION.keys()
    assert CITATION["type"] == "software"


def test_the_citation_agrees_with_the_package():
    assert CITATION["version"] == PROJECT["version"]
    assert [author["name"] for author in CITATION["authors"]] == [author["name"] for author in PROJECT["authors"]]
    assert CITATION["keywords"] == PROJECT["keywords"]
    assert CITATION["license"] in PROJECT["license"].split(" AND ")


def test_every_licence_file_is_there():
    assert "NOTICE" in PROJECT["license-files"]
    assert all((ROOT / name).is_file() for name in PROJECT["license-files"])


def test_the_notices_name_every_shipped_table_of_others():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for name in ("counties.parquet", "places.csv", "seat_share.csv", "fertility.csv", "mortality.csv"):
        assert name in notice
        assert (ROOT / "calibration" / "tables" / name).is_file()
    assert all(path.name in notice for path in (ROOT / "src" / "urbsim" / "report" / "fonts").glob("*.otf"))
