# Two commands: make demo, make test.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test test-all lint bench clean

$(VENV)/.installed: pyproject.toml alamire/publication/viewer_build.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

demo: $(VENV)/.installed
	$(BIN)/alamire demo $(if $(SERVE),--serve)

test: $(VENV)/.installed lint
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(if $(SLOW),--cov --cov-report=term:skip-covered,-m "not slow") $(ARGS)

test-all:
	$(MAKE) test SLOW=1

lint: $(VENV)/.installed
	$(BIN)/ruff check alamire tests samples docs/examples
	$(BIN)/ruff format --check alamire tests samples docs/examples
	$(BIN)/mypy

bench: $(VENV)/.installed
	for file in tests/benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

clean:
	rm -rf $(VENV) build demo .coverage .mypy_cache .ruff_cache .pytest_cache
