"""What the lists of studies and of responses may hold.

A study is one publication's comparison, with one or more outcomes. Only numbers that were seen are entered: each has
the words it was printed in and where these were read.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from urbsim.labels import Label
from urbsim.reading.fields import Text, known


class Role(StrEnum):
    """What a study is used for: one thing only."""

    FIT = "fit"
    TEST = "test"
    PRIOR = "prior"
    EXPECTATION = "expectation"


class StudyDesign(StrEnum):
    """How a study tells the effect from everything else."""

    RANDOMIZED = "randomized"
    DISCONTINUITY = "discontinuity"
    PRETRENDS = "differences_pretrends"
    DIFFERENCES = "differences"
    INSTRUMENT = "instrument"
    MATCHING = "matching"
    REGRESSION = "regression"
    STRUCTURAL = "structural"


class Access(StrEnum):
    """How much of a study was read."""

    FULL = "full"
    TABLE = "table"
    ABSTRACT = "abstract"
    SUMMARY = "summary"
    NOT_READ = "not_read"


class ErrorFrom(StrEnum):
    """Where the standard error of a number comes from."""

    PRINTED = "printed"
    P_VALUE = "p_value"
    RANGE = "range"
    JUDGEMENT = "judgement"


class Sign(StrEnum):
    """A direction where no size was published."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class OutcomeUnit(StrEnum):
    """What the number of an outcome counts."""

    POINTS = "points"
    PERCENT = "percent"
    TIMES = "times"
    POINTS_PER_LOG = "points_per_log"
    PERCENT_PER_PERCENT = "percent_per_percent"
    PERCENT_PER_POINT = "percent_per_point"
    POINTS_PER_POINT = "points_per_point"
    POINTS_PER_1000 = "points_per_1000_yuan"


class Prior(StrEnum):
    """The form of a prior; what ``centre`` and ``width`` are is said in ``PolicyResponse``."""

    NORMAL = "normal"
    LOGNORMAL = "lognormal"
    LOGIT_NORMAL = "logit_normal"
    UNIFORM = "uniform"


class Listed(StrEnum):
    """Whether the model has the parameter yet."""

    REGISTERED = "registered"
    PROPOSED = "proposed"


UNITS = {
    OutcomeUnit.POINTS: Label("points", "百分点"),
    OutcomeUnit.PERCENT: Label("%", "%"),
    OutcomeUnit.TIMES: Label("times", "倍"),
    OutcomeUnit.POINTS_PER_LOG: Label("points per log point", "百分点／对数点"),
    OutcomeUnit.PERCENT_PER_PERCENT: Label("% per 1 %", "%／1%"),
    OutcomeUnit.PERCENT_PER_POINT: Label("% per point", "%／百分点"),
    OutcomeUnit.POINTS_PER_POINT: Label("points per point", "百分点／百分点"),
    OutcomeUnit.POINTS_PER_1000: Label("points per 1,000 yuan/m²", "百分点／每平方米1000元"),
}
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_LINK = re.compile(r"https?://\S+")


def _lever(name: str) -> str:
    from urbsim.policies.registry import all_levers

    return known(name, "lever", all_levers().keys())


def _quantity(name: str) -> str:
    from urbsim.quantities.environment import DECLARATIONS

    return known(name, "quantity", DECLARATIONS)


def _doi(text: str) -> str:
    if not _DOI.fullmatch(text):
        raise ValueError("must be a DOI such as 10.1086/722620")
    return text


def _link(text: str) -> str:
    if not _LINK.fullmatch(text):
        raise ValueError("must be an address such as https://...")
    return text


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("must be a finite number")
    return value


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Dotted = Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$")]
Words = Annotated[str, Field(min_length=1)]
LeverName = Annotated[str, AfterValidator(_lever)]
QuantityName = Annotated[str, AfterValidator(_quantity)]
Doi = Annotated[str, AfterValidator(_doi)]
Link = Annotated[str, AfterValidator(_link)]
Amount = Annotated[float, AfterValidator(_finite)]
Month = Annotated[str, Field(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])$")]
Span = tuple[Amount, Amount]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(_Row):
    """Who published what and where; ``short`` is what tables show. ``authors`` and ``year`` may be unknown."""

    short: Words
    authors: Words | None
    year: int | None = Field(ge=1950, le=2030)
    title: Words
    journal: Words
    doi: Doi | None = None
    url: Link | None = None

    @model_validator(mode="after")
    def _check_identifier(self) -> Self:
        if self.doi is None and self.url is None:
            raise ValueError("needs an identifier: doi or url")
        return self


class Staging(_Row):
    """At which kind of place and time the comparison is simulated."""

    world: Words
    start: Month
    until: Month

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.start >= self.until:
            raise ValueError("start must be before until")
        return self


