"""Which policy did it: what each group of a plan's policies adds to the whole, on paired luck.

The value of a coalition of groups is the median over runs of what it changes, each run against the base with the same
draw and random numbers. With up to ``MOST_EXACT`` groups all coalitions are simulated and Shapley values are exact:
they add up to the median effect of the plan. With more, each draw and replicate gets random orders of the groups, each
with its reverse, until the interval of the average is narrow enough; the averages add up to the mean effect and are
reconciled with the median. Policies of no part come before the parts, and the parts' values are on top of theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from urbsim.arrays import Floats
from urbsim.decision import shapley
from urbsim.decision.evaluation import Evaluator, Luck
from urbsim.decision.game import URBAN, VALUE, Game, Question
from urbsim.labels import bilingual

#: Groups up to which all coalitions are simulated.
MOST_EXACT = 6
#: Groups whose pairs are looked at where coalitions are sampled: the largest.
MOST_PAIRED = 5
#: Orders, each with its reverse, by draw and replicate at most.
MOST_ROUNDS = 4
PRECISION = 0.1
_HALF_WIDTH = 1.645  # standard errors of a 90 % interval


@dataclass(frozen=True)
class Effects:
    """What groups add, by draw and replicate.

    Attributes
    ----------
    whole : array (lucks, outcomes)
        What the plan adds.
    values : array (groups, lucks, outcomes)
        Shapley values within each draw and replicate.
    central : array (groups, 2)
        Shapley values of the indicator and of urban residents; each column adds up to the median of the whole.
    errors : array (groups,)
        Half width of the 90 % interval of the indicator's value that orders not tried leave; 0 where all were.
    alone, left_out : array (groups, lucks)
        What a group adds by itself, and what the plan loses without it, of the indicator.
    pairs : dict of array (lucks,)
        Interactions of the indicator by numbers of groups.
    costs : array (groups, lucks)
        Yuan.
    level : array (lucks,)
        The indicator in the base.
    """

    whole: Floats
    values: Floats
    central: Floats
    errors: Floats
    alone: Floats
    left_out: Floats
    pairs: Mapping[tuple[int, int], Floats]
    costs: Floats
    level: Floats
    exact: bool
    orders: int
    runs: int


def effects(
    question: Question, evaluator: Evaluator, precision: float = PRECISION, rounds: int = MOST_ROUNDS
) -> Effects:
    """Return what every group adds.

    Parameters
    ----------
    precision, rounds
        Where orders are sampled: half width of the 90 % interval of every value that is narrow enough, as a share of
        the plan's effect, and pairs of an order and its reverse for each draw and replicate at most.

    Raises
    ------
    RunError
        If a run fails; those before it are kept in the store.
    """
    game = Game(question, evaluator)
    exact = len(game.players) <= MOST_EXACT
    wanted = [game.everything, frozenset(), game.first, game.everything - game.first]
    wanted += [game.of_players({place}) for place in range(len(game.players))]
    wanted += [game.everything - {number} for number in game.players]
    if exact:
        wanted += map(game.of_players, shapley.coalitions(len(game.players)))
    game.simulate(((chosen, luck) for chosen in wanted for luck in question.lucks), bilingual("simulating", "模拟"))
    values, central, errors, orders = _exact(game) if exact else _sampled(game, precision, rounds)
    return Effects(
        whole=game.added(game.everything),
        values=values,
        central=central,
        errors=errors,
        alone=_alone(game),
        left_out=_left_out(game),
        pairs=_exact_pairs(game) if exact else _largest_pairs(game, central[:, VALUE]),
        costs=game.costs_of_groups(),
        level=np.array([game.known[frozenset(), luck][VALUE] for luck in question.lucks]),
        exact=exact,
        orders=orders,
        runs=len(game.known),
    )


def _alone(game: Game) -> Floats:
    before = game.added(game.first)[:, VALUE]
    place = {number: position for position, number in enumerate(game.players)}
    return np.array(
        [
            game.added(game.of_players({place[number]}))[:, VALUE] - before if number in place else before
            for number in range(len(game.question.groups))
        ]
    )


def _left_out(game: Game) -> Floats:
    whole = game.added(game.everything)[:, VALUE]
    numbers = range(len(game.question.groups))
    return np.array([whole - game.added(game.everything - {number})[:, VALUE] for number in numbers])


def _exact(game: Game) -> tuple[Floats, Floats, Floats, int]:
    """Return values within each run, central values, errors and the number of orders tried, of all coalitions."""
    players = len(game.players)
    added = {chosen: game.added(game.of_players(chosen)) for chosen in shapley.coalitions(players)}
    medians = {chosen: _median(each) for chosen, each in added.items()}
    before = game.added(game.first)
    values = _of_groups(game, shapley.exact_values(players, added), before)
    central = _of_groups(game, shapley.exact_values(players, medians), _median(before))
    return values, central, np.zeros(len(values)), 0


def _median(added: Floats) -> Floats:
    return np.asarray(np.median(added[:, : URBAN + 1], axis=0))


def _of_groups(game: Game, of_players: Floats, before: Floats) -> Floats:
    """Return values of the players as values of all groups: what comes first is worth what it adds to the base."""
    found = np.zeros((len(game.question.groups), *before.shape))
    found[list(game.players)] = of_players
    for number in game.first:
        found[number] = before
    return found


def _sampled(game: Game, precision: float, rounds: int) -> tuple[Floats, Floats, Floats, int]:
    """Return the same as ``_exact`` from random orders, as many as it takes."""
    before, whole = game.added(game.first), game.added(game.everything)
    samples: list[Floats] = []  # a round each: (players, lucks, outcomes)
    wanted = precision * abs(float(whole[:, VALUE].mean()))
    for number in range(rounds):
        samples.append(_round(game, number))
        errors = _standard_errors(np.concatenate(samples, axis=1))
        if (_HALF_WIDTH * errors[:, VALUE] <= wanted).all():  # never with a single sample, whose error is not known
            break
    each = np.mean(samples, axis=0)
    left = _median(whole) - _median(before)
    known = np.nan_to_num(errors[:, : URBAN + 1])
    central = np.column_stack(
        [shapley.reconciled(each[:, :, k].mean(axis=1), known[:, k], left[k]) for k in (VALUE, URBAN)]
    )
    half_widths = _of_groups(game, _HALF_WIDTH * errors[:, VALUE], np.zeros(()))
    orders = 2 * len(samples) * len(game.question.lucks)
    return _of_groups(game, each, before), _of_groups(game, central, _median(before)), half_widths, orders


def _round(game: Game, number: int) -> Floats:
    """Simulate an order and its reverse for every draw and replicate; return the mean of what each player adds."""
    question, players = game.question, len(game.players)
    orders = {}
    for place, luck in enumerate(question.lucks):
        generator = np.random.default_rng([game.evaluator.seed, number, place])
        orders[luck] = shapley.order_and_reverse(players, generator)
    grown = {luck: [set(shapley.prefixes(order)) for order in pair] for luck, pair in orders.items()}
    wanted = [(game.of_players(chosen), luck) for luck, pair in grown.items() for each in pair for chosen in each]
    # In the order of their sizes, so that equal commands simulate in equal order.
    wanted.sort(key=lambda pair: (question.lucks.index(pair[1]), len(pair[0]), sorted(pair[0])))
    game.simulate(wanted, bilingual(f"simulating, round {number + 1}", f"模拟中，第 {number + 1} 轮"))
    return np.stack(
        [np.mean([_marginals(game, order, luck) for order in pair], axis=0) for luck, pair in orders.items()], axis=1
    )


def _marginals(game: Game, order: tuple[int, ...], luck: Luck) -> Floats:
    return shapley.marginals(order, lambda chosen: game.known[game.of_players(chosen), luck])


def _standard_errors(samples: Floats) -> Floats:
    """Return the standard error of the mean over samples, shape (players, outcomes); missing with one sample."""
    count = samples.shape[1]
    if count < 2:
        return np.full((samples.shape[0], samples.shape[2]), np.nan)
    return np.asarray(samples.std(axis=1, ddof=1) / np.sqrt(count))


def _exact_pairs(game: Game) -> dict[tuple[int, int], Floats]:
    players = len(game.players)
    value = {chosen: game.added(game.of_players(chosen))[:, VALUE] for chosen in shapley.coalitions(players)}
    found = shapley.exact_interactions(players, value)
    return {(game.players[first], game.players[second]): each for (first, second), each in found.items()}


def _largest_pairs(game: Game, central: Floats) -> dict[tuple[int, int], Floats]:
    """Return the interactions of the largest players: the mean of the pair by itself and of the pair as the last."""
    ranked = sorted(game.players, key=lambda number: -abs(central[number]))[:MOST_PAIRED]
    pairs = list(combinations(sorted(ranked), 2))
    ends = [others for pair in pairs for others in (game.first | set(pair), game.everything - set(pair))]
    game.simulate(
        ((chosen, luck) for chosen in ends for luck in game.question.lucks),
        bilingual("simulating pairs", "模拟政策两两组合"),
    )
    found = {}
    for first, second in pairs:
        two = [game.first, game.everything - {first, second}]
        value = {
            others | more: game.added(others | more)[:, VALUE]
            for others in two
            for more in (frozenset[int](), {first}, {second}, {first, second})
        }
        found[first, second] = np.mean([shapley.joint(value, others, first, second) for others in two], axis=0)
    return found
