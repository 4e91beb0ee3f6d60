#!/usr/bin/env bash
# Hundreds of reloads under load, not one failed request: scripts/reload_soak.sh [--seconds 30] [--reloads 500].
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install.sh bench
[[ -n ${WEIR_BIN:-} ]] || scripts/build.sh release
exec python3 bench/reload_soak.py "$@"
