"""One person's choice of where to live, term by term, as the model makes it."""
