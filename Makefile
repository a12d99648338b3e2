# make run · make test · make coverage · make test-set · make check · make bench · make screenshots · make stress · make requirements
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test coverage test-set check bench screenshots stress requirements clean

run: $(VENV)/.installed .env
	$(BIN)/python main.py

# -rs: says which tests were left out, and what to install for them.
test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n 3 --dist worksteal -rs

# The same, a fifth slower, with what no test runs.
coverage: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n 3 --dist worksteal --cov --cov-report=term

# The same on a replica set: three simulated members, which stand before an embedded database.
test-set: $(VENV)/.installed-dev
	$(BIN)/python -m tests.fakes.replica_set $(BIN)/python -m pytest -n 3 --dist worksteal

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@if ! command -v npm >/dev/null; then \
	    echo "The types of app/dashboard were not checked: node is missing (sudo apt-get install nodejs npm)."; \
	elif ! npm ci --silent --no-audit --no-fund; then \
	    echo "The types of app/dashboard were not checked: its TypeScript could not be installed (npm ci)."; \
	else npm run --silent check; fi

bench: $(VENV)/.installed-dev
	$(BIN)/python -m bench

# The pictures of the README (docs/images), taken in Chromium.
screenshots: $(VENV)/.installed-dev
	$(BIN)/python -m tests.browser.screenshots

stress: $(VENV)/.installed-dev
	$(BIN)/python -m bench.stress

# Pins every version, transitive ones too, from the direct dependencies in pyproject.toml.
requirements: $(VENV)/.installed-dev
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --no-header --python-version 3.11 pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --no-header --python-version 3.11 --extra dev -c requirements.txt \
		pyproject.toml -o requirements-dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .coverage*

.env:
	cp .env.example .env

$(VENV)/.installed: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ $(VENV)/.installed
