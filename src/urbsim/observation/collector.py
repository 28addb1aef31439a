"""The indicators where Mesa's own tools look for them."""

from __future__ import annotations

from functools import partial
from typing import Protocol

import pandas as pd
from mesa.datacollection import DataCollector

from urbsim.observation.indicators import INDICATORS
from urbsim.observation.recording import Recorder


class RecordedIndicators(Protocol):
    """A model with a recorder."""

    recorder: Recorder


class IndicatorCollector(DataCollector):  # type: ignore[misc]
    """Mesa's collector, of the indicators of all counties together; to ``collect`` after the recorder has recorded."""

    def __init__(self) -> None:
        super().__init__({"month": _month, **{name: partial(_latest, name) for name in INDICATORS}})

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Return a row for each month (YYYY-MM, the index) and a column for each indicator."""
        table: pd.DataFrame = super().get_model_vars_dataframe()
        return table.set_index("month")


def _month(model: RecordedIndicators) -> str:
    return model.recorder.months[-1]


def _latest(name: str, model: RecordedIndicators) -> float:
    return model.recorder.latest(name)
