# Everything runs in .venv, which the first command makes; all it takes is make and Python 3.11 or newer.
# ARGS goes to the program behind a target:  make demo ARGS="--exit --json out.json"

SHELL := /bin/sh
UV_VERSION := 0.13.9
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3
BIN := .venv/bin

# uv may neither fetch another Python nor write to a home that is missing or read-only.
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
# A closed network's own certificate authority counts, as it does for pip.
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/*),true,false)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
ifneq ($(shell test -n "$$HOME" && test -w "$$HOME" && echo yes),yes)
export UV_CACHE_DIR := $(CURDIR)/.venv/cache
export PIP_NO_CACHE_DIR := 1
export HOME := $(CURDIR)/.venv
endif
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH

.PHONY: help setup demo up doctor test test-long check fmt bench bench-linkage openapi clean

help:
	@echo "make demo    set up, run the main job on a PostgreSQL of its own, say what happened and where to look"
	@echo "make test    set up, run the tests          make test-long  the ones that take minutes as well"
	@echo "make up      the house, until Ctrl-C        make doctor     what is wrong, and what to do"
	@echo "make check   format, lint, types, imports, API documents"
	@echo "make fmt     put the format right           make openapi    write the API documents anew"
	@echo "make bench   speed, as ratios               make clean      remove .venv, .sijill and caches"
	@echo "make bench-linkage   linking of files, beside Splink: quality, time, memory"

setup: .venv/ready-to-develop

demo: .venv/ready-to-run
	$(BIN)/sijill demo $(ARGS)

up: .venv/ready-to-run
	$(BIN)/sijill up $(ARGS)

doctor: .venv/ready-to-run
	$(BIN)/sijill doctor $(ARGS)

test: .venv/ready-to-develop
	$(BIN)/pytest -n 2 --dist loadfile -m "not long" $(ARGS)

test-long: .venv/ready-to-develop
	$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

check: .venv/ready-to-develop
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sijill openapi --check

fmt: .venv/ready-to-develop
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

openapi: .venv/ready-to-develop
	$(BIN)/sijill openapi

bench: .venv/ready-to-develop
	$(BIN)/python -m tests.bench $(ARGS)

bench-linkage: .venv/ready-to-develop
	$(BIN)/uv sync --frozen --inexact --all-extras --group bench --python $(BIN)/python
	$(BIN)/python -m tests.bench.linkage $(ARGS)

clean:
	@if [ -x $(BIN)/sijill ]; then $(BIN)/sijill erase --yes; fi
	rm -rf .venv .sijill .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What the programs need, and what developing them needs on top; made again when the lock file changes.
.venv/ready-to-run: uv.lock pyproject.toml | $(BIN)/uv
	$(BIN)/uv sync --frozen --inexact --extra localdb --no-dev --python $(BIN)/python
	@touch $@

.venv/ready-to-develop: uv.lock pyproject.toml | $(BIN)/uv
	$(BIN)/uv sync --frozen --inexact --all-extras --python $(BIN)/python
	@touch .venv/ready-to-run $@

$(BIN)/uv:
	@for python in $(PYTHONS); do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "making .venv with $$($$python --version)"; \
	    $$python -m venv --clear .venv && $(BIN)/python -m pip install --quiet uv==$(UV_VERSION) && exit 0; \
	    echo "could not install uv into .venv: is the package index reachable?" >&2; exit 1; \
	  fi; \
	done; \
	echo "Sijill needs Python 3.11 or newer with its venv module; tried: $(PYTHONS)." >&2; \
	echo "Found: $$(python3 --version 2>&1). On Debian or Ubuntu: apt install python3 python3-venv" >&2; \
	exit 1
