# Everything a checkout needs, without root. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
SOURCES := $(shell find src -type f ! -name '*.pyc' ! -path 'src/console/*' 2>/dev/null) docs/verify_bundle.py docs/verify_clip.py pyproject.toml README.md

.DEFAULT_GOAL := build
.PHONY: build demo test check format develop bench promises lock schemas pages fixtures clean help

build: $(VENV)/.built  ## set up .venv with sixfaces in it (the default)

demo: build  ## set up, verify an unboxing take, say where its report lies
	$(BIN)/sixfaces demo --media fixtures/media/genuine.mp4 --case fixtures/media/genuine.case.json

test: $(VENV)/.tested  ## set up and run all tests, against the built wheel
	$(BIN)/python -m pytest -n 2 --dist worksteal $(PYTEST)

check: $(VENV)/.tested  ## lint, formatting, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.tested  ## put the code into the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

develop: $(VENV)/.dev  ## as `make test` sets up, but running from src/
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.editable $(VENV)/.built $(VENV)/.tested

bench: $(VENV)/.tested  ## measure what docs/benchmark.md publishes (minutes)
	$(PIP) install --no-deps --require-hashes --requirement requirements/bench.txt
	$(BIN)/python -m tests.bench

promises: $(VENV)/.tested  ## try every promise of docs/promises.md in full (hours)
	SIXFACES_PROMISE_SCALE=1 SIXFACES_CUSTODY_MUTATIONS=10000 SIXFACES_CUT_UPLOADS=1000 SIXFACES_RACES=200 \
		SIXFACES_KILLS=200 SIXFACES_MUTATIONS=5000 $(BIN)/python -m pytest -n 2 --dist worksteal --timeout=20000 \
		tests/promises tests/contract/custody tests/contract/uploads tests/e2e/hostile

fixtures: $(VENV)/.tested  ## build all test media into .cache/fixtures
	$(BIN)/python -m fixtures.build

schemas: $(VENV)/.tested  ## write docs/schemas from the models
	$(BIN)/python -m sixfaces.report.schemas docs/schemas

pages: $(VENV)/.tested  ## build src/sixfaces/console, which is committed, from src/console
	$(BIN)/python src/console/api_types.py
	src/console/build

lock:  ## renew requirements/*.txt (needs uv); hashes, no addresses
	for set in main dev; do uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url requirements/$$set.in --output-file requirements/$$set.txt; done
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-deps requirements/bench.in --output-file requirements/bench.txt

clean:  ## remove what can be built again (results in sixfaces-out stay)
	rm -rf $(VENV) .cache build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "sixfaces needs Python 3.11 or newer; name it: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.main: requirements/main.txt | $(BIN)/python
	@echo "Installing what sixfaces runs on (about 0.8 GB in $(VENV))"
	@$(PIP) install --require-hashes --requirement requirements/main.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(BIN)/python
	@echo "Installing what the tests need (about 0.9 GB in $(VENV))"
	@$(PIP) install --require-hashes --requirement requirements/dev.txt
	@touch $@ $(VENV)/.main

# After `make develop` the package runs from src/ and is not built again; remove .venv to go back to the wheel.
$(VENV)/.built: $(VENV)/.main $(SOURCES)
	@test -e $(VENV)/.editable || $(PIP) install --no-deps --no-build-isolation --force-reinstall .
	@touch $@

$(VENV)/.tested: $(VENV)/.dev $(VENV)/.built
	@touch $@
