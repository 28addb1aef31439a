"""Mesa's models and agents, without its spaces.

``import mesa`` also loads grids, networks and continuous space, and with them networkx and a large part of SciPy, which
takes longer than all else that Mesa is. A model of counties has none of them: they are loaded when somebody asks for
one, as the same modules.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

SPACES = ("mesa.space", "mesa.discrete_space", "mesa.experimental.continuous_space")


class _OnDemand(Loader):
    """Loads a module at the first look into it."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        def first_look(name: str) -> Any:
            if name.startswith("__") and name != "__all__":  # what ``inspect`` asks of every module
                raise AttributeError(f"module '{module.__name__}' has no attribute '{name}'")
            del module.__getattr__
            self._loader.exec_module(module)
            return getattr(module, name)

        module.__getattr__ = first_look  # type: ignore[method-assign]


class _Spaces(MetaPathFinder):
    """Finds Mesa's spaces, to be loaded on demand."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in SPACES else None
        if spec is not None and spec.loader is not None:
            spec.loader = _OnDemand(spec.loader)
        return spec


_finder = _Spaces()
sys.meta_path.insert(0, _finder)
try:
    import mesa
finally:
    sys.meta_path.remove(_finder)

__all__ = ["mesa"]
