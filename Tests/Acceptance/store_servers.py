"""PostgreSQL and pgbouncer servers of a test of its own, to be harmed, and gateways with a store: on SQLite or
PostgreSQL, one or several."""

import contextlib
import glob
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import uuid
from pathlib import Path

import httpx
import openai
import pytest
import yaml

from configuration import MASTER_KEY
from processes import HOST, Child, free_ports, until

MODELS = ("alpha", "beta", "gamma")


def _binary(name):
    folders = [os.environ.get("WEIR_POSTGRES", ""), *sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)]
    found = shutil.which(name, path=os.pathsep.join(folder for folder in folders if folder))
    found = found or shutil.which(name) or shutil.which(name, path="/usr/sbin")
    return found or pytest.fail(f"{name} is missing: install the packages postgresql and pgbouncer", pytrace=False)


def _as_postgres(*command):
    """These servers do not run as root."""
    if os.geteuid():
        return [str(part) for part in command]
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *map(str, command)]


def _own_directory():
    directory = Path(tempfile.mkdtemp(prefix="weir-db-"))
    if not os.geteuid():
        shutil.chown(directory, "postgres", "postgres")
    return directory


class Postgres:
    """A PostgreSQL server that keeps its data until the test is over."""

    def __init__(self, directory):
        (self.port,) = free_ports()
        self.directory, self._log = _own_directory(), directory
        command = self._creation()
        done = subprocess.run(_as_postgres(*command), capture_output=True, text=True, cwd="/")
        assert done.returncode == 0, done.stderr
        self._child = None
        self.start()

    def _creation(self):
        return [_binary("initdb"), "-D", self.directory / "data", "-A", "trust", "-U", "postgres", "--no-sync"]

    def start(self):
        options = dict(port=self.port, listen_addresses=HOST, unix_socket_directories=self.directory, fsync="off")
        command = [_binary("postgres"), "-D", self.directory / "data", "-c", "max_connections=200"]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self._child = Child(_as_postgres(*command), self._log / "postgres.log", directory="/")
        until(lambda: self.run("select 1") is not None, 20, "PostgreSQL answers")

    def run(self, statement, database="postgres"):
        """The rows as text, one a line; None when the statement fails."""
        command = [_binary("psql"), "-XAtq", "-h", HOST, "-p", str(self.port), "-U", "postgres", "-d", database]
        done = subprocess.run([*command, "-v", "ON_ERROR_STOP=1"], input=statement, capture_output=True, text=True)
        self.complaint = done.stderr
        return done.stdout if done.returncode == 0 else None

    def new_database(self):
        name = f"weir_{uuid.uuid4().hex[:12]}"
        assert self.run(f"create database {name}") is not None, self.complaint
        return name

    def url(self, database, port=None):
        return f"postgresql://postgres@{HOST}:{port or self.port}/{database}"

    def crash(self):
        """Gone at once, with all its connections."""
        self._child.signal(signal.SIGQUIT)
        self._child.wait(10)
        self._child.stop()

    def _family(self):
        path = f"/proc/{self._child.pid}/task/{self._child.pid}/children"
        return [self._child.pid, *map(int, Path(path).read_text().split())]

    def hang(self):
        """It listens, and says nothing."""
        self._hung = self._family()
        for pid in self._hung:
            os.kill(pid, signal.SIGSTOP)

    def go_on(self):
        for pid in self._hung:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def stop(self):
        if self._child.process.poll() is None:
            self.crash()
        shutil.rmtree(self.directory, ignore_errors=True)


class Standby(Postgres):
    """Another server that streams from a primary what is written there, and can be read from."""

    def __init__(self, primary, directory):
        self.primary = primary
        super().__init__(directory)

    def _creation(self):
        source = ("-h", HOST, "-p", self.primary.port, "-U", "postgres")
        copying = ("-R", "-X", "stream", "-c", "fast", "--no-sync")
        return [_binary("pg_basebackup"), *source, "-D", self.directory / "data", *copying]

    def hold_back(self):
        """From here on it is read as it is now."""
        assert self.run("select pg_wal_replay_pause()") is not None, self.complaint
        until(lambda: self.run("select pg_get_wal_replay_pause_state()").strip() == "paused", 10, "replay is paused")

    def catch_up(self):
        assert self.run("select pg_wal_replay_resume()") is not None, self.complaint


