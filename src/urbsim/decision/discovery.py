"""Scenario discovery: under which conditions a plan fails, as boxes of amounts and drawn parameters.

A small decision tree (CART, as in scenario discovery after Bryant and Lempert 2010) splits the runs into boxes. A box
is told where most of its runs fail, and the tree only where it says more about draws left out than the overall share.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.decision.sweep import Swept
from urbsim.experiment.plan import given
from urbsim.labels import Label
from urbsim.parameters import registry, value_at
from urbsim.scenario.model import Scenario

_DEPTH, _SMALLEST_SHARE, _SMALLEST_BOX = 3, 0.05, 5
#: Draws from which parameters can be told apart as causes.
ENOUGH_DRAWS = 16
_FOLDS = 5
_FEWEST = 2 * _SMALLEST_BOX


Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Conditions:
    """Boxes in which a plan fails.

    Attributes
    ----------
    boxes : DataFrame
        ``box`` (number), ``name`` (path of an amount or name of a parameter), ``low``, ``high`` (missing where there is
        no bound), ``runs`` in the box, ``density`` (share of them that fail), ``coverage`` (share of all failures).
    failing
        Share of all runs that fail.
    skill
        By how much the tree's chances miss less than the overall share, on draws left out (Brier skill score);
        missing where it could not be tested.
    why_none
        Why there are no boxes, where there are none.
    """

    boxes: pd.DataFrame
    failing: float
    skill: float
    why_none: Label | None = None


_COLUMNS = ["box", "name", "low", "high", "runs", "density", "coverage"]
_NO_GOALS = Label(
    "no goal to fail: the plan has no target of a level by this month; give --reach, or a later --at",
    "没有可检验的目标：到该月为止方案没有水平值目标；请用 --reach 给出，或把 --at 放晚",
)
_ALWAYS = Label("the plan fails in every run", "方案在每次模拟中都未达标")
_NEVER = Label("the plan fails in no run", "方案在每次模拟中都达标")
_FEW = Label("too few runs to tell conditions", "模拟次数太少，无法归纳条件")
_NO_SKILL = Label(
    "no condition foretells failure in draws left out better than the overall share",
    "没有条件能比总体比例更好地预示未参与拟合的参数组是否达标",
)


def conditions_of_failure(swept: Swept) -> Conditions:
    """Return under which amounts and drawn parameters a plan misses its goals."""
    if not swept.goals:
        return _none(_NO_GOALS, float("nan"))
    runs = swept.runs()
    failed = ~runs["met"].to_numpy(dtype=bool)
    share = float(failed.mean())
    if share in (0.0, 1.0):
        return _none(_NEVER if share == 0.0 else _ALWAYS, share)
    features = _features(swept, runs)
    if min(failed.sum(), (~failed).sum()) < _SMALLEST_BOX or len(runs) < _FEWEST or features.empty:
        return _none(_FEW, share)
    skill = _skill(features, failed, runs["draw"].to_numpy() * 10_000 + runs["replicate"].to_numpy())
    if not np.isnan(skill) and skill <= 0.0:
        return Conditions(pd.DataFrame(columns=_COLUMNS), share, skill, _NO_SKILL)
    tree = _tree(len(runs)).fit(features.to_numpy(), failed)
    boxes = pd.DataFrame(_boxes(tree, list(features.columns), features.to_numpy(), failed), columns=_COLUMNS)
    return Conditions(boxes, share, skill, None if len(boxes) else _NO_SKILL)


def _none(why: Label, share: float) -> Conditions:
    return Conditions(pd.DataFrame(columns=_COLUMNS), share, float("nan"), why)


def _features(swept: Swept, runs: pd.DataFrame) -> pd.DataFrame:
    """Return amounts, and where there are enough draws the parameters drawn, one row a run."""
    table = runs[[amount.path for amount in swept.amounts]].astype(float)
    numbers = sorted(set(runs["draw"]))
    if len(numbers) >= ENOUGH_DRAWS and swept.plan.calibrated:
        drawn = pd.DataFrame.from_dict({number: _last_values(swept.plan, number) for number in numbers}, orient="index")
        table = table.join(drawn.reindex(runs["draw"]).reset_index(drop=True))
    return table.loc[:, table.nunique() > 1]


def _last_values(plan: Scenario, number: int) -> dict[str, float]:
    """Return the parameters of a draw as they are in the last month."""
    known, parameters = registry(), given(plan, number).parameters
    return {name: value_at(value, plan.until) for name, value in parameters.items() if name in known}


def _tree(runs: int) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    least = max(_SMALLEST_BOX, int(_SMALLEST_SHARE * runs))
    return DecisionTreeClassifier(max_depth=_DEPTH, min_samples_leaf=least, random_state=0)


def _skill(features: pd.DataFrame, failed: Flags, draws: NDArray[np.int64]) -> float:
    from sklearn.model_selection import GroupKFold, cross_val_predict

    folds = min(_FOLDS, len(set(draws.tolist())))
    if folds < 2:
        return float("nan")
    trees, data = _tree(len(features)), features.to_numpy()
    with warnings.catch_warnings():
        # Where one draw alone fails or does not, all others agree: a tree of one answer is what they tell.
        warnings.filterwarnings("ignore", "Number of classes", RuntimeWarning)
        told = cross_val_predict(trees, data, failed, groups=draws, cv=GroupKFold(folds), method="predict_proba")
    plain = float(np.mean((failed - failed.mean()) ** 2))
    return 1.0 - float(np.mean((failed - told[:, -1]) ** 2)) / plain


@dataclass(frozen=True)
class _Box:
    """A region of a tree in which every leaf fails mostly: bounds by feature, and which runs are inside."""

    bounds: dict[int, tuple[float, float]]
    inside: Flags


def _boxes(tree: Any, names: list[str], data: Floats, failed: Flags) -> Iterator[tuple[Any, ...]]:
    """Yield the bounds of every box, the one with most failures first."""
    leaves = tree.apply(data)
    share = max(0.5, float(failed.mean()))
    failing = {leaf for leaf in set(leaves.tolist()) if failed[leaves == leaf].mean() > share}
    found = list(_regions(tree.tree_, 0, {}, leaves, failing))
    for number, box in enumerate(sorted(found, key=lambda box: -int(failed[box.inside].sum())), start=1):
        density = float(failed[box.inside].mean())
        coverage = float(failed[box.inside].sum() / failed.sum())
        for feature, (low, high) in box.bounds.items():
            yield number, names[feature], low, high, int(box.inside.sum()), density, coverage


def _regions(
    tree: Any, node: int, bounds: dict[int, tuple[float, float]], leaves: Any, failing: set[int]
) -> Iterator[_Box]:
    """Yield the largest regions below a node of which all leaves are failing."""
    below = _leaves_below(tree, node)
    if below <= failing:
        yield _Box(bounds, np.isin(leaves, sorted(below)))
    elif below & failing:
        feature, threshold = int(tree.feature[node]), float(tree.threshold[node])
        low, high = bounds.get(feature, (float("nan"), float("nan")))
        for child, side in (
            (int(tree.children_left[node]), (low, threshold)),
            (int(tree.children_right[node]), (threshold, high)),
        ):
            yield from _regions(tree, child, {**bounds, feature: side}, leaves, failing)


def _leaves_below(tree: Any, node: int) -> set[int]:
    if tree.children_left[node] < 0:
        return {node}
    children = int(tree.children_left[node]), int(tree.children_right[node])
    return _leaves_below(tree, children[0]) | _leaves_below(tree, children[1])
