"""Frameworks that speed is compared with follow the rules of the plain Mesa model: what they find differs by chance."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from urbsim.caches import FOLDER_VARIABLE
from urbsim.codes import Stage, Work, Zone
from urbsim.region.base import base_population
from urbsim.scenario.model import Scenario

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
import columns
import others
import rules
from alone import results
from columns import People
from plain_mesa import Person, PlainModel
from run import ONE_THREAD
from start import start_of

ROOT = Path(__file__).resolve().parents[2]
PEOPLE, MONTHS, SEEDS = 20_000, 24, (1, 2)
#: Families move together, so that shares of movers vary more than those of independent people.
FAMILY, ERRORS = 2.0, 4.0


@pytest.fixture(scope="module")
def county(baseline: Scenario) -> Scenario:
    return replace(baseline, scale=PEOPLE / 866_000)


@pytest.fixture(scope="module")
def start_file(county: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("start") / "start.npz"
    start_of(county, base_population(county, 0, 0).population).save(path)
    return path


@pytest.fixture(scope="module")
def plain(start_file: Path) -> dict[str, float]:
    found = []
    for seed in SEEDS:
        model = PlainModel(rules.Start.load(start_file), seed=seed)
        for _ in range(MONTHS):
            model.step()
        found.append(results(model.start, model))
        model.close()
    return means(found)


@pytest.fixture
def of_the_user(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Look for environments where the user's benchmarks make them, not in the folder of the tests."""
    monkeypatch.delenv(FOLDER_VARIABLE)
    return


def means(found: list[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([each[name] for each in found])) for name in ("births", "deaths", "moved", "posts")}


@pytest.mark.slow
@pytest.mark.usefixtures("of_the_user")
@pytest.mark.parametrize("name", others.OTHERS)
def test_other_frameworks_find_what_plain_mesa_finds(name: str, plain: dict[str, float], start_file: Path):
    python = others.installed(name)
    if python is None:
        pytest.skip(f"NOT TESTED: there is no environment of {name}; `python benchmarks/others.py` makes it")
    found = means([others.run(others.command(python, name, start_file, MONTHS, seed), ONE_THREAD) for seed in SEEDS])
    of_two = 2.0 / len(SEEDS)  # the variance of a difference of two means, in variances of one run
    for what in ("births", "deaths"):
        assert abs(found[what] - plain[what]) < ERRORS * np.sqrt(of_two * plain[what]), what
    for what, together in (("moved", FAMILY), ("posts", 1.0)):
        share = plain[what]
        error = np.sqrt(of_two * together * share * (1.0 - share) / PEOPLE)
        assert share > 0.05
        assert abs(found[what] - share) < ERRORS * error, what


def test_codes_are_those_of_urbsim():
    names = ("VILLAGE", "TOWN", "SEAT", "NEAR", "FAR")
    assert [getattr(rules, name) for name in names] == [int(Zone[name]) for name in names]
    names = ("INACTIVE", "FARM", "INDUSTRY", "SERVICES", "SEEKING")
    assert [getattr(rules, name) for name in names] == [int(Work[name]) for name in names]
    names = ("KINDERGARTEN", "PRIMARY", "JUNIOR", "SENIOR", "COLLEGE")
    assert [getattr(rules, name) for name in names] == [int(Stage[name]) for name in names]


def test_a_start_is_read_as_it_was_written(start_file: Path, county: Scenario):
    start = rules.Start.load(start_file)
    assert start.people["birth"].size == pytest.approx(PEOPLE, rel=0.05)
    assert start.month == county.start - 1
    few = start.first(100)
    assert max(few.people["spouse"].max(), few.people["mother"].max()) < 100


def test_rules_on_columns_are_those_of_a_person(start_file: Path):
    """What columns do to people one by one is what a plain person does with the same luck."""
    start = rules.Start.load(start_file)
    model = PlainModel(start)
    chances, person = model.constants, model.first[0]
    for age in (2, 4, 7, 13, 16, 17, 19, 23):
        for stage in range(6):
            for luck in (0.01, 0.99):
                model.random, person.stage = Luck(luck), stage
                new = columns.next_stage(np.array([age]), np.array([stage]), np.array([luck]), chances)
                assert new[0] == person.next_stage(age), (age, stage, luck)
    offer = model.county.offer(start.month + 1, model.counts)
    model.separation, model.finding, model.industry_share = offer.separation, offer.finding, offer.industry
    for age in (20, 45, 55, 65):
        for zone in rules.ZONES:
            for work in rules.WORK:
                for luck in (0.0, 0.004, 0.02, 0.3, 0.7):
                    person.zone, person.work, model.random = zone, work, Luck(luck)
                    person.work_or_search(age)
                    one = np.array([luck])
                    new = columns.next_work(
                        np.array([age]), np.array([zone]), np.array([work]), (one, one), offer, chances
                    )
                    assert new[0] == person.work, (age, zone, work, luck)
    model.close()


@pytest.mark.parametrize("luck", [0.02, 0.3, 0.6, 0.85, 0.98])
def test_columns_choose_where_a_person_would_live(luck: float, start_file: Path, monkeypatch: pytest.MonkeyPatch):
    """The single, couples, people apart from their spouse and people from elsewhere, each as in the plain model."""
    start = rules.Start.load(start_file).first(3_000)
    start.people["zone"][::3] = rules.TOWN  # so that many live apart
    model = PlainModel(start)
    offer = model.county.offer(start.month + 1, model.counts)
    model.log_earnings, model.random = offer.log_earnings, Luck(luck)
    chosen: dict[object, int] = {}
    monkeypatch.setattr(Person, "move", lambda person, zone, _: chosen.update({person: zone}))
    seen = People(*(start.people[name] for name in People._fields))
    age = (start.month + 1 - start.people["birth"]) // 12
    adults = np.flatnonzero(columns.grown_up(age, start.people["stage"]))
    who = columns.deciders(adults, seen.zone, seen.spouse)
    assert who.tolist() == [i for i in adults if model.first[i].decides()]
    for i in who:
        model.first[i].choose_residence(int(age[i]))
    given = np.full(who.size, luck)
    movers, new = columns.families_move(who, age[who], given, seen, offer, model.constants)
    found = {
        model.first[i]: zone for i, zone in zip(movers.tolist(), new.tolist(), strict=True) if i in set(who.tolist())
    }
    married = seen.spouse[who] >= 0
    assert (married & (seen.zone[seen.spouse[who]] != seen.zone[who])).sum() > 50
    assert found == chosen
    model.close()


def test_what_cannot_be_installed_is_left_out_with_a_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr(others.sys, "executable", str(tmp_path / "no-python"))
    assert others.environment("ambr") is None
    assert others.installed("ambr") is None
    assert "ambr is left out: ambr[perf]==" in capsys.readouterr().err


def test_no_other_framework_is_a_dependency():
    words = (ROOT / "pyproject.toml").read_text(encoding="utf-8") + (ROOT / "constraints.txt").read_text(
        encoding="utf-8"
    )
    assert not [package for package, _ in others.OTHERS.values() if package in words]


class Luck:
    """The same number whenever one is drawn."""

    def __init__(self, number: float) -> None:
        self.number = number

    def random(self) -> float:
        return self.number

    def choices(self, values: Sequence[int], weights: Sequence[float]) -> list[int]:
        passed = np.cumsum(weights)
        return [values[int((passed < self.number * passed[-1]).sum())]]
