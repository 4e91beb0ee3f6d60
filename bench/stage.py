"""The stage of every measurement: the upstream, nginx and the gateway on free loopback ports, the load client, and
what the kernel says about a process. Only the standard library."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
RUN = HERE / "run"
sys.path.insert(0, str(ROOT / "Tests/Harness"))

from processes import Child, free_ports, get, until  # noqa: E402

KEY = "sk-bench-0c1d2e3f"
KINDS = ("fast", "paced", "slow")
CHAT = "/v1/chat/completions"

SYSTEM = (
    "You help the people who run a small web service. Answer in plain words, name the file or the setting that you mean, and "
    "stay below a hundred and twenty words. Where a question can be read in two ways, say which one you chose."
)
TURNS = [
    (
        "user",
        "Our gateway keeps many connections open to clients that read a long answer slowly, and at the same time it takes "
        "thousands of short requests. What has to be true of its buffers, so that neither kind of client suffers?",
    ),
    (
        "assistant",
        "Every connection needs a buffer with a limit of its own. When it is full, stop reading from the model until the "
        "client has caught up, and let short requests share nothing with it, neither a lock nor a queue.",
    ),
    (
        "user",
        "Now name the three numbers that you would watch from the first day on, each with a reason in one line, and tell me "
        "which of them a client notices first.",
    ),
]
PARAGRAPH = 'Section %d of the manual: "quotes", back\\slashes and\nnew lines, caf\u00e9 \u2014 \u00fcber, `let x = [1, 2, 3]`, a | table. '


def bodies():
    """The requests by name: about 1 KB and about 30 KB of JSON, and the small one as streams."""
    small = {
        "model": "",
        "messages": [{"role": "system", "content": SYSTEM}]
        + [{"role": role, "content": content} for role, content in TURNS],
        "temperature": 0.7,
        "top_p": 1,
    }
    manual = "".join(PARAGRAPH % number for number in range(290))
    large = small | {"messages": [small["messages"][0], {"role": "user", "content": manual}, small["messages"][-1]]}
    stream = small | {"stream": True}
    return {
        "small": small,
        "large": large,
        "stream": stream,
        "stream_200": stream | {"max_tokens": 200},
        "stream_endless": stream | {"max_tokens": 100_000},
    }


def fill(template, names):
    text = template.read_text()
    for name in sorted(names, key=len, reverse=True):  # a name may be the beginning of another
        text = text.replace(name, str(names[name]))
    return text


def tool(name, *flags):
    """The compiled program, built when its source is newer."""
    source, program = HERE / f"src/{name}.c", HERE / f"bin/{name}"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        program.parent.mkdir(exist_ok=True)
        subprocess.run([os.environ.get("CC", "cc"), "-O2", "-Wall", *flags, "-o", program, source], check=True)
    return program


class Upstream:
    def __init__(self):
        self.ports = dict(zip(KINDS, free_ports(3)))
        self.child = Child([tool("upstream"), *self.ports.values()], RUN / "upstream.log")
        self.child.until_answers(self.ports["fast"], "/__stats", 5)

    def stats(self):
        return json.loads(get(self.ports["fast"], "/__stats")[1])

    def stop(self):
        self.child.stop()


class Target:
    """A server in front of the upstream."""

    name = ""
    readiness = "/health/readiness"

    def __init__(self, upstream, prefix=()):
        self.upstream, self.prefix = upstream, list(prefix)
        self.ports = dict(zip(KINDS, free_ports(3)))
        self.log = RUN / f"{self.name}-{self.ports['fast']}.log"
        self.child = None
        self.key = KEY

    def start(self, seconds=20):
        self.spawn()
        self.child.until_answers(self.ports["fast"], self.readiness, seconds)
        return self

    def spawn(self):
        self.child = Child(self.prefix + self.command(), self.log, self.environment(), RUN)

    def stop(self):
        self.child.stop()
        self.log.unlink(missing_ok=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def environment(self):
        return {}

    def model(self, kind):
        return "gpt-4o-mini"

    @property
    def pid(self):
        return self.child.pid

    @property
    def cpu_ns(self):
        """Time on a processor of all threads since they began, in nanoseconds."""
        total = 0
        for thread in Path(f"/proc/{self.pid}/task").iterdir():
            try:
                total += int((thread / "schedstat").read_text().split()[0])
            except OSError:
                pass  # it ended in between
        return total

    @property
    def resident(self):
        """Bytes of memory that are its own or shared, as `ps` counts them."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def load(self, body, mode, kind="fast", **options):
        """Runs the load client; its answer as a dictionary. Fails on anything but 200."""
        outcome = json.loads(self.begin_load(body, mode, kind, **options).communicate(timeout=320)[0] or "{}")
        if not outcome or outcome["errors"] or outcome["non200"]:
            raise SystemExit(f"{self.name}: load failed: {outcome or 'no answer'}\n{self.child.output[-2000:]}")
        return outcome

    def begin_load(self, body, mode, kind="fast", **options):
        request = bodies()[body] | {"model": self.model(kind)}
        file = RUN / f"{body}-{self.model(kind)}.json"
        file.write_text(json.dumps(request, ensure_ascii=False))
        command = [
            tool("loadgen"),
            "-u",
            f"127.0.0.1:{self.ports[kind]}",
            "-p",
            CHAT,
            "-k",
            self.key,
            "-b",
            file,
            "-m",
            mode,
        ]
        for name, value in options.items():
            command += [f"-{name}", value]
        return subprocess.Popen(
            [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )


class Nginx(Target):
    name = "nginx"

    def command(self):
        names = {kind.upper(): port for kind, port in self.upstream.ports.items()}
        names |= {f"LISTEN_{kind.upper()}": port for kind, port in self.ports.items()}
        file = RUN / f"nginx-{self.ports['fast']}.conf"
        file.write_text(fill(HERE / "nginx.conf", names | {"RUN": RUN}))
        return [shutil.which("nginx") or "/usr/sbin/nginx", "-p", RUN, "-c", file]


class Weir(Target):
    name = "weir"

    def __init__(self, upstream, prefix=(), loops=1):
        super().__init__(upstream, prefix)
        self.loops = loops
        self.ports = dict.fromkeys(KINDS, self.ports["fast"])
        self.config = RUN / f"weir-{self.ports['fast']}.yaml"
        self.access_log = self.config.with_suffix(".access")
        self.data = self.config.with_suffix(".data")

    def configuration(self):
        names = {kind.upper(): port for kind, port in self.upstream.ports.items()}
        return fill(HERE / "weir.yaml", names | {"MASTER_KEY": KEY})

    def command(self):
        self.config.write_text(self.configuration())
        arguments = ["--host", "127.0.0.1", "--port", self.ports["fast"], "--loops", self.loops]
        arguments += ["--access-log", self.access_log, "--data-dir", self.data]
        return [program(), "serve", "--config", self.config, *arguments]

    def stop(self):
        super().stop()
        self.access_log.unlink(missing_ok=True)
        shutil.rmtree(self.data, ignore_errors=True)

    def model(self, kind):
        return "gpt-4o-mini" if kind == "fast" else f"gpt-4o-mini-{kind}"


def program():
    """The gateway's binary: WEIR_BIN, or the release build."""
    path = Path(os.environ.get("WEIR_BIN") or ROOT / ".build/release/weir")
    if not path.exists():
        raise SystemExit(f"{path} is not built; run `make build` first or set WEIR_BIN")
    return path


def prepare():
    RUN.mkdir(exist_ok=True)
    return Upstream()


SUBJECTS = {"weir": Weir, "nginx": Nginx}

__all__ = ["SUBJECTS", "RUN", "HERE", "KEY", "CHAT", "Nginx", "Weir", "prepare", "until", "get", "bodies", "program"]
