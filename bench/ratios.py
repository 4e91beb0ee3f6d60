"""Measures the gateway beside nginx and holds the figures against the limits: `python3 bench/ratios.py [--quick]`.

Wall time means little on a machine that others use too. So the first figures are processor time per request, taken
from the kernel's own accounting, and always as a ratio to nginx, which does the same work in turns with the gateway in
the same run. Each figure is the median of its rounds, with the smallest and the largest beside it.
"""

import argparse
import json
import statistics
import sys
import time

from stage import HERE, SUBJECTS, Nginx, get, prepare, until


class Table:
    """The figures with their limits; prints each as soon as it is known."""

    def __init__(self):
        self.rows = []

    def add(self, name, unit, values, limit, note=""):
        middle = statistics.median(values)
        row = {
            "name": name,
            "unit": unit,
            "median": middle,
            "min": min(values),
            "max": max(values),
            "limit": limit,
            "holds": middle <= limit,
            "note": note,
            "values": values,
        }
        self.rows.append(row)
        spread = f"[{row['min']:.3g} \u2013 {row['max']:.3g}]"
        verdict = "ok" if row["holds"] else "BROKEN"
        print(f"{name:<46} {middle:>8.3g} {unit:<12} {spread:<20} limit {limit:<6g} {verdict:<7} {note}", flush=True)

    @property
    def broken(self):
        return [row["name"] for row in self.rows if not row["holds"]]


