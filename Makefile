# Works on a machine that has nothing but python3 (3.11 or later): every target sets up .venv first.
PYTHON ?= python3
VENV := .venv
LOWEST := .venv-lowest
PIP_INSTALL := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test test-all test-lowest fuzz mutate lint format bench picture dist clean

# make run                        opens the stepper
# make run ARGS="run logistic"    passes words on to backprop-tui
run: $(VENV)/.ready
	@$(VENV)/bin/backprop-tui $(ARGS)

test: $(VENV)/.ready-dev
	$(VENV)/bin/python -m pytest -n auto --dist loadfile

# Every row of the long tables (endings, sizes, payloads), of which `make test` takes a sample.
test-all: $(VENV)/.ready-dev
	BACKPROP_TUI_TEST_ALL=1 $(VENV)/bin/python -m pytest -n auto --dist loadfile

# The lowest versions that pyproject.toml allows, Python's among them; and the tests of what is built on them.
test-lowest: $(LOWEST)/.ready
	$(LOWEST)/bin/python -m pytest -n auto --dist loadfile tests/test_*.py tests/headless tests/scenario tests/tui \
		tests/engine/test_array_loop.py tests/maths/test_simplify.py

# make fuzz                       tries 20,000 scenarios and 100,000 expressions that are made from a seed
# make fuzz ARGS="--seed 2"       others; --only scenario:123 tries one of them again
fuzz: $(VENV)/.ready-dev
	$(VENV)/bin/python tests/robustness/fuzz.py $(ARGS)

# make mutate                     changes 60 places of the program, one at a time, and shows those that no test notices
# make mutate ARGS="--seed 2 --count 200 --minutes 60 --rooms panels moves --jobs 2"
mutate: $(VENV)/.ready-dev
	$(VENV)/bin/python tests/mutation/mutate.py $(ARGS)

lint: $(VENV)/.ready-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/.ready-dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

# make bench                      measures engine and screen, and puts the results into docs/benchmarks.md
# make bench ARGS=--quick         rough figures, printed only
bench: $(VENV)/.ready-bench
	$(VENV)/bin/python -m benchmarks.engine $(ARGS) --markdown $(VENV)/engine.md
	$(VENV)/bin/python -m benchmarks.screen $(ARGS) --markdown $(VENV)/screen.md
	$(VENV)/bin/python -m benchmarks.history $(ARGS) --markdown $(VENV)/history.md
	$(VENV)/bin/python -m benchmarks.wide $(ARGS) --markdown $(VENV)/wide.md
	$(VENV)/bin/python -m benchmarks.pictures $(ARGS) --markdown $(VENV)/pictures.md
	@$(if $(ARGS),cat $(VENV)/engine.md $(VENV)/screen.md $(VENV)/history.md $(VENV)/wide.md $(VENV)/pictures.md,\
		$(VENV)/bin/python -m benchmarks.document \
		engine=$(VENV)/engine.md screen=$(VENV)/screen.md history=$(VENV)/history.md wide=$(VENV)/wide.md pictures=$(VENV)/pictures.md)

# The pictures of README and docs, made by the program itself: one that moves, and four that stand still.
SNAP = $(VENV)/bin/backprop-tui snap --size 100x30 --format svg --force --output
picture: $(VENV)/.ready
	$(SNAP) docs/derivation.svg logistic --press "n right right right d down down down"
	$(SNAP) docs/matrices.svg net-2-2-2 --press "n L L m"
	$(SNAP) docs/boundary.svg moons --at 2000 --press "n b tab tab z"
	$(SNAP) docs/slip.svg logistic --slip "sign@∂a/∂z" --at 4.8
	$(VENV)/bin/python docs/moving_picture.py docs/moving.svg

# make dist                                     wheel and source archive, in dist/
# make dist HOME_PAGE=https://host/project      with the project's links, absolute ones in the README, for a package index
dist: $(VENV)/.ready-dev
	$(PIP_INSTALL) build
	BACKPROP_TUI_HOME_PAGE="$(HOME_PAGE)" $(VENV)/bin/python -m build --outdir dist

clean:
	rm -rf $(VENV) $(LOWEST) dist

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

$(LOWEST)/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "The lowest versions belong to Python 3.11; name it: make test-lowest PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(LOWEST)
	@sed -nE 's/^ +"([A-Za-z0-9-]+)>=([0-9.]+).*",$$/\1==\2/p' pyproject.toml > $(LOWEST)/versions.txt
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --constraint $(LOWEST)/versions.txt \
		--editable ".[dev]"
	@touch $@

# A peer that cannot be installed is left out of the measurements, and tried again the next time. Of torch the build for
# processors alone is asked for first: the ordinary one on Linux brings gigabytes for graphics cards.
$(VENV)/.ready-bench: pyproject.toml $(VENV)/bin/python
	@$(VENV)/bin/python -c "import torch" 2>/dev/null || \
		$(PIP_INSTALL) --retries 0 --index-url https://download.pytorch.org/whl/cpu torch || true
	@if $(PIP_INSTALL) --editable ".[bench]"; then touch $@ $(VENV)/.ready; else \
		echo "Not every peer could be installed; those that are there will be measured." >&2; \
		$(PIP_INSTALL) --editable . && touch $(VENV)/.ready; fi
