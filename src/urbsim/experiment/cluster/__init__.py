"""Simulations on a cluster of other machines, through Dask distributed."""
