# `make` says what can be done. Everything works in a fresh clone on Debian with a Swift toolchain and apt.

SWIFT_FLAGS := --explicit-target-dependency-import-check error
MAGPIE := .build/debug/magpie

.DEFAULT_GOAL := help
.PHONY: web help deps build release run demo lint check test soak mutants crash faults image-check http fuzz leak bench accuracy train

help: ## say what can be done
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18

deps: ## install the system libraries that are missing
	@scripts/deps

build: deps ## build for development
	swift build $(SWIFT_FLAGS)

release: deps ## build optimised: .build/release/magpie
	swift build $(SWIFT_FLAGS) -c release --product magpie

run: build ## start the server: your banks when there are keys, else a simulated one
	$(MAGPIE) serve

demo: build ## link a simulated bank, fetch two years and show a summary; no keys needed
	$(MAGPIE) demo

lint: deps ## check the form of the sources
	swift format lint --strict -r -p Package.swift Sources Tests

check: deps ## lint, build, unit tests, and a short look with Plaid's own client
	@scripts/check --smoke

test: deps ## everything, with the simulated bank judged by Plaid's own client
	@scripts/check

soak: deps ## simulate many more seeds, on both stores, and kill what serves 500 connections: make soak SEEDS=100000
	swift build $(SWIFT_FLAGS) --build-tests
	SIM_SEEDS=$(or $(SEEDS),20000) swift test $(SWIFT_FLAGS) --skip-build --filter LedgerSimulation
	scripts/postgres env SIM_SEEDS=2000 swift test $(SWIFT_FLAGS) --skip-build --no-parallel --filter LedgerSimulation
	@$(MAKE) --no-print-directory faults

mutants: deps ## plant bugs, one at a time, and see whether the simulation catches each
	@scripts/mutants

crash: build ## kill syncs at random moments and compare with the bank: make crash KILLS=1000 SEED=7
	@python3 Tests/processes/crash.py $(MAGPIE) --kills $(or $(KILLS),100) --seed $(or $(SEED),1)

faults: build ## kill workers, the database and its primary under 500 connections: make faults CONNECTIONS=500 SECONDS=120
	@python3 Tests/processes/faults.py $(MAGPIE) --connections $(or $(CONNECTIONS),500) --seconds $(or $(SECONDS),120) --workers 4 --patient --seed $(or $(SEED),1)

image-check: ## take every step of the container image in a Debian of its own (as root; installs nothing here)
	@scripts/image check

http: build ## ask the running server everything that its description allows, and much that it does not
	@"$$(scripts/python)" Tests/http/check.py $(MAGPIE)

fuzz: deps ## make up input for all that strangers reach, and keep what is new: make fuzz SECONDS=600
	@scripts/fuzz --keep --seconds $(or $(SECONDS),120)

web: build ## people in front of the web application, in a real browser
	@scripts/web --check
	@"$$(scripts/python)" Tests/web/web.py $(MAGPIE)

leak: build ## look for secrets in everything that is written or said
	@python3 Tests/processes/leak.py $(MAGPIE)

accuracy: deps ## measure the categories: make accuracy DATA=file.csv (see docs/categories.md)
	swift build $(SWIFT_FLAGS) -c release --product magpie-accuracy
	@.build/release/magpie-accuracy measure "$(or $(DATA),-)" .build/confusion.svg

train: deps ## train the classifier: make train DATA=folder (see docs/categories.md)
	@scripts/train $(DATA)

bench: deps ## measure, beside a limit and a peer: all, or BENCH=ingest, ingest.postgres, memory, start, api, search, overview, recategorize, web, webhooks, fleet, streams
	swift build $(SWIFT_FLAGS) -c release --product magpie
	swift build $(SWIFT_FLAGS) -c release --product magpie-bench
	swift build $(SWIFT_FLAGS) -c release --product magpie-bench-raw
	@scripts/deps --bench
	@scripts/python >/dev/null
	@scripts/bench $(BENCH)