class PgBouncer:
    """pgbouncer in transaction mode: statements of one connection may go to different ones of the database."""

    def __init__(self, postgres, directory):
        (self.port,) = free_ports()
        self.directory = _own_directory()
        settings = self.directory / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n* = host={HOST} port={postgres.port} user=postgres\n[pgbouncer]\nlisten_addr={HOST}\n"
            f"listen_port={self.port}\nauth_type=any\npool_mode=transaction\ndefault_pool_size=5\nunix_socket_dir=\n"
            "max_client_conn=500\nignore_startup_parameters=extra_float_digits\n"
        )
        settings.chmod(0o644)
        self._child = Child(_as_postgres(_binary("pgbouncer"), settings), directory / "pgbouncer.log", directory="/")
        until(lambda: "process up" in self._child.output, 10, "pgbouncer is up")

    def stop(self):
        self._child.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


# Fixtures: a test module imports those that it uses.


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    server = Postgres(tmp_path_factory.mktemp("postgres"))
    yield server
    server.stop()


@pytest.fixture
def own_postgres(tmp_path):
    """For tests that harm it."""
    server = Postgres(tmp_path)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def pgbouncer(postgres, tmp_path_factory):
    bouncer = PgBouncer(postgres, tmp_path_factory.mktemp("pgbouncer"))
    yield bouncer
    bouncer.stop()


class Place:
    """Where a gateway keeps what it is told: arguments and variables of `weir serve`."""

    def __init__(self, arguments=(), environment=None, postgres=None, database=None, directory=None):
        self.arguments, self.environment = arguments, environment or {}
        self.postgres, self.database, self.directory = postgres, database, directory

    @property
    def command_arguments(self):
        """For commands that go to the store themselves."""
        return self.arguments or ("--store", self.environment["DATABASE_URL"])

    def everything(self):
        """All that is stored, as bytes."""
        if self.directory:
            return b"".join(path.read_bytes() for path in sorted(self.directory.rglob("*")) if path.is_file())
        command = [_binary("pg_dump"), "-h", HOST, "-p", str(self.postgres.port), "-U", "postgres", "--inserts"]
        return subprocess.run([*command, self.database], capture_output=True, check=True).stdout


def on_sqlite(directory):
    return Place(arguments=("--data-dir", str(directory)), directory=directory)


def on_postgres(postgres, port=None):
    database = postgres.new_database()
    return Place(environment={"DATABASE_URL": postgres.url(database, port)}, postgres=postgres, database=database)


@pytest.fixture(params=["sqlite", "postgres", "pgbouncer"])
def place(request, tmp_path):
    """Each test that uses it runs on every kind of store."""
    if request.param == "sqlite":
        return on_sqlite(tmp_path / "data")
    postgres = request.getfixturevalue("postgres")
    port = request.getfixturevalue("pgbouncer").port if request.param == "pgbouncer" else None
    return on_postgres(postgres, port)


# Gateways


def echoes(*names, compat="1.83", general=None, **sections):
    """A configuration whose models answer with the question."""
    models = [{"model_name": name, "litellm_params": {"model": "echo/echo"}} for name in names or MODELS]
    settings = {"master_key": MASTER_KEY, "compat": compat} | (general or {})
    return yaml.safe_dump({"model_list": models, "general_settings": settings, **sections}, sort_keys=False)


@contextlib.contextmanager
def keeping(serve, place, configuration=None, environment=None):
    """A gateway that keeps what it is told in `place`."""
    variables = place.environment | (environment or {})
    with serve(configuration or echoes(), environment=variables, arguments=place.arguments) as gateway:
        yield Admin(gateway)


class Admin:
    """What an admin, or anybody else with a key, asks of a running gateway."""

    def __init__(self, gateway, key=None):
        self.gateway, self.key = gateway, key or gateway.key
        self._client = httpx.Client(base_url=gateway.root, timeout=20, headers={"Authorization": f"Bearer {self.key}"})

    def as_(self, key):
        return Admin(self.gateway, key)

    def ask(self, method, path, body=None, **options):
        return self._client.request(method, path, json=body, **options)

    def do(self, path, method="POST", **body):
        """The answer of a request that must succeed."""
        reply = self.ask(method, path, body or None) if method != "GET" else self.ask("GET", path)
        assert reply.status_code == 200, f"{method} {path} {body}: {reply.status_code} {reply.text}"
        return reply.json()

    def get(self, path, **query):
        reply = self._client.get(path, params=query)
        assert reply.status_code == 200, f"GET {path} {query}: {reply.status_code} {reply.text}"
        return reply.json()

    def openai(self):
        return openai.OpenAI(base_url=self.gateway.base, api_key=self.key, max_retries=0, timeout=20)

    def say(self, model="alpha", text="hello"):
        """The status of a chat, and its text or its error."""
        body = {"model": model, "messages": [{"role": "user", "content": text}]}
        reply = self.ask("POST", "/v1/chat/completions", body)
        return reply.status_code, reply.json()

    def calls(self, model="alpha"):
        return self.say(model)[0]


def digest(key):
    return hashlib.sha256(key.encode()).hexdigest()
