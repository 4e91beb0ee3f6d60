#!/usr/bin/env bash
# Installs what the named sets need and is missing: scripts/install.sh [build|test|bench|attacks ...] (Debian 12; root or sudo).
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '[install] %s\n' "$*"; }
fail() { printf '[install] %s\n' "$*" >&2; exit 1; }

# What `swift build` needs beside the toolchain: git for packages, a linker, the C and C++ headers and start files, and the
# libraries that the toolchain's own programs are linked with. SQLite is linked with; libpq is opened when PostgreSQL is used.
BUILD=(git make ca-certificates binutils gcc libc6-dev libstdc++-12-dev pkg-config zlib1g-dev tzdata
    libcurl4 libedit2 libncurses6 libsqlite3-0 libsqlite3-dev libpq5 libxml2 libstdc++6)
# Tests talk to real Redis and PostgreSQL servers, a real llama.cpp server and the vendors' own clients; the last two come from PyPI.
TEST=(python3 python3-venv curl openssl redis-server redis-tools redis-sentinel postgresql pgbouncer)
BENCH=(python3 gcc libc6-dev nginx-light valgrind)
ATTACKS=(python3 gcc libc6-dev slowhttptest)

packages=()
for set in "${@:-build}"; do
    case $set in
        build) packages+=("${BUILD[@]}") ;;
        test) packages+=("${TEST[@]}") ;;
        bench) packages+=("${BENCH[@]}") ;;
        attacks) packages+=("${ATTACKS[@]}") ;;
        *) fail "unknown set '$set'; known: build test bench attacks" ;;
    esac
done

installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

install_packages() {
    local missing=() package
    for package in "${packages[@]}"; do
        # Any nginx will do: the variants exclude each other.
        [[ $package == nginx-light ]] && command -v nginx >/dev/null && continue
        installed "$package" || missing+=("$package")
    done
    if ((${#missing[@]} == 0)); then
        say "apt: nothing to do"
        return
    fi
    command -v apt-get >/dev/null || fail "this is not Debian; please install by hand: ${missing[*]}"
    local root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || fail "must be root or have sudo to install: ${missing[*]}"
        root=(sudo)
    fi
    say "apt: installing ${missing[*]}"
    # nginx, Redis, PostgreSQL and pgbouncer are started by the tests themselves: their services must not start and take ports.
    local policy=/usr/sbin/policy-rc.d services=() service
    [[ " ${missing[*]} " == *" nginx-light "* ]] && services+=(nginx)
    [[ " ${missing[*]} " == *" redis-server "* ]] && services+=(redis-server)
    [[ " ${missing[*]} " == *" redis-sentinel "* ]] && services+=(redis-sentinel)
    [[ " ${missing[*]} " == *" postgresql "* ]] && services+=(postgresql)
    [[ " ${missing[*]} " == *" pgbouncer "* ]] && services+=(pgbouncer)
    if ((${#services[@]} > 0)) && [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
        "${root[@]}" chmod 755 "$policy"
        trap '"${root[@]}" rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
    "${apt[@]}" update </dev/null
    "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null
    command -v systemctl >/dev/null || return 0
    for service in "${services[@]}"; do
        "${root[@]}" systemctl disable --quiet "$service" 2>/dev/null \
            || say "$service stays enabled as a service: disable it if you do not want it"
    done
}

check_swift() {
    command -v swift >/dev/null || fail "the Swift toolchain is missing: install Swift 6.3 for Debian 12 from https://www.swift.org/install/linux/ and put its usr/bin on PATH"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    if [[ -z $version || $(printf '%s\n6.3\n' "$version" | sort -V | head -n 1) != 6.3 ]]; then
        fail "Swift 6.3 or newer is needed; found: ${version:-no answer from 'swift --version'}"
    fi
    say "Swift $version"
}

# Packages first: `swift --version` itself needs some of the libraries.
install_packages
for set in "${@:-build}"; do
    [[ $set != build ]] || check_swift
done
