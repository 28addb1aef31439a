"""Shapley values and interactions against numbers worked out by hand, and sampling against exact values."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.decision import shapley

#: The glove game: 0 and 1 have a left glove, 2 a right one; a pair is worth 1.
GLOVES = {s: np.array(float(2 in s and len(s) > 1)) for s in shapley.coalitions(3)}


def test_the_glove_game_is_worth_a_sixth_a_sixth_and_two_thirds():
    assert shapley.exact_values(3, GLOVES) == pytest.approx([1 / 6, 1 / 6, 2 / 3])


def test_interaction_of_complements_is_positive_and_of_substitutes_negative():
    found = shapley.exact_interactions(3, GLOVES)
    # Weights of the two coalitions of others are 1/2 each: (0 - 1 + 0 ...) for the left gloves, (1 + 0) for a pair.
    assert found[0, 1] == pytest.approx(0.5 * 0.0 + 0.5 * (1 - 1 - 1 + 0))
    assert found[0, 2] == pytest.approx(0.5 * 1.0 + 0.5 * (1 - 0 - 1 + 0))


def test_marginals_of_an_order_add_up_to_the_whole():
    found = shapley.marginals((2, 0, 1), GLOVES.__getitem__)
    assert found == pytest.approx([1.0, 0.0, 0.0])


def test_an_order_and_its_reverse_are_exact_where_only_pairs_interact():
    base = np.array([3.0, -1.0, 0.5, 2.0])
    together = np.array([[0, 1, -2, 0], [0, 0, 0, 4], [0, 0, 0, 1], [0, 0, 0, 0]], dtype=float)

    def value(chosen):
        rows = sorted(chosen)
        return np.array(base[rows].sum() + together[np.ix_(rows, rows)].sum())

    order, reverse = shapley.order_and_reverse(4, np.random.default_rng(3))
    mean = (shapley.marginals(order, value) + shapley.marginals(reverse, value)) / 2
    exact = shapley.exact_values(4, {s: value(s) for s in shapley.coalitions(4)})
    assert mean == pytest.approx(exact)


def test_reconciled_moves_what_is_uncertain_and_adds_up():
    found = shapley.reconciled(np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 2.0]), whole=7.0)
    assert found == pytest.approx([1.0, 2.2, 3.8])
    assert shapley.reconciled(np.array([1.0, 2.0]), np.zeros(2), whole=4.0) == pytest.approx([1.5, 2.5])
