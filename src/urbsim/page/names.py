"""What policies are called on the page: by what their lever is, and by what tells those of one lever apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from urbsim.labels import Label, bracketed
from urbsim.policies.base import Policy
from urbsim.policies.choices import CHOICES


def policy_titles(policies: Mapping[str, Policy]) -> dict[str, Label]:
    """Return what policies are called, by their keys.

    A key is English: in Chinese it stands only where neither the lever nor what was chosen for it tells a policy apart.
    """
    chinese = {name: _in_chinese(policy, policies) for name, policy in policies.items()}
    count = Counter(chinese.values())
    return {
        name: Label(_in_english(name, policy), chinese[name] if count[chinese[name]] == 1 else _keyed(name, policy))
        for name, policy in policies.items()
    }


def _in_english(name: str, policy: Policy) -> str:
    return policy.title.en if name == policy.lever else bracketed(policy.title.en, _words(name), "en")


def _in_chinese(policy: Policy, policies: Mapping[str, Policy]) -> str:
    alone = sum(other.lever == policy.lever for other in policies.values()) == 1
    chosen = "" if alone else _chosen(policy)
    return f"{policy.title.zh}（{chosen}）" if chosen else policy.title.zh


def _keyed(name: str, policy: Policy) -> str:
    """Return the lever, what was chosen for it, and the key."""
    more = [_chosen(policy), "" if name == policy.lever else _words(name)]
    said = "，".join(filter(None, more))
    return f"{policy.title.zh}（{said}）" if said else policy.title.zh


def _chosen(policy: Policy) -> str:
    """Return what was chosen of the choices of a lever: a sector, a stage of school, zones."""
    fields = policy.model_dump(mode="json", exclude_none=True, exclude_unset=True)
    values = [value if isinstance(value, list) else [value] for value in fields.values()]
    groups = [[CHOICES[each].zh for each in own if isinstance(each, str) and each in CHOICES] for own in values]
    return "，".join("、".join(group) for group in groups if group)


def _words(name: str) -> str:
    return name.replace("_", " ")
