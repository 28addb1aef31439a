"""Institutions as Mesa agents: employers, schools, hospitals and county governments.

People and households are columns because there are a million of them; institutions are few and decide one by one.
An agent holds its own rule and its state at the start of the run; the stocks it manages are entries of ``Places``,
so that kernels can read them.
"""
