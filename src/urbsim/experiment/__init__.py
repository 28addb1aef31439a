"""Ensembles of runs: pairing, run folders, resuming, comparison."""
