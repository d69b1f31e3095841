# Retouche: everything a developer, a demonstration and the CI run. `make help` lists it.

PORT   ?= 8080
HOST   ?= 127.0.0.1
PYTHON ?= python3

BIN   := .venv/bin
READY := .venv/.ready

# The elements: installed from widgets/package-lock.json, built into the server's static files.
NPM      := npm --prefix widgets --no-fund --no-audit --no-update-notifier
MODULES  := widgets/node_modules/.ready
ELEMENTS := server/retouche/web/static/widgets.js
SOURCES  := $(shell find widgets/src -type f) widgets/vite.config.ts widgets/tsconfig.json

# As many processes as there are cores; each test file in one of them. JOBS=0 runs all in this one.
JOBS   ?= auto
PYTEST  = $(BIN)/pytest -n $(JOBS) --maxprocesses 4 --dist loadfile

# The interpreter is the one we made the environment with; uv must not fetch another.
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv

# The version of uv that the lock file names.
UV_VERSION = $(shell awk '/^name = "uv"$$/ { getline; gsub(/version = |"/, ""); print; exit }' uv.lock)

.DEFAULT_GOAL := help
.PHONY: help setup run test check coverage bench bench-quick load faults weigh build clean

help: ## list what can be made
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) $(ELEMENTS) ## make the environment from the lock files, build the elements

run: $(READY) $(ELEMENTS) ## serve the France Services sample (PORT=8080 HOST=127.0.0.1)
	@$(BIN)/retouche serve --host $(HOST) --port $(PORT)

test: $(READY) $(ELEMENTS) ## run all tests, in a real Chromium too (installed where missing)
	@$(NPM) test --silent
	@scripts/servers || true
	@if scripts/chromium $(BIN); then $(PYTEST) -m "not long" $(ARGS); \
	else $(PYTEST) -m "not long and not browser" $(ARGS); fi

check: $(READY) $(MODULES) ## lint, format, types, import directions, data against schemas
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(NPM) run --silent types -- --check
	@$(NPM) run --silent docs -- --check
	@$(NPM) run --silent check
	@set -e; for package in datasets/*/datapackage.json; do \
	  $(BIN)/retouche check "$${package%/datapackage.json}"; done

coverage: $(READY) ## run the tests and show which lines they never reach
	@$(BIN)/pytest -m "not browser and not long" --cov=retouche --cov-report=term-missing --cov-report=xml $(ARGS)

bench: $(READY) ## measure against peers and limits (20 minutes), write docs/performance.md
	@$(BIN)/python -m benchmarks --write $(ARGS)

bench-quick: $(READY) ## the same on the smallest file, in two minutes; writes no document
	@$(BIN)/python -m benchmarks --quick $(ARGS)

load: $(READY) ## hold crowds, piles and restarts (5 minutes), write docs/load.md
	@$(BIN)/python -m benchmarks load --write docs/load.md $(ARGS)

faults: $(READY) $(ELEMENTS) ## kill, starve, attack it (10 minutes), write docs/faults.md and attacks.md
	@scripts/servers || true
	@$(BIN)/python -m tests.faults --write docs/faults.md
	@$(BIN)/python -m tests.attacks --write docs/attacks.md --fuzz 10 --fairness

weigh: $(READY) $(ELEMENTS) ## weigh the elements, time their first card, write docs/weight.md
	@$(BIN)/python -m benchmarks elements --write docs/weight.md $(ARGS)

build: $(READY) $(ELEMENTS) ## build the wheel into dist/
	@$(BIN)/uv build --wheel --out-dir dist

clean: ## remove the environment, what was built and the caches; keeps .retouche, where edits are
	rm -rf widgets/node_modules server/retouche/web/static
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

$(MODULES): widgets/package.json widgets/package-lock.json
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 20 || (+a === 20 && +b >= 19) ? 0 : 1)' 2>/dev/null || { \
	  echo "Retouche needs Node 20.19 or newer to build its elements: install it first." >&2; exit 1; }
	@echo "Installing what the elements are built with …" >&2
	@$(NPM) ci --silent
	@touch $@

$(ELEMENTS): $(MODULES) $(SOURCES)
	@echo "Building the elements …" >&2
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@
