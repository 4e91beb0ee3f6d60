#!/usr/bin/env bash
# Everything that /openapi.json describes, asked in every way that is right and many that are wrong (schemathesis):
# scripts/soak_management.sh [--max-examples 100] [--seed N] …; DATABASE_URL for another store than SQLite.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install.sh test
[[ -n ${WEIR_BIN:-} ]] || { scripts/build.sh release; WEIR_BIN=$PWD/.build/release/weir; }
pins=scripts/soak_management.txt
root=$PWD venv=$(realpath -m "${WEIR_SOAK_VENV:-.build/soak-venv}")
if ! cmp -s "$pins" "$venv/pins"; then
    echo "[soak] schemathesis from PyPI into $venv (once)"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-input -r "$pins" </dev/null
    cp "$pins" "$venv/pins"
fi

work=$(mktemp -d)
weir=
finish() {
    if [[ -n $weir ]]; then kill "$weir" 2>/dev/null && wait "$weir" 2>/dev/null; fi
    rm -rf "$work"
}
trap finish EXIT

cat >"$work/config.yaml" <<'YAML'
model_list:
  - model_name: alpha
    litellm_params: {model: echo/echo}
general_settings:
  master_key: sk-soak
YAML
port=${PORT:-24117}
place=(--data-dir "$work/data")
[[ -z ${DATABASE_URL:-} ]] || place=()
WEIR_MASTER_SECRET=soak "$WEIR_BIN" serve --config "$work/config.yaml" --host 127.0.0.1 --port "$port" --access-log off \
    "${place[@]}" >"$work/log" 2>&1 &
weir=$!
for _ in $(seq 100); do
    curl -sf "http://127.0.0.1:$port/health/readiness" >/dev/null && break
    kill -0 "$weir" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.1
done

arguments=(--max-examples 100 --seed 1)
(($# == 0)) || arguments=("$@")
status=0
(
    cd "$work"
    "$venv/bin/schemathesis" --config-file "$root/scripts/soak_management.toml" run \
        "http://127.0.0.1:$port/openapi.json" -H "Authorization: Bearer sk-soak" --no-color --suppress-health-check all \
        --warnings off "${arguments[@]}"
) || status=$?
if grep -E 'error' "$work/log"; then
    echo "[soak] the gateway logged errors" >&2
    status=1
fi
kill -0 "$weir" || { echo "[soak] the gateway is gone" >&2; cat "$work/log" >&2; exit 1; }
exit "$status"
