#!/usr/bin/env bash
# Installs what is missing, builds the release and serves: scripts/run.sh [arguments of `weir serve`]; PORT (4000) and CONFIG as variables.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/build.sh release
arguments=(--port "${PORT:-4000}")
[[ -n ${CONFIG:-} ]] && arguments+=(--config "$CONFIG")
echo "[run] weir serve ${arguments[*]} $*"
exec .build/release/weir serve "${arguments[@]}" "$@"
