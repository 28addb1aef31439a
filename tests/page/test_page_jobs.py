"""Jobs outlive pages and servers, wait their turn, can be cancelled, and survive a worker that is lost."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import urbsim
from urbsim.api import Result
from urbsim.experiment.ensemble import Ensemble
from urbsim.page import lanes as lanes_module
from urbsim.page.asking import answering, tracing
from urbsim.page.errors import RequestError
from urbsim.page.jobs import RESULT, Job, Jobs, job_id
from urbsim.page.lanes import Lanes
from urbsim.page.limits import PageLimits
from urbsim.page.requests import ByGroup, SeekAsked, SweepAsked, TraceOf
from urbsim.page.routes_jobs import told_of
from urbsim.page.told import Told
from urbsim.page.views import view
from urbsim.page.work import CANCEL, _do, plan_of
from urbsim.parameters import registry
from urbsim.report.export.workbook import write_workbook

Outcome = tuple[list[dict[str, Any]], dict[str, Any]]


class FakeProcess:
    """Stands for a worker process: a thread at the other end of the pipe."""

    def __init__(self, target: Callable[[Connection], None], pipe: Connection) -> None:
        self.thread = threading.Thread(target=self._run, args=(target, pipe), daemon=True)
        self.thread.start()

    @staticmethod
    def _run(target: Callable[[Connection], None], pipe: Connection) -> None:
        try:
            target(pipe)
        except (EOFError, OSError):
            pipe.close()

    def is_alive(self) -> bool:
        return self.thread.is_alive()

    def terminate(self) -> None:
        pass

    kill = terminate

    def join(self, _: float) -> None:
        pass


def patient(pipe: Connection) -> None:
    """Do jobs as they say: at once, never, or by dying."""
    while True:
        message = pipe.recv()
        if message == CANCEL:
            continue
        _, request, _ = message
        if request["do"] == "die":
            pipe.close()
            return
        pipe.send({"done": 1})
        if request["do"] == "wait":
            assert pipe.recv() == CANCEL
            pipe.send({"status": "cancelled"})
        else:
            pipe.send({"draws": 1})
            pipe.send({"status": "done"})


@pytest.fixture
def lanes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def start(worker: Any) -> None:
        worker.pipe, theirs = Pipe()
        worker.process = FakeProcess(patient, theirs)

    monkeypatch.setattr(lanes_module, "_start", start)
    made = Lanes(Jobs(tmp_path, kept=5), quick=1, full=1, queue=10)
    made.start()
    yield made
    made.close()


def job(do: str, number: int = 0, lane: Any = "full") -> Job:
    request = {"do": do, "number": number}
    return Job(job_id("compare", request), "compare", lane, request)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120.0
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.01)


def test_jobs_are_done_in_their_order_and_kept_on_disk(lanes: Lanes, tmp_path: Path) -> None:
    asked = [lanes.submit(job("now", number)) for number in range(3)]
    until(lambda: all(each.status == "done" for each in asked))
    assert [each.draws for each in asked] == [1, 1, 1]
    kept = Jobs(tmp_path, kept=5)
    assert {each.id: each.status for each in kept.all()} == {each.id: "done" for each in asked}
    assert lanes.submit(job("now", 1)) is asked[1]  # the same question again


def test_a_long_job_does_not_hold_up_a_sketch_and_can_be_cancelled(lanes: Lanes) -> None:
    long, waiting = lanes.submit(job("wait")), lanes.submit(job("now", 1))
    sketch = lanes.submit(job("now", 2, "quick"))
    until(lambda: sketch.status == "done" and long.done == 1)
    assert (long.status, waiting.status, lanes.place(waiting)) == ("running", "queued", 0)
    lanes.cancel(long)
    until(lambda: waiting.status == "done")
    assert long.status == "cancelled"


def test_a_job_in_the_queue_is_cancelled_without_being_begun(lanes: Lanes) -> None:
    long, waiting = lanes.submit(job("wait")), lanes.submit(job("now", 1))
    until(lambda: long.status == "running")
    lanes.cancel(waiting)
    lanes.cancel(long)
    until(lambda: long.has_ended)
    assert (waiting.status, waiting.done) == ("cancelled", 0)


def test_a_lost_worker_fails_its_job_in_clear_words_and_is_replaced(lanes: Lanes) -> None:
    lost, after = lanes.submit(job("die")), lanes.submit(job("now", 1))
    until(lambda: after.status == "done")
    assert lost.status == "failed"
    assert "lack of memory" in lost.error["en"]
    assert "内存不足" in lost.error["zh"]


def test_whoever_watches_a_job_hears_how_it_ended(tmp_path: Path) -> None:
    """Also where it ends at the moment in which a page is told how far it is."""
    watched = replace(job("wait"), status="running", request={"scenarios": [{"name": "A"}]})

    async def heard() -> list[str]:
        said = []
        async for event in told_of(watched, Lanes(Jobs(tmp_path, kept=9), 0, 0, 9)):
            said.append(json.loads(event.removeprefix("data: "))["status"])
            if not watched.has_ended:
                watched.status = "done"
                watched.revision += 1
        return said

    assert asyncio.run(heard()) == ["running", "done"]


def test_a_job_that_was_running_when_the_server_ended_runs_at_the_next_start(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, kept=5)
    running, done = job("now"), job("now", 1)
    running.status, done.status, running.done = "running", "done", 7
    jobs.add(running)
    jobs.add(done)
    (tmp_path / done.id / "job.json").with_name("rubbish").mkdir()
    again = Jobs(tmp_path, kept=5)
    again.requeue()
    assert [(each.id, each.done) for each in again.waiting()] == [(running.id, 0)]


def test_a_damaged_record_is_left_out(tmp_path: Path) -> None:
    Jobs(tmp_path, kept=5).add(job("now"))
    (tmp_path / job("now").id / "job.json").write_text("{", encoding="utf-8")
    assert Jobs(tmp_path, kept=5).all() == []


def test_old_jobs_go(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, kept=2)
    for number in range(5):
        each = job("now", number)
        each.status, each.created = "done", float(number)
        jobs.add(each)
    assert sorted(each.request["number"] for each in jobs.all()) == [3, 4]
    assert len(list(tmp_path.iterdir())) == 2


@pytest.fixture(scope="module")
def small() -> dict[str, Any]:
    base = {"region": "341282", "start": "2020-11", "until": "2021-02", "scale": 0.002}
    subsidy = {
        "lever": "housing_subsidy",
        "start": "2020-12",
        "zones": ["seat"],
        "rent_yuan_per_household_year": 9000,
        "eligible": ["local_rural", "local_urban", "elsewhere"],
    }
    scenarios = [{"name": "A", **base}, {"name": "B <b>", **base, "policies": {"rent": subsidy}}]
    return {"scenarios": scenarios, "scale": 0.002, "draws": 2, "seed": 3}


@pytest.fixture(scope="module")
def outcome(small: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What a worker tells of a comparison, and its result."""
    folder = tmp_path_factory.mktemp("job")
    ours, theirs = Pipe()
    _do(theirs, "compare", small, str(folder))
    messages = []
    while ours.poll():
        messages.append(ours.recv())
    return messages, json.loads((folder / RESULT).read_text(encoding="utf-8"))


