"""Imports all that a simulation needs, for workers and the process that they are forked from."""

from __future__ import annotations

from urbsim.loading import loading, own_process

own_process()
with loading():
    from urbsim import model
    from urbsim.experiment import executor
    from urbsim.region import synthesis

__all__ = ["executor", "model", "synthesis"]
