"""An upstream of the test's own, for what a well-behaved server never does: it answers as late, as long and as slowly
as it is told to, and knows what it was sent and how many requests are open."""

import asyncio
import json
import threading

from processes import HOST


class ScriptedUpstream:
    """Serves `/v1/chat/completions` on its own thread. The next plain answer waits `delay`, the next stream sends
    `events` events, one each `interval`; both in seconds."""

    def __init__(self):
        self.delay = 0
        self.interval = 0.05
        self.events = 10
        self.open_requests = 0
        self.open_connections = 0
        self.requests = []  # (request line, headers with lower-case names, decoded body)
        self.bodies = []  # as they came
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait()

    def _run(self):
        asyncio.set_event_loop(self._loop)

        async def start():
            self._server = await asyncio.start_server(self._connection, HOST, 0, backlog=2048)
            self.port = self._server.sockets[0].getsockname()[1]
            self._ready.set()

        self._loop.run_until_complete(start())
        self._loop.run_forever()

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _connection(self, reader, writer):
        self.open_connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                headers = {}
                for line in head.decode("latin-1").split("\r\n")[1:-2]:
                    name, _, value = line.partition(":")
                    headers[name.lower()] = value.strip()
                body = await self._body(reader, headers)
                request = json.loads(body) if body else {}
                self.bodies.append(body)
                self.requests.append((head.split(b"\r\n", 1)[0].decode(), headers, request))
                self.open_requests += 1
                # Until it is answered nothing more is asked: bytes or an end of file mean that the other side is gone.
                gone = asyncio.ensure_future(reader.read(1))
                try:
                    answer = self._stream if request.get("stream") else self._reply
                    await answer(writer, request, gone)
                finally:
                    self.open_requests -= 1
                    gone.cancel()
                    await asyncio.gather(gone, return_exceptions=True)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open_connections -= 1
            writer.close()

    async def _body(self, reader, headers):
        if headers.get("transfer-encoding", "").lower() == "chunked":
            parts = []
            while size := int((await reader.readline()).split(b";")[0], 16):
                parts.append(await reader.readexactly(size))
                await reader.readline()
            await reader.readline()
            return b"".join(parts)
        return await reader.readexactly(int(headers.get("content-length", 0)))

    async def _reply(self, writer, request, gone):
        await self._wait(self.delay, gone)
        body = json.dumps(
            {
                "id": "chatcmpl-scripted",
                "object": "chat.completion",
                "created": 1,
                "model": request.get("model"),
                "choices": [
                    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "scripted"}}
                ],
                "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4},
            }
        ).encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        await writer.drain()

    async def _stream(self, writer, request, gone):
        interval, events = self.interval, self.events
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        for number in range(events):
            last = number == events - 1
            choice = {"index": 0, "delta": {} if last else {"content": f"{number} "}}
            choice["finish_reason"] = "stop" if last else None
            self._event(writer, request, choices=[choice])
            await writer.drain()
            await self._wait(interval, gone)
        if (request.get("stream_options") or {}).get("include_usage"):
            usage = {"prompt_tokens": 3, "completion_tokens": events, "total_tokens": events + 3}
            self._event(writer, request, choices=[], usage=usage)
        self._chunk(writer, b"data: [DONE]\n\n")
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    async def _wait(self, seconds, gone):
        done, _ = await asyncio.wait({gone}, timeout=seconds)
        if done:
            raise ConnectionResetError

    def _event(self, writer, request, **fields):
        event = {"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": 1}
        event |= {"model": request.get("model"), **fields}
        self._chunk(writer, b"data: " + json.dumps(event).encode() + b"\n\n")

    def _chunk(self, writer, data):
        writer.write(b"%x\r\n%s\r\n" % (len(data), data))
