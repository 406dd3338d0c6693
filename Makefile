# Works on a machine that has nothing but python3 (3.11 or later): every target sets up .venv first.
PYTHON ?= python3
VENV := .venv
PIP_INSTALL := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test lint format picture clean

# make run                        opens the stepper
# make run ARGS="run logistic"    passes words on to backprop-tui
run: $(VENV)/.ready
	@$(VENV)/bin/backprop-tui $(ARGS)

test: $(VENV)/.ready-dev
	$(VENV)/bin/python -m pytest -n auto --dist loadfile

lint: $(VENV)/.ready-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/.ready-dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

# The README's picture of the screen, made by the program itself.
picture: $(VENV)/.ready
	$(VENV)/bin/backprop-tui snap logistic --press "] ] n right right right right" --size 120x36 \
		--format svg --output docs/screen.svg --force

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; '$(PYTHON)' is older. Name another one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "'$(PYTHON) -m venv' does not work here; on Debian and Ubuntu: apt install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(VENV)/.ready: pyproject.toml $(VENV)/bin/python
	$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/.ready-dev: pyproject.toml $(VENV)/bin/python
	$(PIP_INSTALL) --editable ".[dev]"
	@touch $@ $(VENV)/.ready
