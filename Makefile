# Plain `make` prints this help. A line with two hashes behind a target is its help text.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# What tests need beside what a run needs: tools, peers to compare with, published data.
DEV_READY := $(VENV)/.dev-ready
# Spark is optional: only the tests start it, and only where there is a Java for it.
SPARK_READY := $(VENV)/.spark-ready
HAS_JAVA := $(shell command -v java 2>/dev/null)
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

EXPERIMENT_COLUMNS := Experiment|.*_sell.json:(auc|lift_at_10|log_loss|ece_share)$$|(.*wave.json:)?(contacted|contact_cost|take_ups_caused|profit_added)$$

# DVC starts each stage as `python -m ...`, which must be the one with the packages.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export OMP_WAIT_POLICY := passive
export MLFLOW_DISABLE_TELEMETRY := true
export DVC_NO_ANALYTICS := true
export GX_ANALYTICS_ENABLED := false

.PHONY: help setup setup-dev repro init check-data backtest families study warm-start throughput bench bench-features bench-decisions bench-splits test test-all style lint ui score monthly status seal forget-models erase measure trust matrix figures dictionary reasons glossary docs experiments notebooks lock clean offer-key pull write-back bench-database bench-spark bench-cluster

help:  ## Print this help
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock
	@echo "-- creating $(VENV) and installing $$(grep -c '==' requirements.lock) pinned packages (a few minutes)"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, found " + sys.version.split()[0] + ". Set PYTHON=/path/to/python3.11.")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@touch $@

$(DEV_READY): requirements-dev.lock $(READY)
	@echo "-- installing what the tests need too, from requirements-dev.lock"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	@touch $@

$(SPARK_READY): requirements-spark.lock $(READY)
	@echo "-- java is on the PATH: installing Spark too, to test that both engines agree"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-spark.lock
	@touch $@

setup: $(READY)  ## Create .venv from requirements.lock (hashes required): what a run needs

setup-dev: $(DEV_READY)  ## The same, and requirements-dev.lock: what tests, checks and benchmarks need

# DVC runs one stage after the other. These chains need nothing of one another, and are asked for
# side by side; what is left follows in order.
# `retraining.models`: those that are trained anew; none where the champions score as they are.
TRAINED := $(shell sed -n '/^retraining:/,/^[a-z]/s/^ *- *\([a-z_]*\).*/\1/p' params.yaml)
CHAINS := $(foreach model,$(TRAINED),tune@$(model),train@$(model),evaluate@$(model),promote@$(model)) segment,recommend

pull: setup  ## Read your own database into data/pulled (source.name: database), or look at your tables (stored)
	@$(BIN)/python -m pipeline.commands.pull

write-back: setup  ## Write scores, offers, product lists and decisions into tables of your database
	@$(BIN)/python -m pipeline.commands.write_back

# Where the tables live in a database or a storage, they are read or looked at first; where those say
# the same nothing changes.
SOURCE := $(shell sed -n '/^source:/,/^[^ ]/s/^  name: *\([a-z_]*\).*/\1/p' params.yaml)

repro: setup $(if $(filter database stored,$(SOURCE)),pull)  ## Run the pipeline: raw tables -> models -> scored customer files
	@echo "-- dvc repro: runs the stages whose code, data or parameters changed, the models side by side"
	@$(BIN)/dvc repro parameters
	@$(BIN)/dvc repro features
	@printf '%s\n' $(CHAINS) | tr ',' ' ' | xargs -P $(words $(CHAINS)) -L 1 $(BIN)/dvc --wait-for-lock repro --single-item
	@$(BIN)/dvc repro
	@$(BIN)/python -m pipeline.commands.summary

init: setup  ## Propose how your files are read, F=folder, or DATABASE=VARIABLE; REPLACE=1 anew
	@$(BIN)/python -m pipeline.commands.init $(F) $(if $(DATABASE),--database $(DATABASE)) $(if $(REPLACE),--replace)

check-data: setup  ## Say in a minute what a run would find in your data, and whether it would stop
	@$(BIN)/python -m pipeline.commands.check_data

backtest: setup  ## Ask how the procedure would have done at every date of the past
	@$(BIN)/python -m pipeline.commands.study backtest

families: setup  ## Ask what each feature family is worth, left out and alone
	@$(BIN)/python -m pipeline.commands.study families

study: setup  ## Ask any study, `make study Q=refit`: backtest, families, limit, policy, pooled, refit, split, waves
	@$(BIN)/python -m pipeline.commands.study $(Q)

warm-start: setup  ## Let the next tuning try the champions' parameters first
	@$(BIN)/python -m pipeline.commands.warm_start

offer-key: setup  ## Tell the fingerprint of PROPENSITY_OFFER_KEY for decide.offer_key, or propose a key
	@$(BIN)/python -m pipeline.commands.offer_key

throughput: setup  ## Measure trials a minute against LGBMClassifier.fit for each trial
	@$(BIN)/python -m benchmarks.tuning

