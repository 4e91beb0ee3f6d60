#!/usr/bin/env python3
"""Writes the table of configuration keys in docs/compatibility.md from the tables that the program reads.

    scripts/known_keys.py            write the table between its two markers
    scripts/known_keys.py --check    write nothing, fail when the table is stale
"""

import argparse
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
KNOWN = ROOT / "Sources/WeirConfig/Known"
DOCUMENT = ROOT / "docs/compatibility.md"
BEGIN, END = "<!-- keys: begin (scripts/known_keys.py) -->", "<!-- keys: end -->"

# The order in which a reader looks for them, and what each is called.
STAGES = {"now": "acted on", "partly": "partly", "later": "not yet"}
KINDS = {
    "text": "text",
    "flag": "true or false",
    "count": "whole number",
    "whole": "whole number, may be negative",
    "number": "number",
    "seconds": "seconds",
    "port": "port",
    "list": "list",
    "map": "mapping",
    "any": "any",
}


def tables():
    """The tables of KnownKeys*.swift by the name of their constant."""
    found = {}
    for file in sorted(KNOWN.glob("KnownKeys*.swift")):
        for name, text in re.findall(r'static let (\w+) = """\n(.*?)\n\s*"""', file.read_text(), re.DOTALL):
            found[name] = [line.split(None, 3) for line in text.splitlines() if line.strip()]
    return found


def sections():
    """Section and name of its table, in the program's order."""
    text = (KNOWN / "KnownKeys.swift").read_text()
    listed = re.search(r"static let tables: .*? = \[\n(.*?)\n    \]", text, re.DOTALL)
    if not listed:
        raise SystemExit("KnownKeys.swift has no list of tables in the form that this script knows")
    return re.findall(r'\("([^"]*)", (\w+)\)', listed.group(1))


def table():
    known, lines, sums = tables(), [], dict.fromkeys(STAGES, 0)
    for section, name in sections():
        rows = known.get(name)
        if not rows:
            raise SystemExit(f"the table {name} is empty or missing")
        for row in rows:
            if len(row) != 4 or row[1] not in KINDS or row[2] not in STAGES:
                raise SystemExit(f"{name}: this line cannot be read: {' '.join(row)}")
            sums[row[2]] += 1
        lines += ["", f"### {f'`{section}`' if section else 'Top of the file'}", ""]
        acted = [row for row in rows if row[2] != "later"]
        if acted:
            lines += ["| key | value | | meaning |", "|---|---|---|---|"]
            for key, kind, stage, meaning in acted:
                lines.append(f"| `{key}` | {KINDS[kind]} | {STAGES[stage]} | {meaning.replace('|', chr(92) + '|')} |")
        later = [row for row in rows if row[2] == "later"]
        if later:
            lines += [""] if acted else []
            lines.append("Not yet: " + ", ".join(f"`{row[0]}`" for row in later) + ".")
    head = ", ".join(f"{sums[stage]} {told}" for stage, told in STAGES.items())
    return "\n".join([f"{sum(sums.values())} keys: {head}.", *lines])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the table is stale")
    options = parser.parse_args()
    text = DOCUMENT.read_text()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{DOCUMENT.relative_to(ROOT)} lacks one of the markers {BEGIN} and {END}")
    wanted = f"{before}{BEGIN}\n{table()}\n\n{END}{after}"
    if options.check:
        if text != wanted:
            print(f"{DOCUMENT.relative_to(ROOT)} is stale: run scripts/known_keys.py", file=sys.stderr)
            sys.exit(1)
        return
    DOCUMENT.write_text(wanted)


if __name__ == "__main__":
    main()
