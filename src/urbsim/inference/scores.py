"""Priors of the responses on one scale: a score is standard normal wherever the prior puts the response."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import norm, qmc, truncnorm, uniform

from urbsim.arrays import Floats
from urbsim.calibration.design import priors
from urbsim.evidence.reading import responses
from urbsim.evidence.rows import Listed, PolicyResponse, Prior

#: Scores beyond this are as improbable as one in ten thousand, and not asked of an emulator.
FARTHEST = 3.7
_Curve = Callable[[Floats], Floats]


def _same(values: Floats) -> Floats:
    return values


#: How each form of prior is made normal, and back.
_CURVES: Mapping[Prior, tuple[_Curve, _Curve]] = {
    Prior.NORMAL: (_same, _same),
    Prior.LOGNORMAL: (np.log, np.exp),
    Prior.LOGIT_NORMAL: (logit, expit),
}


def fitted_responses() -> tuple[PolicyResponse, ...]:
    """Return the responses that the model knows and the censuses do not fit, in the order of the list."""
    return tuple(one for one in responses() if one.status is Listed.REGISTERED and one.id not in priors())


def value_at(response: PolicyResponse, scores: Floats) -> Floats:
    """Return the values of a response at scores, within its range."""
    share = norm.cdf(np.asarray(scores, dtype=float))
    low, high = response.range
    if response.prior is Prior.UNIFORM:
        return np.asarray(uniform.ppf(share, low, high - low))
    forward, back = _CURVES[response.prior]
    ends, middle, width = _normal_ends(response, forward)
    return np.asarray(np.clip(back(middle + width * truncnorm.ppf(share, *ends)), low, high))


def score_of(response: PolicyResponse, values: Floats) -> Floats:
    """Return the scores of values; those at an end of the range are as far out as ``FARTHEST``."""
    low, high = response.range
    if response.prior is Prior.UNIFORM:
        share = uniform.cdf(values, low, high - low)
    else:
        forward, _ = _CURVES[response.prior]
        ends, middle, width = _normal_ends(response, forward)
        with np.errstate(divide="ignore"):
            share = truncnorm.cdf((forward(np.asarray(values, dtype=float)) - middle) / width, *ends)
    return np.asarray(np.clip(norm.ppf(share), -FARTHEST, FARTHEST))


def _normal_ends(response: PolicyResponse, forward: _Curve) -> tuple[tuple[float, float], float, float]:
    """Return the ends of the range in widths from the centre, the centre and the width, all on the normal scale."""
    assert response.centre is not None
    assert response.width is not None
    with np.errstate(divide="ignore"):  # an end at 0 or 1 is infinitely far away
        low, middle, high = forward(np.array([response.range[0], response.centre, response.range[1]], dtype=float))
    return ((low - middle) / response.width, (high - middle) / response.width), float(middle), response.width


def values_of(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the responses at scores, one column each; other columns stay as they are."""
    found = scores.copy()
    for response in fitted_responses():
        if response.id in found:
            found[response.id] = value_at(response, scores[response.id].to_numpy(dtype=float))
    return found


def spread_scores(count: int, seed: int) -> pd.DataFrame:
    """Return ``count`` points of scores that fill the prior: a scrambled Sobol sequence, one column per response."""
    names = [response.id for response in fitted_responses()]
    sobol = qmc.Sobol(len(names), scramble=True, rng=np.random.default_rng(seed))
    unit = sobol.random_base2(int(np.ceil(np.log2(max(count, 2)))))[:count]
    return pd.DataFrame(norm.ppf(np.clip(unit, 1e-4, 1.0 - 1e-4)), columns=names)
