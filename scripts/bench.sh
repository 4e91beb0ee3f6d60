#!/usr/bin/env bash
# Measures the release build beside nginx and fails when a limit is broken: scripts/bench.sh [--quick] [--phases cpu,memory] [--rounds N].
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install.sh bench
[[ -n ${WEIR_BIN:-} ]] || scripts/build.sh release
ulimit -n "$(ulimit -H -n)" 2>/dev/null || true
exec python3 bench/ratios.py "$@"
