"""What is observed of a run: indicators, their recording, the tables it leaves, the limits that cut policies."""
