"""Finding levers: the built-in ones by name, a user's own by file and class.

Every policy class in a module of ``urbsim.policies.levers`` that names itself, by ``lever``, is a built-in lever, in
the order of the modules and of the classes in each. A class without a name is only a base of others.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from urbsim.policies import levers
from urbsim.policies.base import Policy
from urbsim.policies.own import CodeNotAllowedError, LeverError, LeverFileError, is_policy, own_lever
from urbsim.suggestions import similar
from urbsim.wording import listed, quoted

__all__ = ["CodeNotAllowedError", "LeverError", "LeverFileError", "UnknownLeverError", "all_levers", "lever_class"]


class UnknownLeverError(LeverError):
    """No built-in lever has this name."""


@cache
def all_levers() -> dict[str, type[Policy]]:
    """Return the built-in levers by name."""
    found: dict[str, type[Policy]] = {}
    for module in sorted(iter_modules(levers.__path__), key=lambda each: each.name):
        name = f"{levers.__name__}.{module.name}"
        for item in vars(import_module(name)).values():
            if is_policy(item) and item.__module__ == name and hasattr(item, "lever"):
                first = found.setdefault(item.lever, item)
                assert first is item, f"{first.__module__} and {name} both have the lever '{item.lever}'"
    return found


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
        message, allowed = f"unknown lever {quoted(spec)}", f"{listed(known)} or FILE.py:CLASS"
        raise UnknownLeverError(message, allowed, similar(spec, known))
    return known[spec]
