# HengXin. `make` alone lists the targets; `make demo` and `make test` are all a newcomer needs.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PY := .venv/bin/python
LOCKED := requirements/dev.txt requirements/system.txt requirements/setup.sh
STAMP := .venv/.ready-$(shell cat $(LOCKED) | sha256sum | cut -c1-16)
UV ?= uv
KEYRING := tests/with_keyring.sh

.PHONY: help setup demo run server test test-nightly test-controls browser shots page-shots aloud effort deb deb-check bench peers paper build lint types format fonts manual lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## prepare this machine: system packages (as root), .venv, locked packages

# Its name holds the checksum of the locks, so a changed lock is a stamp that is not there.
$(STAMP):
	@requirements/setup.sh
	@rm -f .venv/.ready-* && touch $@

demo: $(STAMP) ## show the main job end to end; pictures and files land in demo-out/
	@$(KEYRING) $(PY) -m tests.demo --out demo-out

run: $(STAMP) ## open the window
	$(PY) -m ui.start

server: $(STAMP) ## serve a small made-up city from home-server/ until Ctrl+C
	$(PY) -m server_stub.command up --home home-server --sample small

test: $(STAMP) ## lint, types and every test that a commit must pass, with a summary
	@$(KEYRING) tests/all.sh

test-nightly: $(STAMP) browser paper ## the slow tests: a real display, browser and printer, a frozen client, a soak, PostgreSQL
	@$(KEYRING) tests/all.sh nightly

test-controls: $(STAMP) ## break the product on purpose, one fault at a time: the tests must notice
	$(KEYRING) $(PY) -m tests.controls

browser: $(STAMP) ## install what tests of the public page need: Chromium (as root) and its driver's library
	@requirements/browser.sh

paper: $(STAMP) ## install what tests of paper need (as root): a printer that prints to a file, a second judge of PDF
	@requirements/paper.sh

page-shots: browser ## take a picture of every verdict of the public page into shots/page/
	$(PY) -m tests.browser --out shots/page

shots: $(STAMP) ## look over every page in every state, theme, size and language; pictures into shots/
	$(KEYRING) $(PY) -m tests.shots --out shots

aloud: $(STAMP) ## have three pages read over the accessibility bus (needs at-spi2-core) into docs/ALOUD.md
	$(KEYRING) xvfb-run -a $(PY) -m tests.aloud.transcript

effort: $(STAMP) ## count the clicks and keys of every job in the real window into docs/EFFORT.md
	$(KEYRING) $(PY) -m tests.officer.effort

bench: $(STAMP) ## measure every speed that we claim, beside its floor
	$(KEYRING) $(PY) -m benchmarks

peers: $(STAMP) ## install what benchmarks are compared with, into .venv-peers
	$(PY) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/peers.txt

build: $(STAMP) ## freeze the client into dist/hengxin/
	$(PY) -m PyInstaller --noconfirm --clean --log-level WARN build.spec

deb: ## put dist/hengxin/ (`make build`) into a Debian package, the same bytes for the same folder
	resources/deb/make.sh dist/hengxin dist

deb-check: ## install that package into a bare Debian 12 and run it (root, debootstrap, an apt source; BARE=a root)
	resources/deb/check.sh dist/hengxin_*.deb $(BARE)

lint: $(STAMP) ## ruff, formatting, import directions
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports

types: $(STAMP) ## mypy
	$(PY) -m mypy

format: $(STAMP) ## put the formatting right
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

manual: $(STAMP) ## make the help of the window again, after a change in docs/manual
	$(PY) -m resources.manual.from_docs

fonts: $(STAMP) ## make the fonts again: make fonts FROM=folder-of-unpacked-font-packages
	@test -n "$(FROM)" || { echo "say where the packages are: make fonts FROM=folder" >&2; exit 2; }
	$(PY) -m resources.fonts.subset "$(FROM)"

lock: ## resolve requirements/*.in again (needs uv)
	cd requirements && for list in client server dev peers browser; do \
	    $(UV) pip compile --python-version 3.11 --generate-hashes --no-emit-index-url -q \
	        --custom-compile-command "make lock" $$list.in -o $$list.txt || exit; \
	done

clean: ## remove what the other targets made, .venv excepted
	rm -rf build dist demo-out shots bench-out home-server .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
