"""What one request may ask of the gateway, in its body and in header fields."""

import time

import pytest

from configuration import MASTER_KEY
from places import Place, configuration, deployment, ok, refusal
from visitors import ask, attempted, listen, server

pytestmark = pytest.mark.gateway


@pytest.fixture(scope="module")
def wishes(serve):
    """A primary, two spares, and a configured fallback from the one to the first."""
    places = {name: Place(ok(name)) for name in ("chat", "one", "two", "lone", "slow")}
    yaml = configuration(
        *(deployment(name, place, name) for name, place in places.items()),
        router={"num_retries": 0, "fallbacks": [{"chat": ["one"]}], "disable_cooldowns": True, "retry_after": 0,
                "retry_budget": {"percent": 100, "per_minute": 10_000}},
    )  # fmt: skip
    with serve(yaml) as running:
        yield running, places


@pytest.fixture
def wished(wishes):
    gateway, places = wishes
    for name, place in places.items():
        place.answer = ok(name, delay=0.6 if name == "slow" else 0)
        place.script.clear()
        place.forget()
    return gateway, places


OWN_MEMBERS = {
    "num_retries": 1,
    "fallbacks": ["two"],
    "context_window_fallbacks": ["two"],
    "content_policy_fallbacks": ["two"],
    "disable_fallbacks": True,
    "mock_testing_fallbacks": False,
    "mock_testing_context_fallbacks": False,
    "mock_testing_content_policy_fallbacks": False,
    "mock_testing_rate_limit_error": False,
    "timeout": 20,
    "stream_timeout": 20,
    "tags": ["a"],
    "priority": 3,
    "session_id": "s",
    "litellm_session_id": "s",
}


def test_what_is_asked_of_the_gateway_never_reaches_the_upstream(wished):
    gateway, places = wished
    reply = ask(gateway, temperature=0.5, seed=7, **OWN_MEMBERS)
    assert reply.status_code == 200, reply.text
    sent = places["chat"].last
    assert set(sent) == {"model", "messages", "temperature", "seed"}, sent
    assert (sent["temperature"], sent["seed"]) == (0.5, 7)


@pytest.mark.parametrize("member", OWN_MEMBERS)
def test_each_of_them_alone_is_taken_out_of_the_body(wished, member):
    gateway, places = wished
    listen(gateway, **{member: OWN_MEMBERS[member]})
    assert member not in places["chat"].last and b'"' + member.encode() + b'"' not in places["chat"].calls[-1].raw


def test_the_headers_of_the_gateway_never_reach_the_upstream(wished):
    gateway, places = wished
    headers = {"x-litellm-timeout": "20", "x-litellm-num-retries": "1", "x-litellm-tags": "a",
               "x-litellm-stream-timeout": "20", "x-weir-explain": "1"}  # fmt: skip
    assert ask(gateway, headers=headers).status_code == 200
    sent = places["chat"].calls[-1].headers
    assert not [name for name in sent if name.startswith(("x-litellm", "x-weir"))] and MASTER_KEY not in str(sent)


@pytest.mark.parametrize(
    ("headers", "fields"), [({}, {"num_retries": 1}), ({"x-litellm-num-retries": "1"}, {})], ids=["body", "header"]
)
def test_a_request_may_ask_for_retries(wished, headers, fields):
    gateway, places = wished
    places["lone"].answer = refusal(500)
    assert ask(gateway, "lone", headers=headers, **fields).status_code == 500
    assert places["lone"].count == 2


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wanted", [["two"], [{"model": "two"}]])
def test_a_request_may_name_its_fallbacks(wished, wanted, streams):
    gateway, places = wished
    places["chat"].answer = refusal(500)
    reply = listen(gateway, fallbacks=wanted) if streams else ask(gateway, fallbacks=wanted)
    assert server(reply) == "two" and places["one"].count == 0, "in place of the configured ones"
    assert attempted(reply) == (0, 1)


def test_a_request_may_want_no_fallbacks(wished):
    gateway, places = wished
    places["chat"].answer = refusal(500)
    assert ask(gateway, disable_fallbacks=True).status_code == 500
    assert places["one"].count == 0 and ask(gateway).status_code == 200


