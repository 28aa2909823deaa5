# The commands of this house, in one place: people, CI and pre-commit call them by `make`.
VENV ?= .venv-test
PYTHON = $(VENV)/bin/python

.PHONY: help terminal venv check format layers types test unit ci servers newest accuracy names flow bench pins package screenshots translations mutants flaky shape

help:            ## what there is to call
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

venv:            ## make the venv for all of this (./test.sh makes the smaller one for tests)
	@bash -c '. scripts/venv.sh && make_venv "$$PWD/$(VENV)" "[test]"'
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -e ".[test,dev]"

check: layers types  ## style, floors and types: what each commit has to pass
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .

format:          ## put the style right
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

layers:          ## nothing imports upwards (.importlinter)
	@.ci/layers

types:           ## mypy, strict
	@.ci/types

unit:            ## the tests that need nothing but the code: seconds
	@$(PYTHON) -m pytest -q tests/unit

test:            ## all tests, as CI runs them
	@./test.sh -q

mutants:         ## do the tests notice a decision turned round? (MUTANTS="--most 200"; needs the extra "mutants")
	@$(PYTHON) scripts/mutants.py $(MUTANTS)

flaky:           ## each set of tests twenty times under load, and what failed at any try
	@VENV=$(VENV) .ci/flaky

ci:              ## all that CI does
	@.ci/run

servers:         ## what several machines share, on a Redis and a PostgreSQL of its own
	@.ci/servers

newest:          ## the acceptance tests against the newest PiKaraoke
	@.ci/newest

names:           ## how many real names are read rightly, beside the parser's peers
	@$(PYTHON) benchmarks/names.py

accuracy:        ## how right the answers are, and how honest their confidence
	@$(PYTHON) benchmarks/accuracy.py

flow:            ## how straight a song, an edit, an upload and a poll go through the house
	@$(PYTHON) benchmarks/flow.py

shape:           ## lines, functions, and private helpers that are used once
	@$(PYTHON) benchmarks/shape.py

bench:           ## every row of benchmarks/README.md, about half an hour on a quiet machine
	@$(PYTHON) benchmarks/all.py

translations:    ## take the texts from the code into every language's file; tell what is missing
	@$(PYTHON) scripts/translations.py

pins:            ## the newest versions that fit, as what will be tested together (constraints.txt)
	@bash scripts/pins.sh

package:         ## build the wheel and the source archive, and look whether they hold what they have to
	@.ci/package

terminal:        ## the terminal's pictures in tests/integration/terminal/ anew
	@RENEW_TERMINAL=1 $(PYTHON) -m pytest -q tests/integration/test_terminal.py

screenshots:     ## photograph the dashboard for the docs
	@$(PYTHON) docs/screenshots.py
