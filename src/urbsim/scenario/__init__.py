"""What an analyst writes: the scenario file, read with line numbers, inheritance and complete error reports."""
