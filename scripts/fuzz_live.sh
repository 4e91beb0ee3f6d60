#!/usr/bin/env bash
# Writes mutated requests at the running program until the time is over: scripts/fuzz_live.sh [--seconds 60] [--seed N].
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install.sh bench
[[ -n ${WEIR_BIN:-} ]] || scripts/build.sh release
exec python3 bench/fuzz.py "$@"
