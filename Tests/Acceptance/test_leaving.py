"""Clients that stop waiting: the model must stop working for them."""

import os
import socket
import struct
import time

import openai
import pytest

from configuration import config, model
from processes import until

LONG = {"max_tokens": 8_000, "extra_body": {"ignore_eos": True}}
HOLA = [{"role": "user", "content": "hola"}]


def test_a_stream_closed_halfway_frees_the_models_slot(client, names, chat_llama):
    made_before = chat_llama.tokens_made
    stream = client.chat.completions.create(model=names.chat, messages=HOLA, stream=True, **LONG)
    for _, chunk in zip(range(3), stream):
        assert chunk.choices
    assert chat_llama.busy_slots == 1
    stream.close()
    until(lambda: chat_llama.busy_slots == 0, 2, "the slot is idle again")
    assert chat_llama.tokens_made - made_before < LONG["max_tokens"]


@pytest.mark.gateway
def test_a_client_that_times_out_ends_the_upstreams_work(serve, scripted):
    scripted.delay = 30
    with serve(config(model("late", f"http://127.0.0.1:{scripted.port}/v1", "late"))) as running:
        impatient = openai.OpenAI(base_url=running.base, api_key=running.key, max_retries=0, timeout=0.3)
        with pytest.raises(openai.APITimeoutError):
            impatient.chat.completions.create(model="late", messages=HOLA)
        assert len(scripted.requests) == 1
        until(lambda: scripted.open_requests == 0, 1, "the upstream's connection is closed")


def test_the_connection_serves_others_after_one_was_cancelled(client, names):
    stream = client.chat.completions.create(model=names.chat, messages=HOLA, stream=True, **LONG)
    next(iter(stream))
    stream.close()
    assert client.chat.completions.create(model=names.chat, messages=HOLA, max_tokens=2).usage.total_tokens


@pytest.mark.gateway
@pytest.mark.parametrize("kill", ["reset", "close"])
def test_two_hundred_clients_killed_in_their_streams_leave_nothing_upstream(serve, scripted, kill):
    scripted.interval, scripted.events = 0.2, 1000
    with serve(config(model("slow", f"http://127.0.0.1:{scripted.port}/v1", "slow"))) as running:
        clients = [_open_stream(running) for _ in range(200)]
        until(lambda: scripted.open_requests == 200, 20, "all streams have begun")
        for client in clients:
            if (
                kill == "reset"
            ):  # a lingering time of zero makes the kernel send RST, as for a killed process with unread data
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
        until(lambda: scripted.open_requests == 0, 1, "no stream is left upstream")
        assert running.chat("slow").status_code == 200
        until(lambda: _established(running.child.pid, scripted.port) <= 4, 2, "no socket is left behind")


@pytest.mark.gateway
def test_a_client_that_reads_nothing_does_not_hold_the_others_up(serve, scripted):
    scripted.interval, scripted.events = 0, 200_000
    with serve(config(model("fast", f"http://127.0.0.1:{scripted.port}/v1", "fast"))) as running:
        lazy = [_open_stream(running, "fast") for _ in range(4)]
        until(lambda: scripted.open_requests == 4, 10, "all streams have begun")
        time.sleep(1)
        before = _resident(running.child.pid)
        for _ in range(20):
            assert running.chat("fast").status_code == 200
        time.sleep(1)
        assert _resident(running.child.pid) - before < 8 << 20, "what nobody reads must not pile up"
        for client in lazy:
            client.close()


@pytest.mark.gateway
def test_a_client_that_closes_its_sending_side_still_gets_its_answer(serve, scripted):
    scripted.interval, scripted.events = 0.05, 5
    with serve(config(model("slow", f"http://127.0.0.1:{scripted.port}/v1", "slow"))) as running:
        client = _open_stream(running)
        client.shutdown(socket.SHUT_WR)
        received = b""
        client.settimeout(5)
        while piece := client.recv(65536):
            received += piece
        assert b"[DONE]" in received


@pytest.mark.gateway
def test_a_stream_is_passed_on_as_it_comes(serve, scripted):
    """Each event is seen by the client long before the stream is over."""
    scripted.interval, scripted.events = 0.2, 6
    with serve(config(model("slow", f"http://127.0.0.1:{scripted.port}/v1", "slow"))) as running:
        client = openai.OpenAI(base_url=running.base, api_key=running.key, max_retries=0)
        arrivals = []
        for _ in client.chat.completions.create(model="slow", messages=HOLA, stream=True):
            arrivals.append(time.monotonic())
        gaps = [later - earlier for earlier, later in zip(arrivals, arrivals[1:])]
        assert len(gaps) == 5
        assert all(0.1 < gap < 0.4 for gap in gaps), gaps


def _open_stream(running, name="slow"):
    body = b'{"model": "%s", "stream": true, "messages": [{"role": "user", "content": "hola"}]}' % name.encode()
    client = socket.create_connection(("127.0.0.1", running.port))
    client.sendall(
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (running.key.encode(), len(body), body)
    )
    return client


def _established(pid, port):
    """How many of the process's connections to that port are open, as the kernel sees it."""
    own = _sockets(pid)
    count = 0
    with open(f"/proc/{pid}/net/tcp") as table:
        for line in list(table)[1:]:
            fields = line.split()
            remote_port = int(fields[2].split(":")[1], 16)
            count += remote_port == port and fields[9] in own
    return count


def _sockets(pid):
    found = set()
    for number in os.listdir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(f"/proc/{pid}/fd/{number}")
        except OSError:
            continue
        if target.startswith("socket:["):
            found.add(target[8:-1])
    return found


def _resident(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * 4096
