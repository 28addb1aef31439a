"""The built-in levers, found by themselves.

Every policy class in a module of ``urbsim.policies.levers`` that names itself, by ``lever``, is a built-in lever, in
the order of the modules and of the classes in each. A class without a name is only a base of others.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeGuard

from urbsim.policies import levers
from urbsim.policies.base import Policy


def is_policy(item: object) -> TypeGuard[type[Policy]]:
    """Return whether something is a class of policies."""
    return isinstance(item, type) and issubclass(item, Policy) and item is not Policy


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
