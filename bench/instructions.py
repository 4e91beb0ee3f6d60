"""Counts the instructions that one request costs, and compares with bench/thresholds.json: `python3
bench/instructions.py`.

Where processor time wavers by a tenth, the number of executed instructions hardly moves, so a change that makes
requests dearer is seen on any machine. The program runs under valgrind's callgrind, once with few requests and once
with many, one after the other on one connection; the difference belongs to the requests, and what starting costs falls
out. The kernel's share is not seen. `--record` writes what was counted as the new threshold.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys

from stage import HERE, RUN, SUBJECTS, prepare, program, tool

THRESHOLDS = HERE / "thresholds.json"
CASES = {"chat_1k": "small", "chat_30k": "large", "stream_64": "stream"}
FEW, MANY = 200, 1200


def instructions(options, upstream, body, requests):
    """All instructions of one run, from start to end."""
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    target = SUBJECTS[options.subject](upstream, prefix=valgrind)
    target.start(seconds=120)
    try:
        target.load(body, "closed", N=requests, n=1, d=200, w=0)
        target.child.signal(signal.SIGTERM)
        status = target.child.wait(60)
        found = re.search(r"Collected\s*:\s*(\d+)", target.child.output)
        if status != 0 or not found:
            raise SystemExit(f"no count from callgrind (exit {status}):\n{target.child}")
        return int(found.group(1))
    finally:
        target.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--record", action="store_true", help="write the counts as the new thresholds")
    parser.add_argument("--subject", choices=SUBJECTS, default="weir", help="nginx only shows that counting works")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        print("bench-check: SKIPPED, valgrind is not installed (apt-get install valgrind)")
        return
    thresholds = json.loads(THRESHOLDS.read_text())
    known, tolerance = thresholds["instructions_per_request"], thresholds["tolerance"]
    upstream, counted, broken = prepare(), {}, []
    if options.subject == "weir":
        # Debian's valgrind cannot read the debug information that Swift's linker writes, and stops.
        bare = RUN / "weir-bare"
        subprocess.run(["strip", "--strip-debug", "-o", bare, program()], check=True)
        os.environ["WEIR_BIN"] = str(bare)
        os.environ["LD_PRELOAD"] = str(tool("sigsuspend", "-shared", "-fPIC"))
    try:
        for case, body in CASES.items():
            few, many = (instructions(options, upstream, body, requests) for requests in (FEW, MANY))
            counted[case] = round((many - few) / (MANY - FEW))
            verdict = judge(counted[case], known.get(case), tolerance)
            print(f"{case:<10} {counted[case]:>9,} instructions per request   {verdict}", flush=True)
            if verdict.startswith("DEARER"):
                broken.append(case)
    finally:
        upstream.stop()
    if options.record:
        thresholds["instructions_per_request"] = counted
        THRESHOLDS.write_text(json.dumps(thresholds, indent=4) + "\n")
        print(f"recorded in {THRESHOLDS.relative_to(HERE.parent)}")
    elif broken and options.subject == "weir":
        sys.exit(1)


def judge(count, known, tolerance):
    if known is None:
        return "no threshold yet: record one with `make bench-record`"
    change = count / known - 1
    told = f"{change:+.1%} of {known:,}"
    if change > tolerance:
        return f"DEARER by more than {tolerance:.0%}: {told}"
    if change < -tolerance:
        return f"cheaper: {told}; record the new threshold"
    return f"ok: {told}"


if __name__ == "__main__":
    main()
