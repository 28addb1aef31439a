"""What a programme's file may hold: clauses with their measures, figures, and places it names.

A measure is carried by levers, or is reported by an indicator, or is not modelled for a stated reason: exactly one of
the three. Glosses and reasons are urbsim's own words, in English and Chinese; no sentence of a programme is repeated.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from urbsim.reading.fields import Text, known


class Domain(StrEnum):
    """The field of policy that a measure belongs to."""

    TARGETS = "targets"
    POPULATION = "population"
    REGISTRATION = "registration"
    HOUSING = "housing"
    EDUCATION = "education"
    CHILDCARE = "childcare"
    HEALTH = "health"
    ELDER_CARE = "elder_care"
    SOCIAL_SECURITY = "social_security"
    JOBS = "jobs"
    TRAINING = "training"
    INDUSTRY = "industry"
    TOURISM = "tourism"
    COMMERCE = "commerce"
    AGRICULTURE = "agriculture"
    LAND = "land"
    FINANCE = "finance"
    TRANSPORT = "transport"
    UTILITIES = "utilities"
    ENVIRONMENT = "environment"
    DIGITAL = "digital"
    CULTURE = "culture"
    RENEWAL = "renewal"
    RURAL = "rural"
    GOVERNANCE = "governance"
    REGIONAL = "regional"


class FigureComparator(StrEnum):
    """How a figure binds; ``between`` reaches from ``value`` to ``upper``."""

    EQUAL = "="
    AT_LEAST = ">="
    MORE = ">"
    AT_MOST = "<="
    LESS = "<"
    ABOUT = "about"
    NEAR = "near"
    UP_TO = "up_to"
    BETWEEN = "between"


class Use(StrEnum):
    """What a figure is good for in the model."""

    TARGET = "target"
    START_VALUE = "start_value"
    CAPACITY = "capacity"
    CONSTRAINT = "constraint"
    NOT_MODELLED = "not_modelled"


class Confidence(StrEnum):
    """How sure the reading of a figure is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


def _lever(name: str) -> str:
    from urbsim.policies.registry import all_levers

    return known(name, "lever", all_levers().keys())


def _indicator(name: str) -> str:
    from urbsim.observation.indicators import INDICATORS

    return known(name, "indicator", INDICATORS.keys())


def _citation(text: str) -> str:
    if not text or text != normalised(text) or not text.isprintable():
        raise ValueError(f"write the number with half-width brackets and without blanks: '{normalised(text)}'")
    return text


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("must be a finite number")
    return value


def normalised(clause: str) -> str:
    """Return a clause number with half-width brackets and points and without blanks, as the catalogue writes it."""
    return "".join(clause.translate(str.maketrans("（）．", "().")).split())


Number = Annotated[str, AfterValidator(_citation)]
LeverName = Annotated[str, AfterValidator(_lever)]
IndicatorName = Annotated[str, AfterValidator(_indicator)]
PlaceCode = Annotated[str, Field(pattern=r"^\d\d(\d\d){0,2}$")]
ScenarioPath = Annotated[str, Field(pattern=r"^[\w-]+(/[\w.-]+)*\.yaml$")]
Amount = Annotated[float, AfterValidator(_finite)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Measure(_Row):
    """One thing a clause sets out to do, and what stands for it in the model."""

    id: Number
    gloss: Text
    domain: Domain | None = None
    levers: tuple[LeverName, ...] = ()
    scenarios: tuple[ScenarioPath, ...] = ()
    indicator: IndicatorName | None = None
    not_modelled: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _check_one_answer(self) -> Self:
        answers = [name for name in ("levers", "indicator", "not_modelled") if getattr(self, name)]
        if len(answers) != 1:
            given = " and ".join(answers) or "none"
            raise ValueError(f"needs exactly one of levers, indicator, not_modelled; found {given}")
        if self.scenarios and not self.levers:
            raise ValueError("scenarios go with levers")
        return self


class Clause(_Row):
    """One numbered clause; ``also`` are other ways its number is cited."""

    id: Number
    gloss: Text
    domain: Domain
    measures: tuple[Measure, ...] = Field(min_length=1)
    also: tuple[Number, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _check_numbers(self) -> Self:
        for measure in self.measures:
            if not measure.id.startswith(f"{self.id}."):
                raise ValueError(f"the measure '{measure.id}' must be numbered '{self.id}.1' and so on")
        return self


class Figure(_Row):
    """One number that a programme states, once in ``clause`` and perhaps again in ``also``.

    Shares are 0 to 1; ``year`` is empty for what holds at any time.
    """

    id: str = Field(min_length=1)
    clause: Number
    also: tuple[Number, ...] = ()
    name: Text
    value: Amount
    upper: Amount | None = None
    unit: str = Field(min_length=1)
    comparator: FigureComparator
    year: int | None = Field(default=None, ge=1990, le=2060)
    place: PlaceCode
    use: Use
    indicator: IndicatorName | None = None
    confidence: Confidence = Confidence.HIGH
    note: Text | None = None

    @model_validator(mode="after")
    def _check_fields(self) -> Self:
        if (self.upper is not None) != (self.comparator is FigureComparator.BETWEEN):
            raise ValueError("upper goes with the comparator between")
        if self.upper is not None and self.upper <= self.value:
            raise ValueError("upper must be more than value")
        if self.use is Use.NOT_MODELLED and self.note is None:
            raise ValueError("a figure that is not_modelled needs the reason as its note: [English, 中文]")
        if self.confidence is not Confidence.HIGH and self.note is None:
            raise ValueError(f"confidence {self.confidence} needs the doubt as its note: [English, 中文]")
        return self


class NamedPlaces(_Row):
    """Counties or prefectures that a clause names, for the ``counties`` of a scenario's policies."""

    id: str = Field(min_length=1)
    clause: Number
    name: Text
    codes: tuple[PlaceCode, ...] = Field(min_length=1)
    note: Text | None = None


class Programme(_Row):
    """One programme of a government; ``note`` says what of it could not be read."""

    programme: str
    title: Text
    place: PlaceCode
    issued: int = Field(ge=1990, le=2060)
    period: tuple[int, int]
    clauses: tuple[Clause, ...] = Field(min_length=1)
    figures: tuple[Figure, ...] = ()
    places: tuple[NamedPlaces, ...] = ()
    note: Text | None = None

    @property
    def measures(self) -> Iterator[tuple[Clause, Measure]]:
        """Every measure with its clause."""
        return ((clause, measure) for clause in self.clauses for measure in clause.measures)

    @property
    def citable(self) -> tuple[str, ...]:
        """Every number that a scenario may cite: of clauses, other ways to cite them, and of measures."""
        numbers = [number for clause in self.clauses for number in (clause.id, *clause.also)]
        return (*numbers, *(measure.id for _, measure in self.measures))

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if self.period[0] > self.period[1]:
            raise ValueError("period must be [first year, last year]")
        named = (
            ("number", self.citable),
            ("figure", [figure.id for figure in self.figures]),
            ("place", [place.id for place in self.places]),
        )
        for what, numbers in named:
            twice = [number for number, count in Counter(numbers).items() if count > 1]
            if twice:
                raise ValueError(f"the {what} '{twice[0]}' stands twice")
        return self

    def measure_domain(self, clause: Clause, measure: Measure) -> Domain:
        """Return the domain of a measure, which is its clause's unless it has its own."""
        return measure.domain or clause.domain