def test_a_worker_tells_how_far_it_is(outcome: Outcome) -> None:
    messages, _ = outcome
    assert messages[0] == {"total": 2 * 2 * 4, "of_draws": 2, "draws": 0}
    assert messages[-1] == {"status": "done"}
    assert messages[-2] == {"draws": 2, "done": 16, "error": None}
    assert 1 in [each.get("draws") for each in messages]  # bands fill in as draws arrive


def test_the_result_is_that_of_the_python_api(outcome: Outcome, small: dict[str, Any]) -> None:
    result = outcome[1]
    plan = plan_of(small)
    reference = urbsim_compare(plan)
    world = reference[(reference["indicator"] == "urbanization_rate") & (reference["month"] == "2021-02")]
    medians = world.groupby("scenario", observed=True)["value"].median()
    for name in ("A", "B <b>"):
        series = result["series"]["urbanization_rate"][name]
        assert result["months"] == ["2020-11", "2020-12", "2021-02"]
        assert series["median"][-1] == pytest.approx(medians[name], rel=1e-5)
        assert series["low"][-1] <= series["median"][-1] <= series["high"][-1]
    assert set(result["differences"]["urbanization_rate"]) == {"B <b>"}
    assert sum(row["yuan"] for row in result["spending"]) > 0
    assert result["runs"] == 2


