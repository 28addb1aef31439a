"""A lever file that must not run: loading it fails."""

raise AssertionError("the code of a scenario was run")
