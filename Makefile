# make demo, make test: all that a newcomer needs. Everything lives in .venv; nothing else is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
COMPILED := kb/catalogue/rules.msgpack
FUZZ ?= 20000
N ?= 300
# Each test bed has one process (see tests/conftest.py). Beds mostly wait, so they come on top of a process for each core.
PYTEST = $(BIN)/python -m pytest -n $(WORKERS)
WORKERS ?= $(shell $(BIN)/python -c 'import os; print(os.cpu_count() + 3)')
# every other interpreter on this machine that kbdiag supports and that can make a virtual environment
OTHERS ?= 3.11 3.12 3.13

.PHONY: demo test other-interpreters lint coverage lock fuzz leaks check install lab-packages node-packages cluster-programs cluster cluster-down bench benchmark clean

demo: install
	$(BIN)/kbdiag infer kb/incidents/vm-stopped

install: $(STAMP) $(COMPILED)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kbdiag needs Python 3.11 or later: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . --group dev
	touch $@

# the bundled rules in one file: every run starts with it
$(COMPILED): $(STAMP) $(shell find rules facts engine kb -name '*.yaml' -o -name '*.py')
	$(BIN)/python -m compileall -q facts engine kb
	$(BIN)/python -m kb.catalogue

test: install
	$(PYTEST)

# a short proof that each other interpreter runs kbdiag
other-interpreters: install
	PYTHON=$(PYTHON) tests/other-interpreters $(OTHERS)

# what tests/node runs on, besides Go
node-packages:
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	  containerd runc containernetworking-plugins busybox-static iproute2 util-linux

# a real control plane (etcd, kube-apiserver, controllers, scheduler, kwok), built by Go into the user's cache
cluster-programs: $(STAMP)
	$(BIN)/python -m tests.cluster.build

cluster: $(STAMP)
	@$(BIN)/python -m tests.cluster up

cluster-down: $(STAMP)
	$(BIN)/python -m tests.cluster down

bench: $(STAMP)
	$(BIN)/python -m pytest bench -p no:xdist

benchmark: $(STAMP)
	$(BIN)/python -m tests.cluster.benchmark

# what tests/lab runs on; they are skipped without, and fail without when KBDIAG_DEMAND_LAB=1
lab-packages:
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	  openssh-server openssh-client iputils-ping iproute2 procps systemd util-linux bsdutils busybox-static

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/kbdiag rules lint

# the share of lines and branches that tests reach may not fall below `fail_under` in pyproject.toml
coverage: $(STAMP)
	$(PYTEST) --cov --cov-report term:skip-covered

# writes the versions that are installed now
lock: $(STAMP)
	{ head -1 constraints.txt; $(BIN)/python -m pip freeze --exclude-editable | sort -f; } >constraints.new
	mv constraints.new constraints.txt

fuzz: $(STAMP)
	KBDIAG_FUZZ_PROGRAMS=$(FUZZ) KBDIAG_FUZZ_TEXTS=$(FUZZ) $(BIN)/python -m pytest tests/engine/test_equivalence.py tests/test_fuzz.py

# how many planted secrets come out, and how many look-alikes are touched
leaks: $(STAMP)
	$(BIN)/python -m tests.facts.leak_figures

# N generated incidents, each wrong answer, and the share of right ones
cascades: install
	$(BIN)/python -m tests.cascades $(N)

check: lint test

clean:
	rm -rf $(COMPILED) $(VENV) .venv-* .pytest_cache .mypy_cache .ruff_cache .hypothesis
