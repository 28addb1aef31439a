"""Finding built-in levers and a user's own."""

from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from urbsim.codes import Zone
from urbsim.months import parse_month
from urbsim.policies import levers
from urbsim.policies.base import Policy
from urbsim.policies.registry import LeverFileError, UnknownLeverError, all_levers, lever_class
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment

TEACHING = Path(__file__).parents[2] / "scenarios" / "teaching" / "own_lever"
SPEC = "my_levers.py:TeacherBonus"
WHOLE = """
    from urbsim.labels import Label
    from urbsim.policies.base import Policy


    class Mine(Policy):
        lever = "mine"
        title = Label("Mine", "我的")
        explanation = Label("Mine.", "我的。")
        evidence = "assumption"
        quantities = ("amenity",)

        def apply(self, environment, coverage):
            environment.amenity.contribute(1.0, coverage)

        def spending(self, environment, activity, coverage):
            return coverage.strength
"""


def bonus(**fields: object) -> Policy:
    values = {"start": "2023-09", "zones": ["village"], "yuan_per_teacher_year": 12000, **fields}
    return lever_class(SPEC, TEACHING, allow_code=True).model_validate(values)


def write(folder: Path, text: str, name: str = "levers.py") -> Path:
    path = folder / name
    path.write_text(dedent(text), encoding="utf-8")
    return path


def refusal(spec: str, folder: Path) -> LeverFileError:
    with pytest.raises(LeverFileError) as caught:
        lever_class(spec, folder, allow_code=True)
    return caught.value


def test_every_lever_is_found_under_its_own_name(tmp_path):
    assert len({cls.__name__ for cls in all_levers().values()}) == len(all_levers()) >= 35
    for name, cls in all_levers().items():
        assert cls.lever == name
        assert lever_class(name, tmp_path) is cls


def test_a_class_in_a_new_module_of_levers_is_found_by_itself(tmp_path, monkeypatch):
    write(tmp_path, WHOLE + "\n\n    class Base(Policy):\n        pass\n", "a_new_module.py")
    monkeypatch.setattr(levers, "__path__", [*levers.__path__, str(tmp_path)])
    try:
        all_levers.cache_clear()
        assert all_levers()["mine"].__name__ == "Mine"
        assert lever_class("mine", tmp_path).title.zh == "我的"
    finally:
        monkeypatch.undo()
        all_levers.cache_clear()
        sys.modules.pop("urbsim.policies.levers.a_new_module", None)
    assert "mine" not in all_levers()


def test_a_misspelt_lever_is_answered_with_the_likely_one(tmp_path):
    with pytest.raises(UnknownLeverError, match="unknown lever 'housing_subsidi'") as caught:
        lever_class("housing_subsidi", tmp_path)
    assert caught.value.suggestion == "housing_subsidy"


def test_reading_levers_loads_no_heavy_library():
    heavy = ("pandas", "numba", "mesa", "rapidfuzz")
    code = f"import sys, urbsim.policies.registry; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_same_file_gives_the_same_class_until_it_changes(tmp_path):
    path = write(tmp_path, WHOLE)
    first = lever_class("levers.py:Mine", tmp_path, allow_code=True)
    assert lever_class("levers.py:Mine", tmp_path, allow_code=True) is first
    assert lever_class("./levers.py:Mine", tmp_path, allow_code=True) is first
    path.write_text(path.read_text(encoding="utf-8") + "\nCHANGED = True\n", encoding="utf-8")
    assert lever_class("levers.py:Mine", tmp_path, allow_code=True) is not first


def test_reading_a_lever_file_leaves_nothing_beside_it(tmp_path):
    write(tmp_path, WHOLE)
    lever_class("levers.py:Mine", tmp_path, allow_code=True)
    assert [item.name for item in tmp_path.iterdir()] == ["levers.py"]


def test_a_missing_file_is_named_with_a_neighbour(tmp_path):
    write(tmp_path, WHOLE, "my_levers.py")
    error = refusal("my_lever.py:Mine", tmp_path)
    assert str(error) == "lever file 'my_lever.py': no such file"
    assert error.suggestion == "my_levers.py:Mine"


