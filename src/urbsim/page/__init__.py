"""The local page: a server of JSON and events over the Python API, and the files that a browser shows.

``app`` puts the parts together, ``jobs`` keeps what is asked for and ``lanes`` has it done in processes of their own,
``work`` is what such a process does, ``views`` turns results into what the browser draws.
"""
