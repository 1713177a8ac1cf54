# What a newcomer types. `make help` lists it.

PYTHON ?= $(or $(shell command -v python3.11),$(shell command -v python3.12),$(shell command -v python3.13),python3)
BIN := .venv/bin

# Tests and the demo bring their own home and database; a caller's LINKEDIN_HOME or DAGSTER_HOME must not leak in.
CLEANED := env $(foreach name,$(filter LINKEDIN_% DAGSTER_%,$(.VARIABLES)),-u $(name))

N ?= 1000
ACCOUNTS ?= 100
MINUTES ?= 10
SEEDED = $(if $(SEED),--seed $(SEED))

LOCK = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-strip-extras --no-header --annotation-style line

HELD = linkedin_pipelines/domain/*,linkedin_pipelines/db/*,linkedin_pipelines/services/*

.DEFAULT_GOAL := help
.PHONY: help setup demo test coverage bench load rest torture mutations lookalike races hosts attacks lint format up lock docs pictures clean

help: ## these lines
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## everything into .venv, and a browser; quick when nothing changed
	@$(PYTHON) scripts/set_up.py

demo: setup ## the main job, end to end, on the bundled sandbox
	@$(CLEANED) $(BIN)/linkedin-pipelines demo

test: setup ## all tests, on SQLite and Postgres, with a real browser
	@$(CLEANED) $(BIN)/python -m pytest -n 4 --dist worksteal --durations 15

coverage: setup ## `make test`, counting branches and started processes; fails below 85 %, or 95 % of domain, db, services
	@$(CLEANED) $(BIN)/coverage erase
	@$(CLEANED) $(BIN)/coverage run -m pytest -n $(if $(filter command line,$(origin N)),$(N),4) --dist worksteal
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report --format=total --fail-under 85
	@$(BIN)/coverage report --skip-covered --fail-under 95 --include '$(HELD)'

bench: setup ## what things cost, each against a floor measured in turns; a table, and bench.json
	@$(CLEANED) $(BIN)/python -m linkedin_pipelines_tests.bench --out bench.json

load: setup ## ACCOUNTS=100 accounts' campaigns at once with 1,000 contacts each, beside readers of the status server
	@$(CLEANED) $(BIN)/python -m linkedin_pipelines_tests.load --accounts $(ACCOUNTS)

rest: setup ## `up` left alone for MINUTES=10, then as long with a tick a second or two of each sensor: what it takes, whether it grows
	@$(CLEANED) $(BIN)/python -m linkedin_pipelines_tests.load.rest --minutes $(MINUTES)
	@$(CLEANED) $(BIN)/python -m linkedin_pipelines_tests.load.rest --minutes $(MINUTES) --hurried

torture: setup ## N=1000 kills of campaigns on each database; SEED=… plays the same ones again
	@$(CLEANED) $(BIN)/python -m linkedin_pipelines_tests.torture --kills $(N) --database sqlite $(SEEDED)
	@$(CLEANED) $(BIN)/python -m linkedin_pipelines_tests.torture --kills $(N) --database postgres $(SEEDED)

mutations: setup ## one message on each of N=2000 sites whose pages a seed has changed: delivered right or refused
	@$(CLEANED) $(BIN)/python -m linkedin_pipelines_tests.mutations --seeds $(if $(filter command line,$(origin N)),$(N),2000)

lookalike: setup ## all cases of a second world, a look-alike of the site by other hands, and what became of each
	@rm -f .lookalike.jsonl
	@$(CLEANED) $(BIN)/python -m linkedin_pipelines_tests.lookalike --jobs 2 --out .lookalike.jsonl

races: setup ## 8 processes by 4 threads claim 10,000 times for 10 accounts; two machines with everything at once
	@$(CLEANED) LEDGER_RACE=8x4x10000x10 $(BIN)/python -m pytest -q --timeout 1800 -m "long or not long" \
		-k "many_accounts or whoever_launches" \
		linkedin_pipelines_tests/integration/ledger/test_races.py linkedin_pipelines_tests/torture/test_two_machines.py

hosts: setup ## two hosts on one Postgres, the cable of one out for a minute at each step, clocks off; needs root
	@$(CLEANED) $(BIN)/python -m linkedin_pipelines_tests.hosts

attacks: setup ## what any web page could try on `up`, played in Chromium; each must be refused
	@$(CLEANED) $(BIN)/python -m linkedin_pipelines_tests.attacks

lint: setup ## style, types, and which part may import which
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup ## let ruff write the style
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

up: setup ## the product itself: Dagster's UI on http://127.0.0.1:3000, and its daemon
	@exec $(BIN)/linkedin-pipelines up

lock: setup ## requirements.lock and the image's parts of it made to fit pyproject.toml; versions that still fit stay
	@$(LOCK) --extra dev -o requirements.lock pyproject.toml
	@$(LOCK) --no-annotate -c requirements.lock --extra image -o deploy/requirements.lock pyproject.toml
	@$(LOCK) --no-annotate -c requirements.lock --extra image --extra kubernetes -o deploy/kubernetes/requirements.lock pyproject.toml

docs: setup ## the pages of docs/ that are drawn from the code: the data's way, the database's tables
	@$(BIN)/python scripts/write_docs.py

pictures: setup ## README's pictures, taken of the running product on the sandbox
	@$(CLEANED) $(BIN)/python -m linkedin_pipelines_tests.pictures

clean: ## remove what set-up, demo and tools made; dagster_home stays
	rm -rf .venv .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage* *.egg-info
