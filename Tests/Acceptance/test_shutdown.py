"""Ending: what has begun is finished, nothing new begins."""

import json
import signal
import socket
import time

import httpx
import pytest

from configuration import config, model
from processes import until

pytestmark = pytest.mark.gateway


@pytest.fixture
def yaml(scripted):
    return config(model("slow", f"http://127.0.0.1:{scripted.port}/v1", "slow"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_running_stream_is_finished_before_the_end(serve, scripted, yaml, number):
    scripted.interval, scripted.events = 0.1, 15
    with serve(yaml) as running:
        body = {"model": "slow", "stream": True, "messages": []}
        with httpx.stream("POST", running.base + "/chat/completions", json=body, headers=running.headers) as reply:
            lines = reply.iter_lines()
            assert next(lines).startswith("data: ")
            running.child.signal(number)
            until(lambda: not _accepts(running.port), 1, "no new connection is taken")
            rest = list(lines)
        assert rest[-2:] == ["data: [DONE]", ""]
        assert len([line for line in rest if line.startswith("data: ")]) == 15
        assert running.child.wait(2) == 0


def test_without_work_it_ends_at_once(serve, yaml):
    with serve(yaml) as running:
        idle = socket.create_connection(("127.0.0.1", running.port))
        started = time.monotonic()
        running.child.signal(signal.SIGTERM)
        assert running.child.wait(2) == 0
        assert time.monotonic() - started < 1
        idle.close()


def test_a_stream_beyond_the_grace_period_ends_with_an_error_event(serve, scripted, yaml):
    scripted.interval, scripted.events = 0.1, 1000
    with serve(yaml, arguments=["--grace-period", "1"]) as running:
        body = {"model": "slow", "stream": True, "messages": []}
        received = []
        with httpx.stream("POST", running.base + "/chat/completions", json=body, headers=running.headers) as reply:
            try:
                for line in reply.iter_lines():
                    if not received:
                        running.child.signal(signal.SIGTERM)
                    received.append(line)
            except httpx.RemoteProtocolError:
                pass  # closed without the last chunk: so a client knows that something is missing
        assert "data: [DONE]" not in received
        assert any('"error"' in line for line in received)
        assert running.child.wait(3) == 0


def test_the_access_log_holds_every_request_and_nothing_private(serve, yaml, tmp_path):
    log = tmp_path / "access"
    with serve(yaml, arguments=["--access-log", log]) as running:
        said = [{"role": "user", "content": "geheimnisvoll"}]
        calls = [running.chat("slow", messages=said).headers["x-litellm-call-id"] for _ in range(50)]
        running.child.signal(signal.SIGTERM)
        assert running.child.wait(5) == 0
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert set(calls) <= {entry["id"] for entry in entries}
    text = log.read_text()
    assert running.key not in text
    assert "geheimnisvoll" not in text
    assert "scripted" not in text  # what the model answered


def _accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False
