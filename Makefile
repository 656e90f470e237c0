# The two commands that matter: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCAL := $(BIN)/python -m ytmanager.local
ARGS ?=
# Test workers beside each other, each with services of its own; 0: none.
WORKERS ?= 0
# Each measures on empty services of its own.
BENCHMARKS := imports edits

.DEFAULT_GOAL := help
.PHONY: help run manage test test-unit test-deep test-services check format bench bench-import bench-changesets bench-api bench-sync bench-live bench-events screenshots install install-dev

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' Makefile

run: install ## Serve the product; PORT=8123, LOCAL_DIR=..., ARGS=--sample
	@exec $(LOCAL) run --with-make $(ARGS)

manage: install ## Run a management command, as in ARGS="import_report FILE"
	@exec $(BIN)/python manage.py $(ARGS)

test: install-dev ## Run all tests beside services of their own; WORKERS=2
	@exec $(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

test-unit: install-dev ## Run the tests that need no service
	@exec $(BIN)/python -m pytest -m unit $(ARGS)

test-deep: install-dev ## Run all tests with large fault and fuzz budgets
	@TEST_DEPTH=deep exec $(BIN)/python -m pytest --timeout=3600 $(ARGS)

test-services: install-dev ## Run all tests on the PostgreSQL and Redis of this system
	@programs=$$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | head -n 1); \
	if [ -z "$$programs" ] || ! command -v redis-server >/dev/null; then \
		echo "Missing: apt-get install postgresql redis-server" >&2; exit 1; \
	fi; \
	POSTGRES_PROGRAMS="$$programs" REDIS_PROGRAM=redis-server \
		exec $(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: install-dev ## Check format, lint, import contracts, types, settings, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(LOCAL) exec --no-services -- $(BIN)/mypy .
	$(LOCAL) exec -- $(BIN)/python manage.py check --fail-level WARNING
	$(LOCAL) exec -- $(BIN)/python manage.py makemigrations --check --dry-run

format: install-dev ## Format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install ## Measure imports and edits beside floors; ARGS="--videos 1000000"
	@set -e; for name in $(BENCHMARKS); do \
		$(LOCAL) exec --durable -- $(BIN)/python -m benchmarks.$$name \
			$(or $(ARGS),--videos 100000); \
	done

bench-import: install ## Measure imports of 1,000,000 videos; ARGS="--videos 100000"
	@exec $(LOCAL) exec --durable -- $(BIN)/python -m benchmarks.imports $(ARGS)

bench-changesets: install ## Measure bulk edits of 1,000,000 videos; ARGS="--videos 100000"
	@exec $(LOCAL) exec --durable -- $(BIN)/python -m benchmarks.edits \
		--videos 1000000 $(ARGS)

bench-api: install ## Measure the API on 1,000,000 videos; ARGS="--videos 100000"
	@exec $(LOCAL) exec --durable -- $(BIN)/python -m benchmarks.api $(ARGS)

bench-sync: install ## Measure refresh and push against the sandbox; ARGS="--videos 5000"
	@exec $(LOCAL) exec --durable -- $(BIN)/python -m benchmarks.sync $(ARGS)

bench-live: install ## Measure an event to 1,000 open pages; ARGS="--clients 200"
	@exec $(LOCAL) exec --durable -- $(BIN)/python -m benchmarks.live $(ARGS)

bench-events: install ## Count the events of an import of 1,000,000 rows; ARGS="--videos 300000"
	@exec $(LOCAL) exec --durable -- $(BIN)/python -m benchmarks.events $(ARGS)

screenshots: install-dev ## Make the pictures of the README; needs Chromium
	@exec $(BIN)/python docs/screenshots.py

install: $(BIN)/python
	$(call install_when_changed,requirements.txt)

install-dev: $(BIN)/python
	$(call install_when_changed,requirements-dev.txt)

# A stamp beside the packages keeps the sum of the files they came from.
define install_when_changed
	@sum=$$(cat requirements.txt $(1) | cksum); stamp=$(VENV)/$(1).sum; \
	if [ "$$(cat $$stamp 2>/dev/null)" != "$$sum" ]; then \
		echo "Installing $(1)"; \
		$(BIN)/python -m pip install -qq --disable-pip-version-check -r $(1) \
			&& echo "$$sum" > $$stamp; \
	fi
endef

# On Debian `venv` without `ensurepip` leaves a broken folder, so look first.
$(BIN)/python:
	@command -v $(PYTHON) >/dev/null \
		|| { echo "$(PYTHON) is missing: install Python 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is older than 3.11; try PYTHON=python3.11 make ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python cannot create a .venv: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
