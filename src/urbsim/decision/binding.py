"""What keeps a plan from its goals: each thing that may be short is made plentiful in turn, to see what helps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from urbsim.decision.evaluation import Evaluator
from urbsim.decision.outcomes import COST
from urbsim.decision.seek import Point, SearchProblem, Trial, trial_of
from urbsim.labels import Label, bilingual
from urbsim.months import format_month
from urbsim.parameters import registry
from urbsim.policies.registry import all_levers
from urbsim.region.places import places_by_code
from urbsim.scenario.model import Scenario

#: What may bind, in words: how it is made plentiful.
BINDING: Mapping[str, Label] = {
    "money": Label("money: the county budget limits nothing", "资金：县级财政不作限制"),
    "land": Label("land: no quota of construction land", "土地：取消建设用地指标限制"),
    "posts": Label(
        "posts: 1 % of the residents more a year, paid by the centre", "岗位：每年新增常住人口的1%，中央支付"
    ),
    "workers": Label("workers: twice as many come from outside", "劳动力：外来人口加倍"),
    "housing": Label(
        "housing: public dwellings for 1 % of the residents a year, paid by the centre",
        "住房：每年按常住人口的1%新增公租房，中央支付",
    ),
}
_QUOTA = "construction_land_quota"
_PLENTY, _MORE_ARRIVALS, _HOUSEHOLD = 0.01, 2.0, 3.0
#: Part of what is lacking that a shortage has to explain, to be said to bind.
MATTERS = 0.1


@dataclass(frozen=True)
class Relaxed:
    """What it would bring if one thing were plentiful: the share of runs that meet the goals, and the margin gained."""

    name: str
    share: float
    margin: float
    gained: float
    binds: bool


def what_binds(
    problem: SearchProblem, points: Sequence[Point], evaluator: Evaluator, lacking: float
) -> tuple[Relaxed, ...]:
    """Return what making each thing plentiful would bring beyond the first of the points, the most first.

    Each is made plentiful at all points, and the best counts: what is short may be why larger amounts are of no use.
    One binds where it makes up for at least a tenth of the margin that is ``lacking``.

    Parameters
    ----------
    points
        Amounts that miss the goals: those that come nearest, then others.

    Raises
    ------
    RunError
        If a run fails; those before it are kept in the store.
    """
    nearest = problem.at(points[0])
    worlds = [("", points[0], nearest)]
    worlds += [(name, point, world) for point in points for name, world in _plenty(problem.at(point))]
    wanted = [(world, luck) for _, _, world in worlds for luck in problem.lucks]
    flat = evaluator.take(wanted, problem.watched.take, bilingual("looking for what binds", "查找制约因素"))
    size = len(problem.lucks)
    best: dict[str, Trial] = {}
    for number, (name, point, _) in enumerate(worlds):
        trial = trial_of(problem, point, flat[number * size : (number + 1) * size])
        may = point == points[0] or trial.slack >= 0.0 or (name == "money" and _of_cost_alone(problem))
        if may and (name not in best or trial.margin > best[name].margin):
            best[name] = trial
    before = best.pop("").margin
    found = []
    for name, trial in best.items():
        gained = trial.margin - before
        binds = lacking > 0.0 and gained >= MATTERS * lacking
        found.append(Relaxed(name, trial.share, trial.margin, gained, binds))
    return tuple(sorted(found, key=lambda each: -each.gained))


def _of_cost_alone(problem: SearchProblem) -> bool:
    return all(goal.name == COST for goal in problem.limits)


def _plenty(scenario: Scenario) -> Iterator[tuple[str, Scenario]]:
    """Yield the scenario with each thing made plentiful; without a quota land cannot be short."""
    if scenario.feedbacks.get("budget", True):
        yield "money", replace(scenario, feedbacks={**scenario.feedbacks, "budget": False})
    kept = {name: policy for name, policy in scenario.policies.items() if policy.lever != _QUOTA}
    if len(kept) < len(scenario.policies):
        yield "land", replace(scenario, policies=kept)
    places = places_by_code()
    people = _PLENTY * sum(max(places[code].residents.values()) for code in scenario.counties) / len(scenario.counties)
    common = {"start": format_month(scenario.start), "zones": ("seat",), "payer": "centre"}
    levers = all_levers()
    posts = levers["industrial_parks"].model_validate({**common, "posts_per_year": people})
    yield "posts", _with(scenario, "plenty_of_posts", posts)
    rates = {name: scenario.parameters.get(name, registry()[name].value) for name in _ARRIVALS}
    more = {
        name: min(_MORE_ARRIVALS * value, registry()[name].high)
        for name, value in rates.items()
        if isinstance(value, int | float)
    }
    yield "workers", replace(scenario, parameters={**scenario.parameters, **more})
    homes = {**common, "kind": "public_rental", "dwellings_per_year": people / _HOUSEHOLD}
    yield "housing", _with(scenario, "plenty_of_housing", levers["affordable_housing"].model_validate(homes))


_ARRIVALS = ("arrivals.same_province", "arrivals.other_province")


def _with(scenario: Scenario, name: str, policy: object) -> Scenario:
    return replace(scenario, policies={**scenario.policies, name: policy})  # type: ignore[dict-item]
