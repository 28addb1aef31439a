"""What other commands found out about the scenarios of a run: results by group, and which policies did it.

They lie in the run folder, or in folders of their own beside it, and are taken where they are of the same scenarios.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from urbsim.distribution.groups import Groups
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import Plan
from urbsim.labels import Language, bilingual
from urbsim.observation.observe import Observation
from urbsim.scenario.model import LAST_MONTH, Scenario
from urbsim.scenario.writing import resolved_yaml

GROUPS, CONTRIBUTIONS = "groups.json", "contributions.json"
#: Folders that answers lie in begin with one of these names.
FOLDERS = ("groups", "contributions")
_MOST_FOLDERS = 200
_RUNS = ("seed", "draws", "replicates")
_NUMBERS = ("median", "low", "high", "difference", "difference_low", "difference_high", "persons", "agents")


@dataclass(frozen=True)
class Contributed:
    """An answer of ``urbsim contributions``, as its JSON has it."""

    data: Mapping[str, Any]

    @property
    def plan(self) -> str:
        """Name of the plan."""
        return str(self.data["plan"])

    def titles(self, language: Language) -> tuple[str, str]:
        """Return what people are shown of the names of the plan and of what it is held against."""
        ending = "_zh" if language == "zh" else ""
        plan, against = (str(self.data.get(f"{key}{ending}", self.data[key])) for key in ("plan", "against"))
        return plan, against

    @property
    def indicator(self) -> str:
        """Name of the indicator."""
        return str(self.data["indicator"])

    @property
    def month(self) -> str:
        """Month asked about, YYYY-MM."""
        return str(self.data["month"])

    @property
    def whole(self) -> Mapping[str, Any]:
        """What the whole plan adds."""
        found: Mapping[str, Any] = self.data["whole"]
        return found

    @property
    def parts(self) -> list[Mapping[str, Any]]:
        """What each part adds, in the order of the plan."""
        return list(self.data["parts"])


@dataclass(frozen=True)
class Answers:
    """What is known beside the runs themselves."""

    groups: Groups | None = None
    contributions: tuple[Contributed, ...] = ()

    def contributions_of(self, plan: str) -> Contributed | None:
        """Return the first answer about a plan; None where nobody asked."""
        return next((found for found in self.contributions if found.plan == plan), None)


def scenario_hash(scenario: Scenario) -> str:
    """Return the SHA-256 of what a scenario simulates, whatever its name, period, scale, targets and observations."""
    plain = replace(scenario, name="", description="", name_zh="", description_zh="", scale=1.0, until=LAST_MONTH)
    return hashlib.sha256(resolved_yaml(replace(plain, targets=(), observe={})).encode()).hexdigest()


def find_answers(plan: Plan, folder: Path, others: Sequence[Path] = ()) -> Answers:
    """Return what was found out about the scenarios of a plan.

    Parameters
    ----------
    plan
        What was simulated.
    folder
        Its run folder; answers are looked for in it and beside it.
    others
        Folders of answers that are named: they must be of these scenarios.

    Raises
    ------
    ExperimentError
        If a named folder holds no answer, or one about other scenarios.
    """
    own = {scenario.name: scenario_hash(scenario) for scenario in plan.scenarios}
    groups: list[Groups] = []
    contributions: list[Contributed] = []
    named = {path.resolve(): path for path in others}
    beside = [path for path in _beside(folder) if path.resolve() not in named]
    for path in (*named.values(), *beside):
        fits = False
        for data in _read(path / GROUPS):
            if _is_of(data, own):
                groups.append(_groups(data, plan))
                fits = True
        for data in _read(path / CONTRIBUTIONS):
            if data.get("plan") in own and data.get("hashes", {}).get(data["plan"]) == own[data["plan"]]:
                contributions.append(Contributed(data))
                fits = True
        if path.resolve() in named and not fits:
            raise ExperimentError(
                bilingual(
                    f"{path} holds no answer about these scenarios; give a folder that 'urbsim groups' or "
                    "'urbsim contributions' wrote for them",
                    f"{path} 中没有关于这些情景的结果；请给出“urbsim groups”或“urbsim contributions”为它们写出的文件夹",
                )
            )
    return Answers(groups[0] if groups else None, tuple(contributions))


def _beside(folder: Path) -> Iterator[Path]:
    """Yield the folders of answers in a run folder, and then those beside it."""
    for parent in (folder, folder.resolve().parent):
        try:
            found = sorted(path for path in parent.iterdir() if path.name.startswith(FOLDERS) and path.is_dir())
        except OSError:
            continue
        yield from found[:_MOST_FOLDERS]


def _read(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the data of a file; nothing where it is missing or was written by something else."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    if isinstance(data, dict) and isinstance(data.get("hashes"), dict):
        yield data


def _is_of(data: Mapping[str, Any], own: Mapping[str, str]) -> bool:
    """Return whether results by group are of scenarios of the plan, with the same baseline."""
    hashes = data["hashes"]
    same = all(own.get(name) == found for name, found in hashes.items())
    return bool(hashes) and same and next(iter(hashes)) == next(iter(own))


def groups_data(groups: Groups, answers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return results by group as plain data, from which ``find_answers`` makes them again."""
    return {
        "hashes": {scenario.name: scenario_hash(scenario) for scenario in groups.plan.scenarios},
        "runs": {name: getattr(groups.plan, name) for name in _RUNS} | {"scale": groups.plan.baseline.scale},
        "answers": list(answers),
        "pyramid": groups.pyramid.to_dict("records"),
    }


def _groups(data: Mapping[str, Any], plan: Plan) -> Groups:
    answers = {answer["name"]: answer for answer in data["answers"]}
    observations = {
        name: Observation(
            answer["indicator"],
            tuple(answer["by"]),
            {dimension: tuple(members) for dimension, members in answer["of"].items()},
            None if answer["ages"] is None else (answer["ages"][0], answer["ages"][1]),
        )
        for name, answer in answers.items()
    }
    first = next(iter(answers.values()))
    runs = data.get("runs", {})
    scale = {"scale": runs["scale"]} if runs else {}
    scenarios = (scenario for scenario in plan.scenarios if scenario.name in data["hashes"])
    return Groups(
        replace(
            plan,
            scenarios=tuple(replace(scenario, **scale) for scenario in scenarios),
            **{name: runs[name] for name in _RUNS if name in runs},
        ),
        observations,
        {name: _table(answer["rows"]) for name, answer in answers.items()},
        {name: _table(answer["all"]) for name, answer in answers.items()},
        {name: _table(answer["twins"]) for name, answer in answers.items() if answer["twins"]},
        _table(first["inequality"]),
        _table(first["left_behind"]),
        _table(data["pyramid"]),
        pd.DataFrame(),
    )


def _table(records: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(list(records))
    numbers = {name: table[name].astype(float) for name in _NUMBERS if name in table}
    reasons = {"suppressed": table["suppressed"].fillna("")} if "suppressed" in table else {}
    return table.assign(**numbers, **reasons)
