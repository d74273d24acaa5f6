# `make check` shows what regcheck is for, `make test` proves that it works, `make site` builds the
# website of the fleet into build/site. They make a virtual environment of their own in .venv, with
# uv where it is installed.

VENV := .venv
BIN := $(VENV)/bin
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done)
ifeq ($(strip $(PYTHON)),)
$(error regcheck needs Python 3.11 or newer, and none was found)
endif
UV := $(shell command -v uv 2>/dev/null)
# The folders are among the sources, so that a file that is removed counts as a change.
SOURCES := pyproject.toml README.md LICENSE \
	$(shell find src schemas -name __pycache__ -prune -o -print)

# Bytecode is compiled when it is installed, not by the first person who runs it.
ifdef UV
MAKE_VENV = $(UV) venv --quiet --clear --python $(PYTHON) $(VENV)
INSTALL = $(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --reinstall-package regcheck
else
MAKE_VENV = $(PYTHON) -m venv --clear $(VENV)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --compile
endif

.PHONY: check test lint site browser clean

# The findings of the fleet in registers/ and what is counted of it, then its drain order. The
# status is that of the findings.
check: $(VENV)/installed
	@status=0; $(BIN)/regcheck check --statistics || status=$$?; echo; $(BIN)/regcheck graph; exit $$status

# Style, types and the order of the house, then every test against the installed wheel. What the
# tests write lies in a folder of this run alone, which goes once they pass: what an earlier run left
# plays no part.
test: lint browser
	folder=$$(mktemp -d) && TMPDIR=$$folder $(BIN)/python -m pytest && rm -rf "$$folder"

# A browser for the tests of the site. Where there is none and it cannot be had from Debian, those
# are skipped, and say so.
browser:
	-@command -v chromium >/dev/null || test "$$(id -u)" -ne 0 || ! command -v apt-get >/dev/null || \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; }

# The website of the fleet, from its registers and the pages in site/.
site: $(VENV)/tools
	$(BIN)/regcheck site

lint: $(VENV)/tools
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

$(BIN)/python:
	$(MAKE_VENV)

$(VENV)/installed: $(SOURCES) | $(BIN)/python
	$(INSTALL) .
	@touch $@

$(VENV)/tools: $(SOURCES) | $(BIN)/python
	$(INSTALL) '.[dev]'
	@touch $(VENV)/installed $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
