"""What a page sends, with the bounds of every field."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from urbsim.experiment.plan import DEFAULT_DRAWS, DEFAULT_REPLICATES
from urbsim.labels import Language

Month = Annotated[str, Field(pattern=r"^\d{4}-\d{2}$", description="A month, YYYY-MM.")]
#: A scenario as plain data, with the keys of a scenario file.
Document = Annotated[dict[str, Any], Field(description="A scenario: the keys of a scenario file as JSON.")]
Name = Annotated[str, Field(max_length=60)]
#: An amount with its range, a goal or a limit, as the command line takes it.
Line = Annotated[str, Field(max_length=200)]
#: One name, or several.
Names = Name | Annotated[list[Name], Field(max_length=12)]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Runs(_Closed):
    """How the runs of scenarios are made."""

    scale: float | None = Field(None, gt=0, le=1, description="Sampled share of the population.")
    seed: int = Field(0, ge=0, lt=2**53)
    draws: int = Field(DEFAULT_DRAWS, ge=0, le=400, description="Draws of the parameters; 0 is the median.")
    replicates: int = Field(DEFAULT_REPLICATES, ge=1, le=50)
    until: Month | None = None
    sketch: bool = Field(False, description="A rough picture at once: few people, the median draw.")


class Simulate(_Runs):
    """Settings of ``urbsim.simulate``."""

    scenario: Document


class Compare(_Runs):
    """Settings of ``urbsim.compare``; the first scenario is the baseline."""

    scenarios: list[Document] = Field(min_length=1)


class TraceOf(_Closed):
    """Settings of ``urbsim.trace``."""

    scenario: Document
    month: Month
    person: Line | None = Field(None, description="Key of a person; this or words.")
    pick: Line | None = Field(None, description="Words such as 'female 25-30 village'.")
    scale: float | None = Field(None, gt=0, le=1)
    seed: int = Field(0, ge=0, lt=2**53)
    draw: int = Field(0, ge=0, le=400, description="A draw of the parameters; 0 is the median.")


class Household(_Closed):
    """A household to follow through the years of some scenarios."""

    scenarios: list[Document] = Field(min_length=1)
    person: str = Field(max_length=200, description="Words such as 'female 25-30 village'.")
    scale: float | None = Field(None, gt=0, le=1)
    seed: int = Field(0, ge=0, lt=2**53)
    until: Month | None = None


class _OfPlan(_Closed):
    """A question about one plan, and how its runs are made."""

    plan: Document
    scale: float | None = Field(None, gt=0, le=1)
    seed: int = Field(0, ge=0, lt=2**53)
    draws: int = Field(DEFAULT_DRAWS, ge=0, le=60)
    replicates: int = Field(DEFAULT_REPLICATES, ge=1, le=10)


class ContributionsAsked(_OfPlan):
    """Settings of ``urbsim.contributions``."""

    against: Document | None = None
    by: Literal["policy", "part", "lever"] | None = None
    indicator: Name = "urbanization_rate"
    at: Month | None = None


class SweepAsked(_OfPlan):
    """Settings of ``urbsim.sweep``."""

    vary: list[Line] = Field(min_length=1, max_length=6)
    levels: int = Field(5, ge=2, le=50)
    sobol: int | None = Field(None, ge=2, le=1024)
    indicators: list[Name] = Field(["urbanization_rate"], min_length=1, max_length=12)
    reach: list[Line] = Field([], max_length=8)
    at: Month | None = None


class SeekAsked(_OfPlan):
    """Settings of ``urbsim.seek``; what is left out is as there."""

    reach: list[Line] = Field(min_length=1, max_length=8)
    vary: list[Line] = Field(min_length=1, max_length=6)
    chance: float | None = Field(None, gt=0, lt=1)
    within: list[Line] = Field([], max_length=8)
    minimise: Name | None = None
    trials: int | None = Field(None, ge=5, le=300)
    verify: int | None = Field(None, ge=100, le=400)


class ByGroup(_Closed):
    """Settings of ``urbsim.groups``; the first scenario is the baseline."""

    scenarios: list[Document] = Field(min_length=1)
    by: Names = []
    indicator: Names = []
    of: dict[Name, Names] = Field({}, max_length=12, description="Of whom: {'age': '16-59'}; everybody without it.")
    at: Month | Annotated[list[Month], Field(max_length=60)] = []
    people: int = Field(0, ge=0, le=1000, description="Persons of every run that are returned as they are.")
    scale: float | None = Field(None, gt=0, le=1)
    seed: int = Field(0, ge=0, lt=2**53)
    draws: int = Field(DEFAULT_DRAWS, ge=0, le=60)
    replicates: int = Field(DEFAULT_REPLICATES, ge=1, le=10)
    until: Month | None = None


class Text(_Closed):
    """A scenario file."""

    text: str = Field(max_length=2_000_000)


class One(_Closed):
    """One scenario."""

    scenario: Document


class OneMapping(_Closed):
    """Settings of ``urbsim.scenario_from_mapping``."""

    mapping: Document


class TwoScenarios(_Closed):
    """Two scenarios."""

    first: Document
    second: Document


class InLanguage(_Closed):
    """A language for a file."""

    language: Language = "en"


class Join(_Closed):
    """The code of a class."""

    code: str = Field(max_length=20)


class Expectation(_Closed):
    """What a student expects: the option chosen by question."""

    lesson: str = Field(max_length=40)
    answers: dict[str, str] = Field(max_length=20)


class TurnTo(_Closed):
    """The lesson that a class turns to."""

    lesson: str = Field(max_length=40)


class Reveal(_Closed):
    """What was measured, by prediction."""

    measured: dict[str, float] = Field(max_length=20)
