"""What a client sees of an upstream that misbehaves, for every scenario of `weir mock`: an honest error in OpenAI's form
with LiteLLM's status and words, never a silent cut, and nothing left behind upstream.

`WEIR_MOCK` names another program that has the command `mock`."""

import json
import os
import socket
import struct
import threading
import time

import httpx
import pytest

from configuration import MASTER_KEY, UPSTREAM_KEY, config, model
from processes import Child, free_ports, get, until

pytestmark = pytest.mark.gateway

NO_RETRIES = "router_settings:\n  num_retries: 0\n"

# What the client must see, for a whole reply and for a stream:
#   whole       the upstream's answer, complete
#   connection  status 500 and LiteLLM's words for a lost connection
#   broken      a stream that begins and ends with an error event
#   error       the upstream's own error in the body, whatever the status
#   a number    the upstream's status, and its text
EXPECTED = {
    "ok": ("whole", "whole"),
    "slow:20ms": ("whole", "whole"),
    "refuse": ("connection", "connection"),
    "reset-before-head": ("connection", "connection"),
    "reset-in-head": ("connection", "connection"),
    "reset-after-head": ("connection", "connection"),
    "reset-mid-stream": ("connection", "broken"),
    "close-mid-stream": ("connection", "broken"),
    "stall-before-head:200ms": ("whole", "whole"),
    "stall-mid-stream:200ms": ("whole", "whole"),
    "one-byte-at-a-time": ("whole", "whole"),
    "garbage": ("connection", "connection"),
    "length-too-long": ("connection", None),
    "length-too-short": ("connection", None),
    "huge-header": ("connection", "connection"),
    "many-headers:80": ("whole", "whole"),
    "many-headers": ("connection", "connection"),  # 154 lines; a head may have 100
    "error-in-200": ("error", "error"),
    "error-in-stream": ("error", "error"),
    "error-first-in-stream": ("error", "error"),
    "401": (502, 502),
    "403": (403, 403),
    "404": (404, 404),
    "404-model": (404, 404),
    "408": (408, 408),
    "413": (413, 413),
    "422": (422, 422),
    "429": (429, 429),
    "429-date": (429, 429),
    "500": (500, 500),
    "502-html": (502, 502),
    "503": (503, 503),
    "529": (529, 529),
    "cut-mid-event": ("connection", "broken"),
    "no-done": ("whole", "whole"),
    "double-done": ("whole", "whole"),
    "no-usage": ("whole", "whole"),
    "usage-always": ("whole", "whole"),
    "crlf-events": ("whole", "whole"),
    "comments": ("whole", "whole"),
    "empty-choices-first": ("whole", "whole"),
    "chunked-json": ("whole", "whole"),
    "close-delimited-json": ("whole", "whole"),
    "gzip": ("whole", "whole"),
    "keepalive-close": ("whole", "whole"),
    "keepalive-stale": ("whole", "whole"),
    "100-continue-first": ("whole", "whole"),
    "echo-secret": (400, 400),
    "v1-only": ("whole", "whole"),
    "models-500": ("whole", "whole"),
}



UPSTREAM_WORDS = {"401": "own credentials", "404": "Not Found", "502-html": "502 Bad Gateway"}


class Mock:
    """A running `weir mock`."""

    def __init__(self, port):
        self.port = port
        self.root = f"http://127.0.0.1:{port}"
        self.base = self.root + "/v1"

    @property
    def journal(self):
        return httpx.get(self.root + "/__journal", timeout=5).json()

    def seen(self, scenario):
        nothing = {"requests": 0, "running": 0, "connections": 0, "aborted": 0, "head": "", "body": ""}
        return self.journal["scenarios"].get(scenario, nothing)

    def reset(self):
        httpx.post(self.root + "/__reset", timeout=5)


@pytest.fixture(scope="module")
def mock(weir_bin, tmp_path_factory):
    program = os.environ.get("WEIR_MOCK") or weir_bin
    (port,) = free_ports()
    with Child([program, "mock", "--port", port], tmp_path_factory.mktemp("mock") / "log") as child:
        child.until_answers(port, "/health", 10)
        yield Mock(port)


