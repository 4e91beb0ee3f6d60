#!/usr/bin/env bash
# Counts the instructions per request and compares with bench/thresholds.json: scripts/bench-check.sh [--record].
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install.sh bench
[[ -n ${WEIR_BIN:-} ]] || scripts/build.sh release
exec python3 bench/instructions.py "$@"
