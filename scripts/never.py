#!/usr/bin/env python3
"""The `never` rules of the house, checked in about a second: `python3 scripts/never.py [root]`.

Every rule carries its reason, and is printed with it. A line may be excused, never silently:
    ... // never: <rule> because <reason>
Excuses are counted and listed at the end, so that their number is seen in every review.
"""
import json, os, re, subprocess, sys

ROOT = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".")
ROOMS = {"WeirAccess", "WeirLimits", "WeirGuardrails", "WeirCaching", "WeirRouting", "WeirAccounting"}

# target: the targets of ours it may import (the floors of docs/architecture.md)
EDGES = {
    "WeirCore": "",
    "WeirWire": "Core",
    "WeirConfig": "Core",
    "WeirLoops": "Core",
    "WeirTransport": "Core Wire Loops",
    "WeirCoordination": "Core",
    "WeirAccess": "Core Wire Coordination",
    "WeirLimits": "Core Coordination",
    "WeirGuardrails": "Core",
    "WeirCaching": "Core Coordination",
    "WeirRouting": "Core Coordination",
    "WeirProviders": "Core Wire",
    "WeirAccounting": "Core",
    "WeirPipeline": "Core Access Limits Guardrails Caching Routing Providers Accounting",
    "WeirStorage": "Core Wire Access Limits Routing Accounting",
    "WeirDrivers": "Core Coordination Storage",
    "WeirTelemetry": "Core",
    "WeirHTTP": "Core Wire Loops Access Routing Accounting Pipeline",
    "WeirAdmin": "Core Access Routing Accounting HTTP",
    "WeirServer": "*",
    "WeirMock": "Core Wire Loops",
    "WeirCommands": "Core Wire Config Access Accounting Transport Mock Storage Drivers Server",
    "weir": "Commands",
    "ask": "Core Wire Loops Transport",
    "WeirTestKit": "Core Wire Loops Transport Coordination Access Storage Drivers",
}
EDGES = {k: {"Weir" + n for n in v.split()} if v != "*" else None for k, v in EDGES.items()}

# external module: the only targets that may import it, and why
QUARANTINE = {
    "Hummingbird|HummingbirdCore|HummingbirdTLS|HummingbirdHTTP2|HummingbirdRouter": ("WeirHTTP WeirAdmin WeirServer", "the web framework is a choice that must stay replaceable"),
    "AsyncHTTPClient": ("WeirTransport", "one place owns the upstream connections, their limits and their timeouts"),
    "NIOCore": ("WeirCore WeirWire WeirLoops WeirTransport WeirDrivers WeirHTTP WeirTestKit WeirMock WeirAccess WeirProviders WeirPipeline", "bytes are words of the house; rooms that are handed some may slice them, but nothing else of NIO"),
    "NIOPosix|NIOSSL|NIOTLS|NIOHTTP1|NIOHTTP2|NIOConcurrencyHelpers|NIOFoundationCompat": ("WeirCore WeirWire WeirLoops WeirTransport WeirDrivers WeirHTTP WeirTestKit", "rooms decide on values; they never touch bytes or event loops"),
    "NIOEmbedded": ("WeirTestKit", "loops driven by hand are for tests"),
    "CMalloc": ("WeirCommands", "a process tunes its own memory once, when it starts"),
    "CByteMask": ("WeirWire", "vectors are for looking at bytes, and those are looked at in one place"),
    "GRDB|CLibPQ": ("WeirDrivers", "SQL is written once, in WeirStorage, for both databases"),
    "Yams": ("WeirConfig", "YAML is a way to write configuration, not a data format of the gateway"),
    "JWTKit": ("WeirAccess WeirTransport", "tokens are verified at the door and minted for the vendors, nowhere else"),
    "Crypto|_CryptoExtras": ("WeirAccess WeirTransport WeirCaching", "hashing of keys, signing of requests, cache keys"),
    "HTTPTypes": ("WeirHTTP WeirAdmin WeirServer", "status codes and headers are the doors' business"),
    "ArgumentParser": ("WeirCommands ask", "the server is a library; only commands know the command line"),
    "ServiceLifecycle|UnixSignals": ("WeirServer WeirAccounting WeirTelemetry WeirDrivers WeirConfig WeirCoordination WeirTransport WeirCommands", "only things that run on their own have a life cycle"),
    "Metrics|Tracing": ("WeirTelemetry", "rooms report facts (events); Telemetry turns them into numbers"),
    "Testing|XCTest|WeirTestKit": ("WeirTestKit", "test code never ships"),
}

