#!/usr/bin/env bash
# Runs the acceptance tests (Python) against the built program; arguments go to pytest. WEIR_BIN names another program.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install.sh test
venv=${WEIR_VENV:-.build-venv}
python=/usr/bin/python3
[[ -x $python ]] || python=python3
wanted=$({ cat Tests/Acceptance/requirements.txt; "$python" --version; } | sha256sum | cut -d ' ' -f 1)
if [[ $(cat "$venv/stamp" 2>/dev/null) != "$wanted" ]]; then
    echo "[acceptance] clients and llama.cpp from PyPI into $venv (some 270 MB, once)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-input -r Tests/Acceptance/requirements.txt </dev/null
    echo "$wanted" >"$venv/stamp"
fi

if [[ -z ${WEIR_BIN:-} && -z ${WEIR_DIRECT:-} ]]; then
    # The newer of the two builds is the one somebody is working on.
    for candidate in .build/release/weir .build/debug/weir; do
        [[ -x $candidate && (-z ${WEIR_BIN:-} || $candidate -nt $WEIR_BIN) ]] && WEIR_BIN=$PWD/$candidate
    done
    [[ -n ${WEIR_BIN:-} ]] || { echo "[acceptance] nothing is built: run \`make build\` or set WEIR_BIN" >&2; exit 1; }
fi
export WEIR_BIN=${WEIR_BIN:-} SWIFT_BACKTRACE=enable=no
echo "[acceptance] pytest against ${WEIR_BIN:-llama.cpp itself}"
ulimit -n "$(ulimit -H -n)" 2>/dev/null || true
exec "$venv/bin/python" -m pytest -q Tests/Acceptance -c Tests/Acceptance/pytest.ini --rootdir Tests/Acceptance "$@" </dev/null
