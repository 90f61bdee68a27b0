# Two commands do all on a fresh machine: `make serve` and `make test`. `make help` lists the rest.

ENV := build/env
BIN := $(ENV)/bin
NPM := build/npm
# MkDocs Material prints a page-long notice about MkDocs 2; mkdocs.yml and pyproject.toml pin what it warns of.
export NO_MKDOCS_2_WARNING := 1

.PHONY: help serve build test test-deep check bench bench-all mutation lock messages tongues clean

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

serve: $(ENV)/.run $(NPM)/.parts  ## check, build and serve on http://127.0.0.1:8000
	@exec $(BIN)/kith serve

build: $(ENV)/.run $(NPM)/.parts  ## check the content and build the site and the search index
	@$(BIN)/kith build

test: test-parts  ## every promise once, with a real browser, PostgreSQL and Meilisearch
	@$(BIN)/pytest -n 2 --dist loadgroup -m "not deep" $(ARGS)

# What the system's own packages give is fetched beside the rest; the last line sees to what is missing still.
.PHONY: test-parts system-packages
test-parts:
	@$(MAKE) --no-print-directory -j2 system-packages $(ENV)/.dev $(NPM)/.tests
	@sh tests/prepare.sh

system-packages:
	@sh tests/prepare.sh system-packages

# Hypothesis marks its own tests: they run in both, with more examples here.
test-deep: test-parts  ## kill storms, fuzzing, whole matrices, and many more examples
	@KITH_TEST_DEEP=1 $(BIN)/pytest -n 2 --dist loadgroup -m "deep or hypothesis" $(ARGS)

check: $(ENV)/.dev $(NPM)/.tests  ## format, lint, types and the direction of imports
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@sh deploy/node.sh $(ENV) $(NPM)/node_modules/@biomejs/biome/bin/biome check --error-on-warnings
	@for project in . site/tsconfig.worker.json site/tsconfig.node.json; do \
	  sh deploy/node.sh $(ENV) $(NPM)/node_modules/typescript/lib/tsc.js -p $$project || exit 1; done
	@$(BIN)/lint-imports --cache-dir build/import_linter

bench: $(ENV)/.dev $(NPM)/.tests build/peers/.made  ## measure at 1,000 and 10,000 entries; writes build/bench.md
	@$(BIN)/python -m benchmarks

bench-all: $(ENV)/.dev $(NPM)/.tests build/peers/.made  ## the same with 100,000 entries for the search engines
	@$(BIN)/python -m benchmarks --sizes 1000 10000 100000

mutation: $(ENV)/.dev $(NPM)/.tests  ## seed 60 faults and count which the tests catch
	@$(BIN)/python -m benchmarks.mutation $(ARGS)

lock: $(ENV)/.dev  ## resolve the locks anew (needs the program uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --upgrade pyproject.toml --group build -o locks/run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  pyproject.toml --group build --group dev -c locks/run.txt -o locks/dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --upgrade --group peers -o locks/peers.txt
	npm install --package-lock-only
	cd benchmarks/peers && npm install --package-lock-only --userconfig ../../.npmrc

tongues: messages

messages: $(ENV)/.run  ## gather the words of pages, letters and scripts into the catalogues in catalogue/i18n/catalogues
	@$(BIN)/pybabel -q extract -F catalogue/i18n/catalogues/babel.cfg -k _ -k gettext_noop -c "For translators:" -s \
	  --add-location=file --sort-by-file --project=Kith --msgid-bugs-address= -o build/kith.pot catalogue api site
	@$(BIN)/pybabel -q update -D kith -d catalogue/i18n/catalogues -i build/kith.pot --ignore-obsolete \
	  --no-fuzzy-matching --ignore-pot-creation-date -w 100
	@for words in catalogue/i18n/catalogues/*/LC_MESSAGES/kith.po; do \
	  $(BIN)/pybabel compile --statistics -i $$words -o build/kith.mo || exit 1; done

clean:  ## remove everything a run made, but never the data in var/
	rm -rf build

# Hashed locks first, then Kith itself without touching the network again.
$(ENV)/.run: locks/run.txt pyproject.toml
	@sh deploy/environment.sh $(ENV) locks/run.txt
	@touch $@

$(ENV)/.dev: locks/dev.txt pyproject.toml
	@sh deploy/environment.sh $(ENV) locks/dev.txt
	@touch $(ENV)/.run $@

$(NPM)/.parts: package.json package-lock.json $(ENV)/.run
	@sh deploy/browser_parts.sh $(NPM) $(ENV) --omit=dev --omit=optional
	@touch $@

# With what only tests and benchmarks run: axe, and a Meilisearch server.
$(NPM)/.tests: package.json package-lock.json $(ENV)/.dev
	@sh deploy/browser_parts.sh $(NPM) $(ENV)
	@touch $(NPM)/.parts $@

# What Kith is measured against, for benchmarks only; what cannot be had says unknown there.
build/peers/.made: locks/peers.txt benchmarks/peers/package-lock.json $(ENV)/.run
	@sh benchmarks/peers/install.sh build/peers $(BIN)/python
	@touch $@
