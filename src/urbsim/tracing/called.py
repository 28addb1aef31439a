"""What a choice is made of, for Python to call: in the model these functions are parts of compiled loops."""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats
from urbsim.kernels import people_kernel
from urbsim.population import Households, People
from urbsim.processes.residence import attention, choice, nested_logit, utility
from urbsim.processes.residence.alternatives import Alternatives
from urbsim.processes.residence.attention import Hazards
from urbsim.processes.residence.choice import Choice
from urbsim.processes.residence.destinations import Options


@people_kernel
def may_decide(people: People, i: int, month: int) -> bool:
    """Return whether somebody can decide where to live."""
    return attention.may_decide(people, i, month)


@people_kernel
def is_away(people: People, i: int) -> bool:
    """Return whether somebody lives outside the county of registration."""
    return attention.is_away(people, i)


@people_kernel
def months_there(people: People, i: int, month: int) -> int:
    """Return for how many months somebody has lived in the present zone."""
    return attention.months_there(people, i, month)


@people_kernel
def rate_of_couple(people: People, i: int, rules: Floats) -> float:
    """Return the rate at which news of rules makes somebody look this month."""
    return attention.rate_of_couple(people, i, rules)


@people_kernel
def chance_of_looking(people: People, i: int, events: int, hazards: Hazards, month: int) -> float:
    """Return the chance that somebody who may decide reconsiders this month."""
    return attention.chance_of_looking(people, i, events, hazards, month)


@people_kernel
def find_options(people: People, households: Households, month: Choice, i: int, options: Options) -> int:
    """Fill the options of a person or couple; return how many there are."""
    return choice.find_options(people, households, month, i, options)


@people_kernel
def choose(options: Options, count: int, nest: float, stream: np.uint64, key: np.uint64) -> int:
    """Return the position of the option chosen among the first ``count``, and note the shock of each."""
    return nested_logit.choose(options, count, nest, stream, key)


@people_kernel
def measure(
    people: People, households: Households, alternatives: Alternatives, i: int, options: Options, n: int
) -> None:
    """Fill the quantities of option ``n``."""
    utility.measure(people, households, alternatives, i, options, n)
