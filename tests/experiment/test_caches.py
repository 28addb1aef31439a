"""Compiled code comes only from a folder that nobody but the user can have written to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from urbsim.caches import FolderError, own_folder

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners and modes of files")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "kernels"
    home.mkdir(mode=0o700)
    return home


def test_a_new_folder_is_for_the_user_alone(tmp_path):
    found = own_folder(tmp_path / "a" / "b")
    assert found.stat().st_mode & 0o777 == 0o700
    (found / "code.nbi").touch(0o664)
    assert own_folder(found) == found  # nobody else can reach into it


@pytest.mark.parametrize("mode", [0o770, 0o777, 0o702, 0o720])
def test_a_folder_that_others_can_write_to_is_refused(home, mode):
    home.chmod(mode)
    with pytest.raises(FolderError, match="others may write to"):
        own_folder(home)


def test_links_are_refused(home, tmp_path):
    (tmp_path / "link").symlink_to(home)
    with pytest.raises(FolderError, match="is a link"):
        own_folder(tmp_path / "link")
    (home / "code.nbi").symlink_to("/etc/passwd")
    with pytest.raises(FolderError, match="is a link"):
        own_folder(home)


def test_open_files_in_an_open_folder_are_refused(home):
    home.chmod(0o755)
    code = home / "code.nbi"
    code.touch()
    code.chmod(0o666)
    with pytest.raises(FolderError, match=r"others may write to .*code\.nbi"):
        own_folder(home)


def test_a_parent_in_which_anybody_may_replace_the_folder_is_refused(home):
    home.parent.chmod(0o777)
    with pytest.raises(FolderError, match="anybody may replace"):
        own_folder(home)
    home.parent.chmod(0o1777)  # as the temporary directory: only owners may replace what is theirs
    assert own_folder(home) == home


@pytest.mark.parametrize("which", ["folder", "file"])
def test_what_belongs_to_somebody_else_is_refused(home, which, monkeypatch):
    mine = os.getuid()
    code = home / "code.nbi"
    code.touch()
    real = Path.lstat

    def strange(path):
        found = list(real(path))
        if path == (home if which == "folder" else code):
            found[4] = mine + 1
        return os.stat_result(found)

    monkeypatch.setattr(Path, "lstat", strange)
    with pytest.raises(FolderError, match="belongs to another user"):
        own_folder(home)


def kernels_in(**variables: str) -> str:
    code = "from urbsim import kernels; print(kernels.CACHE_FOLDER, '|', kernels.CACHE_PROBLEM)"
    environment = {**os.environ, **variables}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return result.stdout.strip()


def test_an_unsafe_folder_is_passed_over_wherever_it_was_named(tmp_path):
    unsafe = tmp_path / "open"
    unsafe.mkdir()
    unsafe.chmod(0o777)
    safe = tmp_path / "own"
    everywhere = {"NUMBA_CACHE_DIR": str(unsafe), "URBSIM_CACHE_DIR": str(unsafe), "XDG_CACHE_HOME": str(safe)}
    assert kernels_in(**everywhere).startswith(str(safe / "urbsim" / "kernels-"))
    found = kernels_in(**{**everywhere, "XDG_CACHE_HOME": str(unsafe)})
    assert found.startswith("None | ")
    assert "anybody may replace" in found
    assert kernels_in(**{**everywhere, "URBSIM_CACHE_DIR": str(safe)}).startswith(str(safe / "kernels-"))


def test_without_a_folder_the_model_is_compiled_and_a_line_says_why(monkeypatch, tmp_path):
    from urbsim import kernels
    from urbsim.experiment import compilation, executor
    from urbsim.experiment.progress import Progress
    from urbsim.experiment.simulate import Task
    from worlds import small_scenario

    said = []

    class Saying(Progress):
        def message(self, text):
            said.append(text)

    monkeypatch.setattr(kernels, "CACHE_FOLDER", None)
    monkeypatch.setattr(kernels, "CACHE_PROBLEM", "it is open to all")
    monkeypatch.setattr(executor, "simulate", lambda task, _: task)
    assert compilation.is_ready()
    task = Task(small_scenario(), ((0.0,) * 4,), 0, 0)
    assert [outcome for _, outcome in executor.run_all([task], 1, Saying())] == [task]
    said_in_full = "compiling the model anew, up to half a minute: compiled code is not kept, because it is open to all"
    assert said == [said_in_full]


def test_code_that_is_compiled_already_is_used_wherever_it_lies(tmp_path):
    other = tmp_path / "other"
    first = kernels_in(XDG_CACHE_HOME=str(tmp_path / "home"), URBSIM_CACHE_DIR=str(other), NUMBA_CACHE_DIR="")
    folder = Path(first.split(" |")[0])
    assert folder.parent == other
    mine = tmp_path / "home" / "urbsim" / folder.name
    mine.mkdir(mode=0o700, parents=True)
    (mine / "complete").touch()
    again = kernels_in(XDG_CACHE_HOME=str(tmp_path / "home"), URBSIM_CACHE_DIR=str(other), NUMBA_CACHE_DIR="")
    assert Path(again.split(" |")[0]) == mine
