"""The steps that turn the raw census, demography and statistics files into model-ready tables."""
