"""What virtual keys and a full store cost: `python3 bench/keys.py [--keys 1000000] [--users 100000]`.

Processor time of a request with a virtual key against one with the master key, in turns in the same run, with an empty
store and with a full one; resident memory while many keys are in use; pages of the lists. SQLite, filled by
scripts/fill_store/sqlite.sql with what it makes, and with keys that can be used.
"""

import argparse
import hashlib
import http.client
import json
import sqlite3
import statistics
import time

from ratios import Table, per_request
from stage import CHAT, KEY, ROOT, Weir, bodies, prepare


def call(target, method, path, body=None, key=KEY):
    connection = http.client.HTTPConnection("127.0.0.1", target.ports["fast"], timeout=30)
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    begun = time.monotonic()
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    reply = connection.getresponse()
    text = reply.read()
    took = time.monotonic() - begun
    connection.close()
    if reply.status != 200:
        raise SystemExit(f"{method} {path}: {reply.status} {text[:300]!r}")
    return json.loads(text), took


def compare(table, name, weir, key, rounds, requests):
    ratios, costs = [], {KEY: [], key: []}
    for _ in (KEY, key):
        weir.key = _
        per_request(weir, "small", 2000)
    for round in range(rounds):
        for used in (KEY, key) if round % 2 else (key, KEY):
            weir.key = used
            costs[used].append(per_request(weir, "small", requests) / 1000)
        ratios.append(costs[key][-1] / costs[KEY][-1])
    weir.key = KEY
    note = f"{statistics.median(costs[key]):.1f} µs, master key {statistics.median(costs[KEY]):.1f} µs"
    table.add(name, "x master key", ratios, 1.05, note)


def usable(number):
    return f"sk-bench-{number:012d}"


def fill(weir, keys, users, active):
    """Fills the store of a gateway that has made its tables. `active` of the keys can be used."""
    script = (ROOT / "scripts/fill_store/sqlite.sql").read_text()
    script = script.replace(":keys", str(keys - active)).replace(":users", str(users))
    database = sqlite3.connect(weir.data / "weir.db", timeout=60)
    database.executescript(script)
    columns = [row[1] for row in database.execute("PRAGMA table_info(weir_keys)")]
    base = dict(zip(columns, database.execute("SELECT * FROM weir_keys LIMIT 1").fetchone()))
    rows = []
    for number in range(active):
        digest = hashlib.sha256(usable(number).encode()).hexdigest()
        document = {"key_name": "sk-...", "models": [], "rpm_limit": 1_000_000}
        row = base | {"id": digest, "document": json.dumps(document)}
        unset = ("key_alias", "alias_folded", "user_id", "team_id", "organization_id", "budget_id")
        row |= {name: None for name in unset if name in row}
        rows.append(tuple(row[name] for name in columns))
    database.executemany(f"INSERT INTO weir_keys VALUES ({','.join('?' * len(columns))})", rows)
    database.commit()
    database.execute("ANALYZE")
    database.close()


def use(weir, active):
    """One request with each of the keys, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", weir.ports["fast"], timeout=30)
    body = json.dumps(bodies()["small"] | {"model": weir.model("fast")})
    for number in range(active):
        headers = {"authorization": f"Bearer {usable(number)}", "content-type": "application/json"}
        connection.request("POST", CHAT, body, headers)
        reply = connection.getresponse()
        text = reply.read()
        if reply.status != 200:
            raise SystemExit(f"key {number}: {reply.status} {text[:300]!r}")
    connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--active", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=20_000)
    options = parser.parse_args()
    upstream, table = prepare(), Table()
    try:
        with Weir(upstream) as weir:
            made, _ = call(weir, "POST", "/key/generate", {"key_alias": "bench", "models": ["gpt-4o-mini"]})
            compare(table, "CPU per request, virtual key", weir, made["key"], options.rounds, options.requests)
            begun = time.monotonic()
            fill(weir, options.keys, options.users, options.active)
            print(f"filled with {options.keys:,} keys and {options.users:,} users in {time.monotonic() - begun:.0f} s")
            compare(table, "the same with the store full", weir, made["key"], options.rounds, options.requests)
            use(weir, options.active)
            name = f"resident with {options.keys:,} keys, {options.active:,} in use"
            table.add(name, "MB", [weir.resident / 1e6], 120)
            last = (options.keys - 1) // 100
            for title, path in {
                "/key/list, first page": "/key/list?page=1&size=100&return_full_object=true",
                "/key/list, a page in the middle": f"/key/list?page={last // 2}&size=100",
                "/key/list of a team": "/key/list?page=1&size=100&team_id=team-7",
                "/key/list by alias, a page in the middle": f"/key/list?page={last // 2}&size=100&sort_by=key_alias",
                "/key/aliases, first page": "/key/aliases?size=100",
                "/key/aliases, with search": "/key/aliases?size=100&search=lias-7777",
                "/user/list, first page": "/user/list?page=1&page_size=100",
                "/v2/team/list, first page": "/v2/team/list?page=1&page_size=100",
            }.items():
                table.add(title, "ms", [call(weir, "GET", path)[1] * 1000 for _ in range(options.rounds)], 50)
    finally:
        upstream.stop()
    if table.broken:
        raise SystemExit("limits broken: " + "; ".join(table.broken))


if __name__ == "__main__":
    main()
