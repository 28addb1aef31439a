"""What a run needs of the fit: draws of the parameters, the county equation, known outcomes."""
