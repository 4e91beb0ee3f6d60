"""Reloads the configuration hundreds of times under full load: `python3 bench/reload_soak.py [--seconds 30] [--reloads
500]`.

Each reload adds a model of another name, in turns by SIGHUP and by replacing the file, which the gateway must notice
itself. Not one request may fail, the last configuration must be in force at the end, and memory must not have grown
with the reloads.
"""

import argparse
import json
import os
import signal
import sys
import time
import urllib.request

from stage import KEY, Weir, prepare, until


def write(target, number):
    """The configuration with one more model, put in place in one step."""
    parameters = "{model: openai/x, api_base: 'http://127.0.0.1:9/v1', api_key: k}"
    extra = f"  - model_name: reload-{number}\n    litellm_params: {parameters}\n"
    text = target.configuration().replace("general_settings:", extra + "general_settings:")
    new = target.config.with_suffix(".new")
    new.write_text(text)
    os.replace(new, target.config)


def models(target):
    request = urllib.request.Request(
        f"http://127.0.0.1:{target.ports['fast']}/v1/models", headers={"Authorization": f"Bearer {KEY}"}
    )
    with urllib.request.urlopen(request, timeout=10) as reply:
        return {entry["id"] for entry in json.load(reply)["data"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--reloads", type=int, default=500)
    options = parser.parse_args()
    upstream = prepare()
    try:
        with Weir(upstream, loops=2) as target:
            target.load("small", "closed", N=20_000, n=32, d=60, w=0)
            before = target.resident
            client = target.begin_load("small", "rate", r=500, n=32, d=options.seconds + 2, w=0)
            pause = options.seconds / options.reloads
            for number in range(options.reloads):
                write(target, number)
                if number % 2:
                    target.child.signal(signal.SIGHUP)
                time.sleep(pause)
            last = f"reload-{options.reloads - 1}"
            until(lambda: last in models(target), 10, "the last configuration is in force")
            outcome = json.loads(client.communicate(timeout=120)[0])
            after = target.resident
    finally:
        upstream.stop()
    told = {name: outcome[name] for name in ("completed", "ok", "non200", "errors", "reconnects")}
    print(f"{options.reloads} reloads; requests: {told}; resident {before / 1e6:.1f} -> {after / 1e6:.1f} MB")
    if outcome["non200"] or outcome["errors"] or outcome["ok"] < 400 * options.seconds:
        sys.exit("requests failed during reloads")
    if after - before > 10e6:
        sys.exit("memory grew by more than 10 MB")


if __name__ == "__main__":
    main()
