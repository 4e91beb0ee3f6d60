"""Counts the instructions of a request where many deployments can serve it: `python3 bench/groups.py`.

1,000 deployments in groups of 100 are compared with one deployment, for each strategy, under callgrind (see
instructions.py). As starting with 1,000 deployments costs much and not always the same, many requests are counted; what
the house does by the clock meanwhile (heartbeats, health, load of servers) is measured apart and taken off."""

import os
import re
import signal
import subprocess
import time

import stage

ALL, GROUPS = 1000, 10
FEW, MANY = 400, 20_400
STRATEGIES = ["simple-shuffle", "least-busy", "latency-based-routing", "usage-based-routing-v2", "load-aware"]
ENTRY = """  - model_name: {name}
    litellm_params: {{model: openai/gpt-4o-mini, api_base: "http://127.0.0.1:{port}/v1", api_key: sk-upstream}}
    model_info: {{id: d{number}}}
"""


def configuration(port, count, strategy):
    names = ["gpt-4o-mini" if number * GROUPS < ALL else f"group{number * GROUPS // ALL}" for number in range(count)]
    entries = "".join(ENTRY.format(name=name, port=port, number=number) for number, name in enumerate(names))
    router = f"router_settings:\n  routing_strategy: {strategy}\n"
    return f"model_list:\n{entries}general_settings:\n  master_key: {stage.KEY}\n{router}"


def run(upstream, count, strategy, requests=0, seconds=0):
    """(instructions of all, seconds between start and stop)"""
    target = stage.Weir(upstream, ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"])
    target.configuration = lambda: configuration(upstream.ports["fast"], count, strategy)
    target.start(seconds=180)
    try:
        began = time.monotonic()
        if requests:
            target.load("small", "closed", N=requests, n=1, d=200, w=0)
        time.sleep(seconds)
        took = time.monotonic() - began
        target.child.signal(signal.SIGTERM)
        target.child.wait(60)
        return int(re.search(r"Collected\s*:\s*(\d+)", target.child.output).group(1)), took
    finally:
        target.stop()


def cost(upstream, count, strategy):
    idle = [run(upstream, count, strategy, seconds=seconds) for seconds in (4, 14)]
    rate = (idle[1][0] - idle[0][0]) / (idle[1][1] - idle[0][1])
    few, many = (run(upstream, count, strategy, requests) for requests in (FEW, MANY))
    return (many[0] - few[0] - rate * (many[1] - few[1])) / (MANY - FEW)


def main():
    upstream = stage.prepare()
    bare = stage.RUN / "weir-bare"
    subprocess.run(["strip", "--strip-debug", "-o", bare, stage.program()], check=True)
    os.environ["WEIR_BIN"] = str(bare)
    os.environ["LD_PRELOAD"] = str(stage.tool("sigsuspend", "-shared", "-fPIC"))
    try:
        one = cost(upstream, 1, "simple-shuffle")
        print(f"one deployment          {one:>9,.0f} instructions per request", flush=True)
        for strategy in STRATEGIES:
            many = cost(upstream, ALL, strategy)
            print(f"{strategy:<23} {many:>9,.0f}   {many / one - 1:+.1%}", flush=True)
    finally:
        upstream.stop()


if __name__ == "__main__":
    main()
