#!/usr/bin/env bash
# Builds everything in debug and runs the Swift tests; arguments go to `swift test` (for example --filter RelayTests).
set -euo pipefail
cd "$(dirname "$0")/.."

# Where a process may not be traced, the backtracer hangs instead of printing.
export SWIFT_BACKTRACE=enable=no
scripts/build.sh debug

# One run of `swift test`: its name, then its arguments.
run() {
    local log=.build/weir-unit-$1.log status=0
    echo "[unit] swift test ${*:2} (output in $log)"
    swift test --skip-build "${@:2}" >"$log" 2>&1 </dev/null || status=$?
    if ((status != 0)); then
        grep -E '✘|error:|Fatal|recorded an issue' "$log" || true
        echo "[unit] the last lines:"
        tail -n 30 "$log"
        exit "$status"
    fi
    # A run that found no tests also succeeds; the count shows it.
    tail -n 2 "$log"
}

if (($# > 0)); then
    run some "$@"
    exit
fi
# Those that start and kill servers have processes of their own: they take time on processors while others count it.
databases='WeirStorageTests|StoredRightsTests|WeirDriversTests\.(SQL|Postgres)'
run rooms --skip "WeirDriversTests|$databases"
run databases --filter "$databases"
run redis --filter WeirDriversTests --skip "$databases"
