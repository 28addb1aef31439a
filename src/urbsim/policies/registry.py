"""Finding levers: the built-in ones by name, a user's own by file and class."""

from __future__ import annotations

from pathlib import Path

from urbsim.labels import bilingual
from urbsim.policies.base import Policy
from urbsim.policies.built_in import all_levers
from urbsim.policies.own import CodeNotAllowedError, LeverError, LeverFileError, own_lever
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import listed, quoted

__all__ = ["CodeNotAllowedError", "LeverError", "LeverFileError", "UnknownLeverError", "all_levers", "lever_class"]


class UnknownLeverError(LeverError):
    """No built-in lever has this name."""


def lever_class(spec: str, folder: Path, *, allow_code: bool = False) -> type[Policy]:
    """Return the class of a lever as named in a scenario file.

    Parameters
    ----------
    spec
        Name of a built-in lever, or ``file.py:ClassName``.
    folder
        Folder of the scenario file, in which or below which a lever file lies.
    allow_code
        Whether lever files may be run.

    Raises
    ------
    UnknownLeverError
        If there is no built-in lever of this name.
    LeverFileError
        If a lever file may not be run, the file or class is missing, cannot be run, or is not a complete lever.
    """
    if ":" in spec or spec.endswith(".py"):
        return own_lever(spec, folder, allow_code=allow_code)
    known = all_levers()
    if spec not in known:
        message, allowed = (
            bilingual(f"unknown lever {quoted(spec)}", f"未知的政策工具{quoted(spec)}"),
            bilingual(f"{listed(known)} or FILE.py:CLASS", f"{listed(known)}，或 文件.py:类名"),
        )
        raise UnknownLeverError(
            message, allowed, similar(spec, known, {name: each.title for name, each in known.items()})
        )
    return known[spec]
