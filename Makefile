# Every target sets up what it needs. On a fresh machine: `make report`, `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help report plain test timing lint type crash fuzz wrong-values bench docs gallery clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

$(VENV)/.installed: requirements.txt pyproject.toml
	@echo "Setting up $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --requirement requirements.txt
	@$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed requirements-dev.txt package.json package-lock.json scripts/install_test_tools
	@echo "Setting up what the tests need …"
	@$(PIP) install --requirement requirements-dev.txt
	@scripts/install_test_tools
	@touch $@

report: $(VENV)/.installed ## make the report and the summary with the embedded engine
	@$(BIN)/reviewpress render --profile report,summary --engine pandoc

plain: report ## make them again without what exists for speed alone, and compare every byte
	@rm -rf .plain && mv _output .plain && $(BIN)/reviewpress tidy --store
	@REVIEWPRESS_SPEED=0 $(BIN)/reviewpress render --profile report,summary --engine pandoc
	@diff --recursive --brief --exclude .reviewpress-edition .plain _output
	@rm -rf .plain

test: $(VENV)/.tested ## set up a browser and the checkers, and run every test
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(ARGS)

timing: $(VENV)/.tested ## the tests that hold a number of seconds; let nothing else run
	@$(BIN)/python -m pytest -m timed tests/test_timing.py $(ARGS)

lint: $(VENV)/.tested ## ruff, for errors and for format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

type: $(VENV)/.tested ## mypy, strict
	@$(BIN)/mypy

fuzz: $(VENV)/.tested ## feed every reader with spoiled files for an hour
	@$(BIN)/python scripts/fuzz.py $(ARGS)

wrong-values: $(VENV)/.tested ## give each key of the YAML files each of a dozen wrong values
	@$(BIN)/python scripts/wrong_values.py $(ARGS)

crash: $(VENV)/.tested ## kill commands with -9 at random moments, and look at what they leave
	@$(BIN)/python scripts/crash.py $(ARGS)

bench: $(VENV)/.tested ## time the flagship, the scale review and the peers
	@$(BIN)/python scripts/bench.py $(ARGS)

docs: $(VENV)/.installed ## write the generated parts of docs/, and make its pages in docs/_output
	@$(BIN)/python scripts/write_docs.py
	@$(BIN)/reviewpress render docs --engine pandoc

gallery: $(VENV)/.tested report ## photograph pages and PDF pages into docs/gallery/
	@$(BIN)/python scripts/gallery

clean: ## remove what is made: editions, runs, environments
	rm -rf _output .plain .reviewpress $(VENV) node_modules
