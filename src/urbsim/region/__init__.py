"""Real places: the list of counties, their census tables, and the population built from them."""
