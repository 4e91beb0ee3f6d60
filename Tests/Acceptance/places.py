"""Upstreams that do what a test tells them and count what reaches them, and configurations in front of them. What an
upstream does for a request is an answer: a coroutine made by one of the functions below."""

import asyncio
import json
import threading
import time
from collections import deque
from dataclasses import dataclass

import yaml
from configuration import MASTER_KEY
from processes import HOST

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


def slow_stream(words, pause, first=0.0):
    """A stream of so many words with a pause after each; the first one after `first` seconds."""

    async def answer(call):
        await call.begin_stream()
        await call.event(delta={"role": "assistant", "content": ""})
        await call.wait(first)
        for number in range(words):
            await call.event(delta={"content": f"word{number} "})
            await call.wait(pause)
        await call.event(delta={}, finish="stop")
        call.place.served += 1
        await call.end_stream()

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
        if not call.path.partition("?")[0].endswith(("/chat/completions", "/completions", "/embeddings")):
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
