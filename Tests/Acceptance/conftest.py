"""What the acceptance tests stand on: real llama.cpp servers, a scripted upstream, and the built `weir` in front of
them.

`WEIR_BIN` names the program under test. `WEIR_DIRECT=1` leaves it out: the tests of the clients then talk to llama.cpp
itself, which shows that a failure is not the client's or the server's own; tests marked `gateway` are skipped.
"""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import openai
import pytest

ROOT = Path(__file__).resolve().parents[2]
HARNESS = ROOT / "Tests/Harness"
sys.path.insert(0, str(HARNESS))

from configuration import MASTER_KEY, PRICE, UPSTREAM_KEY, config, model  # noqa: E402
from gateway import Gateway  # noqa: E402
from processes import Child, free_ports  # noqa: E402
from scripted_upstream import ScriptedUpstream  # noqa: E402

DIRECT = bool(os.environ.get("WEIR_DIRECT"))


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "gateway: is about the gateway itself; skipped when the clients talk to llama.cpp"
    )


def pytest_collection_modifyitems(items):
    for item in items:
        if DIRECT and item.get_closest_marker("gateway"):
            item.add_marker(pytest.mark.skip(reason="WEIR_DIRECT: no gateway here"))


@dataclass
class Llama:
    """A running llama.cpp server."""

    port: int
    key: str | None

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}/v1"

    def get(self, path):
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=10)

    @property
    def busy_slots(self):
        return sum(slot["is_processing"] for slot in self.get("/slots").json())

    @property
    def tokens_made(self):
        lines = self.get("/metrics").text.splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("llamacpp:tokens_predicted_total "))


@dataclass
class Names:
    """The models as the client calls them."""

    chat: str
    keyed: str
    embedding: str


@pytest.fixture(scope="session")
def weir_bin():
    path = os.environ.get("WEIR_BIN")
    if not path or not shutil.which(path):
        pytest.fail(f"WEIR_BIN must name the built program; it is {path!r}", pytrace=False)
    return path


@pytest.fixture(scope="session")
def model_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "tiny.gguf"
    with Child([sys.executable, HARNESS / "tiny_model.py", path], path.with_suffix(".log")) as child:
        assert child.wait(60) == 0, child
    return path


@pytest.fixture(scope="session")
def llama(tmp_path_factory, model_file):
    """Starts a llama.cpp server: `llama(alias, key=None, embedding=False)`."""
    running = []

    def start(alias, key=None, embedding=False):
        (port,) = free_ports()
        command = [sys.executable, HARNESS / "llama_server.py", model_file, port, alias]
        command += ["--embedding"] if embedding else []
        command += ["--api-key", key] if key else []
        child = Child(command, tmp_path_factory.mktemp("llama") / "log")
        running.append(child)
        child.until_answers(port, "/health", 30)
        return Llama(port, key)

    yield start
    for child in running:
        child.stop()


@pytest.fixture(scope="session")
def chat_llama(llama):
    return llama("tiny")


@pytest.fixture(scope="session")
def keyed_llama(llama):
    return llama("tiny-keyed", key=UPSTREAM_KEY)


@pytest.fixture(scope="session")
def embedding_llama(llama):
    return llama("tiny-embed", embedding=True)


@pytest.fixture(scope="session")
def names():
    if DIRECT:
        return Names("tiny", "tiny-keyed", "tiny-embed")
    return Names("akira/qwen2.5-7b", "keyed", "embed/tiny")


@pytest.fixture
def scripted():
    """An upstream whose streams are as long and as slow as the test says."""
    upstream = ScriptedUpstream()
    yield upstream
    upstream.stop()


@pytest.fixture(scope="session")
def serve(weir_bin, tmp_path_factory):
    """Runs a gateway: `with serve(yaml, key=…) as gateway`. The configuration is written to a file of its own."""

    def start(yaml, key=MASTER_KEY, environment=None, arguments=()):
        directory = tmp_path_factory.mktemp("weir")
        config = directory / "config.yaml"
        config.write_text(yaml)
        (port,) = free_ports()
        command = [weir_bin, "serve", "--config", config, "--host", "127.0.0.1", "--port", port, *arguments]
        child = Child(command, directory / "log", environment, directory)
        try:
            child.until_answers(port, "/health/readiness", 20)
        except AssertionError:
            child.stop()
            raise
        return _Running(child, Gateway(child, port, key, config))

    return start


class _Running:
    def __init__(self, child, gateway):
        self.child, self.gateway = child, gateway

    def __enter__(self):
        return self.gateway

    def __exit__(self, *_):
        self.child.stop()


@pytest.fixture(scope="session")
def gateway(serve, names, chat_llama, keyed_llama, embedding_llama):
    """The gateway that most tests share: a priced chat model with a slash in its name, an alias of it, one whose
    upstream wants a key, and an embedding model."""
    yaml = config(
        model(names.chat, chat_llama.base, "tiny", **PRICE),
        model("default", chat_llama.base, "tiny"),
        model(names.keyed, keyed_llama.base, "tiny-keyed", key="os.environ/UPSTREAM_KEY"),
        model(names.embedding, embedding_llama.base, "tiny-embed"),
        key="os.environ/LITELLM_MASTER_KEY",
    )
    with serve(yaml, environment={"UPSTREAM_KEY": UPSTREAM_KEY, "LITELLM_MASTER_KEY": MASTER_KEY}) as running:
        yield running


@dataclass
class Endpoint:
    """Where the official clients are pointed at."""

    base: str
    key: str

    def client(self, **options):
        return openai.OpenAI(**self.arguments(options))

    def async_client(self, **options):
        return openai.AsyncOpenAI(**self.arguments(options))

    def arguments(self, options):
        return {"base_url": self.base, "api_key": self.key, "max_retries": 0, "timeout": 30} | options


@pytest.fixture(scope="session")
def endpoint(request):
    """The gateway; with `WEIR_DIRECT`, the chat server itself."""
    if DIRECT:
        return Endpoint(request.getfixturevalue("chat_llama").base, "none")
    running = request.getfixturevalue("gateway")
    return Endpoint(running.base, running.key)


@pytest.fixture(scope="session")
def embedding_endpoint(request):
    if DIRECT:
        return Endpoint(request.getfixturevalue("embedding_llama").base, "none")
    return request.getfixturevalue("endpoint")


@pytest.fixture(scope="session")
def client(endpoint):
    return endpoint.client()
