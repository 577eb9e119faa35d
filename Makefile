# The front desk. `make` alone shows what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

TESTS ?= tests
WORKERS ?= 2
CODE ?=
FROM ?=
QUESTIONS ?=
REPORT ?=
NUMBERS ?= 100000

# uv itself may be missing, or be a pyenv shim that refuses to run: deploy/uv finds or installs it.
UV := deploy/uv
PYTHON := .venv/bin/python
BOT := $(PYTHON) -m bot

##@ Use it
.PHONY: run
run: setup ## Install what is missing, train or reuse the model, start everything, print the addresses
	@exec $(BOT) run

.PHONY: translation-models
translation-models: setup-app ## Install models of machine translation: FROM=folder with *.argosmodel files
	@$(BOT) translation-models "$(FROM)"

.PHONY: ask
ask: setup-app ## Ask the running service: make ask Q="…" [LANG_CODE=ar]
	@$(BOT) ask $(if $(LANG_CODE),--lang $(LANG_CODE)) "$(Q)"

##@ Check it
# A first training takes longer than any test may wait, so it comes before them.
ASK_THE_MODEL := tests tests/nlu% tests/journey% tests/faults% tests/docs%

.PHONY: test
test: setup browser ## Run every test, the browser's included; TESTS=tests/web for one folder, WORKERS=4 for more at once
	@$(if $(filter $(ASK_THE_MODEL),$(TESTS)),$(PYTHON) -m bot.launch.model)
	@$(PYTHON) -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

.PHONY: check
check: setup-app ## Format, lint, types, import rules, validators of content, catalogues and training data
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(PYTHON) -m bot.checks all

.PHONY: faults
faults: setup ## The fault suite: kill -9 of each process in the middle of 200 messages
	@$(PYTHON) -m pytest tests/faults

.PHONY: docs-test
docs-test: setup ## Run every command of the documentation
	@$(PYTHON) -m pytest tests/docs

##@ Measure it
.PHONY: evaluate
evaluate: setup ## Ask the trained model tests/nlu/held_out or QUESTIONS=file.jsonl [REPORT=out.jsonl]; last line is JSON
	@$(PYTHON) -m bot.rasa.evaluate "$(QUESTIONS)" $(if $(REPORT),--report "$(REPORT)")

.PHONY: answers
answers: setup ## Send questions through the whole service: QUESTIONS=file.jsonl REPORT=out.jsonl
	@$(PYTHON) -m bot.launch.answers "$(QUESTIONS)" "$(REPORT)"

.PHONY: bench
bench: setup ## Measure Rehber and a plain Rasa server side by side; last line is JSON
	@$(PYTHON) -m benchmarks.against_plain_rasa

.PHONY: kiosk-bench
kiosk-bench: setup-app browser ## How long the kiosk's pages take with a processor four times slower; last line is JSON
	@$(PYTHON) -m benchmarks.kiosk_pages

.PHONY: drill
drill: setup-app ## Try NUMBERS identity numbers as attackers would; last line is JSON
	@$(PYTHON) -m benchmarks.enumeration --numbers $(NUMBERS)

##@ Work on it
.PHONY: format
format: setup-app ## Format the code and mend what ruff can mend
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

.PHONY: new-language
new-language: setup-app ## Begin a language, or go on with it, and say what is missing: CODE=uk
	@$(PYTHON) -m bot.checks.new_language "$(CODE)"

.PHONY: voices
voices: setup-app ## Make the sounds of all texts beforehand, and lists of what to record [LANG_CODE=ps]
	@$(PYTHON) -m bot.checks voices $(LANG_CODE)

.PHONY: catalogues
catalogues: setup-app ## Compile the interface's words (locales/*.po to *.mo)
	@$(PYTHON) -m bot.checks compile

.PHONY: setup
setup: setup-app ## Create the three environments from the lock, fetch the kiosk's keyboard, fonts and voice
	@deploy/system
	@UV_PROJECT_ENVIRONMENT=.venv-rasa $(UV) sync --quiet --frozen --no-default-groups --group rasa
	@UV_PROJECT_ENVIRONMENT=.venv-actions $(UV) sync --quiet --frozen --no-default-groups --group actions

.PHONY: setup-app
setup-app:
	@$(UV) sync --quiet --frozen --extra app --extra langid
	@$(PYTHON) -m bot.checks compile
	@deploy/assets $(PYTHON)

.PHONY: browser
browser: setup-app
	@deploy/browser

.PHONY: clean
clean: ## Remove environments, models, the embedded database and reports
	@rm -rf .venv .venv-rasa .venv-actions data reports

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
