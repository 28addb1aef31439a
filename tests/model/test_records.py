"""Records: named tuples that kernels read where they lie."""

from __future__ import annotations

import pickle
import sys
from typing import NamedTuple

import numpy as np
import pytest
from numba import njit, typeof

from urbsim.arrays import Floats, Ints
from urbsim.kernels import inlined, people_kernel
from urbsim.records import Record, record


@record
class Prices(NamedTuple):
    """Numbers, a table and a row of it."""

    table: Floats
    factor: float
    month: int


@record
class Shop(NamedTuple):
    """A record within a record."""

    prices: Prices
    sold: Ints


@inlined
def _price(prices: Prices, row: int, column: int) -> float:
    return prices.table[row, column] * prices.factor + prices.month


@people_kernel
def _sell(shop: Shop, names: Ints) -> float:
    total = 0.0
    for n in range(names.size):
        total += _price(shop.prices, names[n], -1)
        shop.sold[names[n]] += 1
    return total


@njit
def _rows(shop: Shop) -> Floats:
    return shop.prices.table[:, 0] + np.ones(2)


def _shop() -> Shop:
    table = np.arange(24.0).reshape(4, 6)[::2, ::3]  # rows and columns left out, so that strides matter
    return Shop(Prices(table, 2.0, 7), np.zeros(2, dtype=np.int64))


def test_a_kernel_reads_numbers_arrays_and_records_and_writes_into_arrays() -> None:
    shop = _shop()
    assert _sell(shop, np.array([0, 1, 1])) == (3.0 * 2 + 7) + 2 * (15.0 * 2 + 7)
    assert shop.sold.tolist() == [1, 2]


def test_a_kernel_that_allocates_keeps_no_hold_of_what_it_reads() -> None:
    shop = _shop()
    assert _rows(shop).tolist() == [1.0, 13.0]
    holders = sys.getrefcount(shop.prices.table)
    for _ in range(50):
        _rows(shop)
    after = sys.getrefcount(shop.prices.table)
    assert after == holders


def test_what_is_inlined_is_python_for_python() -> None:
    prices = _shop().prices
    assert _price(prices, 1, 1) == _sell(_shop(), np.array([1])) == 37.0


def test_the_type_is_that_of_class_and_members() -> None:
    kind = typeof(_shop())
    assert isinstance(kind, Record)
    assert kind == typeof(_shop()) != typeof(_shop()._replace(sold=np.zeros(2, dtype=np.int32)))
    assert pickle.loads(pickle.dumps(kind)) == kind


def test_a_member_of_another_type_is_another_kernel_and_a_missing_one_a_mistake() -> None:
    shop = _shop()._replace(sold=np.zeros(2, dtype=np.int8))
    assert _sell(shop, np.array([0])) == 13.0
    assert shop.sold.tolist() == [1, 0]
    with pytest.raises(Exception, match="gone"):
        njit(lambda shop: shop.gone)(shop)
