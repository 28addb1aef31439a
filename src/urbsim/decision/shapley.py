"""Shapley values: what each of n players adds to a whole, on average over all orders in which they may come.

Exactly from the values of all coalitions, or from a sample of orders. A coalition is a set of the numbers 0 to n - 1.
(Shapley 1953; interaction index: Grabisch and Roubens 1999.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from math import comb

import numpy as np

from urbsim.arrays import Floats

Coalition = frozenset[int]


def coalitions(players: int) -> Iterator[Coalition]:
    """Yield every coalition of the players, small ones first."""
    for size in range(players + 1):
        yield from map(frozenset, combinations(range(players), size))


def exact_values(players: int, value: Mapping[Coalition, Floats]) -> Floats:
    """Return the Shapley value of every player.

    Parameters
    ----------
    players
        Their number n.
    value
        Value of each of the 2^n coalitions, arrays of one shape.

    Returns
    -------
    array (n, ...)
        Their sum is the value of all less that of none.
    """
    found = []
    for player in range(players):
        total = np.zeros_like(value[frozenset()])
        for others in coalitions(players):
            if player not in others:
                weight = 1.0 / (players * comb(players - 1, len(others)))
                total = total + weight * (value[others | {player}] - value[others])
        found.append(total)
    return np.stack(found)


def exact_interactions(players: int, value: Mapping[Coalition, Floats]) -> dict[tuple[int, int], Floats]:
    """Return the interaction index of every pair: how much more both add together than each by itself.

    It is positive where the two help each other, negative where one does what the other would have done.
    """
    found = {}
    for first, second in combinations(range(players), 2):
        total = np.zeros_like(value[frozenset()])
        for others in coalitions(players):
            if first not in others and second not in others:
                weight = 1.0 / ((players - 1) * comb(players - 2, len(others)))
                total = total + weight * joint(value, others, first, second)
        found[first, second] = total
    return found


def joint(value: Mapping[Coalition, Floats], others: Coalition, first: int, second: int) -> Floats:
    """Return what two players add to a coalition beyond what each adds alone."""
    both = value[others | {first, second}]
    return both - value[others | {first}] - value[others | {second}] + value[others]


def order_and_reverse(players: int, generator: np.random.Generator) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return a random order of the players and its reverse, whose errors partly cancel."""
    order = tuple(int(player) for player in generator.permutation(players))
    return order, order[::-1]


def prefixes(order: tuple[int, ...]) -> list[Coalition]:
    """Return the coalitions that grow as players come in an order, from none to all."""
    return [frozenset(order[:size]) for size in range(len(order) + 1)]


def marginals(order: tuple[int, ...], value: Callable[[Coalition], Floats]) -> Floats:
    """Return what every player adds when they come in an order, shape (n, ...); they add up to the whole."""
    grown = [value(coalition) for coalition in prefixes(order)]
    found = np.empty((len(order), *np.shape(grown[0])))
    for step, player in enumerate(order):
        found[player] = grown[step + 1] - grown[step]
    return found


def reconciled(values: Floats, errors: Floats, whole: float) -> Floats:
    """Return values moved by least squares to add up to a whole: each in proportion to its squared error.

    Where no value has an error, all move alike (Stone, Champernowne and Meade 1942).
    """
    variance = errors**2
    share = variance / variance.sum() if variance.sum() > 0.0 else np.full(len(values), 1.0 / max(len(values), 1))
    return np.asarray(values + share * (whole - values.sum()))
