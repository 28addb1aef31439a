"""What can go wrong with an experiment, by who can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from urbsim.labels import Label, bilingual
from urbsim.reading.suggestions import did_you_mean
from urbsim.reading.wording import listed


class ExperimentError(Exception):
    """Input that cannot be simulated: scenarios that cannot be compared, an unusable folder. Exit code 2."""


class UnknownNameError(ExperimentError, KeyError):
    """A name of which there is none; the message says what there is and what was probably meant."""

    def __init__(self, name: str, found: str, known: Iterable[str], labels: Mapping[str, Label] | None = None) -> None:
        choices = list(known)
        meant = did_you_mean(name, choices, labels=labels)
        super().__init__(
            bilingual(f"{found}; there are {listed(choices)}{meant}", f"{found}；可用：{listed(choices)}{meant}")
        )

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would show it in quotes


class RunError(Exception):
    """A run that began and could not be finished. Exit code 1."""


#: The stages that a run can fail at, as they are written down; a month follows ``month`` and ``the month after``.
_STAGES = {
    label.en: label
    for label in (
        Label("loading the model", "载入模型"),
        Label("loading the levers", "载入政策工具"),
        Label("sending the levers", "发送政策工具"),
        Label("synthesis of the base population", "合成基期人口"),
        Label("setting up the model", "建立模型"),
        Label("gathering the results", "汇总结果"),
        Label("on the cluster", "集群上"),
    )
}


def stage_in_words(stage: str) -> str:
    """Return the stage that a run failed at in the language in force."""
    if stage in _STAGES:
        return str(_STAGES[stage])
    words, _, month = stage.rpartition(" ")
    known = {"month": Label(stage, f"{month} 月"), "the month after": Label(stage, f"{month} 之后的一个月")}
    return str(known.get(words, stage))