PURE = "WeirCore|WeirWire|WeirRouting|WeirLimits|WeirProviders"
# (rule, targets it holds in, pattern, reason); "!" before the targets means: everywhere but there
TEXT = [
    ("pure", PURE, r"\bTask(\.sleep|\s*\{|\.detached)|\bDate\(\)|\bDate\.now\b|\.random(Element)?\(|\bUUID\(\)|\bFileManager\b|\bURLSession\b", "decisions take time and chance as arguments, so that a test can give them"),
    ("clock", "!WeirCore|WeirServer|WeirCommands|ask|WeirTestKit", r"\b(ContinuousClock|SuspendingClock)\(\)|\bContinuousClock\.now\b", "the clock is handed in by the composition root"),
    ("environment", "!WeirConfig|WeirCommands|ask", r"ProcessInfo\.processInfo\.environment|\bgetenv\(|\bsetenv\(", "configuration has one entrance"),
    ("sql", "!WeirStorage|WeirDrivers", r"\"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|ALTER TABLE)\b", "SQL lives in WeirStorage"),
    ("print", "!WeirCommands|ask|weir", r"(?<![\w.])(print|debugPrint|dump)\(", "servers log, commands print"),
    ("detached", "", r"\bTask\.detached\b", "a task without an owner outlives its request and its cancellation"),
    ("crash", "", r"\b(fatalError|preconditionFailure)\(|\btry!|\bas!", "one request must not take the others down"),
    ("unsafe", "", r"@unchecked Sendable|nonisolated\(unsafe\)|@preconcurrency|\bunsafeBitCast\b", "the compiler's proof is switched off here: say why"),
    ("public", "", r"^\s*(@\w+\s+)*(public|open)\s+(?!import)", "no other package builds on this one: `package` is enough"),
    ("money", "!WeirWire", r"\b(let|var)\s+\w*([Cc]ost|[Pp]rice|[Ss]pend|[Bb]udget|[Aa]mount|[Bb]alance|[Cc]redits)\w*\s*:\s*(Double|Float)\b", "money is Money; binary fractions lose cents"),
    ("secret-log", "", r"\blog(ger)?\.(trace|debug|info|notice|warning|error|critical)\(.*\\\([^)]*([Aa]piKey|[Pp]assword|[Ss]ecret|[Aa]uthorization)", "secrets do not go to logs"),
    ("name", "", r"\b(struct|class|enum|actor|protocol)\s+\w*(Manager|Helper|Util|Utils|Impl|Misc)\b", "a name that says nothing hides two jobs"),
]
FILES = re.compile(r"^(Utils?|Helpers?|Misc|Common|Extensions|Types|Constants)\.swift$")
FILE_LINES, LONG_FILES_ALLOWED = 500, re.compile(r"^Sources/(WeirWire/.*/\w*Types|WeirAdmin/Assets/EmbeddedAssets|WeirStorage/Migrations/Schema|WeirAccounting/PriceTable\+Data)\.swift$")
IMPORT = re.compile(r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias|actor)\s+)?([A-Za-z_]\w*)")
EXCUSE = re.compile(r"//\s*never:\s*([\w-]+)\s+because\s+\S")

found, excused = [], []
def report(rule, where, why, line=""):
    hit = EXCUSE.search(line)
    (excused if hit and hit.group(1) == rule else found).append(f"{where}: [{rule}] {why}")

package = json.loads(subprocess.run(["swift", "package", "dump-package"], cwd=ROOT, capture_output=True, text=True, check=True).stdout)
declared, seen = {}, []
for target in package["targets"]:
    names = [next(iter(d.values()))[0] for d in target["dependencies"]]
    declared[target["name"]] = set(names)
    for name in names:
        own = any(t["name"] == name for t in package["targets"])
        if own and name not in seen and target["type"] != "test":
            report("floors", "Package.swift", f"{target['name']} depends on {name}, which is declared below it: the manifest is sorted from the ground up")
        allowed = EDGES.get(target["name"])
        if own and allowed is not None and name.startswith("Weir") and name not in allowed and target["type"] != "test":
            report("edges", "Package.swift", f"{target['name']} must not depend on {name}" + (" (a room never knows another room)" if {name, target["name"]} <= ROOMS else ""))
    seen.append(target["name"])

def closure(name, into=None):
    into = set() if into is None else into
    for d in declared.get(name, ()):
        if d not in into: into.add(d); closure(d, into)
    return into
for heavy in {"WeirHTTP", "WeirStorage", "WeirDrivers", "WeirServer"} & closure("ask"):
    report("ask", "Package.swift", f"`ask` reaches {heavy}: the client must stay small enough to copy anywhere")

for base, _, files in os.walk(os.path.join(ROOT, "Sources")):
    for file in sorted(f for f in files if f.endswith(".swift")):
        path = os.path.join(base, file); rel = os.path.relpath(path, ROOT); target = rel.split(os.sep)[1]
        lines = open(path, encoding="utf-8").read().split("\n")
        if FILES.match(file): report("name", rel, "a file is named after the type it holds")
        if len(lines) > FILE_LINES and not LONG_FILES_ALLOWED.match(rel): report("length", rel, f"{len(lines)} lines, the limit is {FILE_LINES}")
        for number, line in enumerate(lines, 1):
            where, code = f"{rel}:{number}", line.split("//")[0]
            if m := IMPORT.match(line):
                module = m.group(1)
                if module in declared and module != target and module not in declared.get(target, ()):
                    report("imports", where, f"imports {module} without declaring it (SwiftPM's own check misses what comes in transitively)", line)
                for names, (homes, why) in QUARANTINE.items():
                    if re.fullmatch(names, module) and target not in homes.split(): report("quarantine", where, f"{module}: {why}", line)
                continue
            for rule, targets, pattern, why in TEXT:
                inside = re.fullmatch(targets.lstrip("!"), target) is not None
                if targets == "" or inside != targets.startswith("!"):
                    if re.search(pattern, code): report(rule, where, why, line)

for line in found: print(line)
if excused: print(f"\n{len(excused)} excused:"); [print("  " + e) for e in excused]
print(f"\n{len(found)} broken" if found else "never: all rules hold")
sys.exit(1 if found else 0)
