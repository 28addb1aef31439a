"""Institutions as Mesa agents: employers, schools, hospitals and county governments.

There is one agent of each kind for the whole world: what it decides for every county, zone, sector or stage it decides
for all of them at once, each by its own figures. An agent holds its rule and its state at the start of the run; the
stocks it manages are arrays of ``Places``, so that kernels can read them.
"""
