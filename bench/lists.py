"""How long lists of a full store on PostgreSQL take: `python3 bench/lists.py --database postgresql://…/empty`.

The database must be empty; it is filled by scripts/fill_store/postgres.sql (psql is needed) after the gateway has made
its tables. Each page is asked for `--rounds` times, every time one further than the last, so that no answer helps the
next but where somebody reads on.
"""

import argparse
import subprocess
import time

from keys import call
from ratios import Table
from stage import ROOT, Weir, prepare


class OnPostgres(Weir):
    database = ""

    def command(self):
        arguments = super().command()
        at = arguments.index("--data-dir")
        return ["env", f"DATABASE_URL={self.database}", *arguments[:at], *arguments[at + 2 :]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--database", required=True)
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    OnPostgres.database = options.database
    upstream, table = prepare(), Table()
    try:
        with OnPostgres(upstream) as weir:
            begun = time.monotonic()
            sizes = ["-v", f"keys={options.keys}", "-v", f"users={options.users}"]
            script = ROOT / "scripts/fill_store/postgres.sql"
            subprocess.run(["psql", options.database, "-q", "-v", "ON_ERROR_STOP=1", *sizes, "-f", script], check=True)
            subprocess.run(["psql", options.database, "-q", "-c", "VACUUM ANALYZE"], check=True)
            print(f"filled in {time.monotonic() - begun:.0f} s", flush=True)
            middle = options.keys // 200
            pages = {
                "/key/list, first pages": (1, "/key/list?size=100&return_full_object=true"),
                "/key/list, jumps to the middle": (middle, "/key/list?size=100"),
                "/key/list by spend, jumps to the middle": (middle, "/key/list?size=100&sort_by=spend"),
                "/key/list by alias, jumps to the middle": (middle, "/key/list?size=100&sort_by=key_alias"),
                "/key/list of a team": (1, "/key/list?size=10&team_id=team-7"),
                "/key/aliases": (1, "/key/aliases?size=100"),
                "/user/list": (1, "/user/list?page_size=100"),
                "/v2/team/list": (1, "/v2/team/list?page_size=100"),
            }
            for title, (first, path) in pages.items():
                # Backwards, where it is a jump: nobody has read on to there.
                step = -7 if first > 1 else 1
                places = [first + step * round for round in range(options.rounds)]
                times = [call(weir, "GET", f"{path}&page={place}")[1] * 1000 for place in places]
                table.add(title, "ms", times, 50)
            times = [call(weir, "GET", f"/key/list?size=100&page={middle + page}")[1] * 1000 for page in range(6)]
            table.add("/key/list, reading on from the middle", "ms", times[1:], 50)
    finally:
        upstream.stop()
    if table.broken:
        raise SystemExit("limits broken: " + "; ".join(table.broken))


if __name__ == "__main__":
    main()
