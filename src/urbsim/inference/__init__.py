"""What the list of studies says of the responses, together with the censuses: indirect inference, and how strong it is.

``scores`` puts priors on one scale, ``comparisons`` repeats studies at a point of parameters, ``census`` carries the
national stage along, ``joint`` samples both together, ``recovery`` tests that, ``stage`` runs all of it and writes it.
``strength`` measures what one unit of every lever does, in runs.
"""
