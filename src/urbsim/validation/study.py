"""What an experiment is: a published comparison, the band it must fall into, and what the model says of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from urbsim.evidence.reading import causes, repeated_by
from urbsim.evidence.rows import UNITS, EvidenceStudy, Role, StudyOutcome
from urbsim.labels import Label
from urbsim.validation.places import StudyPlaces
from urbsim.validation.worlds import USUAL, Change, Field, Observed


class Estimate(NamedTuple):
    """One outcome in one replicate: by the study's comparison, and against the same people without the policy.

    Not-a-number where the study's comparison, or the twins, cannot be made.
    """

    study: float
    twin: float


class Outcome(NamedTuple):
    """One result of an experiment: its unit and the band published, open on a side that is infinite.

    ``source`` is the citation it is from, ``evidence`` its name in the list of studies, and ``role`` what it is used
    for. ``by_twin`` marks outcomes for which there is no comparison but that with the world without the change. An
    outcome that is ``modelled`` false is listed, and never judged.
    """

    key: str
    label: Label
    unit: Label
    low: float
    high: float
    published: Label
    source: str = ""
    evidence: str = ""
    role: Role = Role.EXPECTATION
    by_twin: bool = False
    modelled: bool = True


class Study(ABC):
    """One experiment. Its docstring says what was compared in the study and what is compared here.

    What was published, where, and which band is accepted stands in the list of studies (``urbsim.evidence``).
    """

    key: ClassVar[str]
    title: ClassVar[Label]
    #: What the model can and cannot say here, and why a result may miss the band.
    limits: ClassVar[Label]
    #: Where it is carried out: the kind of place its studies looked at.
    places: ClassVar[StudyPlaces] = StudyPlaces.COUNTIES
    #: Outcomes for which there is no comparison but that with the world without the change.
    twins: ClassVar[tuple[str, ...]] = ()
    #: Outcomes that describe a world as it is: without the change they are not zero.
    descriptions: ClassVar[tuple[str, ...]] = ()
    #: Months at whose end its worlds are surveyed; they are simulated to the last.
    months: ClassVar[tuple[int, ...]] = USUAL

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes of the studies that the experiment repeats, in their order."""
        pairs = [(row, outcome) for row in repeated_by(self.key) for outcome in row.outcomes]
        return tuple(_listed(row, outcome, outcome.key in self.twins) for row, outcome in pairs)

    @abstractmethod
    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Return the worlds needed beside the plain one, by name."""

    @abstractmethod
    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Return the estimate of every outcome that is modelled, by key."""


def _listed(row: EvidenceStudy, outcome: StudyOutcome, by_twin: bool) -> Outcome:
    return Outcome(
        outcome.key,
        outcome.label,
        UNITS[outcome.unit],
        *(outcome.limits if outcome.modelled else (np.nan, np.nan)),
        outcome.published,
        row.citation.short,
        row.id,
        row.role,
        by_twin,
        outcome.modelled,
    )


@dataclass(frozen=True)
class StudyResult:
    """An outcome over all replicates.

    ``estimate`` is the mean, ``low`` and ``high`` its 90 % confidence interval (not-a-number for one replicate).
    Each replicate has a draw of the posterior of its own: between ``draws_low`` and ``draws_high`` another draw lies
    with 90 %, by chance of a world included.
    """

    study: Study
    outcome: Outcome
    estimate: float
    low: float
    high: float
    twin: float
    twin_low: float
    twin_high: float
    replicates: int
    draws_low: float = float("nan")
    draws_high: float = float("nan")

    @property
    def reaches(self) -> bool:
        """Whether the result lies in the band widened by its own interval over draws."""
        if self.verdict == "pass":
            return True
        return bool(self.draws_low <= self.outcome.high and self.draws_high >= self.outcome.low)

    @property
    def cause(self) -> Label | None:
        """Why it lies outside its band, where it does and that is known."""
        known = causes().get((self.outcome.evidence, self.outcome.key))
        return known if self.verdict in ("fail", "unclear") else None

    @property
    def verdict(self) -> str:
        """``pass``, ``unclear`` (outside the band, by less than its error), ``fail`` or ``not modelled``."""
        if not self.outcome.modelled:
            return "not modelled"
        if self.outcome.low <= self.estimate <= self.outcome.high:
            return "pass"
        touches = self.low <= self.outcome.high and self.high >= self.outcome.low
        return "unclear" if touches else "fail"


VERDICTS = {
    "pass": Label("pass", "通过"),
    "unclear": Label("unclear", "不确定"),
    "fail": Label("FAIL", "未通过"),
    "not modelled": Label("not modelled", "未建模"),
}


def summarise(study: Study, estimates: list[Mapping[str, Estimate]]) -> list[StudyResult]:
    """Return the results of a study from the estimates of its replicates."""
    results = []
    for outcome in study.outcomes:
        found = [each[outcome.key] for each in estimates if outcome.key in each]
        twin = _interval([each.twin for each in found])
        values = [each.twin if outcome.by_twin else each.study for each in found]
        draws = _of_a_draw(values)
        results.append(StudyResult(study, outcome, *_interval(values), *twin, len(found), *draws))
    return results


def _interval(values: list[float]) -> tuple[float, float, float]:
    """Return the mean and the ends of its 90 % confidence interval."""
    from scipy.stats import t

    known = np.array([value for value in values if np.isfinite(value)])
    if known.size == 0:
        return (np.nan, np.nan, np.nan)
    if known.size == 1:
        return (float(known[0]), np.nan, np.nan)
    half = float(t.ppf(0.95, known.size - 1) * known.std(ddof=1) / np.sqrt(known.size))
    return (float(known.mean()), float(known.mean()) - half, float(known.mean()) + half)


def _of_a_draw(values: list[float]) -> tuple[float, float]:
    """Return between what the value of another draw lies with 90 %; not-a-number for less than three values."""
    from scipy.stats import t

    known = np.array([value for value in values if np.isfinite(value)])
    if known.size < 3:
        return (np.nan, np.nan)
    half = float(t.ppf(0.95, known.size - 1) * known.std(ddof=1) * np.sqrt(1.0 + 1.0 / known.size))
    return (float(known.mean()) - half, float(known.mean()) + half)
