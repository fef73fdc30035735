# Nianbao. `make demo` and `make test` do all of their own set-up on Debian and Ubuntu with Python 3.11 or newer.
# PYTHON=/path/to/python3 chooses the interpreter that .venv is made with.

BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup demo test check format bench bench-accuracy samples clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## .venv with all packages and the `nianbao` command, made once
	@.ci/set-up-venv

demo: setup ## read the sample reports into out/
	@.ci/demo

# One process more than there are processors: tests that start programs mostly wait for them.
test: setup ## all tests; installs the Debian packages that draw the sample reports, and PostgreSQL
	@.ci/install-sample-tools
	@.ci/install-test-servers
	$(BIN)/python -m pytest -n 3 --dist worksteal

check: setup ## formatting, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: setup ## rewrite the sources as `make check` wants them
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## speed and memory, compared with pdfplumber and camelot
	$(BIN)/python -m benchmarks.run

bench-accuracy: setup ## numbers read right: drawn reports, glued texts, damaged scans against others; planted errors found
	$(BIN)/python -m benchmarks.run --only accuracy,glued_accuracy,scan_accuracy,decide_accuracy

samples: setup ## draw the committed sample reports again
	@.ci/install-sample-tools
	$(BIN)/python -m samples.generate --committed

clean: ## remove results and caches, keep .venv
	rm -rf out build dist .generated .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
