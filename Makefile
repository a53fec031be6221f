# From a bare checkout every target first installs what it needs, inside this folder only (.venv and .local/).
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON3 ?= python3
PORT ?= 4566
# One more than cores: one of them mostly waits (docs/testing.md).
WORKERS ?= 3
PYTHON := .venv/bin/python
SAM := .local/env/sam/bin/sam
ENVIRONMENTS := $(PYTHON3) infra/environments.py
export SAM_CLI_TELEMETRY := 0
# Where it is set, each of some hundred processes compiles all that it imports: the SAM CLI is twice as quick, collecting tests thrice.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check check-types check-style check-template check-sam bench sample demo-data import recount replay deploy fmt openapi requirements clean dev-env local-env sam-env browser-env uv-env

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | column -t -s "$$(printf '\t')"

run: local-env ## run it all here, with survey `demo`: PORT=4566
	@exec $(PYTHON) -m infra.run --port $(PORT)

test: local-env browser-env ## every test; ends in pytest's summary: PYTEST="-k settle"
	@exec $(PYTHON) -m pytest -n $(WORKERS) --dist worksteal $(PYTEST)

check: sam-env ## lint, format, types, import rules, template, OpenAPI drift
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-types check-style check-template check-sam

check-types:
	$(PYTHON) -m mypy functions shared infra tests

check-style:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	.venv/bin/lint-imports
	.local/env/web/node_modules/.bin/oxlint --config web/.oxlintrc.json web
	$(PYTHON) -m infra.openapi --check

check-template:
	.venv/bin/cfn-lint template.yaml infra/alarms.yaml

check-sam:
	$(SAM) validate --lint --region sa-east-1 --template template.yaml

bench: local-env browser-env ## the benchmarks: tables, and build/bench.json
	@exec $(PYTHON) -m tests.bench

sample: dev-env ## post a known sample to the running `make run`, and show the score
	@exec $(PYTHON) -m infra.sample

import: dev-env ## import past answers: SURVEY=demo FILE=answers.csv, PRESET=delighted, CHECK=1 only checks
	@exec $(PYTHON) -m infra.importing --survey $(SURVEY) --file $(FILE) $(if $(PRESET),--preset $(PRESET)) $(if $(CHECK),--check) $(if $(STAGE),--stage $(STAGE))

demo-data: dev-env ## load a year of three surveys into the running `make run`, by the real import
	@exec $(PYTHON) -m infra.demo

recount: dev-env ## compare marks with rollups: SURVEY=demo, FIX=1 repairs
	@exec $(PYTHON) -m infra.recount $(if $(SURVEY),--survey $(SURVEY)) $(if $(STAGE),--stage $(STAGE)) $(if $(FIX),--fix)

replay: dev-env ## after a restore, before traffic: take out again who was erased: STAGE=prod
	@exec $(PYTHON) -m infra.replay $(if $(STAGE),--stage $(STAGE))

deploy: sam-env ## deploy to AWS: STAGE=prod, ADMIN=you@example.com, PARAMETERS="AlarmTopic=arn:…"
	@exec $(PYTHON) -m infra.deploy --stage=$(STAGE) $(if $(ADMIN),--admin=$(ADMIN)) $(foreach each,$(PARAMETERS),--parameter $(each))

fmt: dev-env ## format, and mend what the linter can
	$(PYTHON) -m ruff check --fix-only --quiet .
	$(PYTHON) -m ruff format .

openapi: dev-env ## write the OpenAPI document from the code
	$(PYTHON) -m infra.openapi

requirements: uv-env ## compile requirements/*.txt from pyproject.toml
	$(PYTHON3) -m infra.requirements

clean: ## forget builds, environments and the local state
	rm -rf .venv .local .aws-sam build

dev-env:
	@$(ENVIRONMENTS) dev

local-env:
	@$(ENVIRONMENTS) dev ministack sam web

sam-env:
	@$(ENVIRONMENTS) dev sam web

browser-env:
	@$(ENVIRONMENTS) browser

uv-env:
	@$(ENVIRONMENTS) uv

# `sam build` calls these, one a function: build-CollectFunction ARTIFACTS_DIR=…
build-%:
	@$(PYTHON) -m infra.build "$*" "$(ARTIFACTS_DIR)"
