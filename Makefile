# Everything that people and machines do here, by name. `make` alone lists it.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests demo demo-reset test lint types arrows unit services gateway journeys browser \
	chaos images mails long chaos-long chaos-faults format lock definitions messages machines monitoring secrets openapi asvs fsck bench

help: ## List what can be made
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1|\2/p' Makefile | sort | column -t -s '|'

setup: ## Install what a run needs: virtual environment, RabbitMQ, mongod
	@$(PYTHON) -m deploy.local.bootstrap

setup-tests: ## Install what the tests need too: tools and a browser
	@$(PYTHON) -m deploy.local.bootstrap --tests

demo: setup ## Run everything with the demo town until Ctrl-C
	@$(BIN)/python -m deploy.local.demo

demo-reset: setup ## Forget the demo town: the next demo starts over
	@$(BIN)/python -m deploy.local.demo --reset

test: setup-tests ## Lint, types, arrows and all tests, on real parts
	@$(BIN)/python -m deploy.local.check

lint types arrows unit services gateway journeys browser chaos: setup-tests
	@$(BIN)/python -m deploy.local.check $@

lint: ## Style and form
types: ## Types, strictly
arrows: ## Who imports whom
unit: ## Tests of model and rules, every branch
services: ## Tests of chassis, services and contracts on a real broker and database
gateway: ## Tests of the gateway, of the local run and of what is deployed
journeys: ## Journeys over HTTP, also while parts are down
browser: ## Journeys in a browser
chaos: ## What must hold while programs are killed

images: setup-tests ## Build the images, bring them up with the demo towns, and try them
	@$(BIN)/python -m deploy.containers.check

long: setup-tests ## All that takes too long for `make test`: hours
	@$(BIN)/python -m deploy.local.long

chaos-long: setup-tests ## Kill, stop and break a process at every failpoint, one by one
	@$(BIN)/python -m tests.chaos.walk

chaos-faults: setup-tests ## Have every fault by itself, for long, and say how it was borne
	@$(BIN)/python -m tests.chaos.faults

format: setup-tests ## Put all files into form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

lock: setup-tests ## Compile requirements/*.txt with hashes
	@$(BIN)/python -m deploy.local.lock

definitions: setup-tests ## Generate the broker's topology from the contracts
	@$(BIN)/python -m deploy.rabbitmq.generate

machines: setup-tests ## Draw the state machines of the services into docs/rules
	@$(BIN)/python -m deploy.machines

messages: setup-tests ## Write the catalogue of messages, docs/messages, from the contracts
	@$(BIN)/python -m deploy.messages.generate

mails: setup ## Show every mail, of invented facts: var/mails/index.html
	@$(BIN)/python -m notify.commands preview --to var/mails

monitoring: setup-tests ## Write the operators' dashboard, for Grafana
	@$(BIN)/python -m deploy.monitoring.dashboard

secrets: setup ## Make what docker-compose.yml reads, below var/compose
	@$(BIN)/python -m deploy.compose.prepare

openapi: setup-tests ## Write the interface's description
	@$(BIN)/python -m gateway.openapi

asvs: setup-tests ## Write the page of ASVS, docs/asvs, from its table
	@$(BIN)/python -m deploy.asvs

fsck: ## Check the invariants of the running demo
	@$(BIN)/python -m deploy.local.fsck

bench: setup-tests ## Measure; see bench/README.md
	@$(BIN)/python -m bench
