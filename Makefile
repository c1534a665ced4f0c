# papergraph: `make demo` and `make test` are all there is to know. Needs make and Python 3.11-3.14 with venv.
# Everything that is downloaded stays inside the checkout: .venv and .cache.

PYTHON = python3
ARGS =
JOBS = 2
UPGRADE =

ROOT = $(CURDIR)
BOOT = .cache/boot
UV = $(ROOT)/$(BOOT)/bin/uv
UV_VERSION = 0.13.9
RUN = $(UV) run --no-sync

export UV_CACHE_DIR ?= $(ROOT)/.cache/uv
export UV_PYTHON_DOWNLOADS = never
export UV_PYTHON = $(PYTHON)
export UV_NO_PROGRESS = 1

.PHONY: help demo test test-core lint format format-check types check wheel-check bench screenshots reference pins clean core full

help:
	@echo "make demo         build the bundled example and serve the explorer on http://127.0.0.1:8642"
	@echo "make test         install everything and run all tests (ARGS='-k name' for some; JOBS=2 at a time)"
	@echo "make test-core    the tests that need no extra, no Neo4j and no browser"
	@echo "make check        lint, format and types"
	@echo "make wheel-check  build the wheel and run the demo from it, in an empty environment elsewhere"
	@echo "make bench        the figures in docs/; make screenshots: the pictures"
	@echo "make reference    write docs/cli.md and docs/queries.md anew"
	@echo "make pins         write the exact versions after a change of dependencies (UPGRADE=1: the newest)"
	@echo "make clean        remove environments, caches and the demo"

# --no-sync below: the environment was synced by `core` or `full`. `core` never removes anything, so that
# `make demo` after `make test` leaves the extras in place.
demo: core
	$(RUN) papergraph demo $(ARGS)

test: full
	$(RUN) pytest --numprocesses $(JOBS) --dist loadfile $(ARGS)

test-core: $(BOOT)/ready
	$(UV) sync --quiet --inexact --group dev
	$(RUN) pytest -m "not neo4j and not browser" $(ARGS)

lint: full
	$(RUN) ruff check .

format: full
	$(RUN) ruff format .

types: full
	$(RUN) mypy

format-check: full
	$(RUN) ruff format --check .

check: lint format-check types

wheel-check: $(BOOT)/ready
	UV=$(UV) sh tests/wheel_check.sh

bench: full
	$(RUN) python benchmarks/run.py $(ARGS)
	$(RUN) python benchmarks/browser.py

screenshots: full
	$(RUN) python benchmarks/screenshots.py $(ARGS)

reference: full
	$(RUN) python -m papergraph.cli.reference > docs/cli.md
	$(RUN) python -m papergraph.query_docs page > docs/queries.md

pins: $(BOOT)/ready
	$(PYTHON) tools/pins.py $(UV) $(if $(UPGRADE),--upgrade)

core: $(BOOT)/ready
	$(UV) sync --quiet --inexact

full: $(BOOT)/ready
	$(UV) sync --quiet --inexact --all-extras --all-groups

# A system pip refuses to install on Debian, so that uv gets an environment of its own.
$(BOOT)/ready: Makefile
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' || { \
	  echo "papergraph needs Python 3.11 to 3.14, and $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) lacks venv. On Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(BOOT)
	$(BOOT)/bin/pip install --quiet --no-cache-dir --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

clean:
	rm -rf .venv .cache demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
