"""The nested logit as a choice by random utility, so that a change for one option moves people only to or from it.

Rule. Somebody's utility of option n is V_n + e_n; the one with the highest utility is chosen. With e_n extreme-value
distributed and correlated within a nest, choices follow the nested logit:

  P(n) = exp(V_n / nest) / I_k * I_k^nest / (sum over nests j of I_j^nest),  I_k = sum over k of exp(V / nest)

The shocks are e_n = nest (g_n + ln s_k): g_n standard Gumbel for every option, s_k positive stable with exponent
``nest`` for every nest (Kanter 1975), which is 1 where nest = 1. They belong to the person, month and option, not to
the scenario. A policy that makes the seat more attractive therefore brings people to the seat and moves nobody
between two other places, which one number held against cumulated probabilities would do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from urbsim.kernels import inlined
from urbsim.processes.residence.destinations import SEAT, WAYS, Options
from urbsim.randomness import child_key, uniform

LAST_INSIDE = SEAT  # destinations up to the seat form the nest "in the county" of registration, the others "outside"
_NUMBER_OF_WAYS = len(WAYS)
_NESTS = 100  # numbers of the nests' shocks, away from those of options


@inlined
def choose(options: Options, count: int, nest: float, stream: np.uint64, key: np.uint64) -> int:
    """Return the position of the option chosen among the first ``count``, and note the shock of each.

    Parameters
    ----------
    options
        Destination, way to go and utility of each option; the shocks are filled in.
    count
        Number of options.
    nest
        Dissimilarity of the options within a nest, in (0, 1]; 1 is the multinomial logit.
    stream, key
        The month's random stream of this decision, and the key of who decides.
    """
    inside = log_positive_stable(nest, stream, child_key(key, _NESTS), child_key(key, _NESTS + 1))
    outside = log_positive_stable(nest, stream, child_key(key, _NESTS + 2), child_key(key, _NESTS + 3))
    best, pick = -np.inf, 0
    for n in range(count):
        option = _NUMBER_OF_WAYS * options.destinations[n] + options.ways[n]
        gumbel = -np.log(_exponential(stream, child_key(key, option)))
        options.shocks[n] = nest * (gumbel + (inside if options.destinations[n] <= LAST_INSIDE else outside))
        utility = options.utilities[n] + options.shocks[n]
        if utility > best:
            best, pick = utility, n
    return pick


def probabilities(destinations: NDArray[np.int64], utilities: NDArray[np.float64], nest: float) -> NDArray[np.float64]:
    """Return the chance of each option, shape (options,): the formula that choices by ``choose`` follow."""
    from scipy.special import logsumexp  # takes long to load, and no run needs it

    scaled, logs = utilities / nest, np.empty_like(utilities)
    totals = []
    for nested in (destinations <= LAST_INSIDE, destinations > LAST_INSIDE):
        if nested.any():
            inclusive = logsumexp(scaled[nested])
            logs[nested] = scaled[nested] - inclusive + nest * inclusive
            totals.append(nest * inclusive)
    return np.asarray(np.exp(logs - logsumexp(totals)))


@inlined
def _exponential(stream: np.uint64, key: np.uint64) -> float:
    return float(-np.log(1.0 - uniform(stream, key)))


@inlined
def log_positive_stable(exponent: float, stream: np.uint64, one: np.uint64, other: np.uint64) -> float:
    """Return the logarithm of a positive stable number with E exp(-t s) = exp(-t^exponent); 0 for exponent 1."""
    if exponent >= 1.0:
        return 0.0
    rest = 1.0 - exponent
    angle = np.pi * (1.0 - uniform(stream, one))
    log_a = (np.log(np.sin(exponent * angle)) - np.log(np.sin(angle))) / rest
    log_a += np.log(np.sin(rest * angle)) - np.log(np.sin(exponent * angle))
    return float(rest / exponent * (log_a - np.log(_exponential(stream, other))))