@pytest.mark.parametrize(
    ("headers", "fields"), [({}, {"timeout": 0.2}), ({"x-litellm-timeout": "0.2"}, {})], ids=["body", "header"]
)
def test_a_request_may_shorten_its_timeout(wished, headers, fields):
    gateway, places = wished
    began = time.monotonic()
    reply = ask(gateway, "slow", headers=headers, **fields)
    assert reply.status_code == 408 and 0.15 < time.monotonic() - began < 0.55
    assert "litellm.Timeout" in reply.json()["error"]["message"]


@pytest.mark.parametrize(
    ("headers", "fields"),
    [({}, {"stream_timeout": 0.2}), ({"x-litellm-stream-timeout": "0.2"}, {}), ({}, {"timeout": 0.2})],
    ids=["body", "header", "timeout stands in"],
)
def test_a_request_may_shorten_the_timeout_of_its_stream(wished, headers, fields):
    gateway, _ = wished
    heard = listen(gateway, "slow", headers=headers, **fields)
    assert heard.status == 408 and "litellm.Timeout" in heard.events[0]


def test_the_timeout_of_streams_is_not_for_whole_replies(wished):
    gateway, _ = wished
    assert ask(gateway, "slow", stream_timeout=0.2).status_code == 200


def test_fallbacks_can_be_tried_out(wished):
    gateway, places = wished
    reply = ask(gateway, mock_testing_fallbacks=True)
    assert server(reply) == "one" and places["chat"].count == 0 and attempted(reply) == (0, 1)
    assert "mock_testing_fallbacks" not in places["one"].last
    reply = ask(gateway, mock_testing_fallbacks=True, fallbacks=["two"])
    assert server(reply) == "two"


def test_a_pretended_failure_without_a_fallback_is_an_error_that_says_so(wished):
    gateway, places = wished
    reply = ask(gateway, "lone", mock_testing_fallbacks=True)
    assert reply.status_code == 500 and "mock exception" in reply.json()["error"]["message"]
    assert ask(gateway, "lone", mock_testing_rate_limit_error=True).status_code == 429
    assert places["lone"].count == 0


@pytest.mark.parametrize(
    ("headers", "fields", "named"),
    [
        ({}, {"timeout": -1}, "timeout"),
        ({}, {"timeout": 0}, "timeout"),
        ({}, {"timeout": "soon"}, "timeout"),
        ({}, {"timeout": 1e9}, "timeout"),
        ({}, {"stream_timeout": -0.5}, "stream_timeout"),
        ({}, {"num_retries": -1}, "num_retries"),
        ({}, {"num_retries": 1.5}, "num_retries"),
        ({}, {"num_retries": 1_000_000}, "num_retries"),
        ({}, {"fallbacks": "two"}, "fallbacks"),
        ({}, {"fallbacks": [7]}, "fallbacks"),
        ({}, {"fallbacks": ["no-such-model"]}, "no-such-model"),
        ({}, {"fallbacks": [{"model": "no-such-model"}]}, "no-such-model"),
        ({}, {"context_window_fallbacks": ["no-such-model"]}, "no-such-model"),
        ({}, {"content_policy_fallbacks": ["no-such-model"]}, "no-such-model"),
        ({}, {"fallbacks": ["two"] * 100}, "fallbacks"),
        ({}, {"priority": -1}, "priority"),
        ({"x-litellm-timeout": "-1"}, {}, "x-litellm-timeout"),
        ({"x-litellm-timeout": "soon"}, {}, "x-litellm-timeout"),
        ({"x-litellm-stream-timeout": "0"}, {}, "x-litellm-stream-timeout"),
        ({"x-litellm-num-retries": "-1"}, {}, "x-litellm-num-retries"),
        ({}, {"disable_fallbacks": "perhaps"}, "disable_fallbacks"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_and_named(wished, headers, fields, named):
    gateway, places = wished
    reply = ask(gateway, headers=headers, **fields)
    assert reply.status_code == 400, reply.text
    assert named in reply.json()["error"]["message"]
    assert sum(place.count for place in places.values()) == 0


def test_a_null_is_no_wish(wished):
    gateway, _ = wished
    assert ask(gateway, **dict.fromkeys(OWN_MEMBERS)).status_code == 200
