# The commands of this repository; `make help` lists them. Each one is a script of its own in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run build test unit acceptance check fmt bench bench-keys bench-check bench-record soak attacks fuzz fuzz-live clean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\): ## /\1|/p' Makefile | awk -F '|' '{ printf "  make %-13s %s\n", $$1, $$2 }'

run: ## install what is missing, build, and serve on port 4000 (PORT=…, CONFIG=file)
	@scripts/run.sh

build: ## install what is missing and build the release program (.build/release/weir)
	@scripts/build.sh release

test: ## install what is missing and run everything: checks, unit tests, acceptance tests
	@scripts/test.sh

unit: ## the Swift tests (FILTER=name)
	@scripts/unit.sh $(if $(FILTER),--filter $(FILTER))

acceptance: ## the official clients against the built program (ARGS="-k reload")
	@scripts/acceptance.sh $(ARGS)

check: ## the rules of the house and the formatting; no build
	@scripts/check.sh

fmt: ## format every Swift file
	@swift format -i --parallel -r Package.swift Sources Tests Fuzz

bench: ## measure beside nginx, fail when a limit is broken (ARGS=--quick)
	@scripts/bench.sh $(ARGS)

bench-keys: ## what virtual keys and a store of 1,000,000 keys cost (ARGS="--keys 100000")
	@scripts/build.sh release
	@python3 bench/keys.py $(ARGS)

bench-check: ## count the instructions per request against bench/thresholds.json
	@scripts/bench-check.sh

bench-record: ## count them and write the new thresholds
	@scripts/bench-check.sh --record

soak: ## hundreds of reloads under load, limits over whole minutes and replicas, every management route by schemathesis, memory
	@scripts/reload_soak.sh $(ARGS)
	@WEIR_SOAK=1 scripts/acceptance.sh -k 'replicas or database_that_is_away'
	@scripts/soak_management.sh
	@scripts/bench.sh --phases memory

attacks: ## slow clients against the built program
	@scripts/attacks.sh $(ARGS)

fuzz: ## the scanners under libFuzzer and the address sanitizer (ARGS="http1 60")
	@scripts/fuzz.sh $(ARGS)

fuzz-live: ## mutated requests against the running program (ARGS="--seconds 600")
	@scripts/fuzz_live.sh $(ARGS)

clean: ## remove what was built; the Python environment stays
	@rm -rf .build bench/bin bench/run bench/results
