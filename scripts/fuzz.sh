#!/usr/bin/env bash
# Fuzzes one reader with libFuzzer and the address sanitizer: scripts/fuzz.sh [target] [seconds] [libFuzzer options]
#
# Targets: http1, json (Fuzz/HTTP1Fuzz.swift, Fuzz/JSONFuzz.swift). The corpus and what was found stay in .build/fuzz/<target>.
# WEIR_BUILD names a release build of the package to take NIOCore from (default: .build/release, built if it is missing).
set -euo pipefail
cd "$(dirname "$0")/.."

target=${1:-http1}
seconds=${2:-60}
shift $(($# < 2 ? $# : 2))
case $target in
    http1) source=Fuzz/HTTP1Fuzz.swift ;;
    json) source=Fuzz/JSONFuzz.swift ;;
    *) echo "fuzz.sh: no target '$target'; there are http1 and json" >&2; exit 2 ;;
esac

build=${WEIR_BUILD:-.build/release}
[ -f "$build/Modules/NIOCore.swiftmodule" ] || swift build -c release --target WeirWire
out=${WEIR_FUZZ_OUT:-.build/fuzz}/$target
mkdir -p "$out/corpus" "$out/modules"

# NIOCore's own C modules: some packages bring a module map, for others SwiftPM has written one.
packages=$(cd -P "$build/../.." && pwd)/checkouts
flags=(-swift-version 6 -package-name weir -O -g -wmo -I "$out/modules" -I "$build/Modules")
for feature in ExistentialAny InternalImportsByDefault MemberImportVisibility NonisolatedNonsendingByDefault; do
    flags+=(-enable-upcoming-feature "$feature")
done
for map in "$build"/{CNIO*,_AtomicsShims}.build/module.modulemap \
    "$packages"/swift-{nio,atomics}/Sources/{CNIO*,_AtomicsShims}/include/module.modulemap; do
    [ -f "$map" ] && flags+=(-Xcc "-fmodule-map-file=$map")
done
flags+=(-Xcc -fmodule-map-file=Sources/CByteMask/module.modulemap)
for include in "$packages"/swift-{nio,atomics}/Sources/{CNIO*,_AtomicsShims}/include; do
    [ -d "$include" ] && flags+=(-Xcc -I -Xcc "$include")
done

# Each of our modules is a module of its own, as in the package, and instrumented; NIOCore is not.
sanitize=(-sanitize=fuzzer,address -parse-as-library)
for module in WeirCore WeirWire; do
    find "Sources/$module" -name '*.swift' -print0 | xargs -0 swiftc "${flags[@]}" "${sanitize[@]}" -module-name "$module" \
        -emit-module -emit-module-path "$out/modules/$module.swiftmodule" -emit-object -o "$out/$module.o"
done
find "$build"/{NIOCore,NIOConcurrencyHelpers,_NIO*,CNIO*,Atomics,_AtomicsShims,*Collections*,*Module,ContainersPreview,BasicContainers}.build \
    -name '*.o' -print0 2>/dev/null | sort -zu | xargs -0 ar crs "$out/libnio.a.new"
mv "$out/libnio.a.new" "$out/libnio.a"
swiftc "${flags[@]}" "${sanitize[@]}" -use-ld=lld -module-name "Fuzz_$target" "$source" \
    "$out/WeirCore.o" "$out/WeirWire.o" "$out/libnio.a" -o "$out/fuzz"

dictionary=()
[ -f "Fuzz/$target.dict" ] && dictionary=("-dict=Fuzz/$target.dict")
export SWIFT_BACKTRACE=enable=no
exec "$out/fuzz" -max_total_time="$seconds" -max_len=2048 -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$out/" \
    "${dictionary[@]}" "$@" "$out/corpus"
