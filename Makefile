# Two commands matter: `make demo` runs the main job, `make test` passes the tests. Both set everything up first.
PYTHON ?= $(shell for name in python3.12 python3.11 python3.13 python3; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
INSTALLED := .venv/.installed
FOR_TESTS := .venv/.installed-dev
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help setup demo check test test-all test-browser refit bench bench-quick clean

help:  ## show the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(INSTALLED)  ## make a virtual environment in .venv and install urbsim with what it needs

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "urbsim needs Python 3.11 or newer; set PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv .venv

$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) -e .
	@$(BIN)/python -m compileall -q src  # pip does it for all else: the first command need not
	@touch $@

$(FOR_TESTS): $(INSTALLED)
	$(INSTALL) -e ".[dev,calibration,cluster,data,maps,page]"
	@touch $@

demo: setup  ## compare four scenarios for Jieshou, 2020 to 2035 (DEMO_SCALE=1 simulates every person)
	$(BIN)/urbsim demo $(addprefix --scale ,$(DEMO_SCALE)) $(addprefix --draws ,$(DEMO_DRAWS))

check: $(FOR_TESTS)  ## check style, types and imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: check  ## the same, and run the tests
	$(BIN)/python tools/compile_model.py
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not browser"

test-all: check  ## the same with the slow tests
	$(BIN)/python tools/compile_model.py
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not browser"

test-browser: $(FOR_TESTS)  ## test the page in this machine's Chromium (URBSIM_BROWSER names another; SHORT=1: the short part)
	$(BIN)/python tools/compile_model.py
	$(BIN)/python tools/browser_tests.py $(if $(SHORT),--short)

refit: $(FOR_TESTS)  ## fit everything again and renew what follows from it (calibration/README.md says how long)
	for stage in national evidence counties; do \
		$(BIN)/urbsim calibrate $$stage && $(BIN)/python calibration/renew_registry.py || exit 1; done
	for region in 341282 1404 14 scenarios/jieshou/as-planned.yaml; do $(BIN)/urbsim calibrate $$region || exit 1; done
	$(BIN)/urbsim hindcast -o calibration/hindcast
	$(BIN)/urbsim hindcast --from 2020 --draws 12 -o calibration/after_2020
	$(BIN)/python calibration/cohorts.py
	$(BIN)/urbsim experiments -o calibration/experiments
	$(BIN)/urbsim experiments --feedbacks --quick -o calibration/experiments
	$(BIN)/urbsim experiments --strength
	$(BIN)/urbsim sensitivity scenarios/jieshou/plan-2025.yaml --against scenarios/jieshou/baseline.yaml --scale 0.02 \
		-o calibration/sensitivity
	for page in evidence levers parameters credibility; do $(BIN)/python docs/generate_$$page.py || exit 1; done

bench: setup  ## in half an hour: measure speed, memory and scaling, and other frameworks on simplified rules
	$(BIN)/python benchmarks/run.py

bench-quick: setup  ## in five minutes: what became slower by more than 10 %
	$(BIN)/python benchmarks/quick.py

clean:  ## remove the environment, caches and build products; run folders stay
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