@pytest.fixture(scope="module")
def faulty(serve, mock):
    """A gateway with a model for each scenario, named `m-SCENARIO`."""
    models = [model(f"m-{name}", mock.base, name, key=UPSTREAM_KEY) for name in EXPECTED]
    models += [model(f"m-{name}", mock.base, name, key=UPSTREAM_KEY) for name in ("big-reply", "echo-headers")]
    models += [model(f"m-{name}", mock.base, name) for name in ("stall-before-head", "stall-mid-stream")]
    models += [
        model(f"t-{name}", mock.base, name, timeout=1, stream_timeout=1)
        for name in ("stall-before-head", "stall-mid-stream")
    ]
    models.append(model("root", mock.root, "root-only"))
    with serve(config(*models) + NO_RETRIES) as running:
        mock.reset()
        yield running


def test_every_scenario_is_expected_to_end_somehow(mock):
    elsewhere = {"big-reply", "echo-headers", "root-only"}
    known = httpx.get(mock.root + "/__scenarios", timeout=5).json()
    assert {name.split(":")[0] for name in EXPECTED} | elsewhere == set(known)


# One request


@pytest.mark.parametrize("name", EXPECTED)
def test_a_whole_reply(faulty, name):
    reply = faulty.chat("m-" + name)
    expected = EXPECTED[name][0]
    if expected == "whole":
        assert reply.status_code == 200, reply.text
        assert reply.json()["choices"][0]["message"]["content"].startswith("mock " + name.split(":")[0])
        # A body in gzip is passed on unread.
        assert reply.json()["model"] == (name if name == "gzip" else "m-" + name)
    else:
        check_error(expected, name, reply.status_code, reply.json())
    assert_nothing_of_ours(reply.text)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_stream(faulty, name):
    expected = EXPECTED[name][1]
    status, events, text = stream(faulty, "m-" + name)
    assert_nothing_of_ours(text)
    if status != 200:
        return check_error(expected, name, status, json.loads(text))
    data = [event for event in events if event != "[DONE]"]
    chunks = [json.loads(event) for event in data]
    errors = [chunk["error"] for chunk in chunks if "error" in chunk]
    words = "".join(
        choice["delta"].get("content") or "" for chunk in chunks for choice in chunk.get("choices", [])
    )
    match expected:
        case "whole":
            assert not errors
            assert events[-1] == "[DONE]" and events.count("[DONE]") == 1, events[-3:]
            assert words.startswith("mock " + name.split(":")[0])
        case "broken":
            assert words and f"mock {name}: POST".startswith(words[: len(name) + 11])
            assert len(errors) == 1 and "error" in chunks[-1] and "[DONE]" not in events, events[-3:]
            assert "litellm.InternalServerError" in errors[0]["message"]
            assert_shape(errors[0])
        case "error":
            assert len(errors or [json.loads(text)["error"]]) == 1
            assert "mock: the server had an error" in text
        case None:
            assert words.startswith("mock " + name), "the length is wrong, what came before its end is not"
        case _:
            pytest.fail(f"a stream with status 200: {text[:500]}")


def test_a_stream_that_lacks_its_last_line_is_finished_properly(faulty):
    """Its length is ten bytes too short: `data: [DONE]` is cut behind `data`."""
    status, events, text = stream(faulty, "m-length-too-short")
    assert status == 200 and events[-1] == "[DONE]", text[-200:]
    assert all(line == "" or line.startswith(("data: ", ":")) for line in text.split("\n")), text[-200:]


def check_error(expected, name, status, body):
    error = body["error"]
    assert_shape(error)
    if expected in ("connection", "broken"):
        assert status == 500, body
        assert "litellm.InternalServerError" in error["message"]
    elif expected == "error":
        assert "mock: the server had an error" in error["message"]
    else:
        assert status == expected, body
        assert UPSTREAM_WORDS.get(name, "mock: ") in error["message"]


def assert_shape(error):
    assert isinstance(error["message"], str) and error["message"]
    assert {"message", "type"} <= set(error), error


def assert_nothing_of_ours(text):
    assert UPSTREAM_KEY not in text
    assert MASTER_KEY not in text


def stream(gateway, name, **fields):
    """(status, the data of the events, the body). Fails when the body ends without its last chunk."""
    body = {"model": name, "stream": True, "messages": [{"role": "user", "content": "hola"}]} | fields
    with httpx.stream(
        "POST", gateway.base + "/chat/completions", json=body, headers=gateway.headers, timeout=20
    ) as reply:
        text = reply.read().decode()
    events = [line[6:] for line in text.replace("\r\n", "\n").split("\n") if line.startswith("data: ")]
    return reply.status_code, events, text


