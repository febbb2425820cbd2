# make run    a bot in a local Discord, with its API and its database, from nothing
# make test   everything that must hold; installs what it needs first
# make gate   what the API's document says, tried for some minutes with a new seed each time
# make fuzz   templates and mentions of custom commands that nobody would write: 100,000 and 2,000; ten minutes
# make bench  how fast it is, side by side; a few minutes
# Another interpreter: make test PYTHON=python3.13 (it gets a folder of its own, .venv-3.13)

SHELL := /bin/sh
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))
ifdef PYTHON
VENV := .venv-$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none)
else
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do "$$p" -c '$(FITS)' 2>/dev/null && echo "$$p" && break; done)
VENV := .venv
endif
BIN := $(VENV)/bin
MEMBERS := core/contract core/runtime core/sandbox api plugins/ping plugins/custom plugins/logging plugins/reminders
LOCKS := requirements.lock requirements-dev.lock

.PHONY: run test gate fuzz bench check format lock clean install browser redis
install: $(VENV)/.ready

$(VENV)/.ready: $(LOCKS) pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS))
	@"$(PYTHON)" -c '$(FITS)' 2>/dev/null || { echo "make: Chandelier needs Python 3.11 to 3.14; none was found. Name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Installing into $(VENV) (the first time takes about a minute)"
	@"$(PYTHON)" -m venv "$(VENV)" || { echo "make: $(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(addprefix -e ,$(MEMBERS))
	@touch "$@"

run: install
	@$(BIN)/chandelier sandbox -- $(BIN)/chandelier run

test: install check browser redis
	@$(BIN)/python -m pytest -q -n 3 --dist loadfile

# Chromium, for the tests of pages: from apt where that is allowed. Without one they are skipped.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium, for the tests of pages"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-color-emoji; } >/dev/null 2>&1 || \
	  echo "make: Chromium could not be installed; the tests of pages are skipped" >&2; \
	else echo "make: there is no Chromium; the tests of pages are skipped. On Debian: apt-get install chromium" >&2; fi

# Redis, for the tests of what the operator may put behind the caches: as above.
redis:
	@command -v redis-server >/dev/null || command -v valkey-server >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Redis, for the tests with one"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server; } >/dev/null 2>&1 || \
	  echo "make: Redis could not be installed; the tests with one are skipped" >&2; \
	else echo "make: there is no Redis; the tests with one are skipped. On Debian: apt-get install redis-server" >&2; fi

gate: install
	@CHANDELIER_GATE_EXAMPLES=$${CHANDELIER_GATE_EXAMPLES:-60} CHANDELIER_GATE_SEED=$${CHANDELIER_GATE_SEED:-$$(date +%s)} \
	$(BIN)/python -m pytest -q -n 0 tests/contract_gate

fuzz: install
	@CHANDELIER_FUZZ=2000 $(BIN)/python -m pytest -q -n 0 --timeout 1200 plugins/custom/tests/test_custom_mentions.py
	@CHANDELIER_FUZZ=100000 $(BIN)/python -m pytest -q -n 0 --timeout 2400 plugins/custom/tests/test_custom_templates_fuzz.py

bench: install
	@$(BIN)/python benchmarks/interactions.py
	@$(BIN)/python benchmarks/worlds.py
	@$(BIN)/python benchmarks/many_plugins.py
	@$(BIN)/python benchmarks/hostile.py
	@$(BIN)/python benchmarks/rest.py
	@$(BIN)/python benchmarks/caches.py
	@$(BIN)/python benchmarks/custom.py

check: install
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: install
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

# Renews both lock files. They hold versions and hashes, and no address of any index.
UV := $(BIN)/python -m uv
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	--no-emit-package chandelier --no-emit-package chandelier-core --no-emit-package chandelier-api --no-emit-package chandelier-sandbox \
	--no-emit-package chandelier-ping --no-emit-package chandelier-custom --no-emit-package chandelier-logging --no-emit-package chandelier-reminders
lock: install
	@$(LOCK) pyproject.toml -o requirements.lock
	@$(LOCK) --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache
