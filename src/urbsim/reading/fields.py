"""Fields that rows of data files share: texts in two languages, names that must be known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BeforeValidator, InstanceOf

from urbsim.labels import Label, bilingual
from urbsim.reading.suggestions import did_you_mean


def _label(value: Any) -> Any:
    is_pair = isinstance(value, list | tuple) and len(value) == 2 and all(isinstance(text, str) for text in value)
    if not is_pair or not all(text.strip() and text.isprintable() for text in value):
        raise ValueError(bilingual("must be two texts, [English, 中文]", "必须是两段文字：[English, 中文]"))
    if any("\u4e00" <= character <= "\u9fff" for character in value[0][:1]):
        raise ValueError(bilingual("English comes first: [English, 中文]", "英文在前：[English, 中文]"))
    return Label(*value)


def known(name: str, what: str, choices: Iterable[str]) -> str:
    """Return a name that is one of the choices.

    Raises
    ------
    ValueError
        If it is not, with the choice that was probably meant.
    """
    allowed = sorted(choices)
    if name in allowed:
        return name
    raise ValueError(
        bilingual(
            f"there is no {what} '{name}'{did_you_mean(name, allowed, ', ')}",
            f"没有{what}“{name}”{did_you_mean(name, allowed, '，')}",
        )
    )


#: Two texts, English and Chinese.
Text = Annotated[InstanceOf[Label], BeforeValidator(_label)]
