"""How well founded effects are, as charts mark it: by the levers of the policies that bring them about."""

from __future__ import annotations

from collections.abc import Iterable

from urbsim.evidence.grades import Strength, grade_of
from urbsim.labels import Label, Language
from urbsim.policies.base import Policy

#: Hatches of bars.
HATCHES = {Strength.FITTED: "", Strength.SIGN: "...", Strength.ASSUMPTION: "xxx"}
#: What the hatches say of several policies together.
WORDS = {
    Strength.FITTED: Label("fitted to studies", "已依据研究拟合"),
    Strength.SIGN: Label("known in part, or in sign only", "部分或仅方向有依据"),
    Strength.ASSUMPTION: Label("rests on assumptions", "依据为假设"),
}
#: Marks of lines.
MARKS = {Strength.FITTED: "", Strength.SIGN: "*", Strength.ASSUMPTION: "**"}


def strength_of(policies: Iterable[Policy]) -> Strength:
    """Return how well founded the effect of several policies is: the same as all of them, else known in part."""
    found = {grade_of(type(policy)).strength for policy in policies}
    return found.pop() if len(found) == 1 else Strength.SIGN if found else Strength.FITTED


def marked(name: str, policies: Iterable[Policy]) -> str:
    """Return a name with the mark of how well founded the effect of its policies is."""
    mark = MARKS[strength_of(policies)]
    return f"{name} {mark}" if mark else name


def explained(strengths: Iterable[Strength], language: Language) -> str:
    """Return what the marks say that are used; empty where none is."""
    found = set(strengths)
    used = [strength for strength in Strength if strength in found and MARKS[strength]]
    return "; ".join(f"{MARKS[strength]} {WORDS[strength].in_language(language)}" for strength in used)
