"""Clients of a gateway: one that asks, one that listens to a stream, one that leaves, and crowds of them."""

import asyncio
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest
from processes import HOST


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


def ask_quickly(gateway, **fields):
    """The status of a request on a connection of its own, read to its last byte and no further: with plain sockets, so
    that the next one can follow within microseconds."""
    body = json.dumps({"model": "chat", "messages": []} | fields).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {gateway.key}\r\n"
    head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    with socket.create_connection((HOST, gateway.port), timeout=10) as connection:
        connection.sendall(head.encode() + body)
        heard = b""
        while True:
            heard += connection.recv(65536)
            fields, _, rest = heard.partition(b"\r\n\r\n")
            length = fields.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            if len(rest) >= int(length) if length else rest.endswith(b"0\r\n\r\n"):
                return int(heard.split(b" ")[1])


def together(*calls):
    """The results of functions that run at the same time."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def attempted(reply):
    """(retries, fallbacks) as the reply tells them."""
    return int(reply.headers["x-litellm-attempted-retries"]), int(reply.headers["x-litellm-attempted-fallbacks"])


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
    its answer. They begin one after the other within the first pause, so that they do not come in waves."""

    def __init__(self, gateways, clients, pause=0.0, model="chat", key=None, patience=15):
        self.served = []
        self._stopping = False
        body = json.dumps({"model": model, "messages": [{"role": "user", "content": "hola"}], "max_tokens": 4}).encode()

        def request(gateway):
            head = (
                f"POST /v1/chat/completions HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {key or gateway.key}\r\n"
                f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            )
            return gateway.port, head.encode() + body

        targets = [request(gateways[number % len(gateways)]) for number in range(clients)]
        self._patience, self._pause = patience, pause
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all(targets)), daemon=True)
        self._thread.start()

    async def _all(self, targets):
        delays = (self._pause * number / len(targets) for number in range(len(targets)))
        await asyncio.gather(*(self._client(*target, delay) for target, delay in zip(targets, delays, strict=True)))

    async def _client(self, port, request, delay):
        reader = writer = None
        await asyncio.sleep(delay)
        while not self._stopping:
            served = Served(time.monotonic(), 0, 0)
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection(HOST, port)
                writer.write(request)
                async with asyncio.timeout(self._patience):
                    head = await reader.readuntil(b"\r\n\r\n")
                    fields = head.decode("latin-1").lower()
                    await reader.readexactly(int(fields.split("content-length:")[1].split("\r\n")[0]))
                served.status, served.head = int(head.split(b" ", 2)[1]), fields
                if "connection: close" in fields:
                    writer.close()
                    writer = None
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
