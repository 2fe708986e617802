#!/bin/bash
# `make test`: lint, format, types, and then every test in one run, so that pytest's summary comes last.
set -euo pipefail
cd "$(dirname "$0")/.."

sh tools/install.sh dev

if [ -z "${CHROMIUM:-}" ] && ! command -v chromium chromium-browser google-chrome >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing Chromium for the browser tests … (once)"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
            >/dev/null 2>&1 || { echo "Chromium could not be installed: try apt-get install chromium, or set CHROMIUM." >&2; exit 1; }
    else
        echo "The browser tests need Chromium: install the package chromium (apt-get install chromium), or set CHROMIUM." >&2
        exit 1
    fi
fi

.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy
exec .venv/bin/python -m pytest -n "${TEST_PROCESSES:-$(nproc)}" --dist worksteal "$@"
