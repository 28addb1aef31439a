"""The tables of many runs put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from urbsim.experiment.plan import RunKey
from urbsim.experiment.tables import TABLES, Tables

_AMOUNTS = ("value", "persons", "yuan", "wanted", "possible")


def merge(parts: Mapping[RunKey, Tables], order: Sequence[RunKey]) -> Tables:
    """Return each table of all runs together, with columns scenario, draw and replicate in front.

    Rows follow ``order``; runs that are missing from ``parts`` are left out. Text is held as categories.
    """
    present = [key for key in order if key in parts]
    return {name: _concatenate({key: parts[key][name] for key in present}) for name in TABLES}


def _concatenate(frames: Mapping[RunKey, pd.DataFrame]) -> pd.DataFrame:
    labelled = []
    for key, frame in frames.items():
        identity: dict[str, Any] = {"scenario": key.scenario, "draw": key.draw, "replicate": key.replicate}
        labelled.append(frame.assign(**identity)[[*identity, *frame.columns]])
    # A table without rows says nothing of its columns' types, so it must not blur those of the others.
    whole = pd.concat([frame for frame in labelled if len(frame)] or labelled[:1], ignore_index=True)
    for column in whole.columns:
        if column in _AMOUNTS:
            whole[column] = whole[column].astype(float)
        elif not pd.api.types.is_numeric_dtype(whole[column]):
            text = whole[column].astype(str)
            categories = pd.unique(text) if column == "scenario" else sorted(pd.unique(text))
            whole[column] = pd.Categorical(text, categories=categories)
    return whole
