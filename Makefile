# Everything works with Python >= 3.11, make and a package registry: no uv, no node, no root.
# `make demo` and `make test` may each be the first command typed in a fresh clone.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_LOCK := requirements.lock
DEV_LOCK := requirements-dev.lock
QUIET := --quiet --disable-pip-version-check
# Whole files, as their fixtures are shared, in the order of tests/conftest.py.
PARALLEL := --numprocesses 2 --dist loadfile --no-loadscope-reorder
KERNEL := $(wildcard routing/kernel/*.py routing/constraints/*.py)
# Every test starts Python anew somewhere: a file compiled once is compiled for all.
unexport PYTHONDONTWRITEBYTECODE
PAGES := $(shell find api/web -name node_modules -prune -o -type f -print 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup demo check sound lint types layers pages-check fast test long bench soak format lock bundle clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cần Python 3.11 trở lên / Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

# `uv run` makes the same folder without pip: ensurepip mends that, and does nothing otherwise.
$(VENV)/.run: $(RUN_LOCK) pyproject.toml | $(BIN)/python
	@$(BIN)/python -m ensurepip >/dev/null
	$(BIN)/python -m pip install $(QUIET) --require-hashes -r $(RUN_LOCK)
	@touch $@

$(VENV)/.dev: $(DEV_LOCK) pyproject.toml | $(BIN)/python
	@$(BIN)/python -m ensurepip >/dev/null
	$(BIN)/python -m pip install $(QUIET) --require-hashes -r $(DEV_LOCK)
	@touch $@ $(VENV)/.run

# The package itself; its build hook makes the pages (node comes from a package of the registry).
$(VENV)/.package: pyproject.toml build_pages.py $(PAGES) | $(BIN)/python
	$(BIN)/python -m pip install $(QUIET) --no-deps --editable .
	@touch $@

# The compiled engine and the compiled roads, made beside the pages; whoever finds none compiles at first use.
$(VENV)/.kernel: $(VENV)/.run $(KERNEL)
	@echo "Biên dịch bộ máy tìm kiếm / Compiling the search engine"
	@$(BIN)/python -c 'from routing.search import warm_up; warm_up()'
	@touch $@

$(VENV)/.roads: $(VENV)/.run $(wildcard geo/*.py)
	@echo "Biên dịch mạng đường / Compiling the roads"
	@$(BIN)/python -c 'from geo.compiling import warm_up; warm_up()'
	@touch $@

setup: ## Make .venv with everything for developing
	@$(MAKE) --no-print-directory -j2 $(VENV)/.dev $(VENV)/.package
	@echo "Sẵn sàng / Ready: . $(BIN)/activate"

demo: ## Plan a sample province's day and open the console (run-time requirements only)
	@$(MAKE) --no-print-directory -j3 $(VENV)/.package $(VENV)/.kernel $(VENV)/.roads
	$(BIN)/duongthu demo $(ARGS)

check: sound fast ## Lint, types, layers, pages, tests of a moment (<= 3 min)

# The types of Python and of the pages take a core each for a minute.
sound: setup
	@$(MAKE) --no-print-directory -j2 --output-sync=target types pages-check lint layers

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

layers:
	$(BIN)/lint-imports

pages-check:
	$(BIN)/python build_pages.py check

# A first look: fewer made-up examples, no service, no database, no browser. `make test` has them all.
fast:
	HYPOTHESIS_PROFILE=quick $(BIN)/python -m pytest -q $(PARALLEL) -m "not slow and not service and not browser and not postgres"

test: setup ## Every test but the long ones (about 25 min on 2 cores)
	$(BIN)/python build_pages.py tools
	$(BIN)/python -m pytest $(PARALLEL) -m "not long" --durations 40 --durations-min 8

long: setup ## The long tests: kills, devices, made-up requests, whole days, the bundle, real months
	$(BIN)/python build_pages.py tools
	$(BIN)/python -m pytest $(PARALLEL) -m long --durations 40 --durations-min 8

bench: setup ## Benchmarks against peers, side by side
	$(BIN)/python -m pip install $(QUIET) --editable '.[bench]'
	$(BIN)/python -m benchmarks $(ARGS)

soak: setup ## Long property runs, and a year replayed into docs/year-hau-giang.md; stops by itself
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -q -m "not browser" -o timeout=0
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -q -m browser tests/api/custody -o timeout=0
	$(BIN)/python -m benchmarks.year

format: setup ## Format Python and pages
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python build_pages.py format

lock: setup ## Pin the requirements anew, hashed, without addresses
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --generate-hashes --no-annotate --no-header --quiet --upgrade pyproject.toml --output-file $(RUN_LOCK)
	$(BIN)/uv pip compile --universal --generate-hashes --no-annotate --no-header --quiet --upgrade pyproject.toml --extra dev --extra postgres --extra cluster --output-file $(DEV_LOCK)

bundle: setup ## One archive for a server without internet: dist/duongthu-VERSION-bundle.tar.gz
	$(BIN)/python build_bundle.py

clean: ## Remove what was made
	rm -rf $(VENV) api/static api/web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
