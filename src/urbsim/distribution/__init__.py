"""Who gains and who loses: results by group, and the same people with and without a plan."""
