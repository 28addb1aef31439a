"""Which parameters move a scenario's results: a screening of all of them, and shares of variance for those that do."""
