"""The levers: one class per policy instrument, in the module of its domain."""
