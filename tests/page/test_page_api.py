"""What the page asks its server, held against the tables and the Python API."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import socket
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

import urbsim
from urbsim.page.limits import sketch_scale
from urbsim.page.names import policy_titles
from urbsim.page.scenarios import key_at, keys_of
from urbsim.page.serve import _listen
from urbsim.page.shipped import shipped_scenario
from urbsim.policies.registry import all_levers

Make = Callable[..., TestClient]
PARK = {"lever": "industrial_parks", "start": "2022-01", "posts_per_year": 500}


def test_the_description_of_the_api_names_the_functions_of_the_python_api(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    offered = {path.removeprefix("/api/") for path in paths}
    functions = {name for name in urbsim.__all__ if name[0].islower()}
    assert functions - offered == set()
    assert all(method["description"] for each in paths.values() for method in each.values())


#: Settings of the Python API that a page has no use for: where it computes, and what reads files or runs code.
_OF_PYTHON_ONLY = {"jobs", "executor", "overwrite", "progress", "folder", "allow_code", "path"}


def test_functions_take_the_settings_of_the_python_api(client: TestClient) -> None:
    """By the same names; where nothing is said with the same values, or with none, which leaves it to the function."""
    found = client.get("/api/openapi.json").json()
    schemas = found["components"]["schemas"]
    for function in (name for name in urbsim.__all__ if name[0].islower()):
        ((_, described),) = found["paths"][f"/api/{function}"].items()
        taken = {each["name"]: each["schema"] for each in described.get("parameters", [])}
        if "requestBody" in described:
            taken = schemas[described["requestBody"]["content"]["application/json"]["schema"]["$ref"][21:]][
                "properties"
            ]
        parameters = inspect.signature(getattr(urbsim, function)).parameters
        wanted = {name: each.default for name, each in parameters.items() if name not in _OF_PYTHON_ONLY}
        assert wanted.keys() - taken.keys() == set(), function
        numbers = {name: value for name, value in wanted.items() if type(value) is int}
        assert all(taken[name].get("default") in {None, value} for name, value in numbers.items()), function


@pytest.mark.parametrize("text", ["jieshou", "界首", "341282", "JieShou shi"])
def test_a_county_is_found_by_name_pinyin_and_code(client: TestClient, text: str) -> None:
    assert client.get("/api/regions", params={"text": text}).json()["found"][0]["code"] == "341282"


def test_a_slip_gets_a_suggestion(client: TestClient) -> None:
    answer = client.get("/api/regions?text=jieshuo").json()
    assert answer["found"] == []
    assert "341282" in [each["code"] for each in answer["suggestions"]]


def test_the_state_of_a_county_is_that_of_the_census(client: TestClient) -> None:
    state = client.get("/api/regions/341282").json()
    assert state["residents"] == 650870
    assert state["zones"] == {"village": 342377, "town": 101073, "seat": 207420}
    assert (state["registered"], state["absent"]) == (839814, 216571)
    assert sum(row["male"] + row["female"] for row in state["ages"]) == 650870
    # 499,357 people of 15 and over, of whom 48.5398 % work, 15.883 % of these on farms.
    assert state["work"] == {"employed": 242387, "farm": 38498, "industry": 86224, "services": 117664}
    assert state["beds"] == 3254  # 5 per 1,000
    assert set(state["estimated"]) == {"registered", "absent", "beds"}


def test_the_state_of_a_region_is_the_sum_of_its_counties(client: TestClient) -> None:
    region = client.get("/api/regions/1404").json()
    found = client.get("/api/regions?text=1404").json()["found"]
    counties = [client.get(f"/api/regions/{each['code']}").json() for each in found if each["level"] == "county"]
    present = [each for each in counties if "residents" in each]
    assert region["residents"] == sum(each["residents"] for each in present)
    assert region["counties"] == len(present) > 5


def test_an_unknown_county_is_refused_without_showing_what_was_typed_as_html(client: TestClient) -> None:
    answer = client.get("/api/regions/<script>")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/json"


def test_the_map_has_every_county_once(client: TestClient) -> None:
    answer = client.get("/api/map").json()
    codes = [county[0] for county in answer["counties"]]
    assert len(set(codes)) == len(codes) > 2800
    assert len(answer["provinces"]) == 31


def test_forms_are_made_from_the_levers(client: TestClient) -> None:
    levers = {each["lever"]: each for each in client.get("/api/policies").json()}
    assert list(levers) == list(all_levers())
    field = next(each for each in levers["industrial_parks"]["fields"] if each["name"] == "posts_per_year")
    assert (field["kind"], field["required"], field["high"]) == ("number", True, 1_000_000)
    assert field["low"] > 0
    assert field["unit"]["zh"]
    zones = next(each for each in levers["industrial_parks"]["fields"] if each["name"] == "zones")
    assert [each["value"] for each in zones["choices"]] == ["village", "town", "seat"]
    assert zones["choices"][2]["zh"] == "县城"
    assert levers["eldercare_supply"]["strength"] == {"name": "assumption", "en": "assumption", "zh": "假设"}
    assert levers["hukou_relaxation"]["founded"]["en"].startswith("fitted to An & Yan 2024")
    part = next(each for each in levers["industrial_parks"]["fields"] if each["name"] == "part")
    assert part["description"] == {"en": "part of the plan it belongs to", "zh": "所属的方案部分"}
    for lever in levers.values():
        assert lever["cost"]
        assert lever["evidence"]
        assert lever["strength"]["name"] in {"fitted", "sign", "assumption"}
        assert not any("payer" in words for each in lever["cost"] for words in each.values())
        for each in lever["fields"]:
            assert each["kind"] in {"month", "number", "integer", "boolean", "choice", "choices", "string"}, each[
                "name"
            ]
            assert all(choice["en"] != choice["zh"] for choice in each["choices"]), each["name"]


def test_every_example_of_the_forms_is_a_scenario(client: TestClient, county: dict[str, Any]) -> None:
    levers = client.get("/api/policies").json()
    policies = {each["lever"]: {"lever": each["lever"], "start": "2022-01", **each["example"]} for each in levers}
    answer = client.post("/api/scenario_from_mapping", json={"mapping": {**county, "policies": policies}})
    assert answer.status_code == 200, answer.text


def test_mistakes_stand_at_their_field_with_line_and_column(client: TestClient, county: dict[str, Any]) -> None:
    wrong = {**county, "policies": {"park": {**PARK, "posts_per_year": -5, "zones": ["seet"]}}}
    answer = client.post("/api/compare", json={"scenarios": [county, {**wrong, "name": "B"}]})
    assert answer.status_code == 422
    problems = {each["key"]: each for each in answer.json()["problems"]}
    amount, zone = problems["policies.park.posts_per_year"], problems["policies.park.zones"]
    assert (amount["line"], amount["column"], amount["scenario"]) == (10, 21, 1)
    assert "more than 0" in amount["allowed"]["en"]
    assert "大于 0" in amount["allowed"]["zh"]
    assert re.search("[\u4e00-\u9fff]", amount["found"]["zh"])
    assert (zone["suggestion"], zone["line"]) == ("seat", 12)


def test_mistakes_of_an_uploaded_file_have_its_lines(client: TestClient) -> None:
    text = """name: A
