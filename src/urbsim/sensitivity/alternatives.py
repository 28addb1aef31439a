"""Choices of structure that were considered and not taken: sets of parameters that stand for them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from urbsim.parameters import registry
from urbsim.posterior.outcomes import national_folder
from urbsim.reading.fields import Text, known
from urbsim.reading.rows import read_rows


def _parameter(name: str) -> str:
    return known(name, "parameter", registry())


class StructuralChoice(BaseModel):
    """One choice that was not taken.

    ``about`` is what it is a choice of (``start``, ``elasticities``, ``memory``), ``parameters`` the values that stand
    for it, ``why`` what speaks for it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    about: Annotated[str, Field(pattern=r"^(start|elasticities|memory)$")]
    label: Text
    parameters: Mapping[Annotated[str, AfterValidator(_parameter)], float] = Field(min_length=1)
    why: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _check_ranges(self) -> Self:
        for name, value in self.parameters.items():
            allowed = registry()[name]
            if not allowed.low <= value <= allowed.high:
                raise ValueError(f"{name} is {value:g}; it must be between {allowed.low:g} and {allowed.high:g}")
        return self


class StructuralChoices(BaseModel):
    """The list of alternatives."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    alternatives: tuple[StructuralChoice, ...] = Field(min_length=1)


@cache
def alternatives() -> tuple[StructuralChoice, ...]:
    """Return the alternatives of the list, in its order."""
    found, _ = read_rows(national_folder() / "alternatives.yaml", StructuralChoices)
    return found.alternatives
