"""Levers of the user's own as a run folder describes them, so that it can be read again without running their code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from urbsim.labels import Label, bilingual
from urbsim.policies.base import LeverOrigin, Policy
from urbsim.policies.registry import LeverError, all_levers
from urbsim.quantities.environment import DECLARATIONS
from urbsim.reading.files import FileRefusedError, read_regular
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.wording import quoted

LEVERS = "levers.json"
_MOST_BYTES = 10_000_000
_SHOWN = ("description", "unit", "unit_zh", "description_zh")


class Description(BaseModel):
    """What is known of a lever without its code."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    lever: str
    title: tuple[str, str]
    explanation: tuple[str, str]
    evidence: str
    quantities: tuple[str, ...]
    cut_order: int
    files: tuple[tuple[str, str], ...]
    fields: dict[str, Any]  # their JSON Schema


def describe(lever: type[Policy]) -> Description:
    """Return the description of a lever of the user's own."""
    assert lever.origin is not None
    title, explanation = lever.title, lever.explanation
    return Description(
        lever=lever.lever,
        title=(title.en, title.zh),
        explanation=(explanation.en, explanation.zh),
        evidence=lever.evidence_in("en"),
        quantities=lever.quantities,
        cut_order=lever.cut_order,
        files=lever.origin.files,
        fields=lever.model_json_schema(),
    )


class _Described(Policy):
    """A lever whose code is not at hand."""

    schema_written: ClassVar[dict[str, Any]]

    @classmethod
    def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
        """Return the schema of the lever that is described."""
        return cls.schema_written

    def apply(self, environment: Any, coverage: Any) -> None:
        """Raise an error: what is only described cannot act."""
        raise NotImplementedError(
            bilingual(
                f"lever '{self.spec()}' is only described; load its scenario with allow_code=True",
                f"政策工具“{self.spec()}”只有说明；请用 allow_code=True 读入其情景",
            )
        )

    def spending(self, environment: Any, activity: Any, coverage: Any) -> Any:  # noqa: ARG002
        """Raise an error, as ``apply`` does."""
        self.apply(environment, coverage)


class _Undescribed(_Described):
    """A lever of which nothing but its name is known."""

    model_config = ConfigDict(extra="allow")

    evidence = ""
    quantities = ()

    @classmethod
    def zonal(cls) -> bool:
        """Return true: its zones are shown as they are written."""
        return True


@dataclass(frozen=True)
class Descriptions:
    """The descriptions of levers in a folder, by what scenarios there write after ``lever:``."""

    found: Mapping[str, Description]

    @classmethod
    def beside(cls, scenario: Path) -> Descriptions:
        """Return those that lie beside a scenario file; none where there is no file of them.

        Raises
        ------
        ScenarioError
            If the file is there and cannot be read.
        """
        path = scenario.parent / LEVERS
        if not path.exists():
            return cls({})
        try:
            plain = json.loads(read_regular(path, _MOST_BYTES))
            return cls({spec: Description.model_validate(each) for spec, each in plain.items()})
        except (FileRefusedError, ValueError, AttributeError, ValidationError):
            raise ScenarioError(
                [Problem(str(path), 0, 0, bilingual("the file does not describe levers", "该文件没有描述政策工具"))]
            ) from None

    def lever(self, spec: str, folder: Path) -> type[Policy]:
        """Return the class of a lever as named in a scenario file; one of the user's own cannot act."""
        if ":" not in spec:
            if spec in all_levers():
                return all_levers()[spec]
            raise LeverError(
                bilingual(f"unknown lever {quoted(spec)}", f"未知的政策工具{quoted(spec)}"),
                bilingual("a lever of this version", "本版本的政策工具"),
            )
        path, _, class_name = spec.rpartition(":")
        known = self.found.get(spec)
        origin = LeverOrigin(str(folder / path), class_name, known.files if known else ())
        return _stand_in(known, origin) if known else _unknown(origin)


def _stand_in(known: Description, origin: LeverOrigin) -> type[Policy]:
    unheard = [name for name in known.quantities if name not in DECLARATIONS]
    if unheard:
        raise LeverError(
            bilingual(
                f"lever {quoted(origin.spec)} changes {quoted(unheard[0])}, which this version does not have",
                f"政策工具{quoted(origin.spec)}改变{quoted(unheard[0])}，而本版本没有这个量",
            )
        )
    required = known.fields.get("required", ())
    fields: dict[str, Any] = {}
    for name, schema in known.fields.get("properties", {}).items():
        if name not in Policy.model_fields:
            extra = {key: schema[key] for key in _SHOWN if key in schema}
            default = ... if name in required else schema.get("default")
            fields[name] = (Any, Field(default, description=extra.pop("description", None), json_schema_extra=extra))
    lever = create_model(origin.class_name, __base__=_Described, __module__=__name__, **fields)
    lever.schema_written, lever.origin, lever.lever = known.fields, origin, known.lever
    lever.title, lever.explanation = Label(*known.title), Label(*known.explanation)
    lever.evidence, lever.quantities, lever.cut_order = known.evidence, known.quantities, known.cut_order
    return lever


def _unknown(origin: LeverOrigin) -> type[Policy]:
    lever = create_model(origin.class_name, __base__=_Undescribed, __module__=__name__)
    lever.schema_written, lever.origin, lever.lever = Policy.model_json_schema(), origin, origin.class_name
    lever.title = lever.explanation = Label(origin.class_name, origin.class_name)
    return lever
