"""Who gets in, and what whoever is in cannot do: run code, read files, see a traceback, send too much."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from urbsim.cli import main
from urbsim.commands import serve
from urbsim.page import counties
from urbsim.page.limits import PageLimits
from urbsim.page.scenarios import read_scenarios
from urbsim.page.security import Door
from urbsim.page.shipped import scenarios_folder, shipped_scenario

Make = Callable[..., TestClient]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:8765"}, 200),
        ({"host": "[::1]:8765"}, 200),
        ({"host": "evil.example:8765"}, 421),
        ({"host": "127.0.0.1@evil.example"}, 421),
        ({"host": "127.0.0.1:8765:evil"}, 421),
        ({"host": ""}, 421),
        ({"host": "192.168.0.7:8765"}, 421),
        ({"origin": "http://127.0.0.1:8765"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
    ],
)
def test_other_sites_are_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.get("/api/regions?text=jieshou", headers=headers).status_code == status


def test_a_form_of_another_site_cannot_post(client: TestClient) -> None:
    assert client.post("/api/compare", content="{}", headers={"content-type": "text/plain"}).status_code == 415


def test_a_page_on_the_network_needs_the_token_of_its_link(make_client: Make) -> None:
    door = Door.of("0.0.0.0")
    client = make_client(door)
    assert len(door.token) > 20
    assert client.get("/").status_code == 403
    assert client.get("/?token=wrong", follow_redirects=False).status_code == 403
    entered = client.get(f"/?token={door.token}&x=1", follow_redirects=False)
    assert (entered.status_code, entered.headers["location"]) == (303, "/?x=1")
    assert all(word in entered.headers["set-cookie"] for word in ("HttpOnly", "SameSite=Strict"))
    assert client.get("/api/regions?text=jieshou").status_code == 200


def test_a_page_on_the_network_is_called_by_its_address_and_by_no_name_of_others(make_client: Make) -> None:
    door = Door("0.0.0.0")
    client = make_client(door)
    assert client.get("/", headers={"host": "192.168.0.7:8765"}).status_code == 200
    assert client.get("/", headers={"host": "evil.example:8765"}).status_code == 421


def test_a_page_on_this_machine_has_no_token() -> None:
    assert (Door.of("127.0.0.1").token, Door.of("localhost").token, Door.of("::1").token) == ("", "", "")


def test_what_is_sent_is_limited(make_client: Make) -> None:
    client = make_client(limits=PageLimits(body_bytes=1000))
    answer = client.post("/api/load_scenario", json={"text": "x" * 2000})
    assert answer.status_code == 413
    assert answer.json()["error"] == {
        "en": "more was sent than this page takes, 0.001 MB",
        "zh": "发送的内容超过上限0.001 MB",
    }
    pieces = (b"x" * 600 for _ in range(3))  # without a length announced
    assert (
        client.post("/api/load_scenario", content=pieces, headers={"content-type": "application/json"}).status_code
        == 413
    )


def test_no_traceback_reaches_the_page(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str) -> None:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr(counties, "regions", fail)
    answer = client.get("/api/regions?text=a")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json()["problems"] == []


def test_the_browser_may_load_nothing_from_elsewhere_and_run_no_text(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy
    assert "http" not in policy


@pytest.fixture
def secret() -> Path:
    """A file beside the scenarios that no page may read, not even find."""
    return scenarios_folder().parent / "pyproject.toml"


@pytest.mark.parametrize(
    "link", ["../pyproject.toml", "../no-such-file.yaml", "/etc/passwd", "jieshou/../../README.md"]
)
def test_an_uploaded_scenario_reads_no_file_outside(client: TestClient, link: str) -> None:
    answer = client.post("/api/load_scenario", json={"text": f"name: A\nextends: {link}\n"})
    assert answer.status_code == 422
    problem = answer.json()["problems"][0]
    assert (problem["key"], problem["line"], problem["column"]) == ("extends", 2, 10)
    assert problem["found"]["en"] == f"extends is '{link}', a file that may not be read here"
    assert "root:" not in answer.text
    assert str(scenarios_folder()) not in answer.text


@pytest.mark.parametrize("key", ["county_data", "observed", "posterior"])
@pytest.mark.parametrize("extends", ["", "extends: jieshou/baseline.yaml\n"])
def test_an_uploaded_scenario_reads_no_table_or_folder_outside(
    client: TestClient, tmp_path: Path, key: str, extends: str
) -> None:
    """What is there is not read, and what is not there is not told apart from it."""
    table = tmp_path / "secret.csv"
    table.write_text("code,secret\n341282,42\n", encoding="utf-8")
    start = extends or "region: 341282\nstart: 2020-11\nuntil: 2021-12\n"
    said = []
    for name in (str(table), str(tmp_path), "/no/such/file.csv", "../../secret.csv", "a\\0b"):
        text = f'name: A\n{start}{key}: "{name}"\n'
        answer = client.post("/api/load_scenario", json={"text": text})
        assert answer.status_code == 422
        (problem,) = answer.json()["problems"]
        assert (problem["key"], problem["column"]) == (key, len(key) + 3)
        assert "secret" not in answer.text.replace("secret.csv", "")
        said.append(problem["found"]["en"].partition(", ")[2])
    assert set(said) == {"a file that may not be read here"}


def test_a_scenario_that_brings_its_posterior_keeps_it(client: TestClient) -> None:
    """By way of the page, and of a file that is downloaded and uploaded."""
    shown = client.get("/api/scenarios/jieshou/as-planned.yaml").json()["scenario"]
    text = client.post("/api/write_scenario", json={"scenario": shown}).text
    again = client.post("/api/load_scenario", json={"text": text}).json()["scenario"]
    assert shown["posterior"] == again["posterior"] == "jieshou/as-planned"
    posteriors = [each.posterior for each in read_scenarios([shown, again])]
    assert posteriors == [shipped_scenario("jieshou/as-planned.yaml").posterior] * 2
    assert posteriors[0] is not None
    assert posteriors[0].digest


def test_an_uploaded_scenario_extends_one_that_comes_with_urbsim(client: TestClient) -> None:
    text = "name: Mine\nextends: jieshou/plan-2025.yaml\n"
    found = client.post("/api/load_scenario", json={"text": text}).json()["scenario"]
    assert (found["name"], found["region"]) == ("Mine", "341282")
    assert len(found["policies"]) > 5


@pytest.mark.parametrize("extends", ["", "extends: teaching/own_lever/teacher-bonus.yaml\n"])
def test_an_uploaded_scenario_runs_no_code(client: TestClient, extends: str) -> None:
    text = f"""name: A
{extends}region: 341282
start: 2020-11
until: 2021-12
policies:
  mine: {{lever: "teaching/own_lever/my_levers.py:TeacherBonus", start: 2020-12}}
