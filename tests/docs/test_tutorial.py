"""Every command and code block of the tutorial runs, in order, and what the text claims about the results is true."""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from program import urbsim

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.M | re.S)


@dataclass
class Lesson:
    """What the lesson leaves behind: the names its Python defined, and each command's exit code and output."""

    folder: Path
    names: dict[str, Any] = field(default_factory=dict)
    commands: dict[str, tuple[int, str]] = field(default_factory=dict)

    def run(self, language: str, block: str) -> None:
        if language == "yaml":
            title = block.splitlines()[0].removeprefix("# ")
            (self.folder / title).write_text(block, encoding="utf-8")
        elif language == "python":
            with redirect_stdout(io.StringIO()):
                exec(compile(block, str(PAGE), "exec"), self.names)
        elif language == "sh":
            for line in block.splitlines():
                self.commands[line] = command(line)
        else:
            assert language == "text"


def command(line: str) -> tuple[int, str]:
    """Run a line of the lesson, with one process, which is faster for a short lesson, and with charts that it names."""
    program, *arguments = shlex.split(line)
    if program == "mkdir":
        Path(*arguments).mkdir()
        return 0, ""
    assert program == "urbsim"
    if arguments[0] in ("run", "compare"):
        folder = arguments[arguments.index("-o") + 1]
        arguments += (
            ["--jobs", "1"] if f"{folder}/charts" in PAGE.read_text("utf-8") else ["--jobs", "1", "--no-charts"]
        )
    ended = urbsim(*arguments)
    return ended.returncode, ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lesson")
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    before = Path.cwd()
    os.chdir(folder)
    try:
        lesson = Lesson(folder)
        for language, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
            lesson.run(language, block)
    finally:
        os.chdir(before)
    return lesson


def test_every_command_succeeds_but_the_mistake(lesson):
    codes = {line: code for line, (code, _) in lesson.commands.items()}
    assert {line for line, code in codes.items() if code} == {"urbsim validate lesson/mistakes.yaml"}


def test_the_mistakes_are_reported_as_printed_with_exit_code_2(lesson):
    printed = [block for language, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")) if language == "text"]
    assert lesson.commands["urbsim validate lesson/mistakes.yaml"] == (2, printed[0])


def test_the_charts_named_exist(lesson):
    named = re.findall(r"`(outputs/\S+\.png)`", PAGE.read_text(encoding="utf-8"))
    assert named
    assert all((lesson.folder / chart).stat().st_size > 10_000 for chart in named)
    assert list((lesson.folder / "outputs" / "lesson-hukou" / "charts").glob("*spending*.png"))


def test_the_urban_share_rises_without_policy(lesson):
    table = lesson.names["start_and_end"].pivot(index="indicator", columns="month", values="median")
    start, end = table.loc["urbanization_rate", ["2020-12", "2025-12"]]
    assert start + 0.005 < end < start + 0.1


def test_higher_wages_far_away_draw_people_there_and_hardly_move_the_urban_share(lesson):
    effect = lesson.names["effect_of_wages"]
    assert effect["residents_far"] > 5_000
    assert effect["residents"] < -2_000
    assert effect["village_residents"] < 0
    assert effect["seat_residents"] < 0
    assert abs(effect["urbanization_rate"]) < 0.015


def test_wages_that_respond_enlarge_the_effect_of_a_park(lesson):
    assert lesson.names["general"] > lesson.names["partial"] > 0


def test_open_registration_brings_people_and_registration_and_costs_money(lesson):
    for name in ("effect_of_hukou", "other_effect"):
        effect = lesson.names[name]
        assert effect["registered_urbanization_rate"] > 0.0005
        assert effect["urbanization_rate"] > 0
        assert effect["public_spending"] > 0


def test_a_requirement_above_the_one_in_force_changes_nothing_at_all(lesson):
    assert (lesson.names["no_effect"] == 0.0).all()


def test_half_the_fertility_leaves_about_half_the_births_and_the_urban_share(lesson):
    births = lesson.names["few_births"].loc["births"]
    assert 0.4 < births["median"] / (births["median"] - births["difference"]) < 0.6
    assert abs(lesson.names["few_births"].loc["urbanization_rate", "difference"]) < 0.015


def test_the_network_changes_the_effect_of_far_wages_little(lesson):
    assert lesson.names["without_network"] == pytest.approx(lesson.names["with_network"], rel=0.3)


def test_the_trace_shows_what_the_lesson_says_about_access_and_moving(lesson):
    (line,) = [line for line in lesson.commands if line.startswith("urbsim trace")]
    shown = lesson.commands[line][1]
    seat = shown[shown.index("\ncounty seat\n") :]
    access, move = (
        re.search(rf"^{name} .*", seat, flags=re.M)[0].split() for name in ("residence.hukou", "residence.move_inside")
    )
    coefficient, without, having, value_without, value_with = (float(number) for number in access[-5:])
    assert (round(coefficient, 2), round(without, 2), round(having, 2)) == (0.24, 0.33, 0.67)
    assert value_with - value_without == pytest.approx(0.08, abs=0.005)
    assert float(move[-1]) == pytest.approx(-2.3, abs=0.05)
