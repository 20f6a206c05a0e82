# Two commands matter: `make lab` and `make test`. Both set up all they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# As root the tests add what a fresh Debian lacks: a real dockerd to compare with,
# a real registry to talk to, Chromium to look at notebooks with, other shells, and readers that are
# not ours (ip, nft).
PACKAGES := busybox-static chromium curl docker-registry docker.io fish iproute2 iptables nftables npm \
	qemu-system-arm qemu-system-x86 qemu-user skopeo strace tmux zsh

.PHONY: lab test quick lint unit system thorough proofs bench packages clean

lab: $(STAMP)
	$(BIN)/labkit images build
	$(BIN)/labkit lab

test: packages $(STAMP) lint
	$(BIN)/labkit images build --no-load
	$(BIN)/python -m pytest

quick: $(STAMP) lint unit

unit: $(STAMP)
	$(BIN)/python -m pytest tests/unit tests/architecture -m "not root and not slow and not browser" -q

# The whole course on both engines, each chapter twice, every proof: CI takes a part.
thorough: packages $(STAMP)
	$(BIN)/labkit images build --no-load
	LABKIT_TEST_THOROUGH=1 $(BIN)/python -m pytest tests/course tests/system/grading

# Every proof of every exercise, again and again, for other learners each time: no flake?
RUNS ?= 20
proofs: $(STAMP)
	$(BIN)/labkit images build
	@for run in $$(seq $(RUNS)); do \
	  echo "run $$run of $(RUNS)"; $(BIN)/labkit lint --jobs 2 --seed "run-$$run" || exit 1; \
	done

lint: $(STAMP)
	$(BIN)/ruff format --check labkit tests
	$(BIN)/ruff check labkit tests
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python -m tests.bench.run --out build/bench

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,cloud]'
	touch $@

packages:
	@sh tests/packages.sh $(PACKAGES)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist site
