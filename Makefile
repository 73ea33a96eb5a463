# Two commands for a fresh machine: make demo, make test.
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
SOURCES := engine scenarios api benchmarks tests

# Tests start many processes: without what the first has compiled, each would compile it all anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check lint types contracts tests coverage format lock clean

demo: $(VENV)/installed
	$(BIN)/slotmatch demo

test: check

# Types are checked while the tests begin; lint comes first, and whatever fails is a failure.
check: $(VENV)/installed-dev
	$(MAKE) --no-print-directory -j2 lint types contracts tests

$(VENV)/created:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (set PYTHON=...)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/installed: $(VENV)/created requirements.lock pyproject.toml
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)

types: $(VENV)/installed-dev
	$(BIN)/mypy

contracts: $(VENV)/installed-dev
	$(BIN)/lint-imports

# One more than there are cores: many tests wait for processes that they start.
tests: $(VENV)/installed-dev
	PYTEST_XDIST_AUTO_NUM_WORKERS=$$(($$(getconf _NPROCESSORS_ONLN) + 1)) $(BIN)/pytest

# The same tests, with branches counted: half as long again, and too long for every change.
coverage: $(VENV)/installed-dev
	PYTEST_XDIST_AUTO_NUM_WORKERS=$$(($$(getconf _NPROCESSORS_ONLN) + 1)) $(BIN)/pytest --cov --cov-report=term:skip-covered

format: $(VENV)/installed-dev
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

# What is pinned stays; `make lock UPGRADE=--upgrade` takes what is new.
lock:
	uv pip compile pyproject.toml --extra build --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header $(UPGRADE) -o requirements.lock
	uv pip compile pyproject.toml --extra build --extra calendar --extra report --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header $(UPGRADE) -o requirements-dev.lock

clean:
	rm -rf $(VENV)
