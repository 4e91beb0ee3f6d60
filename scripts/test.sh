#!/usr/bin/env bash
# Everything that must hold before a change is taken: checks, Swift tests, acceptance tests. Stops at the first that fails.
set -euo pipefail
cd "$(dirname "$0")/.."

started=$SECONDS
step() {
    local begun=$SECONDS
    echo "[test] === $1"
    "${@:2}"
    echo "[test] $1: ok, $((SECONDS - begun)) s"
}

scripts/install.sh build test
step "checks" scripts/check.sh
step "unit tests" scripts/unit.sh
step "acceptance tests" scripts/acceptance.sh
echo "[test] everything passed in $((SECONDS - started)) s"
