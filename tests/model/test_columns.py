"""Columns take their names and element types from a named tuple."""

from __future__ import annotations

import copy
import pickle
from types import GenericAlias
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from urbsim.months import parse_month
from urbsim.population import NOBODY, Columns, Households, People, element_type
from urbsim.region.tables import all_county_rows
from worlds import small_model, stepped


class Pair(NamedTuple):
    small: NDArray[np.uint8]
    flag: NDArray[np.bool_]


def test_columns_have_the_element_types_of_their_annotations() -> None:
    columns = Columns(Pair, 3)
    assert columns.types() == {"small": np.uint8, "flag": np.bool_}
    assert [columns[name].dtype for name in columns] == [np.uint8, np.bool_]


@pytest.mark.parametrize(
    "annotation",
    [
        np.ndarray[tuple[Any, ...], np.dtype[np.int32]],
        GenericAlias(list, (np.int32,)),  # as an alias that keeps only the element type, NDArray of NumPy 2.5
    ],
)
def test_the_element_type_is_found_in_either_spelling_of_an_array(annotation: Any) -> None:
    assert element_type(annotation) is np.int32


def test_a_person_is_55_bytes_and_a_household_33() -> None:
    sizes = [
        sum(np.dtype(kind).itemsize for kind in Columns(each, 0).types().values()) for each in (People, Households)
    ]
    assert sizes == [55, 33]


def test_narrow_columns_hold_every_county_of_the_country_and_every_month_that_can_be_simulated() -> None:
    types = Columns(People, 0).types()
    assert np.iinfo(types["county"]).max > len(all_county_rows(2020))
    assert np.iinfo(types["registration"]).max > len(all_county_rows(2020))
    assert np.iinfo(types["birth"]).max > parse_month("2199-12")
    assert np.iinfo(types["arrival"]).max > parse_month("2199-12")


def test_rows_appended_hold_defaults_whatever_was_there_before() -> None:
    people = Columns(People, 9, capacity=600)
    people.spouse[:], people.birth[:], people.alive[:] = 1, 24_000, 0
    people.keep(np.array([0, 4]))
    assert (people.size, people.spouse.tolist()) == (2, [1, 1])
    for count in (3, 400, 1000):  # fewer than are filled at once, more, and more than there is room for
        before, again = people.size, people.append(count)
        assert again == slice(before, before + count)
        assert set(people.spouse[again].tolist()) == {NOBODY}
        assert set(people.birth[again].tolist()) == {0}
        assert set(people.alive[again].tolist()) == {1}
        people.spouse[again], people.birth[again], people.alive[again] = 1, 24_000, 0


def test_a_model_gives_back_only_rows_that_it_has_not_written_to() -> None:
    model = stepped(small_model(scale=0.01), 14)
    population = model.world.population
    for columns in (population.people, population.households):
        first, ready = columns.size, columns._ready - columns.size
        assert ready > 0
        columns.append(ready)
        fresh = Columns(columns._kind, ready)
        for name in columns:
            np.testing.assert_array_equal(columns[name][first:], fresh[name], err_msg=name)


def test_rows_take_the_columns_of_a_table_which_is_empty_then() -> None:
    people = Columns(People, 1, capacity=2)
    table = {"key": np.array([7, 8], dtype=np.uint64), "household": np.array([3, 4])}
    rows = people.append(2, table)
    assert (rows, table, people.room) == (slice(1, 3), {}, 3)
    assert people.key.tolist() == [0, 7, 8]
    assert people.household.tolist() == [NOBODY, 3, 4]
    assert people.alive.tolist() == [1, 1, 1]
    with pytest.raises(KeyError, match="hous"):
        people.append(1, {"hous": np.zeros(1)})


def test_rows_outlast_the_room_they_were_in() -> None:
    people = Columns(People, 2, capacity=2)
    people.key[...] = [7, 8]
    people.append(5)
    assert people.key.tolist() == [7, 8, 0, 0, 0, 0, 0]
    assert people.household[2:].tolist() == [NOBODY] * 5


@pytest.mark.parametrize("twin_of", [copy.deepcopy, Columns.copy, lambda each: pickle.loads(pickle.dumps(each))])
def test_copies_hold_the_rows_in_use_and_go_their_own_way(twin_of: Any) -> None:
    people = Columns(People, 3, capacity=1_000_000)
    people.key[...] = [1, 2, 3]
    twin = twin_of(people)
    twin.append(1)
    twin.key[...] = [4, 5, 6, 7]
    assert people.key.tolist() == [1, 2, 3]
    assert twin.key.tolist() == [4, 5, 6, 7]
    assert len(pickle.dumps(people)) < 10_000
