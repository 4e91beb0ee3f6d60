"""Upstreams that do what a test tells them and count what reaches them, configurations in front of them, and crowds of
clients. What an upstream does for a request is an answer: a coroutine made by one of the functions below."""

import asyncio
import json
import shutil
import signal
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass

import httpx
import pytest
import yaml
from configuration import MASTER_KEY
from processes import HOST, Child, free_ports, until

# Answers


def ok(text="hello", delay=0.0, usage=(3, 1), headers=None):
    """A good answer, whole or as a stream of its words, after `delay` seconds."""

    async def answer(call):
        await call.wait(delay)
        call.place.served += 1
        if call.streams:
            await call.begin_stream()
            await call.event(delta={"role": "assistant", "content": ""})
            for word in text.split():
                await call.event(delta={"content": word + " "})
            await call.event(delta={}, finish="stop")
            if (call.body.get("stream_options") or {}).get("include_usage"):
                await call.event(usage=usage)
            return await call.end_stream()
        tokens = dict(prompt_tokens=usage[0], completion_tokens=usage[1], total_tokens=sum(usage))
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        reply = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": call.body.get("model")}
        await call.json(200, reply | {"choices": [choice], "usage": tokens}, headers)

    return answer


def refusal(status, message="made up", code=None, headers=None, delay=0.0):
    """An error in OpenAI's form."""

    async def answer(call):
        await call.wait(delay)
        error = {"message": message, "type": "error", "param": None, "code": code}
        await call.json(status, {"error": error}, headers)

    return answer


CONTEXT = dict(message="This model's maximum context length is 8 tokens.", code="context_length_exceeded")
POLICY = dict(message="The response was filtered by the content policy.", code="content_filter")


def silence():
    """Never answers."""

    async def answer(call):
        await call.wait(3600)

    return answer


def hangs_up():
    """Closes the connection instead of an answer."""

    async def answer(call):
        raise ConnectionResetError

    return answer


def stream_that_dies(words=0, then="reset"):
    """A stream of the role and `words` words that then is cut, goes silent, or tells of an error."""

    async def answer(call):
        await call.begin_stream()
        await call.event(delta={"role": "assistant", "content": ""})
        for number in range(words):
            await call.event(delta={"content": f"word{number} "})
        await call.wait(0.05)  # what was sent is on its way before the connection goes
        if then == "silence":
            await call.wait(3600)
        if then == "error":
            error = {"message": "the engine died", "type": "server_error", "param": None, "code": None}
            await call.chunk(b"data: " + json.dumps({"error": error}).encode() + b"\n\n")
            return await call.end_stream()
        raise ConnectionResetError

    return answer


# Upstreams


@dataclass
class Call:
    """One request as an upstream sees it."""

    place: "Place"
    path: str
    headers: dict
    raw: bytes
    at: float
    writer: asyncio.StreamWriter = None
    gone: asyncio.Future = None

    @property
    def body(self):
        return json.loads(self.raw) if self.raw else {}

    @property
    def streams(self):
        return bool(self.body.get("stream"))

    async def wait(self, seconds):
        """Raises when the other side leaves meanwhile."""
        if seconds:
            done, _ = await asyncio.wait({self.gone}, timeout=seconds)
            if done:
                self.place.left += 1
                raise ConnectionResetError

    async def json(self, status, value, headers=None):
        data = json.dumps(value).encode()
        lines = "".join(f"{name}: {text}\r\n" for name, text in (headers or {}).items())
        head = f"HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\ncontent-length: {len(data)}\r\n{lines}\r\n"
        self.writer.write(head.encode() + data)
        await self.writer.drain()

    async def begin_stream(self):
        self.writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")

    async def event(self, delta=None, finish=None, usage=None):
        event = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": self.body.get("model")}
        event["choices"] = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
        if usage:
            event["usage"] = dict(prompt_tokens=usage[0], completion_tokens=usage[1], total_tokens=sum(usage))
        await self.chunk(b"data: " + json.dumps(event).encode() + b"\n\n")

    async def chunk(self, data):
        self.writer.write(b"%x\r\n%s\r\n" % (len(data), data))
        await self.writer.drain()

    async def end_stream(self):
        await self.chunk(b"data: [DONE]\n\n")
        self.writer.write(b"0\r\n\r\n")


class _Loop:
    """One thread for all upstreams of a test run."""

    shared = None

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    @classmethod
    def run(cls, coroutine):
        cls.shared = cls.shared or cls()
        return asyncio.run_coroutine_threadsafe(coroutine, cls.shared.loop).result(10)