bench-features: setup-dev  ## Measure a family's windows against plain Polars and plain pandas
	@$(BIN)/python -m benchmarks.features

bench-decisions: setup  ## Measure decide and export for a million customers
	@$(BIN)/python -m benchmarks.decisions

bench-splits: setup  ## Write the packages of ten million customers in parts, and hold each part to the law
	@$(BIN)/python -m benchmarks.splits

bench: setup  ## Measure every stage at 20k, 100k and 1M customers, or SIZES="5000 20000"; goes on where it stopped
	@$(BIN)/python -m benchmarks.scale $(SIZES)

bench-spark: setup-dev $(SPARK_READY)  ## Run every stage on DuckDB and on Spark for 5,000 customers, and compare every table
	@$(BIN)/python -m benchmarks.spark

bench-cluster: setup-dev $(SPARK_READY)  ## The same on a Spark of one master and two workers of this machine
	@$(BIN)/python -m benchmarks.spark 5000 cluster

bench-database: setup-dev  ## Measure five million events in PostgreSQL: pull, pull again, ingest
	@$(BIN)/python -m benchmarks.database

test: setup-dev lint  ## Lint, check types and run the fast tests
	@echo "-- pytest: fast tests, a file to each core at a time, the longest first"
	@$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

test-all: setup-dev $(if $(HAS_JAVA),$(SPARK_READY)) style  ## Lint, check types and run every test, the slow ones too
	@echo "-- pytest: all tests and the types, a file to each core at a time, the longest first"
	@$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

style: setup-dev
	@echo "-- ruff"
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .

lint: style
	@echo "-- mypy"
	@$(BIN)/mypy --no-error-summary

ui: setup  ## Open the MLflow UI on http://127.0.0.1:5000
	@$(BIN)/python -m pipeline.commands.ui

score: setup  ## New data, the champions as they are: score, decide and export without training
	@$(BIN)/python -m pipeline.commands.score

monthly: setup  ## Run a month unattended: check, score or retrain, decide, export (WITH="--send" seals)
	@$(BIN)/python -m pipeline.commands.monthly $(WITH)

status: setup  ## Say who scores and since when, the last wave, how fresh the data are, what is due
	@$(BIN)/python -m pipeline.commands.status

seal: setup  ## Keep the offers as the wave that was sent, before the next one is decided
	@$(BIN)/python -m pipeline.commands.seal

forget-models: setup  ## Remove MLflow's files of models that neither score nor were trained last; runs stay
	@$(BIN)/python -m pipeline.commands.forget_models

trust: setup-dev  ## Break stages and whole runs on purpose, in a copy of a finished small run: RUN=folder
	@$(BIN)/python -m tests.trust.whole "$$RUN"
	@$(BIN)/python -m tests.trust.killed_runs

matrix: setup-dev  ## Run the stages of a files company in other surroundings, compare bytes: COMPANY=folder
	@$(BIN)/python -m tests.trust.matrix "$$COMPANY"

erase: setup  ## Remove customers from everything: CUSTOMER=id, ids with commas, or a file of ids
	@$(BIN)/python -m pipeline.commands.erase "$$CUSTOMER"

measure: setup  ## Say what came back from the sealed waves, and what they caused
	@$(BIN)/dvc repro --single-item measure

figures: setup  ## Write docs/quality.md and the sample report anew from this run's reports
	@$(BIN)/python -m pipeline.commands.figures

dictionary: setup  ## Write docs/data_dictionary.md anew from what the features declare
	@$(BIN)/python -m pipeline.features.data_dictionary > docs/data_dictionary.md.partial
	@mv docs/data_dictionary.md.partial docs/data_dictionary.md

reasons: setup  ## Write docs/reasons anew: every sentence of every feature, in every language
	@$(BIN)/python -m pipeline.exports.reasons_page

glossary: setup  ## Write docs/glossary.md anew from the one list of terms
	@$(BIN)/python -m pipeline.reports.glossary > docs/glossary.md.partial
	@mv docs/glossary.md.partial docs/glossary.md

docs: setup-dev  ## Build the documents into site/, which needs no network
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

notebooks: setup-dev  ## Write the notebooks anew from their scripts (notebooks/*.py)
	@$(BIN)/jupytext --quiet --to notebook notebooks/*.py

# Of each experiment what decides; `dvc params diff <experiment>` says what it changed.
experiments: setup  ## Show DVC's experiments, a line each, with the figures that decide
	@$(BIN)/dvc exp show --md --drop '.*' --keep '$(EXPERIMENT_COLUMNS)' | sed 's#reports/metrics/##g; s#_sell.json:# #g'

lock:  ## Resolve the three requirements locks anew from pyproject.toml (needs uv)
	@echo "-- uv pip compile: names, versions and hashes, no addresses"
	@$(COMPILE) pyproject.toml --output-file requirements.lock
	@$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	@$(COMPILE) --group spark --constraint requirements.lock --output-file requirements-spark.lock

clean:  ## Remove what `make` built; data, cache and tracked runs stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
