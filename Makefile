# Main commands: `make run` and `make test`. Each does the set-up it needs; a second run skips what is done.
PYTHON ?= python3
BIN := .venv/bin
# Only the files whose hashes the lock lists: see supply/README.md.
LOCKED := $(BIN)/pip install -q --require-hashes --no-deps -r
TOOLS := PATH="$(CURDIR)/.venv-tools/bin:$$PATH" .venv-tools/bin/python
WEB_SOURCES := $(shell find web/src web/public web/shell web/scripts/compress.mjs -type f 2>/dev/null) $(wildcard web/*.json web/*.ts web/*.html)
FASTPATH_SOURCES := $(shell find server/sfu/fastpath -name '*.[ch]')
PYTEST := $(BIN)/pytest -q
# Processes, browsers, databases and threads run in real time: a test that fails is run once more, alone, since a busy
# machine can hold them up for seconds. The last lines of the run name it.
TWICE := $(BIN)/python -m tests.twice

.DEFAULT_GOAL := help
.PHONY: help run run-cluster test-image test set-up check check-python check-web test-web test-live test-net test-real test-cluster test-torch test-attack fuzz soak bench protocol whisper kokoro lock sbom audit format clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: .venv/.run web/dist/.built ## start Parlor on http://localhost:8080
	@exec $(BIN)/python -m server

run-cluster: tests/.system .venv/.test web/dist/.built ## start three servers, Redis, PostgreSQL and a proxy on http://localhost:8080
	@exec $(BIN)/python -m tests.run_cluster

test: set-up web/dist/.built ## lint, types, unit to browser tests; about half an hour
	@$(MAKE) --no-print-directory -j2 --output-sync check-python check-web test-web
	@$(TWICE) --start
	$(TWICE) -q -n 2 --ignore tests/integration --ignore tests/attack --ignore tests/cluster -m "not browser and not net" tests
	$(TWICE) -q -n 3 tests/integration tests/cluster
	$(TWICE) -q -m attack_short tests/attack
	$(TWICE) -q -n 2 --dist loadfile -m "browser and not live and not net" tests/e2e
	@$(TWICE) --report

set-up: # runs its parts side by side: each waits for the network
	@$(MAKE) --no-print-directory -j3 tests/.system .venv/.test web/node_modules/.installed

check: .venv/.test web/node_modules/.installed ## lint, types, import contracts, the web's own checks
	@$(MAKE) --no-print-directory -j2 --output-sync check-python check-web

check-python: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

check-web: .venv/.run web/node_modules/.installed
	cd web && npm run --silent check && npm run --silent browsers

test-web: web/node_modules/.installed
	cd web && npm run --silent test

test-live: .venv/.test web/dist/.built tests/.system ## conversations in real browsers: with the tutor, under loss, volumes
	$(TWICE) -q -m live tests/e2e

test-net: .venv/.test web/dist/.built tests/.system ## browsers across network namespaces (root)
	@[ "$$(id -u)" = 0 ] || { echo "make test-net makes network namespaces: run it as root"; exit 1; }
	$(TWICE) -q -m net tests/net

test-real: .venv/.test web/dist/.built tests/.system ## test-live and test-net, two files at a time, as CI does (root)
	@[ "$$(id -u)" = 0 ] || { echo "make test-real makes network namespaces: run it as root"; exit 1; }
	$(TWICE) -q -n 2 --dist loadfile -m "live or net" tests/e2e tests/net

test-cluster: tests/.system .venv/.test ## several servers on one PostgreSQL and Redis, killed and frozen
	$(TWICE) -q tests/cluster

test-image: tests/.system-image .venv/.test ## build and start the image in a Debian root, without Docker (root)
	@$(BIN)/python -m tests.image

test-torch: .venv-torch/.installed tests/.system ## the VAD's tests with its TorchScript model
	.venv-torch/bin/python -m pytest -q -m torch tests/unit/ai_agent

test-attack: tests/.system .venv/.test ## attacks and faults, measured by two honest people in another room
	PARLOR_TEST_SCALE=attack $(PYTEST) tests/attack

fuzz: tests/.system .venv/.test ## millions of datagrams, many more examples of each property
	PARLOR_TEST_SCALE=fuzz $(PYTEST) -n 2 -m fuzz tests --timeout 3600

soak: .venv/.test ## a thousand joins and leaves, long calls
	PARLOR_TEST_SCALE=soak $(PYTEST) -m soak tests --timeout 3600

bench: .venv/.test web/dist/.built tests/.system tests/.system-bench ## benchmarks: a table, and JSON in tests/bench/results
	$(BIN)/python -m tests.bench

protocol: .venv/.run web/node_modules/.installed ## regenerate the web client's types from server/protocol
	cd web && npm run --silent protocol

whisper: .venv/.run ## install Whisper, which hears many languages; PARLOR_TUTOR_STT=moonshine,whisper uses it
	$(LOCKED) supply/whisper.lock

kokoro: .venv/.run ## install Kokoro, 28 English voices; PARLOR_TUTOR_TTS=kokoro,hibari,espeak uses it
	$(LOCKED) supply/kokoro.lock
	@$(BIN)/python -m supply.kokoro_voices

lock: .venv-tools/.installed ## write supply/*.lock after a change in pyproject.toml or constraints.txt
	$(TOOLS) -m supply.lock

sbom: .venv-tools/.installed ## write lists of all components (CycloneDX) into sbom/
	@mkdir -p sbom
	.venv-tools/bin/cyclonedx-py requirements supply/run.lock --pyproject pyproject.toml --of JSON -o sbom/python.json
	cd web && npm sbom --package-lock-only --sbom-format cyclonedx > ../sbom/web.json

audit: .venv-tools/.installed ## known vulnerabilities of the locked packages; "Error 3": a source is out of reach
	@$(TOOLS) -m supply.audit

format: .venv/.test web/node_modules/.installed ## apply the formatters
	$(BIN)/ruff check --fix-only -q . ; $(BIN)/ruff format -q .
	cd web && npm run --silent format

clean: ## remove what these commands created, except ./data
	rm -rf .venv .venv-torch .venv-tools sbom build web/node_modules web/dist tests/.system* server/sfu/fastpath/*.so

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Parlor needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "the venv module is missing: apt install python3-venv"; exit 1; }

.venv/.run: .venv/bin/python pyproject.toml setup.py supply/run.lock $(FASTPATH_SOURCES)
	$(LOCKED) supply/run.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/.test: .venv/.run supply/test.lock
	$(LOCKED) supply/test.lock
	@touch $@

.venv-tools/.installed: .venv/bin/python supply/tools.lock
	@$(PYTHON) -m venv .venv-tools
	.venv-tools/bin/pip install -q --require-hashes --no-deps -r supply/tools.lock
	@touch $@

# A second environment that sees the packages of the first: `make test` must be the same with and without torch.
.venv-torch/.installed: .venv/.test
	@$(BIN)/python -m venv --clear --without-pip .venv-torch
	@$(BIN)/python -c 'import site; print(f"import site; site.addsitedir({site.getsitepackages()[0]!r})")' \
		> "$$(.venv-torch/bin/python -c 'import site; print(site.getsitepackages()[0])')/beside.pth"
	$(BIN)/pip --python .venv-torch/bin/python install -q -c constraints.txt torch
	@touch $@

web/node_modules/.installed: web/package.json web/package-lock.json
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
		|| { echo "Parlor's web client is built with Node 20.19 or newer"; exit 1; }
	cd web && npm ci --loglevel=error --no-fund --no-audit
	@touch $@

web/dist/.built: web/node_modules/.installed $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

tests/.system: tests/system-packages.sh
	@sh tests/system-packages.sh
	@touch $@

tests/.system-image: tests/system-packages.sh
	@sh tests/system-packages.sh image
	@touch $@

tests/.system-bench: tests/system-packages.sh
	@sh tests/system-packages.sh bench
	@touch $@