region: 341282

# a comment
start: 2020-11
until: 2035-12
policies:
  park: {lever: industrial_park, start: 2022}
"""
    problems = client.post("/api/load_scenario", json={"text": text}).json()["problems"]
    lever = next(each for each in problems if "industrial_park" in each["found"]["en"])
    assert (lever["key"], lever["line"], lever["column"]) == ("policies.park.lever", 8, 17)
    assert lever["suggestion"] == "industrial_parks"


@pytest.mark.parametrize("text", ["a: " + "[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000])
def test_text_that_is_nested_without_end_is_refused_and_ends_no_server(client: TestClient, text: str) -> None:
    answer = client.post("/api/load_scenario", json={"text": text})
    assert answer.status_code == 422
    assert len(answer.text) < 5000


def test_keys_have_names_at_the_top_and_in_mappings_only() -> None:
    text = "a: {b: 1, [c]: {d: 2}, e: [{f: 3}]}\n? {g: 4}\n: {h: 5}\ni: 6\n"
    assert keys_of(text) == [("a", (0, 0)), ("a.b", (0, 4)), ("a.e", (0, 23)), ("i", (3, 0))]
    deepest = keys_of("{a: " * 100 + "}" * 100)[-1][0]
    assert deepest.count("a") == 32


@pytest.mark.parametrize("text", ["", "- a", "a: [", "name: {{", "x" * 100, "\ud800", "name: A\tB: c", "a: &a [*a]"])
def test_what_is_no_scenario_is_refused(client: TestClient, text: str) -> None:
    escaped = json.dumps({"text": text})  # a lone surrogate can be sent in an escape only
    answer = client.post("/api/load_scenario", content=escaped, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_a_job_says_what_it_is_about(client: TestClient, county: dict[str, Any]) -> None:
    """The place and the scenarios, each in both languages where it is; a region of several counties by its first."""
    named = {**county, "name": {"en": "Base", "zh": "基准"}}
    client.post("/api/compare", json={"scenarios": [named, {**named, "name": "B <b>"}], "draws": 0})
    (job,) = client.get("/api/jobs").json()
    assert job["about"] == {"en": "Jieshou: Base, B <b>", "zh": "界首市：基准、B <b>"}
    client.post("/api/compare", json={"scenarios": [{**named, "region": ["341225", "341282"]}], "draws": 0})
    assert client.get("/api/jobs").json()[0]["about"]["zh"] == "阜南县：基准"


def test_deep_data_are_refused(client: TestClient, county: dict[str, Any]) -> None:
    deep: dict[str, Any] = {}
    for _ in range(400):
        deep = {"a": deep}
    answer = client.post("/api/scenario_from_mapping", json={"mapping": {**county, "parameters": deep}})
    assert answer.status_code == 422


def test_the_key_at_a_place_of_a_text() -> None:
    text = "a: 1\nb:\n  c: {d: 2, e: 3}\n"
    assert [key_at(keys_of(text), *place) for place in [(1, 4), (2, 1), (3, 7), (3, 10), (3, 16)]] == [
        "a",
        "b",
        "b.c.d",
        "b.c.d",
        "b.c.e",
    ]


def test_a_file_downloaded_is_the_same_scenario_uploaded(client: TestClient) -> None:
    shown = client.get("/api/scenarios/jieshou/plan-2025.yaml").json()
    text = client.post("/api/write_scenario", json={"scenario": shown["scenario"]}).text
    again = client.post("/api/load_scenario", json={"text": text}).json()["scenario"]
    assert again == shown["scenario"]
    assert yaml.safe_load(text)["name"] == shipped_scenario("jieshou/plan-2025.yaml").name
    assert shown["text"].startswith("#") or "extends" in shown["text"]


def test_scenarios_to_start_from_say_what_they_are_in_both_languages(client: TestClient) -> None:
    listed = client.get("/api/scenarios").json()
    assert len(listed) > 15
    for each in listed:
        for words in (each["name"], each["description"], each["region"]):
            assert re.search("[\u4e00-\u9fff]", words["zh"]), each["id"]
            assert words["en"] != words["zh"], each["id"]


@pytest.mark.parametrize(
    ("asked", "key", "chinese"),
    [
        ({"scale": 2}, "scale", "应不大于1"),
        ({"draws": -1}, "draws", "应不小于0"),
        ({"draws": "many"}, "draws", "应为整数"),
        ({"until": "soon"}, "until", r"格式不符，应为 ^\d{4}-\d{2}$"),
        ({"code": 1}, "code", "没有这个字段"),
        ({"scenarios": []}, "scenarios", "至少1项"),
    ],
)
def test_mistakes_of_a_request_are_named_in_both_languages(
    client: TestClient, county: dict[str, Any], asked: dict[str, Any], key: str, chinese: str
) -> None:
    answer = client.post("/api/compare", json={"scenarios": [county], **asked}).json()
    problem = answer["problems"][0]
    assert (problem["key"], problem["found"]["zh"]) == (key, chinese)
    assert answer["error"] == {"en": f"{key}: {problem['found']['en']}", "zh": f"{key}：{chinese}"}


def test_costs_are_told_without_the_keys_of_files(client: TestClient) -> None:
    levers = {each["lever"]: each for each in client.get("/api/policies").json()}
    assert levers["industrial_parks"]["cost"][0] == {
        "en": "Public cost of one post, paid when it is added; 50,000 yuan per post without it.",
        "zh": "每个岗位的公共投入，在新增当月支付；不填则为50,000元/岗位。",
    }
    assert not [each for lever in levers.values() for each in lever["cost"] if re.match(r"[a-z_]+: ", each["en"])]


def test_differences_are_those_of_the_command(client: TestClient, county: dict[str, Any]) -> None:
    pair = {"first": county, "second": {**county, "policies": {"park": PARK}}}
    keys = [each["key"] for each in client.post("/api/differences", json=pair).json()]
    assert "policies.park.posts_per_year" in keys
    assert all(key.startswith("policies.park") for key in keys)


def test_the_same_question_is_the_same_job(client: TestClient, county: dict[str, Any]) -> None:
    ask = [
        client.post("/api/compare", json={"scenarios": [county], **more}).json()
        for more in ({}, {"draws": 8}, {"seed": 1}, {"sketch": True})
    ]
    assert ask[0]["id"] == ask[1]["id"]
    assert len({each["id"] for each in ask}) == 3
    assert [each["lane"] for each in ask] == ["full", "full", "full", "quick"]
    assert (ask[0]["of_draws"], ask[3]["of_draws"], ask[0]["total"]) == (8, 1, 8 * 182)
    request = client.get(f"/api/jobs/{ask[3]['id']}/request").json()
    assert (request["draws"], request["scale"]) == (0, 0.0023)


@pytest.mark.parametrize(
    ("people", "asked", "scale"), [(878_674, 0.02, 0.0023), (1_000, 0.5, 0.5), (10**9, 1.0, 0.0001)]
)
def test_a_sketch_has_about_two_thousand_people(people: float, asked: float, scale: float) -> None:
    assert sketch_scale(people, asked) == scale


def test_one_person_is_followed_and_no_two(client: TestClient, county: dict[str, Any]) -> None:
    asked = {"scenario": county, "month": "2021-09"}
    for whom in ({}, {"person": "0x1", "pick": "female"}):
        answer = client.post("/api/trace", json={**asked, **whom})
        assert answer.status_code == 422
        assert "say who is followed" in answer.json()["error"]["en"]
    assert client.post("/api/trace", json={**asked, "pick": "female"}).json()["status"] == "queued"


def test_files_wait_for_the_comparison(client: TestClient, county: dict[str, Any]) -> None:
    job = client.post("/api/simulate", json={"scenario": county}).json()
    for ask in (client.post(f"/api/jobs/{job['id']}/report", json={}), client.get(f"/api/jobs/{job['id']}/result")):
        assert ask.status_code == 409
    assert client.get("/api/jobs/nothing").status_code == 404
    assert client.delete(f"/api/jobs/{job['id']}").json()["status"] == "cancelled"
    assert client.get("/api/jobs").json()[0]["status"] == "cancelled"
    again = client.post("/api/simulate", json={"scenario": county}).json()
    assert (again["id"], again["status"]) == (job["id"], "queued")


def test_policies_of_one_lever_are_told_apart_in_both_languages() -> None:
    titles = policy_titles(shipped_scenario("jieshou/plan-2025.yaml").policies)
    assert titles["kindergartens"].en == "School capacity (kindergartens)"
    assert titles["kindergartens"].zh == "学校学位建设（幼儿园）"
    assert titles["primary_school_quality"].zh == "学校学位建设（乡村、建制镇，小学）"
    assert titles["farming"].zh == "农业提质增效"  # the only one of its lever
    assert titles["special_bonds"].zh == "开发性资金与债务限额（special bonds）"  # nothing else tells it apart
    chinese = [title.zh for title in titles.values()]
    assert len(set(chinese)) == len(chinese)


def test_small_answers_are_sent_at_once():
    """Nagle's algorithm would hold an answer in two parts back until the client has confirmed the first: 40 ms."""

    async def is_at_once() -> bool:
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted = writer.get_extra_info("socket")
            told.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listening = _listen("127.0.0.1", 0)
        async with await asyncio.start_server(answer, sock=listening):
            _, writer = await asyncio.open_connection(*listening.getsockname())
            found = await told
            writer.close()
        return bool(found)

    assert asyncio.run(is_at_once())
