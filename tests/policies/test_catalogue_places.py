"""Places that the programmes of 2024 name: their codes fit the names, and broken rows are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from urbsim.programmes.reading import CatalogueError, catalogue, catalogued, read_programme
from urbsim.region.places import all_places

_FILE = """\
programme: test-1
title: [A test, 测试]
place: "1404"
issued: 2024
period: [2024, 2027]
places:
  - {{id: pilot, clause: "{clause}", name: [pilot county, 试点县], codes: ["{code}"]}}
clauses:
  - id: "一"
    gloss: [Goals, 目标]
    domain: targets
    measures:
      - {{id: "一.1", gloss: [more residents, 人口增加], indicator: residents}}
"""


def _read(folder: Path, clause: str, code: str) -> None:
    path = folder / "test-1.yaml"
    path.write_text(_FILE.format(clause=clause, code=code), encoding="utf-8")
    read_programme(path)


def test_codes_are_those_of_the_names_in_the_programmes_province() -> None:
    names = {place.code: place.short_name for place in all_places()}
    rows = [(programme, row) for programme in catalogue() if programme.issued == 2024 for row in programme.places]
    assert len(rows) == 51
    for programme, row in rows:
        for code in row.codes:
            assert names[code] in row.name.zh, f"{programme.programme} {row.id}: {code} is {names[code]}"
            assert code.startswith(programme.place[:2]), f"{programme.programme} {row.id}: {code}"


def test_types_of_county_seat_in_changzhi() -> None:
    types = {row.id: row.codes for row in catalogued("changzhi-2024").places if row.id.startswith("type-")}
    assert types == {
        "type-city-integrated": ("140428",),
        "type-specialised": ("140423", "140431"),
        "type-tourism": ("140429",),
        "type-farm-products": ("140430",),
        "type-ecological-function": ("140425", "140426", "140427"),
    }


def test_eight_potential_counties_of_shanxi() -> None:
    by_id = {row.id: row.codes for row in catalogued("shanxi-2024").places}
    assert sorted(by_id["potential-counties"]) == [
        "140525",
        "140581",
        "140728",
        "140821",
        "140981",
        "141023",
        "141024",
        "141182",
    ]


def test_items_of_shanxi_may_be_cited_by_their_running_number() -> None:
    item = next(clause for clause in catalogued("shanxi-2024").clauses if clause.id == "二(七)")
    assert item.also == ("(七)", "7")
    running = [clause.also[1] for clause in catalogued("shanxi-2024").clauses if clause.also]
    assert running == [str(number) for number in range(1, 34)]


def test_places_of_a_clause_that_does_not_exist_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"7:25: row 'pilot': there is no clause '一.3'"):
        _read(tmp_path, "一.3", "140428")


def test_a_code_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"row 'pilot': codes: .*pattern"):
        _read(tmp_path, "一", "14042")


def test_sound_places_are_read(tmp_path: Path) -> None:
    _read(tmp_path, "一.1", "140428")
