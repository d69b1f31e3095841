# Retouche: everything a developer, a demonstration and the CI run. `make help` lists it.

PORT   ?= 8080
HOST   ?= 127.0.0.1
PYTHON ?= python3

BIN   := .venv/bin
READY := .venv/.ready

# The interpreter is the one we made the environment with; uv must not fetch another.
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv

# The version of uv that the lock file names.
UV_VERSION = $(shell awk '/^name = "uv"$$/ { getline; gsub(/version = |"/, ""); print; exit }' uv.lock)
CHROMIUM = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome || command -v google-chrome-stable || ls -d $$HOME/.cache/ms-playwright/chromium-* 2>/dev/null | head -n 1)

.DEFAULT_GOAL := help
.PHONY: help setup run test check coverage bench bench-quick build clean

help: ## list what can be made
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## make the environment in .venv from the lock file

run: $(READY) ## serve the France Services sample (PORT=8080 HOST=127.0.0.1)
	@$(BIN)/retouche serve --host $(HOST) --port $(PORT)

test: $(READY) ## run all tests; those in a browser when a Chromium is found
ifeq ($(strip $(CHROMIUM)),)
	@echo "No Chromium found: the browser tests are not run (install the package chromium to run them)." >&2
	@$(BIN)/pytest -m "not browser" $(ARGS)
else
	@$(BIN)/pytest $(ARGS)
endif

check: $(READY) ## lint, format, types, import directions, data against schemas
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@set -e; for package in datasets/*/datapackage.json; do \
	  $(BIN)/retouche check "$${package%/datapackage.json}"; done

coverage: $(READY) ## run the tests and show which lines they never reach
	@$(BIN)/pytest -m "not browser" --cov=retouche --cov-report=term-missing --cov-report=xml $(ARGS)

bench: $(READY) ## measure against peers and limits (20 minutes), write docs/performance.md
	@$(BIN)/python -m benchmarks --write $(ARGS)

bench-quick: $(READY) ## the same on the smallest file, in two minutes; writes no document
	@$(BIN)/python -m benchmarks --quick $(ARGS)

build: $(READY) ## build the wheel into dist/
	@$(BIN)/uv build --wheel --out-dir dist

clean: ## remove the environment, what was built and the caches; keeps .retouche, where edits are
	rm -rf .venv .bench dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage coverage.xml
	find server tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Retouche needs Python 3.11 or newer, and '$(PYTHON)' is not that: install it, or name it with make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@command -v git >/dev/null || { echo "Retouche needs git: install it first." >&2; exit 1; }
	@test -x $(BIN)/python || { echo "Making .venv …" >&2; $(PYTHON) -m venv .venv; }
	@$(BIN)/uv --version 2>/dev/null | grep -q '^uv $(UV_VERSION)\b' || { \
	  $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null; \
	  echo "Installing uv $(UV_VERSION) …" >&2; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv==$(UV_VERSION)'; }
	@$(BIN)/uv sync --frozen --quiet
	@touch $@
