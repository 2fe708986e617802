# One word per job. `make help` lists them; the longer ones are scripts under tools/.

PORT ?= 8000
BIN := .venv/bin
export PORT

.DEFAULT_GOAL := help
.PHONY: help serve test check lint fix lock bench faults audit clean

help:  ## Show what there is
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS='	' read -r name text; do printf '  make %-8s %s\n' "$$name" "$$text"; done

serve:  ## Start the site on http://127.0.0.1:8000 (PORT= chooses another), with samples if it is new
	@sh tools/install.sh
	@exec $(BIN)/flask serve --sample

test:  ## Run everything: lint, types, all tests, also those in a browser
	@bash tools/test.sh

check: lint  ## Run lint, types, the tests that need no site and those of what you changed
	@$(BIN)/python -m pytest -q -n 2 -m "not browser and not slow" --quick

lint:  ## Look at style, format and types
	@sh tools/install.sh dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

fix:  ## Mend style and format where a tool can
	@sh tools/install.sh dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock:  ## Compile the exact pins of both requirements files
	@sh tools/install.sh dev
	@$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header --no-annotate requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header --no-annotate requirements-dev.in -o requirements-dev.txt

bench:  ## Measure what the code costs
	@sh tools/install.sh dev
	@$(BIN)/python -m benchmarks

faults:  ## Break the site on purpose and write what came out into docs/reliability.md (needs root, strace, faketime, varnish)
	@sh tools/install.sh dev
	@$(BIN)/python -m tests.faults
	@$(BIN)/python -m pytest -q tests/faults/rolling.py

audit:  ## Check pages and security with outside tools, in one table; what is missing is skipped
	@sh tools/install.sh dev
	@PYTHONPATH=. $(BIN)/python tools/audit.py

clean:  ## Remove what can be made again; the site's data in instance/ stays
	@rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