def test_a_missing_class_is_named_with_what_the_file_has(tmp_path):
    write(tmp_path, WHOLE)
    error = refusal("levers.py:Min", tmp_path)
    assert str(error) == "'levers.py' has no class 'Min'; it has Mine"
    assert error.suggestion == "levers.py:Mine"


@pytest.mark.parametrize("spec", ["levers.py", "levers.py:", ":Mine", "levers.txt:Mine"])
def test_a_specification_without_file_or_class_says_how_to_write_it(tmp_path, spec):
    assert str(refusal(spec, tmp_path)) == f"'{spec}' does not name a lever"


def test_something_that_is_no_policy_is_refused(tmp_path):
    write(tmp_path, "Mine = 3")
    assert "is not a subclass of urbsim.levers.Policy" in str(refusal("levers.py:Mine", tmp_path))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\ny = 1 / 0\n", "levers.py:2: ZeroDivisionError: division by zero"),
        ("x = 1\ndef f(:\n", "levers.py:2: SyntaxError: invalid syntax"),
        ("import no_such_module_here\n", "levers.py:1: ModuleNotFoundError: No module named 'no_such_module_here'"),
        ("raise SystemExit('stop')\n", "levers.py:1: SystemExit: stop"),
    ],
)
def test_a_file_that_fails_on_import_is_reported_with_its_line(tmp_path, text, message):
    write(tmp_path, text)
    assert str(refusal("levers.py:Mine", tmp_path)).startswith(message)


@pytest.mark.parametrize(
    ("found", "put", "message"),
    [
        (
            'title = Label("Mine", "我的")',
            'title = Label("Mine", "")',
            "'title' must be a Label with English and Chinese",
        ),
        ('explanation = Label("Mine.", "我的。")', "", "'explanation' must be a Label with English and Chinese text"),
        ('evidence = "assumption"', "", "'evidence' must name a source or say that it is an assumption"),
        ('lever = "mine"', "", "'lever' must be a name of letters, digits and underscores"),
        ('lever = "mine"', 'lever = "housing_subsidy"', "'lever' is 'housing_subsidy', the name of a built-in lever"),
        ('("amenity",)', '("amenitty",)', "there is no quantity 'amenitty', did you mean 'amenity'?"),
        ('quantities = ("amenity",)', "", "'quantities' must be a tuple of the names of the quantities it changes"),
        ("def spending", "def spend", "method 'spending' is missing"),
    ],
)
def test_an_incomplete_lever_is_told_what_it_lacks(tmp_path, found, put, message):
    assert found in WHOLE
    write(tmp_path, WHOLE.replace(found, put))
    assert message in str(refusal("levers.py:Mine", tmp_path))


def test_the_teaching_lever_raises_quality_and_books_its_cost():
    one = bonus()
    coverage = one.coverage(parse_month("2023-09"), ("341282",), np.ones(1))
    environment, activity = Environment(1), Activity(1)
    one.apply(environment, coverage)
    activity.pupils[0, Zone.VILLAGE] = [500, 300, 150, 500]
    activity.pupils[0, Zone.SEAT] = 1000
    assert environment.school_quality.values[0].tolist() == [[1, 1.12, 1.12, 1], [1, 1, 1, 1], [1, 1, 1, 1]]
    assert one.spending(environment, activity, coverage).tolist() == [450 / 15 * 1000]


def test_an_own_lever_describes_itself_by_file_and_class():
    assert bonus().describe()["lever"] == SPEC


def test_pickling_in_one_process_keeps_class_and_values():
    one = bonus(ramp_months=3)
    twin = pickle.loads(pickle.dumps(one))
    assert type(twin) is type(one)
    assert twin == one


def quality_in_worker(policy: Policy) -> list[float]:
    environment = Environment(1)
    policy.apply(environment, policy.coverage(policy.start, ("341282",), np.ones(1)))
    return environment.school_quality.values[0, 0].tolist()


def test_policies_work_in_a_spawned_worker():
    policies = [
        bonus(),
        all_levers()["school_capacity"](start="2023-01", stage="primary", zones=["village"], quality_gain=0.5),
    ]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as executor:
        results = list(executor.map(quality_in_worker, policies))
    assert results == [[1.0, 1.12, 1.12, 1.0], [1.0, 1.5, 1.0, 1.0]]
