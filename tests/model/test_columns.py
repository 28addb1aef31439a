"""Columns take their names and element types from a named tuple."""

from __future__ import annotations

from types import GenericAlias
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from urbsim.population import Columns, element_type


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