"""
    answer = client.post("/api/load_scenario", json={"text": text})
    assert answer.status_code == 422
    assert any("would run" in each["found"]["en"] for each in answer.json()["problems"])


@pytest.mark.parametrize(
    "name",
    ["../pyproject.toml", "..%2fpyproject.toml", "jieshou/../../pyproject.toml", "%2fetc%2fpasswd", "a%00b.yaml"],
)
def test_scenarios_of_urbsim_are_the_only_files_shown(client: TestClient, name: str) -> None:
    answer = client.get(f"/api/scenarios/{name}")
    assert answer.status_code in {404, 422}
    assert "requires-python" not in answer.text


@pytest.mark.parametrize(
    "text",
    [
        'name: !!python/object/apply:os.system ["true"]\n',
        "name: !!python/name:os.system\n",
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{to}: &{to} [{', '.join([f'*{of}'] * 9)}]\n" for of, to in itertools.pairwise("abcdefgh"))
        + "name: *h\n",
        f"name: A\nscale: {'9' * 6000}\n",
    ],
)
def test_text_that_makes_objects_or_grows_is_refused_at_once(client: TestClient, text: str) -> None:
    start = time.process_time()
    answer = client.post("/api/load_scenario", json={"text": text})
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["line"] >= 1
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize("more", [{f"key{number}": 0 for number in range(50_000)}, {"region": ["341282"] * 50_000}])
def test_more_than_a_scenario_holds_is_refused_before_it_is_written(
    client: TestClient, county: dict[str, Any], more: dict[str, Any]
) -> None:
    start = time.process_time()
    answer = client.post("/api/compare", json={"scenarios": [county, {**county, **more}]})
    assert (answer.status_code, "20,000 values" in answer.text) == (422, True)
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize("number", ["1e400", "NaN", "-Infinity", "9" * 6000])
def test_numbers_that_are_none_are_refused(client: TestClient, number: str) -> None:
    policy = f'{{"lever": "industrial_parks", "start": "2022-01", "posts_per_year": {number}}}'
    scenario = (
        f'{{"name": "A", "region": "341282", "start": "2020-11", "until": "2022-12", "policies": {{"p": {policy}}}}}'
    )
    content = f'{{"scenarios": [{scenario}]}}'
    answer = client.post("/api/compare", content=content, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.json()["error"]["zh"]


def test_static_files_end_at_their_folder(client: TestClient) -> None:
    assert client.get("/static/..%2fapp.py").status_code == 404
    assert client.get("/static/js/main.js").status_code == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scale": 1.0}, "simulates at most 100,000"),
        ({"draws": 60, "replicates": 50}, "this page does at most 400"),
        ({"scenarios": 5}, "this page compares at most 4"),
        ({"scale": 2}, "less than or equal to 1"),
        ({"until": "2099-01"}, "rates of birth end there"),
        ({"until": "soon"}, "until"),
        ({"seed": -1}, "greater than or equal to 0"),
        ({"code": True}, "Extra inputs are not permitted"),
    ],
)
def test_settings_are_limited_in_clear_words(
    make_client: Make, county: dict[str, Any], change: dict[str, Any], words: str
) -> None:
    client = make_client(limits=PageLimits(people=100_000))
    count = change.pop("scenarios", 1)
    scenarios = [{**county, "name": str(number)} for number in range(count)]
    answer = client.post("/api/compare", json={"scenarios": scenarios, **change})
    assert answer.status_code in {400, 422}
    assert words in answer.text


def test_memory_is_limited_in_clear_words(make_client: Make, county: dict[str, Any]) -> None:
    client = make_client(limits=PageLimits(memory_bytes=500_000_000))
    answer = client.post("/api/compare", json={"scenarios": [{**county, "region": "14"}], "scale": 0.001, "draws": 50})
    assert answer.status_code == 400
    assert "of memory" in answer.json()["error"]["en"]


def test_the_queue_is_limited_in_clear_words(make_client: Make, county: dict[str, Any]) -> None:
    client = make_client(limits=PageLimits(queue=2))
    ask = [client.post("/api/compare", json={"scenarios": [county], "seed": seed}) for seed in range(3)]
    assert [each.status_code for each in ask] == [200, 200, 503]
    assert "2 jobs are waiting" in ask[2].json()["error"]["en"]
    assert client.post("/api/compare", json={"scenarios": [county], "seed": 1}).status_code == 200  # is there already


def test_the_command_says_how_to_install_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "_NEEDED", ("fastapi", "no_such_library"))
    monkeypatch.setattr(sys, "argv", ["urbsim", "serve", "--no-open"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert 'this needs no_such_library; install with: pip install "urbsim[page]"' in capsys.readouterr().err