class Measurement:
    def __init__(self, options):
        self.options = options
        self.quick = options.quick
        self.rounds = options.rounds or (3 if self.quick else 5)
        self.upstream = prepare()
        self.table = Table()

    def subject(self, **arguments):
        return SUBJECTS[self.options.subject](self.upstream, **arguments)

    def with_loops(self, count):
        return self.subject(loops=count) if self.options.subject == "weir" else self.subject()

    # Processor time

    def cpu(self):
        requests = 8_000 if self.quick else 40_000
        cases = [
            ("CPU per request, 1 KB chat, 64 connections", "small", requests, 1.5),
            ("CPU per request, 30 KB chat, 64 connections", "large", requests // 2, 1.5),
            ("CPU per request, burst of 64 events", "stream", requests // 2, 1.0),
        ]
        with Nginx(self.upstream) as nginx, self.subject() as subject:
            for name, body, count, limit in cases:
                self._compare(name, limit, subject, nginx, lambda target: per_request(target, body, count))
            seconds = 2 if self.quick else 5
            name = "CPU per event, 100 streams, one every 5 ms"
            self._compare(name, 1.4, subject, nginx, lambda target: per_event(target, 100, seconds))

    def _compare(self, name, limit, subject, other, measure, against="nginx"):
        for target in (subject, other):
            measure(target)  # warms caches, pools and buffers
        ratios, costs = [], {subject: [], other: []}
        for round in range(self.rounds):
            for target in (subject, other) if round % 2 else (other, subject):
                costs[target].append(measure(target) / 1000)
            ratios.append(costs[subject][-1] / costs[other][-1])
        note = (
            f"{statistics.median(costs[subject]):.1f} \u00b5s, {against} {statistics.median(costs[other]):.1f} \u00b5s"
        )
        self.table.add(name, f"x {against}", ratios, limit, note)

    def loops(self):
        count = 8_000 if self.quick else 40_000
        with self.with_loops(1) as one, self.with_loops(2) as two:
            name = "CPU per request, two loops"
            self._compare(name, 1.1, two, one, lambda target: per_request(target, "small", count), against="one loop")

    # Added time

    def rate(self):
        seconds = 3 if self.quick else 8
        with Nginx(self.upstream) as nginx, self.subject() as subject:
            added = {"p50": [], "p99": []}
            for round in range(self.rounds):
                order = (subject, nginx) if round % 2 else (nginx, subject)
                latency = {
                    target: target.load("small", "rate", r=1000, n=64, d=seconds, w=1)["lat_us"] for target in order
                }
                for point, values in added.items():
                    values.append((latency[subject][point] - latency[nginx][point]) / 1000)
            self.table.add("added to nginx's p50 at 1,000 requests/s", "ms", added["p50"], 0.3)
            self.table.add("added to nginx's p99 at 1,000 requests/s", "ms", added["p99"], 1.5)

    # Memory

    def memory(self):
        total = 40_000 if self.quick else 200_000
        with self.subject() as subject:
            time.sleep(0.5)
            idle = subject.resident
            self.table.add("resident when idle", "MB", [idle / 1e6], 35)
            points = [(0, idle)]
            step = total // 10
            while points[-1][0] < total:
                subject.load("small", "closed", N=step, n=64, d=240, w=0)
                points.append((points[-1][0] + step, subject.resident))
            self.table.add(f"resident after {total:,} requests", "MB", [points[-1][1] / 1e6], 50)
            half = [point for point in points if point[0] >= total / 2]
            slope = (half[-1][1] - half[0][1]) / 1024 / ((half[-1][0] - half[0][0]) / 1000)
            self.table.add("growth per 1,000 requests, second half", "KiB", [slope], 1)

    def streams(self):
        for count in (1000,) if self.quick else (1000, 5000):
            with self.subject() as subject:
                # What one stream needs for the first time, code above all, is not the memory of each.
                for body in ("small", "stream"):
                    subject.load(body, "closed", N=2000, n=16, d=60, w=0)
                before = subject.resident
                client = subject.begin_load("stream_endless", "hold", "slow", n=count, d=12, w=0, R=3)
                until(lambda: self.upstream.stats()["open_paced"] == count, 15, f"{count} streams are open")
                time.sleep(3)
                per_stream = (subject.resident - before) / count / 1024
                client.communicate()
                self.table.add(f"memory of an open stream, {count:,} of them", "KiB", [per_stream], 24)
                until(
                    lambda: self.upstream.stats()["open_paced"] == 0, 5, "the upstream's streams end with their clients"
                )

    # Start

    def start(self):
        times = []
        for _ in range(3 if self.quick else 10):
            subject = self.subject()
            subject.command()  # writes what it reads at its start
            begun = time.monotonic()
            subject.spawn()
            try:
                while (reply := get(subject.ports["fast"], subject.readiness)) is None or reply[0] != 200:
                    if time.monotonic() - begun > 20:
                        raise SystemExit(f"does not start: {subject.child}")
                    time.sleep(0.001)
                times.append((time.monotonic() - begun) * 1000)
            finally:
                subject.stop()
        self.table.add("start to the first 200 of readiness", "ms", times, 100)

    def run(self):
        try:
            for phase in self.options.phases.split(","):
                getattr(self, phase)()
        finally:
            self.upstream.stop()
        results = HERE / "results"
        results.mkdir(exist_ok=True)
        file = results / time.strftime("%Y%m%d-%H%M%S.json")
        file.write_text(json.dumps({"options": vars(self.options), "figures": self.table.rows}, indent=1))
        print(f"\nwritten to {file.relative_to(HERE.parent)}")
        if self.table.broken:
            print("limits broken: " + "; ".join(self.table.broken))
            sys.exit(1)
        print("all limits hold")


def per_request(target, body, count):
    before = target.cpu_ns
    target.load(body, "closed", N=count, n=64, d=120, w=0)
    settle(target)
    return (target.cpu_ns - before) / count


def per_event(target, streams, seconds):
    before = target.cpu_ns
    outcome = target.load("stream_200", "stream", "paced", n=streams, d=seconds, w=0.5, R=0.5)
    settle(target)
    return (target.cpu_ns - before) / outcome["chunks"]


def settle(target):
    """Waits until the target has nothing left to do: what it does after the answer counts too."""
    last = target.cpu_ns
    for _ in range(20):
        time.sleep(0.1)
        now = target.cpu_ns
        if now - last < 1_000_000:
            return
        last = now


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds, for development")
    parser.add_argument("--rounds", type=int, help="rounds of each comparison (5, quick: 3)")
    parser.add_argument("--phases", default="start,cpu,rate,memory,streams,loops")
    parser.add_argument(
        "--subject", choices=SUBJECTS, default="weir", help="nginx measures nginx against itself: all 1.0"
    )
    Measurement(parser.parse_args()).run()