# What goes with errors


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize(("name", "seconds"), [("429", "7"), ("503", "3")])
def test_retry_after_is_passed_on(faulty, name, seconds, streams):
    reply = faulty.chat("m-" + name, stream=streams)
    assert reply.headers["retry-after"] == seconds


def test_a_retry_after_that_is_a_date_is_passed_on(faulty):
    assert faulty.chat("m-429-date").headers["retry-after"].endswith(" GMT")


def test_rate_limits_are_passed_on(faulty):
    assert "60" in [value for name, value in faulty.chat("m-429").headers.items() if "limit-requests" in name]


@pytest.mark.parametrize("streams", [False, True])
def test_a_key_that_the_upstream_repeats_is_masked(faulty, mock, streams):
    reply = faulty.chat("m-echo-secret", stream=streams)
    assert f"Bearer {UPSTREAM_KEY}" in mock.seen("echo-secret")["head"], "it has been sent"
    assert reply.status_code == 400
    assert UPSTREAM_KEY not in reply.text and "***" in reply.json()["error"]["message"]
    assert UPSTREAM_KEY not in faulty.child.output


def test_the_clients_key_never_reaches_the_upstream(faulty):
    sent = json.loads(faulty.chat("m-echo-headers").json()["choices"][0]["message"]["content"])
    assert MASTER_KEY not in json.dumps(sent)
    assert sent["authorization"] == f"Bearer {UPSTREAM_KEY}"


def test_a_key_repeated_in_a_good_answer_is_no_key_of_the_clients(faulty):
    """What a model says is passed on; only what the gateway says itself is judged."""
    assert MASTER_KEY not in faulty.chat("m-echo-headers").text


# Clients that leave


@pytest.mark.parametrize("goodbye", ["close", "reset"])
@pytest.mark.parametrize(
    ("name", "streams"), [("stall-before-head", False), ("stall-before-head", True), ("stall-mid-stream", True),
                          ("stall-mid-stream", False)],
)  # fmt: skip
def test_the_upstream_connection_is_gone_within_a_second(faulty, mock, name, streams, goodbye):
    mock.reset()
    client = open_call(faulty, "m-" + name, streams)
    until(lambda: mock.seen(name)["running"] == 1, 5, "the upstream has the request")
    if name == "stall-mid-stream" and streams:
        client.settimeout(5)
        assert client.recv(65536)
    leave(client, goodbye)
    until(lambda: mock.seen(name)["connections"] == 0, 1, "the upstream connection is gone")
    assert mock.seen(name)["aborted"] == 1 and mock.seen(name)["running"] == 0


@pytest.mark.parametrize("goodbye", ["close", "reset"])
def test_two_hundred_killed_streams_leave_nothing_upstream(faulty, mock, goodbye):
    mock.reset()
    name = "stall-mid-stream"
    clients = [open_call(faulty, "m-" + name, True) for _ in range(200)]
    until(lambda: mock.seen(name)["running"] == 200, 20, "all streams have begun")
    for client in clients:
        leave(client, goodbye)
    until(lambda: mock.seen(name)["connections"] == 0, 1, "no connection is left upstream")
    assert mock.seen(name)["aborted"] == 200
    assert faulty.chat("m-ok").status_code == 200


def open_call(gateway, name, streams):
    body = json.dumps({"model": name, "stream": streams, "messages": [{"role": "user", "content": "hola"}]}).encode()
    client = socket.create_connection(("127.0.0.1", gateway.port))
    client.sendall(
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (gateway.key.encode(), len(body), body)
    )
    return client


def leave(client, goodbye):
    if goodbye == "reset":
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


# Connections that are kept alive


@pytest.mark.parametrize("name", ["keepalive-close", "keepalive-stale"])
@pytest.mark.parametrize("streams", [False, True])
def test_fifty_requests_over_stale_connections_all_succeed(faulty, mock, name, streams):
    mock.reset()
    for number in range(50):
        if streams:
            status, events, text = stream(faulty, "m-" + name)
            assert status == 200 and events[-1] == "[DONE]", (number, text)
        else:
            reply = faulty.chat("m-" + name)
            assert reply.status_code == 200, (number, reply.text)
    assert mock.seen(name)["requests"] >= 50


