"""Sums over groups, and costs shared by several policies: helpers of the levers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Group
from urbsim.policies.base import GroupName
from urbsim.quantities.quantity import AXES


def codes(groups: Iterable[GroupName]) -> list[Group]:
    """Return the codes of the groups named."""
    return [name.group for name in groups]


def by_group(counts: Floats, groups: Iterable[GroupName]) -> Floats:
    """Return the sum over the groups named, the last axis of ``counts``."""
    total: Floats = counts[..., [AXES["group"].index(group) for group in codes(groups)]].sum(axis=-1)
    return total


def shared(counts: Floats, contributors: Floats) -> Floats:
    """Return each policy's equal part of ``counts`` where several policies pay for the same people."""
    return counts / np.maximum(contributors, 1.0)
