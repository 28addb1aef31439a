"""What the README shows works: its Python example, its commands, its folders and its picture."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib.image
import pytest
import typer

from urbsim.cli import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_example_compares_two_scenarios_and_draws_a_chart(tmp_path, monkeypatch, capsys):
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    monkeypatch.chdir(tmp_path)
    example = re.search(r"^```python\n(.*?)^```$", README, flags=re.M | re.S)
    assert example is not None
    names: dict[str, object] = {}
    exec(compile(example[1], "README.md", "exec"), names)
    table = names["result"].table(("urbanization_rate", "seat_residents"))
    assert set(table["month"]) == {"2020-11", "2025-12"}
    at_the_end = table[(table["scenario"] == "Plan to 2025") & (table["month"] == "2025-12")]
    assert (at_the_end["difference"] != 0).all()
    assert "seat_residents" in capsys.readouterr().out
    assert (tmp_path / "seat.png").stat().st_size > 10_000


def test_the_table_of_commands_lists_every_command_once():
    table = re.search(r"^\| command \| does \|\n(.*?)\n\n", README, flags=re.M | re.S)
    assert table is not None
    shown = re.findall(r"`urbsim ([\w-]+)", table[1])
    assert sorted(shown) == sorted(typer.main.get_command(app).commands)


def test_the_commands_of_make_exist():
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README, flags=re.M):
        assert re.search(rf"^{target}:", targets, flags=re.M), f"no `make {target}`"


@pytest.mark.parametrize("name", sorted(set(re.findall(r"^\| `(\w+)`(?:, `(\w+)`)? \|", README, flags=re.M))))
def test_the_folders_named_exist(name):
    assert all((ROOT / folder).is_dir() for folder in name if folder)


def test_the_picture_is_small_enough_and_wide_enough_to_read():
    picture = ROOT / re.search(r"!\[[^\]]*\]\(([^)]+)\)", README)[1]
    assert picture.stat().st_size < 200_000
    assert matplotlib.image.imread(picture).shape[1] >= 800