def test_connections_are_reused(faulty, mock):
    faulty.chat("m-ok")
    mock.reset()
    with httpx.Client(headers=faulty.headers) as client:  # one connection is one loop is one pool
        for _ in range(20):
            body = {"model": "m-ok", "messages": [{"role": "user", "content": "hola"}]}
            assert client.post(faulty.base + "/chat/completions", json=body).status_code == 200
    # The journal's own connections are counted too: one for each look.
    assert mock.journal["accepted"] <= 3


def test_what_an_upstream_sends_beyond_its_reply_reaches_nobody(faulty):
    """Ten bytes too many: they must not become the beginning of another client's reply."""
    for _ in range(10):
        faulty.chat("m-length-too-short")
        reply = faulty.chat("m-ok")
        assert reply.status_code == 200 and reply.json()["choices"]


# Timeouts


def test_a_timeout_bites_before_the_head(faulty):
    began = time.monotonic()
    reply = faulty.chat("t-stall-before-head")
    assert 0.9 < time.monotonic() - began < 2
    assert reply.status_code == 408
    assert "litellm.Timeout" in reply.json()["error"]["message"]


def test_a_timeout_bites_in_the_middle_of_a_whole_reply(faulty):
    began = time.monotonic()
    reply = faulty.chat("t-stall-mid-stream")
    assert 0.9 < time.monotonic() - began < 2
    assert reply.status_code == 408
    assert "litellm.Timeout" in reply.json()["error"]["message"]


def test_a_stream_timeout_bites_before_the_head(faulty):
    began = time.monotonic()
    status, _, text = stream(faulty, "t-stall-before-head")
    assert 0.9 < time.monotonic() - began < 2
    assert status == 408
    assert "litellm.Timeout" in json.loads(text)["error"]["message"]


def test_a_stream_timeout_bites_in_the_middle_and_is_told(faulty):
    began = time.monotonic()
    status, events, _ = stream(faulty, "t-stall-mid-stream")
    assert 0.9 < time.monotonic() - began < 2
    assert status == 200 and len(events) > 1
    assert "litellm.Timeout" in json.loads(events[-1])["error"]["message"]


def test_a_timeout_leaves_nothing_upstream(faulty, mock):
    mock.reset()
    faulty.chat("t-stall-before-head")
    until(lambda: mock.seen("stall-before-head")["connections"] == 0, 1, "the upstream connection is gone")


# Addresses without a path


def test_a_server_without_v1_is_found_and_remembered(faulty, mock):
    mock.reset()
    for _ in range(5):
        reply = faulty.chat("root")
        assert reply.status_code == 200, reply.text
    assert mock.seen("root-only")["requests"] == 6, "only the first call asks twice"
    status, events, _ = stream(faulty, "root")
    assert status == 200 and events[-1] == "[DONE]"


def test_a_server_with_v1_is_asked_once(serve, mock):
    mock.reset()
    with serve(config(model("v1", mock.root, "v1-only"))) as running:
        for _ in range(5):
            assert running.chat("v1").status_code == 200
    assert mock.seen("v1-only")["requests"] == 5


# Much


def test_five_mebibytes_pass_whole(faulty):
    reply = faulty.chat("m-big-reply")
    assert reply.status_code == 200
    content = reply.json()["choices"][0]["message"]["content"]
    assert len(content) > 5 << 20 and set(content.split(" ")) == {"big-reply." * 6553}


def test_a_stream_of_five_mebibytes_passes_whole(faulty):
    status, events, _ = stream(faulty, "m-big-reply")
    assert status == 200 and events[-1] == "[DONE]"
    words = "".join(json.loads(event)["choices"][0]["delta"].get("content") or "" for event in events[:-1])
    assert len(words) > 5 << 20 and set(words.split(" ")) == {"big-reply." * 6553}


def test_all_kinds_of_failure_at_once_harm_nobody_else(faulty):
    """While every scenario runs, a good model answers, and the gateway stays."""
    names = [name for name, (plain, _) in EXPECTED.items() if plain != "whole"] * 3
    threads = [threading.Thread(target=faulty.chat, args=("m-" + name,)) for name in names]
    for thread in threads:
        thread.start()
    for _ in range(20):
        assert faulty.chat("m-ok").status_code == 200
    for thread in threads:
        thread.join(20)
    assert get(faulty.port, "/health/readiness")[0] == 200
