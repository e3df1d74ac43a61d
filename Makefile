# Everything lives in this clone: the packages in .venv, the data in var/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
# An office's own certificates, where it has them, are the system's.
export UV_SYSTEM_CERTS = 1
# Dozens of processes start in a run of the tests, and six for `up`: each would compile all it imports.
unexport PYTHONDONTWRITEBYTECODE
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

.PHONY: help demo up test test-fast fix check lint types contracts lock install dev language picture chaos long-queue backup-chaos kills oracle years fuzz fuzz-api bench reading mutants clean letters compose-test

demo: install ## start everything and walk sample scans to paid claims; ONCE=1 ends by itself
	@$(BIN)/huzhu demo $(if $(ONCE),--once)

up: install ## start the whole system with private servers, until Ctrl-C
	@$(BIN)/huzhu up

help: ## show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1|/p' Makefile | while IFS='|' read -r name what; do \
		printf '%-12s %s\n' "$$name" "$$what"; done

# Files are dealt to two processes, each with servers of its own, in the order of tests/conftest.py;
# PYTEST=... asks for less.
PYTEST ?= -n 2 --dist loadfile --no-loadscope-reorder
test: dev ## run every test; PYTEST="tests/rules -x" chooses
	@$(BIN)/python -m pytest -q $(PYTEST)

test-fast: dev ## run the tests that start no server, reader, browser or program (under a minute)
	@$(BIN)/python -m pytest -q -n 2 -m "not slow"

fix: dev ## mend what ruff can mend, and format
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet . && $(BIN)/ruff check .

check: lint types contracts ## lint, types and import contracts

lint: dev ## ruff: rules and format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: dev ## mypy, strict
	@$(BIN)/mypy

contracts: dev ## who may import whom
	@$(BIN)/lint-imports

install: $(INSTALLED) ## install the program into .venv
dev: $(INSTALLED_DEV) ## install what developers need as well

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Huzhu 需要 Python 3.11 或更高版本。Huzhu needs Python 3.11 or newer.")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt

$(INSTALLED): $(UV) requirements/run.txt pyproject.toml
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED) requirements/dev.txt
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

# Versions are locked with hashes for every platform; no index address is written down.
LOCK = $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11
lock: $(UV) ## lock all versions with hashes; LOCKFLAGS=--upgrade takes newer ones
	@echo uv | $(LOCK) $(LOCKFLAGS) - -o requirements/bootstrap.txt
	@$(LOCK) $(LOCKFLAGS) pyproject.toml --group build -o requirements/run.txt
	@$(LOCK) $(LOCKFLAGS) pyproject.toml --group build --extra watch -c requirements/run.txt -o requirements/watch.txt
	@$(LOCK) $(LOCKFLAGS) pyproject.toml --group build --group dev --extra watch -c requirements/watch.txt -o requirements/dev.txt
	@$(LOCK) $(LOCKFLAGS) pyproject.toml --group build --group dev --group bench -c requirements/dev.txt -o requirements/bench.txt

# Take every text into the English catalogue; ends with an error while one lacks its English.
LOCALE ?= language/locale
PYBABEL = $(BIN)/pybabel --quiet
language: dev ## take every text into the English catalogue
	@$(PYBABEL) extract --mapping=language/babel.toml --no-default-keywords --keyword=_ --keyword=N_ \
		--ignore-dirs="tests samples benchmarks var mutants .*" --no-location --sort-output --no-wrap \
		--output=$(LOCALE)/huzhu.pot .
	@$(PYBABEL) update --domain=huzhu --locale=en --input-file=$(LOCALE)/huzhu.pot --output-dir=$(LOCALE) \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	@rm $(LOCALE)/huzhu.pot
	@$(BIN)/pybabel compile --domain=huzhu --directory=$(LOCALE) --statistics 2>&1 | grep '(100%)' || \
		{ grep --before-context=1 '^msgstr ""$$' $(LOCALE)/en/LC_MESSAGES/huzhu.po; exit 1; }

picture: dev ## take the README's picture of the console anew; needs Chromium
	@rm -f docs/images/console.png && $(BIN)/python -m pytest -q tests/browser/test_desk.py -k picture || { git checkout -q docs/images/console.png; exit 1; }