def urbsim_compare(plan: Any) -> Any:
    from urbsim.experiment.runner import Runner, available_store, carry_out

    return carry_out(plan, Runner(1, store=available_store())).series


def test_moves_add_up_to_the_change_of_stocks(outcome: Outcome) -> None:
    """Flows into and out of the villages in 2021; the median of two runs is their mean."""
    result = outcome[1]
    flows = [each for each in result["moves"] if (each["scenario"], each["year"]) == ("A", "2021")]
    change = sum(
        each["persons"] * ((each["destination"] == "village") - (each["origin"] == "village")) for each in flows
    )
    village = result["series"]["village_residents"]["A"]["median"]
    assert result["months"][1:] == ["2020-12", "2021-02"]
    assert change == pytest.approx(village[2] - village[1], abs=2.0)  # as rounded for the page
    assert sum(each["persons"] for each in flows if "village" in (each["origin"], each["destination"])) > 0


def test_a_cancelled_job_stops_between_two_months(small: dict[str, Any], tmp_path: Path) -> None:
    ours, theirs = Pipe()
    ours.send(CANCEL)
    _do(theirs, "compare", {**small, "seed": 99}, str(tmp_path))
    messages = []
    while ours.poll():
        messages.append(ours.recv())
    assert messages[-1] == {"status": "cancelled"}
    assert not (tmp_path / RESULT).exists()


@pytest.mark.parametrize(("kind", "words"), [("compare", "scale is 3"), ("household", "'xyz' is not known")])
def test_a_job_that_cannot_be_done_fails_in_words(small: dict[str, Any], tmp_path: Path, kind: str, words: str) -> None:
    ours, theirs = Pipe()
    asked = {**small, "person": "xyz", **({"scale": 3} if kind == "compare" else {})}
    _do(theirs, kind, asked, str(tmp_path))
    messages = []
    while ours.poll():
        messages.append(ours.recv())
    assert messages[-1]["status"] == "failed"
    assert words in messages[-1]["error"]["en"]
    assert re.search("[\u4e00-\u9fff]", messages[-1]["error"]["zh"])


def test_a_view_is_strict_json(tiny: Any) -> None:
    found = view(tiny)
    text = json.dumps(found, allow_nan=False)
    assert json.loads(text)["scenarios"] == list(tiny.names)
    assert found["targets"][0]["target"] == 0.99
    assert {block["label"]["zh"] for block in found["headline"]} >= {"常住人口城镇化率"}
    assert found["headings"]["2021-12"] == {"en": "2021-12 (end)", "zh": "2021-12（期末）"}


def test_numbers_are_told_in_the_units_of_each_language(tiny: Any) -> None:
    """People are counted one by one in English and by ten thousands in Chinese."""
    (block,) = [each for each in view(tiny)["headline"] if each["label"]["en"].lower() == "residents"]
    assert block["unit"] == {"en": "persons", "zh": "万人"}
    english, chinese = (float(block["cells"][0][language]["value"].replace(",", "")) for language in ("en", "zh"))
    assert english == pytest.approx(chinese * 1e4, rel=1e-3)


def test_costs_and_cuts_say_what_they_are_of(tiny: Any) -> None:
    """Half of 8 million yuan was there; policies are called what their lever is, and as they call themselves."""
    plan, runs = tiny.names[1], [0, 1]
    columns = ["scenario", "draw", "replicate", "year", "place", "limit", "policy", "lever", "unit"]
    row = [2021, "341282", "money", "hospitals", "health_capacity", "yuan", 8e6, 4e6]
    limits = pd.DataFrame([[plan, 0, run, *row] for run in runs], columns=[*columns, "wanted", "possible"])
    found = view(Ensemble(tiny.plan, {**tiny.tables, "limits": limits}))
    (cut,) = found["cuts"]
    assert (cut["wanted"], cut["possible"], cut["share"], cut["first"]) == (8.0, 4.0, 0.5, 2021)
    assert cut["limit"] == {"en": "money, million yuan", "zh": "资金，百万元"}
    titles = {each["policy"]: each["title"] for each in found["policies"]}
    assert cut["title"] == titles["hospitals"]
    assert titles["hospitals"]["en"].endswith(" (hospitals)")
    assert "(" not in titles["industrial_parks"]["en"]
    assert re.search("[\u4e00-\u9fff]", titles["hospitals"]["zh"])


