# Every target installs what it needs by itself.
PYTHON ?= python3
BIN := .venv/bin

# Each worker reads every test, and a bot that is started anew every module: compiled once will do.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install demo run test fuzz lint check coverage format bench clean

install: .venv/.runtime

.venv/.runtime: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/.development: .venv/.runtime requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

demo: .venv/.runtime
	$(BIN)/firstframe demo

run: .venv/.runtime
	$(BIN)/firstframe run

test: .venv/.development
	$(BIN)/python -m pytest -q

fuzz: .venv/.development
	seed=$${FUZZ_SEED:-$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}; echo "seed $$seed"; \
	FUZZ_SEED=$$seed FUZZ_UPDATES=$${FUZZ_UPDATES:-20000} \
	$(BIN)/python -m pytest -q --numprocesses=0 --timeout=0 tests/journeys/test_fuzz.py

lint: .venv/.development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

check: lint test

coverage: .venv/.development
	$(BIN)/python -m pytest -q --cov --cov-report=term:skip-covered

format: .venv/.development
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.development
	$(BIN)/python -m benchmarks.looking
	$(BIN)/python -m benchmarks.render
	$(BIN)/python -m benchmarks.engine
	$(BIN)/python -m benchmarks.reads

clean:
	rm -rf .venv out
