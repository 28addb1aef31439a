"""How well founded the effect of a lever is: fitted to studies, known in sign only, or an assumption.

By rule, from the two lists and the lever's quantities. A lever acts through the responses that name one of its
quantities. It is ``fitted`` where a study that is fitted names the lever and informs one of these responses, or where
such studies inform all of them; which of them none informs is said with it. It is known in ``sign`` where another study
of the list names the lever or informs one of its responses. Else it rests on assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from urbsim.evidence.reading import responses, studies
from urbsim.evidence.rows import EvidenceStudy, PolicyResponse, Role
from urbsim.labels import Label, Language
from urbsim.policies.base import Policy


class Strength(StrEnum):
    """How well founded an effect is."""

    FITTED = "fitted"
    SIGN = "sign"
    ASSUMPTION = "assumption"


STRENGTHS = {
    Strength.FITTED: Label("fitted", "已拟合"),
    Strength.SIGN: Label("sign only", "仅方向有依据"),
    Strength.ASSUMPTION: Label("assumption", "假设"),
}
_FITTED = Label("fitted to {studies} (through {responses})", "依据{studies}拟合（通过{responses}）")
_OPEN = Label("; no fit informs {responses}", "；{responses}无研究可拟合")
_SIGN = Label("sign only: {studies}", "仅方向有依据：{studies}")
_ASSUMED = Label("assumption: no study of the list speaks to it", "假设：所列研究均未涉及")
_TESTED = Label("; tested by {studies}", "；检验：{studies}")


@dataclass(frozen=True)
class LeverGrade:
    """How well founded a lever's effect is.

    ``fits`` are the studies that the responses ``fitted`` rest on, ``open`` the lever's other responses; ``tests`` and
    ``others`` are studies that test the lever or give a sign.
    """

    strength: Strength
    fits: tuple[EvidenceStudy, ...]
    fitted: tuple[PolicyResponse, ...]
    open: tuple[PolicyResponse, ...]
    tests: tuple[EvidenceStudy, ...]
    others: tuple[EvidenceStudy, ...]

    def sentence(self, language: Language) -> str:
        """Return the grade in words, with the studies by name."""
        if self.strength is Strength.FITTED:
            said = _FITTED.in_language(language).format(
                studies=_cited(self.fits, language), responses=_meanings(self.fitted, language)
            )
            if self.open:
                said += _OPEN.in_language(language).format(responses=_meanings(self.open, language))
        elif self.strength is Strength.SIGN:
            every = (*self.fits, *self.tests, *self.others)
            said = _SIGN.in_language(language).format(studies=_cited(every, language))
            if self.open:
                said += _OPEN.in_language(language).format(responses=_meanings(self.open, language))
        else:
            said = _ASSUMED.in_language(language)
        if self.tests and self.strength is Strength.FITTED:
            said += _TESTED.in_language(language).format(studies=_cited(self.tests, language))
        return said


def fits(study: EvidenceStudy) -> bool:
    """Tell whether a study is fitted: by its role, with an experiment that shows a number of it."""
    shown = any(outcome.modelled and outcome.estimate is not None for outcome in study.outcomes)
    return study.role is Role.FIT and study.experiment is not None and shown


def responses_of(lever: type[Policy]) -> tuple[PolicyResponse, ...]:
    """Return the responses that a lever acts through, in the order of the list."""
    return tuple(response for response in responses() if set(response.through) & set(lever.quantities))


def grade_of(lever: type[Policy]) -> LeverGrade:
    """Return how well founded the effect of a lever is; see the module for the rule."""
    through = responses_of(lever)
    names = {response.id for response in through}
    informing = [study for study in studies() if names & set(study.informs)]
    fitting = tuple(study for study in informing if fits(study))
    informed = {name for study in fitting for name in study.informs}
    fitted = bool(fitting) and (names <= informed or any(lever.lever in study.levers for study in fitting))
    about = [study for study in studies() if lever.lever in study.levers or study in informing]
    others = tuple(study for study in about if study.role is not Role.TEST and study not in fitting)
    tests = tuple(study for study in about if study.role is Role.TEST and lever.lever in study.levers)
    seen = fitting or tests or others
    strength = Strength.FITTED if fitted else Strength.SIGN if seen else Strength.ASSUMPTION
    return LeverGrade(
        strength,
        fitting,
        tuple(response for response in through if response.id in informed),
        tuple(response for response in through if response.id not in informed),
        tests,
        others,
    )


def _cited(found: tuple[EvidenceStudy, ...], language: Language) -> str:
    return ("；" if language == "zh" else "; ").join(study.citation.short for study in found)


def _meanings(found: tuple[PolicyResponse, ...], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(response.label.in_language(language) for response in found)
