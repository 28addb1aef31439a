"""The commands of the command line, by what they are for; each module has a ``register`` function.

Modules of this package import nothing heavy at the top, so that ``urbsim --help`` starts at once.
"""
