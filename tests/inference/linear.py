"""Known responses in place of emulators: linear in parameters and scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from urbsim.inference.census import Census
from urbsim.inference.joint import StudyEmulators

BOUNDS = {"residence.move": (1.2, 3.6), "reconsider.peak": (0.15, 1.2)}  # as the national stage has them
RESPONSES = ("residence.hukou", "residence.land", "residence.care")


@dataclass(frozen=True)
class Linear:
    """Stands in for an emulator: value = slopes x (point - middle)."""

    bounds: dict
    matrix: np.ndarray  # (outcomes, parameters)
    middle: np.ndarray
    error: np.ndarray

    def predict(self, points):
        return (points - self.middle) @ self.matrix.T

    def slopes(self, _):
        low, high = np.array(list(self.bounds.values())).T
        return pd.DataFrame((self.matrix * (high - low)).T, index=list(self.bounds))


def census(shifts=None, held=(0.0, 0.0, 0.0)):
    """Two targets that pin two parameters down; the responses move them by ``shifts`` from where they were ``held``."""
    emulator = Linear(BOUNDS, np.array([[1.0, 0.5], [-0.4, 2.0]]), np.array([2.4, 0.7]), np.array([0.05, 0.05]))
    wanted, variance = np.array([0.1, -0.1]), np.array([0.02, 0.02])
    moved = np.zeros((2, len(RESPONSES))) if shifts is None else shifts
    return Census(emulator, wanted, variance, moved, np.array(held))


def studies(names=None, error=0.5):
    """Three studies: one of each of two responses, with the cost of moving, and one of both. The third is not seen."""
    names = (*BOUNDS, *RESPONSES)
    every = tuple(range(len(names)))
    bounds = dict.fromkeys(names, (-3.7, 3.7)) | BOUNDS
    middle = np.array([2.4, 0.7, 0.0, 0.0, 0.0])
    rows = np.array([[-0.6, 0.8, 1.0, 0.0, 0.0], [-0.2, 0.3, 0.0, 1.5, 0.0], [0.0, 0.0, 0.5, -0.5, 0.0]])
    emulators = tuple(Linear(bounds, row[None, :], middle, np.array([0.1])) for row in rows)
    return StudyEmulators(names, emulators, (every,) * 3, np.array([1.2, -0.5, 0.6]), np.full(3, error))
