#!/usr/bin/env bash
# The checks that need no build: the rules of scripts/never.py and the formatting of every Swift file.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "[check] rules (scripts/never.py)"
python3 scripts/never.py
echo "[check] swift format lint --strict"
swift format lint --strict --parallel -r Package.swift Sources Tests Fuzz
echo "[check] the table of keys in docs/compatibility.md"
python3 scripts/known_keys.py --check
echo "[check] prices"
python3 scripts/prices.py --check
echo "[check] bash -n"
for script in scripts/*.sh .ci/run; do
    bash -n "$script"
done
echo "[check] ok"
