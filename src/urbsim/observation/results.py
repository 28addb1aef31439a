"""The tables that one run of the model leaves behind."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Results:
    """Tidy tables of one run.

    Attributes
    ----------
    series
        ``month`` (YYYY-MM), ``place`` (county code, or the region for all counties together), ``indicator``, ``value``.
    flows
        ``month``, ``place`` (county code), ``cause``, ``origin``, ``destination``, ``persons`` (real).
    ledger
        ``month``, ``place``, ``lever``, ``policy``, ``payer``, ``yuan``.
    limits
        ``year``, ``place``, ``limit`` (money, land or debt), ``policy``, ``lever``, ``unit``, ``wanted``, ``possible``:
        see ``urbsim.observation.limits``.
    synthesis
        Fit of every margin of the base population.
    """

    series: pd.DataFrame
    flows: pd.DataFrame
    ledger: pd.DataFrame
    limits: pd.DataFrame
    synthesis: pd.DataFrame
