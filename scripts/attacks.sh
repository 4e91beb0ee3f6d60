#!/usr/bin/env bash
# Slow-client attacks (slowhttptest) on the release build, on loopback: scripts/attacks.sh [--connections 1000] [--seconds 20].
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install.sh attacks
[[ -n ${WEIR_BIN:-} ]] || scripts/build.sh release
ulimit -n "$(ulimit -H -n)" 2>/dev/null || true
exec python3 bench/attacks.py "$@"
