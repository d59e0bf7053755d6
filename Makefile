# Two commands: make demo, make test. For those who work on it: make lint, docs, bench, release.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
CODE = alamire tests samples docs

.PHONY: demo test test-all suite lint docs bench release clean

$(VENV)/.installed: pyproject.toml alamire/publication/viewer_build.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

$(VENV)/.docs: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	touch $@

demo: $(VENV)/.installed
	$(BIN)/alamire demo $(if $(SERVE),--serve)

test: lint suite

suite: $(VENV)/.installed
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(if $(SLOW),--cov --cov-report=term:skip-covered,-m "not slow") $(ARGS)

test-all:
	$(MAKE) test SLOW=1

lint: $(VENV)/.installed
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/python tests/scripts/check.py

# The site of the docs, in build/docs; a warning, such as a link that leads nowhere, is an error.
docs: $(VENV)/.docs
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet --fresh-env docs build/docs

bench: $(VENV)/.installed
	for file in tests/benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

# What is released, in dist/, tried where there is neither a compiler nor npm; nothing is uploaded.
release:
	PYTHON=$(PYTHON) .ci/release

clean:
	rm -rf $(VENV) build dist demo .coverage .mypy_cache .ruff_cache .pytest_cache
