"""How contributions to a quantity combine."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from urbsim.arrays import Floats
from urbsim.codes import Group, Stage, Zone
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import DECLARATIONS, Environment
from urbsim.quantities.quantity import Coverage, Quantity

COUNTIES = 2
amounts = st.floats(-100, 100, allow_nan=False)
strengths = st.lists(st.floats(0, 1), min_size=COUNTIES, max_size=COUNTIES).map(np.array)
zone_sets = st.sets(st.sampled_from([Zone.VILLAGE, Zone.TOWN, Zone.SEAT]), min_size=1).map(tuple)
contributions = st.tuples(amounts, strengths, zone_sets)
rules = st.sampled_from(["add", "multiply", "highest", "lowest"])


def quantity(rule: str, base: float = 0.7) -> Quantity:
    return Quantity("q", "unit", ("zone",), rule, base, COUNTIES)  # type: ignore[arg-type]


def combined(rule: str, parts: list[tuple[float, Floats, tuple[Zone, ...]]], base: float = 0.7) -> Floats:
    q = quantity(rule, base)
    for amount, strength, zones in parts:
        q.contribute(amount, Coverage(strength, zones))
    return q.values


@given(rules, st.lists(contributions, min_size=2, max_size=4), amounts)
def test_the_order_of_contributions_changes_no_bit(rule, parts, base):
    first = combined(rule, parts, base)
    for order in permutations(parts):
        assert combined(rule, list(order), base).tobytes() == first.tobytes()


@given(rules, st.lists(contributions, max_size=3), amounts, zone_sets)
def test_a_contribution_without_strength_changes_no_bit(rule, parts, amount, zones):
    silent = (amount, np.zeros(COUNTIES), zones)
    for position in range(len(parts) + 1):
        assert combined(rule, [*parts[:position], silent, *parts[position:]]).tobytes() == (
            combined(rule, parts).tobytes()
        )


@given(rules, st.lists(contributions, min_size=1, max_size=3))
def test_reset_returns_to_the_base_to_the_bit(rule, parts):
    q = quantity(rule)
    for amount, strength, zones in parts:
        q.contribute(amount, Coverage(strength, zones))
    q.reset()
    assert q.values.tobytes() == q.base.tobytes()
    assert not q.contributors.any()


@given(rules, amounts, st.floats(0, 1), st.floats(0, 1))
def test_more_strength_never_moves_a_quantity_back(rule, amount, one, other):
    low, high = sorted((one, other))
    moved = [abs(combined(rule, [(amount, np.full(2, s), (Zone.SEAT,))]) - 0.7)[0, 2] for s in (low, high)]
    assert moved[0] <= moved[1] + 1e-12


@given(rules, amounts)
def test_only_the_zones_and_counties_reached_change(rule, amount):
    values = combined(rule, [(amount, np.array([1.0, 0.0]), (Zone.SEAT,))])
    untouched = np.ones_like(values, dtype=bool)
    untouched[0, 2] = False
    assert (values[untouched] == 0.7).all()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("add", 2.0 + 6.0 + 0.5 * 4.0), ("multiply", 2.0 * 6.0 * 2.5), ("highest", 6.0), ("lowest", 2.0)],
)
def test_two_contributions_combine_by_the_rule(rule, expected):
    parts = [(6.0, np.ones(2), (Zone.TOWN,)), (4.0, np.full(2, 0.5), (Zone.TOWN,))]
    assert combined(rule, parts, base=2.0)[0, 1] == expected


def test_at_half_strength_a_requirement_is_half_way_from_its_base():
    assert combined("lowest", [(0.0, np.full(2, 0.5), (Zone.TOWN,))], base=3.0)[:, 1].tolist() == [1.5, 1.5]
    assert combined("highest", [(1.0, np.full(2, 0.25), (Zone.TOWN,))], base=0.0)[:, 1].tolist() == [0.25, 0.25]


def test_a_contribution_never_worsens_an_extreme():
    assert (combined("highest", [(0.2, np.ones(2), (Zone.SEAT,))], base=0.7) == 0.7).all()
    assert (combined("lowest", [(0.9, np.ones(2), (Zone.SEAT,))], base=0.7) == 0.7).all()


def test_amounts_may_differ_by_county():
    q = quantity("add", 0.0)
    q.contribute([1.0, 5.0], Coverage(np.array([1.0, 0.5]), (Zone.SEAT,)))
    assert q.values[:, 2].tolist() == [1.0, 2.5]


def test_a_member_named_twice_counts_once():
    q = quantity("add", 0.0)
    q.contribute(3.0, Coverage(np.ones(2)), zone=[Zone.SEAT, Zone.SEAT])
    assert q.values.tolist() == [[0, 0, 3], [0, 0, 3]]


def test_an_axis_the_quantity_lacks_is_refused():
    with pytest.raises(ValueError, match=r"quantity 'q' has no axis \['stage'\]"):
        quantity("add").contribute(1.0, Coverage(np.ones(2)), stage=Stage.PRIMARY)


def test_contributors_count_the_contributions_in_force():
    q = quantity("highest")
    q.contribute(1.0, Coverage(np.array([1.0, 0.0]), (Zone.SEAT,)))
    q.contribute(1.0, Coverage(np.array([0.1, 0.1]), (Zone.SEAT, Zone.TOWN)))
    assert q.contributors.tolist() == [[0, 1, 2], [0, 1, 1]]


def test_every_declared_quantity_exists_with_its_base_and_texts():
    environment = Environment(COUNTIES)
    for name, declared in DECLARATIONS.items():
        assert getattr(environment, name) is environment.quantities[name]
        assert (environment.quantities[name].values == np.asarray(declared.base)).all()
        assert declared.unit.en
        assert declared.unit.zh
    annotated = set().union(*(vars(part).get("__annotations__", {}) for part in Environment.__mro__))
    assert annotated == set(DECLARATIONS)


def test_outsiders_meet_rules_that_a_lever_can_open():
    environment = Environment(COUNTIES)
    assert (environment.school_admission.base[..., Group.ELSEWHERE] < 1).all()
    assert (environment.exam_years.base[..., Group.ELSEWHERE] > 0).all()


def test_clearing_an_activity_empties_every_count():
    activity = Activity(COUNTIES)
    for counts in vars(activity).values():
        counts[...] = 1
    activity.clear()
    assert all((counts == 0).all() for counts in vars(activity).values())
