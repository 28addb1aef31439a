from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import program
from urbsim.experiment.tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
JIESHOU = ROOT / "scenarios" / "jieshou"
QUICK = ["--scale", "0.002", "--until", "2021-04", "--draws", "0", "--replicates", "2", "--jobs", "1"]
SCENARIO = "name: {name}\nregion: {region}\nstart: 2020-11\nuntil: 2021-01\nscale: 0.002\n"


def urbsim(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "urbsim", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False, timeout=300)


def scenario_file(folder: Path, name: str, region: str = "341282") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(SCENARIO.format(name=name, region=region), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("compared")
    files = [JIESHOU / "baseline.yaml", JIESHOU / "plan-2025.yaml"]
    return folder, urbsim("compare", *files, *QUICK, cwd=folder)


def test_help_starts_without_the_heavy_libraries():
    code = (
        "import sys, urbsim.cli\n"
        "heavy = {'pandas', 'numpy', 'numba', 'mesa', 'matplotlib', 'pydantic', 'scipy', 'pyarrow'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_help_lists_every_command_and_compare_shows_examples(tmp_path):
    commands = program.urbsim("--help", cwd=tmp_path).stdout
    for name in ("run", "compare", "validate", "show", "diff", "regions", "policies", "report", "schema"):
        assert f" {name} " in commands
    assert "scenarios/jieshou/plan-2025.yaml" in program.urbsim("compare", "--help", cwd=tmp_path).stdout


def test_compare_prints_results_on_stdout_and_messages_on_stderr(compared):
    _, result = compared
    assert result.returncode == 0, result.stderr
    assert "Resident urbanization rate (%)" in result.stdout
    assert "finished" not in result.stdout
    assert "finished 4 of 4" in result.stderr
    assert "written to outputs" in result.stderr


def test_compare_writes_a_run_folder_of_its_own(compared):
    folder, _ = compared
    (run_folder,) = (folder / "outputs").iterdir()
    names = {path.name for path in run_folder.iterdir()}
    tables = {"series.parquet", "flows.parquet", "ledger.parquet", "synthesis.csv", "summary.csv", "comparison.csv"}
    assert names >= tables | {"manifest.json", "scenarios", "charts", "report.html"}
    assert "replicates" not in names
    assert {path.name for path in (run_folder / "scenarios").iterdir()} == {"baseline.yaml", "plan-to-2025.yaml"}


def test_the_same_command_again_reads_the_folder_and_prints_the_same(compared):
    folder, first = compared
    files = [JIESHOU / "baseline.yaml", JIESHOU / "plan-2025.yaml"]
    again = program.urbsim("compare", *files, *QUICK, "--no-charts", cwd=folder)
    assert "already holds every run" in again.stderr
    assert again.stdout == first.stdout


def test_quiet_json_is_all_there_is(compared):
    folder, _ = compared
    files = [JIESHOU / "baseline.yaml", JIESHOU / "plan-2025.yaml"]
    result = program.urbsim("compare", *files, *QUICK, "--quiet", "--json", "--lang", "zh", "--no-charts", cwd=folder)
    assert result.stderr == ""
    data = json.loads(result.stdout)
    assert data["labels"]["residents"] == "常住人口"
    assert data["replicates"] == 2


def test_run_keeps_its_scenario_beside_the_results(tmp_path):
    options = ("--jobs", "1", "--no-charts", "-o", tmp_path / "out", "-q")
    result = program.urbsim("run", scenario_file(tmp_path, "one"), *options, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out" / "scenario.yaml").exists()
    assert "difference from" not in result.stdout


def test_an_indicator_asked_for_is_shown_and_drawn(tmp_path, compared):
    asked = ["-i", "unemployment_rate", "--indicator", "residents", "--only", "--lang", "zh"]
    options = ("--draws", "0", "--jobs", "1", "-o", "out", "-q")
    result = program.urbsim("run", scenario_file(tmp_path, "one"), *asked, *options, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("城镇失业率（%）") == result.stdout.count("常住人口（万人）") == 1
    assert (tmp_path / "out" / "charts" / "unemployment_rate.png").stat().st_size > 10_000
    folder, plain = compared
    assert "unemployment rate" not in plain.stdout
    assert not list(folder.glob("outputs/*/charts/unemployment_rate.png"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "a.yaml", "-i", "unemployed_rate"], "did you mean 'unemployment_rate'?"),
        (["run", "missing.yaml"], "missing.yaml:1:1: no such file"),
        (["compare", "a.yaml"], "give a baseline and at least one more scenario"),
        (["compare", "a.yaml", "a.yaml"], "two scenarios are named 'a'"),
        (["compare", "a.yaml", "b.yaml"], "differ in region (341282 in 'a', 340102 in 'b')"),
        (["run", "a.yaml", "--scale", "2"], "scale is 2; it must be above 0 and at most 1"),
        (["run", "a.yaml", "--until", "2020-13"], "'2020-13' is not a month; write YYYY-MM"),
        (["run", "a.yaml", "--until", "2019-01"], "until 2019-01 is before 'a' starts, 2020-11"),
        (["run", "a.yaml", "--jobs", "0"], "--jobs"),
        (["run", "a.yaml", "-o", "a.yaml"], "cannot write to the output folder a.yaml"),
        (["run", "a.yaml", "-o", "."], "is not empty and holds no run"),
        (["run", "broken.yaml"], "broken.yaml:1:1"),
        (["run", "a.yaml", "--lang", "fr"], "'fr' is not one of"),
        (["rum", "a.yaml"], "No such command 'rum'"),
    ],
)
def test_bad_input_is_exit_code_2_with_a_message_and_no_traceback(tmp_path, arguments, words):
    scenario_file(tmp_path, "a")
    scenario_file(tmp_path, "b", "340102")
    (tmp_path / "broken.yaml").write_text("nmae: x\n", encoding="utf-8")
    result = program.urbsim(*arguments, cwd=tmp_path)
    message = " ".join(result.stderr.replace("│", " ").split())
    assert result.returncode == 2, message
    assert words in message
    assert "Traceback" not in message
    assert result.stdout == ""


def test_problems_of_all_files_are_reported_together(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("nmae: x\n", encoding="utf-8")
    message = program.urbsim("compare", "a.yaml", "b.yaml", cwd=tmp_path).stderr
    assert "a.yaml:1:1" in message
    assert "b.yaml:1:1" in message


def test_another_experiment_in_the_output_folder_is_refused(tmp_path):
    path = scenario_file(tmp_path, "one")
    options = ["--jobs", "1", "--draws", "0", "-q", "--no-charts", "-o", "out"]
    assert program.urbsim("run", path, *options, cwd=tmp_path).returncode == 0
    result = program.urbsim("run", path, *options, "--seed", "3", cwd=tmp_path)
    assert result.returncode == 2
    assert "out holds another experiment: seed is 0 there and 3 now" in result.stderr


def test_ctrl_c_stops_at_once_keeps_finished_runs_and_says_how_to_resume(tmp_path):
    path = scenario_file(tmp_path, "long")
    command = [
        sys.executable,
        "-m",
        "urbsim",
        "run",
        path,
        "--draws",
        "0",
        "--replicates",
        "500",
        "--seed",
        "77",
        "--jobs",
        "2",
        "-o",
        "out",
    ]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    parts = tmp_path / "out" / "replicates" / "long"
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline and not (parts.exists() and any(parts.iterdir())):
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, message = process.communicate(timeout=60)  # five hundred replicates would take far longer
    assert process.returncode == 130
    assert "interrupted. Finished runs are kept in out; the same command continues from there" in message
    assert "Traceback" not in message
    expected = ("reading", "finished", "simulating", "urbsim: ")  # the third where the machine is slow
    assert not [line for line in message.splitlines() if not line.startswith(expected)]
    whole = [{path.stem for path in part.iterdir()} for part in parts.iterdir() if not part.name.startswith(".")]
    assert whole == [{*TABLES, "entry"}] * len(whole)


def test_a_reader_that_stops_early_causes_no_traceback(tmp_path):
    command = f"{sys.executable} -m urbsim schema | head -c 10 > {os.devnull}"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "Traceback" not in result.stderr


def test_report_writes_the_page_again_in_another_language_and_keeps_the_manifest_true(compared):
    folder, _ = compared
    (run_folder,) = (folder / "outputs").iterdir()
    assert program.urbsim("report", run_folder, "-o", "before.html", cwd=folder).returncode == 0
    before = (folder / "before.html").read_text(encoding="utf-8")
    result = program.urbsim("report", run_folder, "--lang", "zh", "-i", "births", "--only", cwd=folder)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip().endswith("report.html")
    after = (run_folder / "report.html").read_text(encoding="utf-8")
    assert "At a glance" in before
    assert "主要结果" in after
    assert "近12个月出生" in after
    headline = after[after.index('<section id="zh-headline">') :]
    headline = headline[: headline.index("</table>")]
    assert "近12个月出生" in headline
    assert "常住人口城镇化率（%）" not in headline
    assert after.index('id="show-zh" class="choice" checked') < after.index('id="show-en" class="choice">')
    manifest = json.loads((run_folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["outputs"]["report.html"] == hashlib.sha256(after.encode()).hexdigest()
    again = program.urbsim("report", run_folder, "-o", "english.html", cwd=folder)
    assert again.returncode == 0, again.stderr
    assert (folder / "english.html").read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("folder", "words"),
    [("nowhere", "nowhere is no folder"), (".", "holds no run (no manifest.json)"), ("broken", "cannot be read as")],
)
def test_report_of_what_is_no_run_is_exit_code_2(tmp_path, folder, words):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{", encoding="utf-8")
    result = program.urbsim("report", folder, cwd=tmp_path)
    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_version_is_that_of_the_package(tmp_path):
    from importlib.metadata import version

    result = urbsim("--version", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, f"urbsim {version('urbsim')}\n")


def test_the_shell_can_complete_commands(tmp_path):
    asked = {**os.environ, "_URBSIM_COMPLETE": "complete_bash", "COMP_WORDS": "urbsim ver", "COMP_CWORD": "1"}
    code = "import sys; sys.argv = ['urbsim']; from urbsim.__main__ import main; main()"
    result = subprocess.run([sys.executable, "-c", code], env=asked, capture_output=True, text=True, check=False)
    assert "verify" in result.stdout.split()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of a terminal")
@pytest.mark.parametrize("wait", [0.0, 0.2, 1.0, 3.0])
def test_ctrl_c_while_it_loads_is_one_line_and_exit_code_130(tmp_path, wait):
    arguments = ["urbsim", "run", str(scenario_file(tmp_path, "long")), "--replicates", "500", "-q", "--jobs", "2"]
    code = f"import sys, urbsim.__main__ as m; sys.argv = {arguments}; print('up', flush=True); m.main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    time.sleep(0.05 + wait)
    process.send_signal(signal.SIGINT)
    _, message = process.communicate(timeout=60)
    assert process.returncode == 130
    assert message.startswith("urbsim: interrupted.")
    assert message.count("\n") == 1, message


def children_of(pid: int) -> set[int]:
    """Return the processes started by one, and by those, from /proc."""
    found: set[int] = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError, ValueError):
            continue
        if parent == pid:
            found |= {int(folder.name), *children_of(int(folder.name))}
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("work", [["run", "long.yaml", "--replicates", "500"], ["calibrate", "341282"]])
def test_workers_end_with_a_killed_parent(tmp_path, work):
    scenario_file(tmp_path, "long")
    command = [sys.executable, "-m", "urbsim", *work, "--jobs", "2", "-q"]
    process = subprocess.Popen(command, cwd=tmp_path, start_new_session=True)
    deadline = time.monotonic() + 120
    while len(workers := children_of(process.pid)) < 3 and time.monotonic() < deadline:  # two and a tracker
        time.sleep(0.2)
    assert len(workers) >= 3
    time.sleep(1)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 30
    while (left := {pid for pid in workers if Path(f"/proc/{pid}").exists()}) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not left


def test_a_folder_in_use_says_by_whom(tmp_path):
    scenario_file(tmp_path, "long")
    command = [sys.executable, "-m", "urbsim", "run", "long.yaml", "--replicates", "500", "-o", "out", "-q"]
    process = subprocess.Popen(command, cwd=tmp_path)
    try:
        deadline = time.monotonic() + 120
        while not (tmp_path / "out" / "manifest.json").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        result = program.urbsim("run", "long.yaml", "--replicates", "500", "-o", "out", "-q", cwd=tmp_path)
    finally:
        process.kill()
        process.wait()
    assert result.returncode == 2
    assert f"out is in use by process {process.pid} on " in result.stderr


def test_names_that_look_alike_are_two_scenarios_with_effects_of_their_own(tmp_path):
    content = SCENARIO.replace("{name}", "{name}\nparameters: {{outside.far.wage_growth: {growth}}}")
    for file, name, growth in (("b", "Plan", 0.0), ("c", "Plan 2", 0.12), ("d", "plan", 0.1)):
        text = content.format(name=name, region="341282", growth=growth)
        (tmp_path / f"{file}.yaml").write_text(text, encoding="utf-8")
    options = ("--draws", "0", "--jobs", "1", "-q", "--no-charts", "--json", "-o", "out")
    result = program.urbsim("compare", "c.yaml", "b.yaml", "d.yaml", *options, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    found = {path.read_text(encoding="utf-8").split("\n")[0] for path in (tmp_path / "out" / "scenarios").iterdir()}
    assert found == {"name: Plan", "name: Plan 2", "name: plan"}
    again = program.urbsim("verify", "out", cwd=tmp_path)
    assert again.returncode == 0, again.stdout


def test_a_refused_run_leaves_nothing(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    path = scenario_file(tmp_path, "one")
    result = program.urbsim("run", path, "--draws", "99999", "-o", "new/out", cwd=tmp_path)
    assert result.returncode == 2
    assert not (tmp_path / "new").exists()


def test_an_argument_that_is_no_text_is_recorded_as_such(tmp_path):
    path = scenario_file(tmp_path, "one")
    command = [sys.executable, "-m", "urbsim", "run", str(path), "--draws", "0", "--jobs", "1", "-q", "--no-charts"]
    command += ["-o", b"o\xff"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert result.returncode == 0, result.stderr
    manifest = json.loads(Path(os.fsdecode(os.fsencode(tmp_path) + b"/o\xff/manifest.json")).read_text("utf-8"))
    assert "o\\udcff" in manifest["command"]


def test_verify_and_reproduce_and_cache(compared):
    folder, _ = compared
    (run_folder,) = (folder / "outputs").iterdir()
    data = json.loads(program.urbsim("verify", run_folder, "--json", cwd=folder).stdout)
    assert (data["intact"], data["changes"], data["notes"]) == (True, [], [])
    result = program.urbsim("reproduce", run_folder, "--json", "-q", "--jobs", "1", cwd=folder)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["same"] is True
    assert "every table came out the same" in program.urbsim("reproduce", run_folder, "--jobs", "1", cwd=folder).stdout
    shown = json.loads(program.urbsim("cache", "--json", cwd=folder).stdout)
    assert shown["entries"] >= 4
    assert shown["folder"] == os.environ["URBSIM_CACHE_DIR"]
    broken = folder / "broken"
    shutil.copytree(run_folder, broken)
    (broken / "flows.parquet").unlink()
    result = program.urbsim("verify", broken, cwd=folder)
    assert (result.returncode, result.stdout) == (1, f"{broken}: flows.parquet is missing\n")
    for command in ("report", "reproduce"):
        result = program.urbsim(command, broken, cwd=folder)
        assert result.returncode == 2
        assert "was changed since it was written: flows.parquet is missing" in result.stderr
