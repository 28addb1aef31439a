"""The parts of docs/credibility.md, a module for each chapter or two; generate_credibility.py puts them together."""
