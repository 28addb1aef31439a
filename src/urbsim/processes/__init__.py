"""The steps of the month, one module each: functions of population, environment, parameters and randomness."""
