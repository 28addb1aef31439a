"""Reading the lists of studies and responses; what is wrong is said with file, line and the name of the row."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from urbsim.evidence.rows import (
    EvidenceStudy,
    KnownCauses,
    Listed,
    PolicyResponse,
    Responses,
    Role,
    Studies,
    StudyOutcome,
)
from urbsim.evidence.rules import band_of, error_of, roles
from urbsim.labels import Label
from urbsim.parameters import registry
from urbsim.reading.located import Node
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.rows import items, read_rows
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import quoted

FOLDER = Path(__file__).parent


class EvidenceError(ScenarioError):
    """A list of studies or responses that cannot be used."""


@cache
def studies() -> tuple[EvidenceStudy, ...]:
    """Return the studies of the list, in its order."""
    return read_studies(FOLDER / "studies.yaml", responses())


@cache
def responses() -> tuple[PolicyResponse, ...]:
    """Return the responses with their priors, in the order of the list."""
    return read_responses(FOLDER / "responses.yaml")


@cache
def causes() -> dict[tuple[str, str], Label]:
    """Return why results lie outside their bands, where that is known, by study and outcome."""
    return read_causes(FOLDER / "causes.yaml", studies())


def read_causes(path: Path, known: tuple[EvidenceStudy, ...]) -> dict[tuple[str, str], Label]:
    """Return the causes that a file holds, by study and outcome.

    Raises
    ------
    EvidenceError
        With every mistake of the file.
    """
    found, root = read_rows(path, KnownCauses, EvidenceError)
    allowed = [(study.id, outcome.key) for study in known for outcome in study.outcomes]
    wrong = []
    for row, one in zip(items(root.entries["causes"]), found.causes, strict=True):
        if (one.study, one.outcome) not in allowed:
            name = f"{one.study} {one.outcome}"
            names = [" ".join(pair) for pair in allowed]
            what = "a study of the list and one of its outcomes"
            wrong.append(
                row.entries["study"].at.problem(f"there is no outcome {quoted(name)}", what, similar(name, names))
            )
    if wrong:
        raise EvidenceError(wrong)
    return {(one.study, one.outcome): one.cause for one in found.causes}


def repeated_by(experiment: str) -> tuple[EvidenceStudy, ...]:
    """Return the studies that a virtual experiment repeats."""
    return tuple(study for study in studies() if study.experiment == experiment)


def read_responses(path: Path) -> tuple[PolicyResponse, ...]:
    """Return the responses that a file holds.

    Raises
    ------
    EvidenceError
        With every mistake of the file.
    """
    found, root = read_rows(path, Responses, EvidenceError)
    rows = items(root.entries["responses"])
    wrong = [
        problem for row, one in zip(rows, found.responses, strict=True) for problem in _response_problems(one, row)
    ]
    if wrong:
        raise EvidenceError(wrong)
    return found.responses


def _response_problems(response: PolicyResponse, row: Node) -> Iterator[Problem]:
    parameter = registry().get(response.id)
    if (parameter is None) == (response.status is Listed.REGISTERED):
        what = "is not in the registry" if parameter is None else "is in the registry already"
        yield row.entries["id"].at.problem(
            f"row {quoted(response.id)}: {what}",
            "proposed" if parameter is None else "registered",
            similar(response.id, registry()) if parameter is None else None,
        )
    elif parameter is not None and not (
        parameter.low <= response.range[0] and response.range[1] <= parameter.high and parameter.unit == response.unit
    ):
        found = f"row {quoted(response.id)}: range and unit are not within those of the registry"
        yield row.entries["range"].at.problem(found, f"{parameter.low:g} to {parameter.high:g} {parameter.unit}")


def read_studies(path: Path, known: tuple[PolicyResponse, ...]) -> tuple[EvidenceStudy, ...]:
    """Return the studies that a file holds; they may inform the responses that are ``known``.

    Raises
    ------
    EvidenceError
        With every mistake of the file.
    """
    found, root = read_rows(path, Studies, EvidenceError)
    pairs = list(zip(items(root.entries["studies"]), found.studies, strict=True))
    wrong = [problem for row, study in pairs for problem in _study_problems(study, row, found.studies, known)]
    for row, study in pairs:
        outcomes = zip(items(row.entries["outcomes"]), study.outcomes, strict=True)
        wrong += [problem for at, outcome in outcomes for problem in _outcome_problems(study, outcome, at)]
    wrong = wrong or [*_role_problems(pairs, known), *_source_problems(found.studies, known, root)]
    if wrong:
        raise EvidenceError(wrong)
    return found.studies


def _study_problems(
    study: EvidenceStudy, row: Node, studies: tuple[EvidenceStudy, ...], known: tuple[PolicyResponse, ...]
) -> Iterator[Problem]:
    names = Counter(one.id for one in studies)
    if names[study.id] > 1:
        yield row.entries["id"].at.problem(f"row {quoted(study.id)}: the id stands twice", "every id once")
    allowed = [response.id for response in known]
    for at, name in zip(items(row.entries["informs"]), study.informs, strict=True):
        if name not in allowed:
            found = f"row {quoted(study.id)}: informs: there is no response {quoted(name)}"
            yield at.at.problem(found, "the id of a row of responses.yaml", similar(name, allowed))
    rivals = {one.id: one.disagrees for one in studies}
    for at, name in zip(items(row.entries.get("disagrees")), study.disagrees, strict=True):
        if name == study.id or study.id not in rivals.get(name, ()):
            found = f"row {quoted(study.id)}: disagrees: {quoted(name)} is no other study that names this one"
            yield at.at.problem(found, "studies that name each other", similar(name, rivals))


def _outcome_problems(study: EvidenceStudy, outcome: StudyOutcome, at: Node) -> Iterator[Problem]:
    """Yield where error and band of a number are not what the rules imply."""
    if outcome.estimate is None or outcome.error is None:
        return
    implied = error_of(study, outcome)
    if not math.isclose(outcome.error, implied, rel_tol=0.02):
        found = f"row {quoted(study.id)}: {outcome.key}: error is {outcome.error:g}"
        yield at.entries["error"].at.problem(found, f"{implied:.3g}, by the rule for {outcome.error_from}")
    elif outcome.band is not None and not outcome.kept and outcome.band != band_of(study, outcome):
        low, high = band_of(study, outcome)
        found = f"row {quoted(study.id)}: {outcome.key}: band is not what the rule implies"
        yield at.entries["band"].at.problem(found, f"[{low:g}, {high:g}], or kept: true")


def _role_problems(pairs: list[tuple[Node, EvidenceStudy]], known: tuple[PolicyResponse, ...]) -> Iterator[Problem]:
    sources = {name for response in known for name in response.studies}
    by_rule = roles([study for _, study in pairs], sources)
    for row, study in pairs:
        if study.role is not by_rule[study.id]:
            found = f"row {quoted(study.id)}: role is {quoted(study.role)}"
            yield row.entries["role"].at.problem(found, f"{by_rule[study.id]}, by the rule of the split")


def _source_problems(
    studies: tuple[EvidenceStudy, ...], known: tuple[PolicyResponse, ...], root: Node
) -> Iterator[Problem]:
    """Yield where a prior rests on a study that fits or tests, which would use it twice."""
    role = {study.id: study.role for study in studies}
    for response in known:
        for name in response.studies:
            if role.get(name) is not Role.PRIOR:
                what = "is no study" if name not in role else f"is used as {role[name]} already"
                found = f"the prior of {quoted(response.id)} rests on {quoted(name)}, which {what}"
                yield root.entries["studies"].key_at.problem(found, "a study whose role is prior")
