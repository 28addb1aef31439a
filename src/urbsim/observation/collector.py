"""The indicators where Mesa's own tools look for them."""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd

from urbsim.agents import mesa
from urbsim.observation.indicators import INDICATORS
from urbsim.observation.recording import Recorder


class RecordedIndicators(Protocol):
    """A model with a recorder."""

    recorder: Recorder


class IndicatorCollector(mesa.DataCollector):  # type: ignore[misc]
    """Mesa's collector, of the indicators of all counties together: what the recorder recorded, made when asked for."""

    def __init__(self) -> None:
        self._recorder: Recorder | None = None
        super().__init__()

    def collect(self, model: RecordedIndicators) -> None:
        """Look from now on at what a model has recorded."""
        self._recorder = model.recorder

    @property
    def model_vars(self) -> dict[str, list[Any]]:
        """Months (YYYY-MM) and every indicator by month."""
        if self._recorder is None:
            return {name: [] for name in ("month", *INDICATORS)}
        whole = self._recorder.of_world()
        return {"month": list(self._recorder.months), **dict(zip(INDICATORS, whole.tolist(), strict=True))}

    @model_vars.setter
    def model_vars(self, _: dict[str, list[Any]]) -> None:
        """Take no notice: Mesa begins with an empty one."""

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Return a row for each month (YYYY-MM, the index) and a column for each indicator."""
        return pd.DataFrame(self.model_vars).set_index("month")
