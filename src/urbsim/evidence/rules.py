"""How the grade of a study, the error and band of its numbers, and its role follow; written before any simulation.

Grade. ``strong``: a randomized trial, a regression discontinuity, or differences in differences whose pre-trends were
seen. ``fair``: an instrument, or differences in differences of which no pre-trends were seen. ``weak``: matching, a
regression, or what a structural model implies.

Error. The printed standard error; else what a printed p-value or a printed range of estimates implies (the range read
as 90 %); else a judgement, a share of the estimate: 50 %; 75 % in another country; 100 % where a study found the other
sign.

Band. The estimate and 1.645 errors to either side, to two digits, cut at zero unless a study found the other sign: the
sign is the least that must hold. Bands that were written down before these rules stay as they were (``kept``).

Role. A study can fit or test if a number was seen, its design is no mere regression or structural model, and its
comparison can be repeated in the model. Within a channel these are ordered by grade, then the newest first, then by
name, and take turns: fit, test, fit and so on. Studies that disagree in sign keep together and take one turn. Channels
with a single turn take turns among themselves, by name: a lever's only evidence fits or tests, never both. All other
studies are the source of a prior where ``responses.yaml`` names them, else an expectation of sign or order.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from statistics import NormalDist

from urbsim.evidence.rows import ErrorFrom, EvidenceStudy, Role, StudyDesign, StudyOutcome

HOME = "China"
#: Standard errors from the middle to the end of a 90 % interval.
TO_BAND = 1.645
JUDGED, JUDGED_ABROAD, JUDGED_DISPUTED = 0.5, 0.75, 1.0
GRADES: Mapping[StudyDesign, str] = {
    StudyDesign.RANDOMIZED: "strong",
    StudyDesign.DISCONTINUITY: "strong",
    StudyDesign.PRETRENDS: "strong",
    StudyDesign.INSTRUMENT: "fair",
    StudyDesign.DIFFERENCES: "fair",
    StudyDesign.MATCHING: "weak",
    StudyDesign.REGRESSION: "weak",
    StudyDesign.STRUCTURAL: "weak",
}
_ORDER = ("strong", "fair", "weak")
_NO_COMPARISON = (StudyDesign.REGRESSION, StudyDesign.STRUCTURAL)


def grade(study: EvidenceStudy) -> str:
    """Return how good the design of a study is, in one word."""
    return GRADES[study.design]


def error_of(study: EvidenceStudy, outcome: StudyOutcome) -> float:
    """Return the standard error of an outcome that the rule implies; the printed one is what it is."""
    assert outcome.estimate is not None
    assert outcome.error is not None
    size = abs(outcome.estimate)
    if outcome.error_from is ErrorFrom.P_VALUE:
        assert outcome.p_value is not None
        return size / NormalDist().inv_cdf(1.0 - outcome.p_value / 2.0)
    if outcome.error_from is ErrorFrom.RANGE:
        assert outcome.printed is not None
        return (outcome.printed[1] - outcome.printed[0]) / (2.0 * TO_BAND)
    if outcome.error_from is ErrorFrom.JUDGEMENT:
        return size * _judged_share(study)
    return outcome.error


def _judged_share(study: EvidenceStudy) -> float:
    if study.disagrees:
        return JUDGED_DISPUTED
    return JUDGED if study.country == HOME else JUDGED_ABROAD


def band_of(study: EvidenceStudy, outcome: StudyOutcome) -> tuple[float, float]:
    """Return the band of an outcome with a number that the rule implies."""
    assert outcome.estimate is not None
    half = TO_BAND * error_of(study, outcome)
    low, high = outcome.estimate - half, outcome.estimate + half
    if not study.disagrees:
        low, high = (max(low, 0.0), high) if outcome.estimate > 0.0 else (low, min(high, 0.0))
    return two_digits(low), two_digits(high)


def two_digits(value: float) -> float:
    """Return a number to two significant digits."""
    return 0.0 if value == 0.0 else round(value, 1 - math.floor(math.log10(abs(value))))


def can_judge(study: EvidenceStudy) -> bool:
    """Tell whether a study can fit or test."""
    return study.numbered and study.design not in _NO_COMPARISON and study.not_repeatable is None


def roles(studies: Sequence[EvidenceStudy], sources: Collection[str]) -> dict[str, Role]:
    """Return the role of every study by name; ``sources`` are those that a prior names."""
    found = {study.id: Role.PRIOR if study.id in sources else Role.EXPECTATION for study in studies}
    judges = [study for study in studies if can_judge(study)]
    single = []
    for channel in sorted({study.channel for study in judges}):
        turns = _turns([study for study in judges if study.channel == channel])
        if len(turns) == 1:
            single += turns
        else:
            found |= _alternate(turns)
    return found | _alternate(single)


def _alternate(turns: Sequence[tuple[str, ...]]) -> dict[str, Role]:
    return {name: (Role.FIT, Role.TEST)[number % 2] for number, turn in enumerate(turns) for name in turn}


def _turns(studies: Sequence[EvidenceStudy]) -> list[tuple[str, ...]]:
    """Return the names of a channel's studies in order, those that disagree together."""
    ordered = sorted(studies, key=lambda study: (_ORDER.index(grade(study)), -(study.citation.year or 0), study.id))
    names = [study.id for study in ordered]
    turns: list[tuple[str, ...]] = []
    for study in ordered:
        if not any(study.id in turn for turn in turns):
            turns.append((study.id, *(other for other in names if other in study.disagrees)))
    return turns
