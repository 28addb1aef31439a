"""Base populations that took long to make, kept for the next run that starts from them.

A population is found by all that it depends on: counties, census, scale, seed and number, the parameters of its
synthesis, registered people that are given, and with what it was made: sources, tables, libraries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from time import process_time
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from urbsim.experiment.kept_files import KeptFiles
from urbsim.experiment.model_files import model_hash, software, tables_hash

if TYPE_CHECKING:
    from urbsim.region.synthesis import BasePopulation

POPULATIONS = KeptFiles("populations", ".npz")
#: CPU seconds of making one from which it is kept.
_LONG = 20.0
_PEOPLE, _HOUSEHOLDS, _FIT, _SCALE = "people.", "households.", "fit.", "scale"


def kept_or_made(depends_on: Hashable, make: Callable[[], BasePopulation]) -> BasePopulation:
    """Return the base population that is kept under what it ``depends_on``, else make it, and keep it if that was long.

    Its bytes are the same either way.
    """
    name = _name(depends_on)
    found = POPULATIONS.find(name, _read)
    if found is not None:
        return found
    begun = process_time()
    base = make()
    if process_time() - begun >= _LONG:
        POPULATIONS.keep(name, lambda file: _write(base, file))
    return base


def _name(depends_on: Hashable) -> str:
    whole = (depends_on, model_hash(), tables_hash(), sorted(software().items()))
    return hashlib.sha256(repr(whole).encode()).hexdigest()


def _write(base: BasePopulation, file: IO[bytes]) -> None:
    population = base.population
    arrays: dict[str, Any] = {_SCALE: np.array(population.scale)}
    arrays |= {f"{_PEOPLE}{name}": population.people[name] for name in population.people}
    arrays |= {f"{_HOUSEHOLDS}{name}": population.households[name] for name in population.households}
    for name, column in base.fit.items():
        numeric = column.dtype.kind in "if"
        arrays[f"{_FIT}{name}"] = column.to_numpy() if numeric else column.to_numpy(dtype=str)
    np.savez(file, **arrays)


def _read(file: IO[bytes]) -> BasePopulation:
    import pandas as pd

    from urbsim.population import Population
    from urbsim.region.synthesis import BasePopulation

    with np.load(file, allow_pickle=False) as arrays:
        people, households = (len(arrays[f"{prefix}key"]) for prefix in (_PEOPLE, _HOUSEHOLDS))
        population = Population(people, households, float(arrays[_SCALE]))
        for prefix, columns in ((_PEOPLE, population.people), (_HOUSEHOLDS, population.households)):
            for name in columns:
                columns[name][:] = arrays[f"{prefix}{name}"]
        fit = {name.removeprefix(_FIT): arrays[name] for name in arrays.files if name.startswith(_FIT)}
    return BasePopulation(population, pd.DataFrame(fit))