letters: dev ## take the pictures in docs/letters anew; needs LibreOffice and poppler
	@$(BIN)/python -m samples.letter_pictures

chaos: dev ## all faults at once on 300 claims; CLAIMS and SEED choose another run
	@$(BIN)/python -m tests.faults.chaos --claims $(or $(CLAIMS),300) --seed $(or $(SEED),1)

long-queue: dev ## 1,000 packets dropped at once on one worker: none parked, nothing else late; PACKETS chooses another number
	@$(BIN)/python -m tests.faults.long_queue --packets $(or $(PACKETS),1000)

backup-chaos: dev ## back up while all faults happen at once, and bring 20 random instants back; RESTORES, CLAIMS and SEED
	@$(BIN)/python -m tests.faults.chaos --claims $(or $(CLAIMS),100) --seed $(or $(SEED),1) --restores $(or $(RESTORES),20)

kills: dev ## kill the demonstration at every step and look whether it ends with the same money
	@EVERY_KILL=1 $(BIN)/python -m pytest -q tests/servers/test_demo.py -k killed

oracle: dev ## compare 10,000 packets on the line with the oracle; PACKETS and SEED choose another run
	@PACKETS=$(or $(PACKETS),10000) SEED=$(or $(SEED),1) $(BIN)/python -m pytest -q -o timeout=0 tests/workflows/test_oracle.py

years: dev ## five years of an office with their month ends; MONTHS and SEED choose others
	@MONTHS=$(or $(MONTHS),60) SEED=$(or $(SEED),1) $(BIN)/python -m pytest -q -o timeout=0 tests/workflows/books/test_years.py

fuzz: dev ## 10,000 made-up files, readings on the line, and messages for a real worker, 20,000 bank replies and as many messages of banks; FILES, READINGS, MESSAGES, REPLIES, SEED choose others
	@FILES=$(or $(FILES),10000) READINGS=$(or $(READINGS),10000) MESSAGES=$(or $(MESSAGES),10000) REPLIES=$(or $(REPLIES),20000) \
		SEED=$(or $(SEED),1) \
		$(BIN)/python -m pytest -q -o timeout=0 tests/documents/packets/test_fuzzed_files.py \
		tests/workflows/claims/test_fuzzed_readings.py tests/faults/test_fuzzed_messages.py \
		tests/banking/test_mutated_replies.py tests/banking/test_mutated_messages.py

fuzz-api: dev ## 10,000 made-up requests to the API; CALLS and SEED choose others
	@CALLS=$(or $(CALLS),10000) SEED=$(or $(SEED),1) $(BIN)/python -m pytest -q -s -o timeout=0 tests/console/api/test_fuzzed_api.py

bench: dev ## install what the benchmarks need
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/bench.txt

# An hour on two cores; goes on where it was stopped. docs/reading.md tells how its figures were measured.
READING ?= var/reading
reading: dev ## draw 2 × 200 packets and measure the reader on them; PACKETS chooses another number
	@for side in open test; do \
		nice -n 10 $(BIN)/python -m samples.make --layouts $$side --seed 1 --count $(or $(PACKETS),200) --out $(READING)/$$side && \
		nice -n 10 $(BIN)/python -m benchmarks.reading $(READING)/$$side --keep $(READING)/kept --beside-tesseract --faults \
			> $(READING)/$$side.txt; tail -n 8 $(READING)/$$side.txt; \
	done

compose-test: dev ## start docker-compose.yml for real, on stand-ins of its base images; needs root
	@$(BIN)/python -m tests.compose

# Two hours on one core; goes on where it was stopped. Lists what no test killed, and counts.
CHILDREN ?= 1
mutants: bench ## put faults into rules and money's code and list those that no test notices
	@nice -n 19 $(BIN)/mutmut run --max-children $(CHILDREN)
	@$(BIN)/mutmut results
	@$(BIN)/mutmut export-cicd-stats && cat mutants/mutmut-cicd-stats.json
	@nice -n 10 $(BIN)/python -m tests.mutation

clean: ## remove .venv and all caches; the data in var/ stays
	@rm -rf mutants $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
