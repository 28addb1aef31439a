"""What policies cost, from the ledger of an ensemble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd


def spending(ledger: pd.DataFrame, runs: Mapping[str, int], by: Sequence[str]) -> pd.DataFrame:
    """Return yuan spent on policies in all counties, whoever pays, mean over runs.

    Parameters
    ----------
    ledger
        Columns scenario, draw, replicate, month, place, lever, policy, payer, yuan.
    runs
        Number of runs by scenario.
    by
        What to tell apart beside the scenario, of ``year``, ``lever``, ``policy``, ``payer`` and ``place``.

    Returns
    -------
    DataFrame
        Columns scenario, those of ``by``, yuan.
    """
    scenario = ledger["scenario"].astype(str)
    columns = {
        name: ledger["month"].astype(str).str[:4].astype(int) if name == "year" else ledger[name].astype(str)
        for name in by
    }
    each = ledger["yuan"] / scenario.map(dict(runs)).astype(float)
    booked = pd.DataFrame({"scenario": scenario, **columns, "yuan": each})
    return booked.groupby(["scenario", *by])[["yuan"]].sum().reset_index()
