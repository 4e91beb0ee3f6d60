#!/usr/bin/env bash
# Builds the program: scripts/build.sh [release|debug]. Prints the last lines only, all of them when it fails.
set -euo pipefail
cd "$(dirname "$0")/.."

configuration=${1:-release}
scripts/install.sh build
log=.build/weir-build-$configuration.log
mkdir -p .build
arguments=(-c "$configuration")
# The runtime linked in: the program can be copied as one file, and starts faster. Tests are built with the plain one.
if [[ $configuration == release ]]; then
    arguments+=(--product weir --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked)
    # For the processor at hand, when it has vectors of 32 bytes; WEIR_CPU=x86-64 makes a program for any of the kind.
    if [[ -z ${WEIR_CPU:-} && $(uname -m) == x86_64 ]] && grep -qw avx2 /proc/cpuinfo && grep -qw bmi2 /proc/cpuinfo; then
        WEIR_CPU=x86-64-v3
    fi
    if [[ -n ${WEIR_CPU:-} ]]; then arguments+=(-Xcc "-march=$WEIR_CPU"); fi
else
    arguments+=(--build-tests)
fi
echo "[build] swift build ${arguments[*]} (the first time takes some minutes; output in $log)"
if ! swift build "${arguments[@]}" >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
tail -n 1 "$log"
