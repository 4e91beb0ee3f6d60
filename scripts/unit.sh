#!/usr/bin/env bash
# Builds everything in debug and runs the Swift tests; arguments go to `swift test` (for example --filter RelayTests).
set -euo pipefail
cd "$(dirname "$0")/.."

# Where a process may not be traced, the backtracer hangs instead of printing.
export SWIFT_BACKTRACE=enable=no
scripts/build.sh debug
log=.build/weir-unit.log
echo "[unit] swift test (output in $log)"
status=0
swift test --skip-build "$@" >"$log" 2>&1 </dev/null || status=$?
if ((status != 0)); then
    grep -E '✘|error:|Fatal|recorded an issue' "$log" || true
    echo "[unit] the last lines:"
    tail -n 30 "$log"
    exit "$status"
fi
# A run that found no tests also succeeds; the count shows it.
tail -n 2 "$log"