class Place:
    """An upstream. The answers of `script` are given first, one for each request; then always `answer`."""

    def __init__(self, answer=None, script=()):
        self.answer, self.script = answer or ok(), deque(script)
        self.calls = []
        self.running = self.most_running = self.left = self.served = 0
        self._writers = set()
        _Loop.run(self._start(0))

    async def _start(self, port):
        self._server = await asyncio.start_server(self._connection, HOST, port, backlog=2048)
        self.port = self._server.sockets[0].getsockname()[1]

    @property
    def count(self):
        """Requests that came."""
        return len(self.calls)

    @property
    def last(self):
        return self.calls[-1].body

    def forget(self):
        self.calls, self.left, self.served, self.most_running = [], 0, 0, 0

    def close(self):
        """Nobody listens here any more."""

        async def close():
            self._server.close()
            for writer in list(self._writers):
                writer.transport.abort()

        _Loop.run(close())

    def open_again(self):
        _Loop.run(self._start(self.port))

    async def _connection(self, reader, writer):
        self._writers.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                lines = head.decode("latin-1").split("\r\n")
                fields = (line.partition(":") for line in lines[1:-2])
                headers = {name.lower(): value.strip() for name, _, value in fields}
                body = await self._body(reader, headers)
                await self._serve(Call(self, lines[0].split(" ")[1], headers, body, time.monotonic()), reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _serve(self, call, reader, writer):
        if not call.path.endswith(("/chat/completions", "/completions", "/embeddings")):
            call.writer = writer
            return await call.json(200, {"object": "list", "data": []})  # a health check or a list of models
        self.calls.append(call)
        call.writer, call.gone = writer, asyncio.ensure_future(reader.read(1))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await (self.script.popleft() if self.script else self.answer)(call)
        finally:
            self.running -= 1
            call.gone.cancel()
            await asyncio.gather(call.gone, return_exceptions=True)

    async def _body(self, reader, headers):
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return await reader.readexactly(int(headers.get("content-length", 0)))
        parts = []
        while size := int((await reader.readline()).split(b";")[0], 16):
            parts.append(await reader.readexactly(size))
            await reader.readline()
        await reader.readline()
        return b"".join(parts)


# Configurations


def deployment(id, place, name="chat", info=None, vendor="openai", **parameters):
    """One entry of `model_list` that leads to a place; `id` is what `x-litellm-model-id` tells."""
    base = f"http://{HOST}:{place.port}" + ("/v1" if vendor == "openai" else "")
    wanted = {"model": f"{vendor}/{id}", "api_base": base, "api_key": "none"} | parameters
    return {"model_name": name, "litellm_params": wanted, "model_info": {"id": id} | (info or {})}


def configuration(*models, router=None, **sections):
    """A whole file."""
    file = {"model_list": list(models), "general_settings": {"master_key": MASTER_KEY}}
    if router:
        file["router_settings"] = router
    for name, section in sections.items():
        file[name] = file.get(name, {}) | section if isinstance(section, dict) else section
    return yaml.safe_dump(file, sort_keys=False)


# Clients


def visitor(timeout=20):
    """A client with a connection of its own, so that every request may come to another loop. Without TLS, whose trust
    roots take longer to read than the request."""
    return httpx.Client(verify=False, timeout=timeout)


def ask(gateway, model="chat", headers=None, **fields):
    body = {"model": model, "messages": [{"role": "user", "content": "hola"}]} | fields
    with visitor() as client:
        return client.post(gateway.base + "/chat/completions", json=body, headers=gateway.headers | (headers or {}))


def ask_and_leave(gateway, after=0.2, **fields):
    """A client who does not wait for the answer."""
    with pytest.raises(httpx.ReadTimeout), visitor(after) as client:
        body = {"model": "chat", "messages": []} | fields
        client.post(gateway.base + "/chat/completions", json=body, headers=gateway.headers)


def server(reply):
    """The id of the deployment that answered."""
    return reply.headers.get("x-litellm-model-id")


def explain(gateway, model="chat", **fields):
    """{id: what `/route/explain` says of the deployment}."""
    body = {"model": model, "messages": [{"role": "user", "content": "hola"}]} | fields
    with visitor() as client:
        reply = client.post(gateway.root + "/route/explain", json=body, headers=gateway.headers)
    assert reply.status_code == 200, reply.text
    return {place["model_id"]: place for place in reply.json()["deployments"]}


@dataclass
class Heard:
    """A stream as its client heard it."""

    status: int
    headers: httpx.Headers
    events: list
    broke: bool

    @property
    def done(self):
        return bool(self.events) and self.events[-1] == "[DONE]"

    @property
    def chunks(self):
        return [json.loads(event) for event in self.events if event != "[DONE]"]

    @property
    def text(self):
        choices = [choice for chunk in self.chunks for choice in chunk.get("choices", [])]
        return "".join(choice["delta"].get("content") or "" for choice in choices).strip()

    @property
    def roles(self):
        choices = [choice for chunk in self.chunks for choice in chunk.get("choices", [])]
        return sum("role" in choice["delta"] for choice in choices)

    @property
    def errors(self):
        return [chunk["error"] for chunk in self.chunks if "error" in chunk]


def listen(gateway, model="chat", headers=None, **fields):
    """Asks for a stream and hears it to its end."""
    body = {"model": model, "stream": True, "messages": [{"role": "user", "content": "hola"}]} | fields
    text, broke = "", False
    wanted = gateway.headers | (headers or {})
    with visitor() as client, client.stream(
        "POST", gateway.base + "/chat/completions", json=body, headers=wanted
    ) as reply:
        try:
            for piece in reply.iter_text():
                text += piece
        except httpx.HTTPError:
            broke = True
    events = [line[6:] for line in text.split("\n") if line.startswith("data: ")]
    return Heard(reply.status_code, reply.headers, events if reply.status_code == 200 else [text], broke)


@dataclass
class Served:
    """One request of a crowd: when it was sent and answered on the monotonic clock, and how. Status 0: no answer."""

    sent: float
    answered: float
    status: int
    head: str = ""

    @property
    def seconds(self):
        return self.answered - self.sent


class Crowd:
    """Clients that ask again and again on connections of their own, spread over gateways, each `pause` seconds after
    its answer."""

    def __init__(self, gateways, clients, pause=0.0, model="chat", key=None, on=None, patience=15, headers=""):
        self.served = []
        self._stopping = False
        body = json.dumps({"model": model, "messages": [{"role": "user", "content": "hola"}], "max_tokens": 4}).encode()

        def request(gateway):
            head = (
                f"POST /v1/chat/completions HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {key or gateway.key}\r\n"
                f"content-type: application/json\r\ncontent-length: {len(body)}\r\n{headers}\r\n"
            )
            return gateway.port, head.encode() + body

        targets = [request(gateways[number % len(gateways)]) for number in range(clients)]
        self._patience, self._pause = patience, pause
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all(targets)), daemon=True)
        self._thread.start()

    async def _all(self, targets):
        await asyncio.gather(*(self._client(*target) for target in targets))

    async def _client(self, port, request):
        reader = writer = None
        while not self._stopping:
            served = Served(time.monotonic(), 0, 0)
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection(HOST, port)
                writer.write(request)
                async with asyncio.timeout(self._patience):
                    head = await reader.readuntil(b"\r\n\r\n")
                    fields = head.decode("latin-1").lower()
                    length = int(fields.split("content-length:")[1].split("\r\n")[0])
                    await reader.readexactly(length)
                served.status, served.head = int(head.split(b" ", 2)[1]), fields
                if "connection: close" in fields:
                    raise ConnectionResetError
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                if writer is not None:
                    writer.close()
                writer = None
                await asyncio.sleep(0.05)
            served.answered = time.monotonic()
            self.served.append(served)
            await asyncio.sleep(self._pause)
        if writer is not None:
            writer.close()

    def for_seconds(self, seconds):
        time.sleep(seconds)
        return self.stop()

    def until_served(self, count, seconds=30):
        deadline = time.monotonic() + seconds
        while len(self.served) < count and time.monotonic() < deadline:
            time.sleep(0.005)
        return self.stop()

    def stop(self):
        self._stopping = True
        self._thread.join(self._patience + 5)
        return self.served

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def most_in_a_window(times, seconds=60.0):
    """The largest number of `times` within any window of that length."""
    times, first, most = sorted(times), 0, 0
    for last, moment in enumerate(times):
        while moment - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def quantile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


# Redis


class Redis:
    """A Redis server of the test's own, which keeps nothing when it dies."""

    def __init__(self, directory, *arguments):
        if not shutil.which("redis-server"):
            pytest.fail("redis-server is missing: install the package redis-server", pytrace=False)
        (self.port,) = free_ports()
        self._directory, self._arguments = directory, arguments
        self.start()

    def start(self):
        command = ["redis-server", "--port", self.port, "--bind", HOST, "--save", "", "--appendonly", "no"]
        command += ["--dir", self._directory, *self._arguments]
        self._child = Child(command, self._directory / "log")
        until(lambda: self.command("PING").startswith("+PONG"), 5, "Redis answers")

    def command(self, *words):
        """What it answers, as it comes over the wire; nothing when it does not."""
        line = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as connection:
                connection.sendall(line.encode())
                return connection.recv(65536).decode()
        except OSError:
            return ""

    def kill(self):
        self._child.signal(signal.SIGKILL)
        self._child.wait(5)

    def hang(self):
        self._child.signal(signal.SIGSTOP)

    def go_on(self):
        self._child.signal(signal.SIGCONT)

    def stop(self):
        if self._child.process.poll() is None:
            self.go_on()
            self.kill()
        self._child.stop()
