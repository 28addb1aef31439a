"""Simulate how Chinese counties urbanize, person by person, under dated policies."""
