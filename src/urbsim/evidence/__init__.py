"""What studies found, and what was expected of the responses to policies before anything was fitted.

``studies.yaml`` lists published evaluations: what was compared, where and when, what was found, and whether the study
fits the responses or tests them. ``responses.yaml`` holds the prior of every response. ``rows`` says what the files may
hold, ``rules`` how grades, errors, bands and roles follow, ``reading`` reads and checks both.
"""