def test_a_workbook_holds_numbers_as_numbers_and_no_formula(tiny: Any, tmp_path: Path) -> None:
    scenarios = tuple(replace(each, name=f"=1+{number}", name_zh="") for number, each in enumerate(tiny.plan.scenarios))
    names = dict(zip(tiny.names, (each.name for each in scenarios), strict=True))
    tables = {
        name: table.assign(scenario=table["scenario"].astype(str).map(names)) for name, table in tiny.tables.items()
    }
    path = tmp_path / "urbsim.xlsx"
    write_workbook(Result(replace(tiny.plan, scenarios=scenarios), tables), path, "zh")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:3] == ["摘要", "主要结果", "目标"]
    rows = list(book["逐年"].iter_rows(min_row=2))
    assert {row[0].value for row in rows} == {"=1+0", "=1+1"}
    assert all(row[0].data_type == "s" for row in rows)
    residents = next(row for row in rows if row[2].value == "residents" and row[5].value == "2020-11")
    assert residents[6].value == pytest.approx(tiny.summary().query("indicator == 'residents'")["median"].iloc[0])


def said_of(kind: str, request: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the result of a question that a worker carried out."""
    ours, theirs = Pipe()
    _do(theirs, kind, request, str(folder))
    messages = []
    while ours.poll():
        messages.append(ours.recv())
    assert messages[-1] == {"status": "done"}, messages[-1]
    found: dict[str, Any] = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    return found


def test_a_sweep_is_that_of_the_python_api(small: dict[str, Any], tmp_path: Path) -> None:
    vary = ["policies.rent.rent_yuan_per_household_year=0,9000"]
    runs = {"scale": 0.002, "draws": 0, "seed": 3}
    asked = SweepAsked(plan=small["scenarios"][1], vary=vary, indicators=["seat_residents"], **runs)
    job = answering("sweep", asked, PageLimits())
    found = said_of("sweep", job.request, tmp_path)
    plan = urbsim.scenario_from_mapping(small["scenarios"][1])
    expected = urbsim.sweep(plan, vary, indicators=["seat_residents"], **runs).rows()
    assert [row["median"] for row in found["rows"]] == pytest.approx(list(expected["median"]), rel=1e-5)
    spent = [row["median"] for row in found["rows"] if row["indicator"] == "cost"]
    assert spent[0] == 0.0 < spent[1]
    assert found["tables"][0]["rows"]["en"]
    assert found["amounts"][0]["label"]["zh"].startswith("住房补贴：")  # the only one of its lever: no key
    curve = [row for row in found["curves"] if row["indicator"] == "cost"]
    assert [(row["value"], row["median"]) for row in curve] == list(zip([0, 9000], spent, strict=True))
    assert found["text"] == {"en": "", "zh": ""}  # a plan without goals cannot fail


def test_a_sweep_of_too_many_points_is_refused(small: dict[str, Any]) -> None:
    varied = list(registry().items())[:3]
    vary = [f"parameters.{name}={parameter.low}:{parameter.high}" for name, parameter in varied]
    asked = SweepAsked(plan=small["scenarios"][1], vary=vary, levels=20)
    with pytest.raises(RequestError, match="8000 points on 8 runs each"):
        answering("sweep", asked, PageLimits())


def test_groups_are_those_of_the_python_api(small: dict[str, Any], tmp_path: Path) -> None:
    settings = {"by": "sex", "indicator": ["residents"], "of": {"age": "16-59"}, "at": "2020-12", "people": 3}
    runs = {"scale": 0.002, "draws": 0, "seed": 3}
    asked = ByGroup(scenarios=small["scenarios"][:1], **settings, **runs)
    found = said_of("groups", answering("groups", asked, PageLimits()).request, tmp_path)
    expected = urbsim.groups(urbsim.scenario_from_mapping(small["scenarios"][0]), **settings, **runs)
    rows = found["rows"]["residents"]
    assert [row["median"] for row in rows] == pytest.approx(list(expected.rows["residents"]["median"]), rel=1e-5)
    assert [row["sex"] for row in rows] == ["male", "female"]
    assert [row["age"] for row in found["people"]] == list(expected.people["age"])


def test_a_choice_is_that_of_the_python_api(small: dict[str, Any], tmp_path: Path) -> None:
    runs = {"month": "2020-12", "pick": "female village", "scale": 0.002, "seed": 3}
    asked = TraceOf(scenario=small["scenarios"][1], **runs)
    found = said_of("trace", tracing(asked, PageLimits()).request, tmp_path)
    expected = urbsim.trace(urbsim.scenario_from_mapping(small["scenarios"][1]), **runs)
    assert [row["value"] for row in found["rows"]] == pytest.approx(list(expected["value"]), rel=1e-5)
    assert found["tables"][0]["rows"]["zh"]


def searched(small: dict[str, Any], **settings: Any) -> SeekAsked:
    asked = {
        "reach": ["residents >= 1000 @ 2021-01"],
        "vary": ["policies.rent.rent_yuan_per_household_year=0:9000"],
        "trials": 5,
        "draws": 1,
    }
    return SeekAsked(plan={**small["scenarios"][1], "until": "2021-03"}, **{**asked, **settings})


def test_a_search_is_as_long_as_what_it_simulates(small: dict[str, Any]) -> None:
    assert answering("seek", searched(small), PageLimits()).total == 3 * (5 + 100)  # three months until the goal
    later = searched(small, within=["cost <= 1e9 @ 2021-02"], draws=2, verify=120)
    assert answering("seek", later, PageLimits()).total == 4 * (2 * 5 + 120)
    undated = searched(small, within=["cost <= 1e9"])  # of the month of the goal, not of the last of the plan
    assert answering("seek", undated, PageLimits()).total == 3 * (5 + 100)


@pytest.mark.parametrize(
    ("settings", "english", "chinese"),
    [
        ({"reach": ["resident >= 1 @ 2021-01"]}, "did you mean", "是否"),
        ({"vary": ["policies.rent.rent_yuan_per_household_year=0:-5"]}, "LOW must be below HIGH", "下限必须小于上限"),
        ({"within": ["cost <= much"]}, "is no number", "不是数字"),
        ({"trials": 300, "draws": 60}, "urbsim seek", "urbsim seek"),
    ],
)
def test_a_question_that_cannot_be_is_refused_at_once(
    small: dict[str, Any], settings: dict[str, Any], english: str, chinese: str
) -> None:
    with pytest.raises(RequestError) as refused:
        answering("seek", searched(small, **settings), PageLimits())
    assert refused.value.status in {400, 422}
    assert english in refused.value.message.en
    assert chinese in refused.value.message.zh


def test_a_job_that_makes_more_runs_than_were_expected_says_so() -> None:
    ours, theirs = Pipe()
    told = Told(theirs)
    told.expect(30, 10)
    told.begin("first", 2)
    told.advance(10)
    told.advance(10)
    told.begin("more", 3)
    heard = []
    while ours.poll():
        heard.append(ours.recv())
    assert [each["total"] for each in heard if "total" in each] == [30, 50]


@pytest.mark.slow
def test_a_search_says_what_it_takes(small: dict[str, Any], tmp_path: Path) -> None:
    found = said_of("seek", answering("seek", searched(small), PageLimits()).request, tmp_path)
    assert found["reached"]
    assert "rent" not in found["scenario"].get("policies", {})  # the goal needs no money
    assert "100" in found["text"]["zh"]
    assert found["tables"][0]["rows"]["zh"] == [["住房补贴：发给租房家庭（元/户·年）", "0", "0 – 9,000"]]
    assert found["verified"]["chance"] == 1.0 >= found["wanted"]
