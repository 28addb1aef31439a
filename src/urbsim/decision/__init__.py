"""From a question to a decision: which policy did it, how results depend on amounts, and what it would take."""
