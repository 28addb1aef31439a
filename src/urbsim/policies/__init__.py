"""Levers: one class each, with schema, texts and behaviour in one place, grouped by domain."""
