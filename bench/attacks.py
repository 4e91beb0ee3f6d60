"""Runs slowhttptest against a gateway on loopback: `python3 bench/attacks.py [--connections 1000] [--seconds 20]`.

Three attacks: heads that never end, bodies that never end, and readers that take a few bytes a second. While each of
them runs an ordinary client asks five times a second and must be answered with 200 within a second, and memory must
stay bounded.
"""

import argparse
import http.client
import json
import shutil
import subprocess
import sys
import threading
import time

from stage import CHAT, KEY, RUN, SUBJECTS, bodies, prepare

ATTACKS = {
    "slow heads": ["-H", "-i", "5", "-x", "24"],
    "slow bodies": ["-B", "-i", "5", "-x", "64", "-s", "100000", "-t", "POST", "-f", "application/json"],
    "slow readers": ["-X", "-w", "256", "-y", "512", "-n", "5", "-z", "16", "-k", "3"],
}
SLOWEST = 1.0  # seconds
MEMORY_OF_A_CONNECTION = 48 * 1024


def ask(target):
    """One ordinary request; (status, seconds)."""
    begun = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", target.ports["fast"], timeout=10)
    try:
        body = json.dumps(bodies()["small"] | {"model": target.model("fast")})
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        connection.request("POST", CHAT, body, headers)
        reply = connection.getresponse()
        reply.read()
        return reply.status, time.monotonic() - begun
    except OSError as error:
        return repr(error), time.monotonic() - begun
    finally:
        connection.close()


def attack(target, name, options):
    before = target.resident
    answers, largest, stop = [], [before], threading.Event()

    def ordinary_client():
        while not stop.wait(0.2):
            answers.append(ask(target))
            largest.append(target.resident)

    path = CHAT if name == "slow bodies" else "/v1/models"
    command = [
        "slowhttptest",
        *ATTACKS[name],
        "-c",
        options.connections,
        "-r",
        options.connections // 4,
        "-l",
        options.seconds,
    ]
    command += ["-p", "2", "-u", f"http://127.0.0.1:{target.ports['fast']}{path}"]
    client = threading.Thread(target=ordinary_client)
    client.start()
    try:
        subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=(RUN / "slowhttptest.log").open("wb"),
            stderr=subprocess.STDOUT,
            timeout=options.seconds + 30,
            cwd=RUN,
        )
    finally:
        stop.set()
        client.join()
    refused = [status for status, _ in answers if status != 200]
    slowest = max(seconds for _, seconds in answers)
    grown = max(largest) - before
    bound = (10 << 20) + options.connections * MEMORY_OF_A_CONNECTION
    holds = not refused and slowest < SLOWEST and grown < bound and len(answers) > options.seconds
    print(
        f"{name:<13} {len(answers)} ordinary requests, not 200: {len(refused)}, slowest {slowest * 1000:.0f} ms, "
        f"memory +{grown / 1e6:.1f} MB of {bound / 1e6:.0f}   {'ok' if holds else 'BROKEN ' + str(refused[:3])}",
        flush=True,
    )
    return holds


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--subject", choices=SUBJECTS, default="weir")
    options = parser.parse_args()
    if options.connections > 1000 or options.seconds > 30:
        parser.error("at most 1,000 connections and 30 seconds: this is a test, not a weapon")
    if not shutil.which("slowhttptest"):
        sys.exit("slowhttptest is not installed; run scripts/install.sh attacks")
    upstream = prepare()
    try:
        with SUBJECTS[options.subject](upstream) as target:
            ask(target)
            held = [attack(target, name, options) for name in ATTACKS]
            time.sleep(1)
            held.append(ask(target)[0] == 200)
    finally:
        upstream.stop()
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