class StudyOutcome(_Row):
    """One number of a study, and what the model's must be.

    ``published`` says in words what was found, for tables. ``estimate`` is empty where no number was seen; ``error`` is
    its standard deviation. The result must lie in the ``band``, an end of which may be open, or have the ``sign``.
    ``kept`` marks bands that were written down before there were rules for them. An outcome that the model cannot show
    is not ``modelled``.
    """

    key: Name
    label: Text
    unit: OutcomeUnit
    published: Text
    estimate: Amount | None = None
    error: Annotated[Amount, Field(gt=0)] | None = None
    error_from: ErrorFrom | None = None
    p_value: Annotated[float, Field(gt=0, lt=1)] | None = None
    printed: Span | None = None
    band: tuple[Amount | None, Amount | None] | None = None
    sign: Sign | None = None
    kept: bool = False
    modelled: bool = True
    seen: Words | None = None
    read_at: Link | None = None

    @model_validator(mode="after")
    def _check_number(self) -> Self:
        if (self.estimate is None) != (self.error is None) or (self.error is None) != (self.error_from is None):
            raise ValueError("estimate, error and error_from go together")
        if self.estimate is not None and (self.seen is None or self.read_at is None):
            raise ValueError("a number needs the words it was printed in (seen) and where they were read (read_at)")
        if (self.p_value is None) == (self.error_from is ErrorFrom.P_VALUE):
            raise ValueError("p_value goes with error_from: p_value")
        if self.error_from is ErrorFrom.RANGE and self.printed is None:
            raise ValueError("error_from: range needs the range that was printed")
        return self

    @model_validator(mode="after")
    def _check_acceptance(self) -> Self:
        if self.band is not None and self.sign is not None:
            raise ValueError("needs a band or a sign, not both")
        if self.modelled and self.band is None and self.sign is None:
            raise ValueError("needs a band or a sign")
        low, high = self.limits
        if self.band is not None and not low < high:
            raise ValueError("band must be [lower end, upper end], null for an open one")
        if self.estimate is not None and not low <= self.estimate <= high:
            raise ValueError("the estimate lies outside its own band")
        return self

    @property
    def limits(self) -> tuple[float, float]:
        """The ends of what is accepted; infinite where it is open, a number with the sign where that is all."""
        if self.sign is Sign.POSITIVE:
            return math.nextafter(0.0, 1.0), math.inf
        if self.sign is Sign.NEGATIVE:
            return -math.inf, math.nextafter(0.0, -1.0)
        low, high = self.band or (None, None)
        return (-math.inf if low is None else low), (math.inf if high is None else high)


class EvidenceStudy(_Row):
    """One study.

    ``channel`` groups studies that inform the same responses, ``informs`` names these. ``not_repeatable`` says why its
    size cannot be asked of the model. ``disagrees`` names studies that found the other sign. ``experiment`` is the
    virtual experiment that repeats it.
    """

    id: Name
    citation: Citation
    channel: Name
    levers: tuple[LeverName, ...]
    compared: Words
    where: Words
    country: Words
    years: tuple[int, int] | None
    design: StudyDesign
    read: Access
    role: Role
    informs: tuple[Dotted, ...] = Field(min_length=1)
    stage: Staging | None = None
    experiment: Name | None = None
    not_repeatable: Words | None = None
    disagrees: tuple[Name, ...] = ()
    note: Words | None = None
    outcomes: tuple[StudyOutcome, ...] = Field(min_length=1)

    @property
    def numbered(self) -> bool:
        """Whether a number was seen."""
        return any(outcome.estimate is not None for outcome in self.outcomes)

    @model_validator(mode="after")
    def _check_use(self) -> Self:
        if self.role in (Role.FIT, Role.TEST) and self.stage is None:
            raise ValueError(f"a study that is a {self.role} needs a stage: the place and time it is simulated at")
        if self.read is Access.NOT_READ and self.numbered:
            raise ValueError("a study that was not read has no number that was seen")
        if self.years is not None and self.years[0] > self.years[1]:
            raise ValueError("years must be [first, last]")
        twice = _twice(outcome.key for outcome in self.outcomes)
        if twice:
            raise ValueError(f"the outcome '{twice}' stands twice")
        return self


class Studies(_Row):
    """The list of studies."""

    studies: tuple[EvidenceStudy, ...] = Field(min_length=1)


class PolicyResponse(_Row):
    """The prior of one response.

    ``centre`` and ``width`` are mean and standard deviation (normal), median and standard deviation of the logarithm
    (lognormal) or of the logit (logit_normal); a uniform prior has neither. All are cut at ``range``. ``enters`` is the
    equation of a parameter that the model does not have yet. ``through`` names the quantities of policies whose effect
    depends on the response.
    """

    id: Dotted
    label: Text
    unit: Words
    range: Span
    status: Listed
    prior: Prior
    centre: Amount | None = None
    width: Annotated[Amount, Field(gt=0)] | None = None
    source: Words
    studies: tuple[Name, ...] = ()
    enters: Words | None = None
    through: tuple[QuantityName, ...] = ()

    @model_validator(mode="after")
    def _check_prior(self) -> Self:
        low, high = self.range
        if not low < high:
            raise ValueError("range must be [lowest, highest]")
        if (self.prior is Prior.UNIFORM) != (self.centre is None) or (self.centre is None) != (self.width is None):
            raise ValueError("centre and width go with every prior but the uniform")
        if self.centre is not None and not low <= self.centre <= high:
            raise ValueError("centre lies outside the range")
        if self.prior in (Prior.LOGNORMAL, Prior.LOGIT_NORMAL) and low < 0.0:
            raise ValueError(f"a {self.prior} prior needs a range from 0 on")
        if self.prior is Prior.LOGIT_NORMAL and high > 1.0:
            raise ValueError("a logit_normal prior needs a range within 0 to 1")
        if (self.status is Listed.PROPOSED) != (self.enters is not None):
            raise ValueError("enters, the equation, goes with parameters that are proposed")
        return self


class Responses(_Row):
    """The list of responses."""

    responses: tuple[PolicyResponse, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        twice = _twice(response.id for response in self.responses)
        if twice:
            raise ValueError(f"the response '{twice}' stands twice")
        return self


class KnownCause(_Row):
    """Why the result of an outcome lies outside its band."""

    study: Name
    outcome: Name
    cause: Text


class KnownCauses(_Row):
    """The causes that are known."""

    causes: tuple[KnownCause, ...]


def _twice(names: object) -> str | None:
    """Return the first name that stands twice."""
    assert hasattr(names, "__iter__")
    return next((str(name) for name, count in Counter(names).items() if count > 1), None)
