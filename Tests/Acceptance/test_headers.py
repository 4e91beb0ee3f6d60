"""The headers that dashboards and wrappers read, and what must never be passed on."""

import re

import httpx
import pytest

from configuration import INPUT_PRICE, OUTPUT_PRICE, config, model

pytestmark = pytest.mark.gateway

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def test_an_answer_says_which_call_model_and_version_it_was(gateway, names):
    reply = gateway.chat(names.chat)
    assert UUID.fullmatch(reply.headers["x-litellm-call-id"])
    assert reply.headers["x-litellm-model-group"] == names.chat
    assert reply.headers["x-litellm-model-id"]
    assert re.match(r"\d+\.\d+", reply.headers["x-litellm-version"])
    assert reply.headers["content-type"].startswith("application/json")


def test_call_ids_differ_and_model_ids_stay(gateway, names):
    first, second, other = gateway.chat(names.chat), gateway.chat(names.chat), gateway.chat("default")
    assert first.headers["x-litellm-call-id"] != second.headers["x-litellm-call-id"]
    assert first.headers["x-litellm-model-id"] == second.headers["x-litellm-model-id"]
    assert first.headers["x-litellm-model-id"] != other.headers["x-litellm-model-id"]


def test_a_clients_own_call_id_is_kept(gateway, names):
    body = {"model": names.chat, "messages": [{"role": "user", "content": "hola"}], "max_tokens": 1}
    reply = gateway.post("/v1/chat/completions", body, headers={"x-litellm-call-id": "trace-42"})
    assert reply.headers["x-litellm-call-id"] == "trace-42"


def test_a_call_id_that_would_break_a_header_is_not_kept(gateway, names):
    body = {"model": names.chat, "messages": [{"role": "user", "content": "hola"}], "max_tokens": 1}
    reply = gateway.post("/v1/chat/completions", body, headers={"x-litellm-call-id": "x" * 300})
    assert reply.headers["x-litellm-call-id"] != "x" * 300


def test_the_cost_is_usage_times_price(gateway, names):
    reply = gateway.chat(names.chat, cache_prompt=False)
    usage = reply.json()["usage"]
    expected = usage["prompt_tokens"] * INPUT_PRICE + usage["completion_tokens"] * OUTPUT_PRICE
    assert float(reply.headers["x-litellm-response-cost"]) == pytest.approx(expected, rel=1e-9)


def test_a_stream_has_the_headers_before_its_first_event(gateway, names):
    reply = gateway.chat(names.chat, stream=True)
    assert UUID.fullmatch(reply.headers["x-litellm-call-id"])
    assert reply.headers["x-litellm-model-group"] == names.chat
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert "content-length" not in reply.headers


def test_an_error_has_a_call_id_too(gateway):
    reply = gateway.chat("nowhere/nothing")
    assert reply.status_code == 400
    assert reply.headers["x-litellm-call-id"]


def test_the_clients_secrets_do_not_go_upstream(serve, scripted):
    with serve(
        config(model("m", f"http://127.0.0.1:{scripted.port}/v1", "real-name", key="sk-upstreams-own"))
    ) as running:
        body = {"model": "m", "messages": [{"role": "user", "content": "hola"}]}
        secrets = {
            "Cookie": "session=1",
            "X-Forwarded-For": "10.1.2.3",
            "Proxy-Authorization": "Basic eDp5",
            "TE": "trailers",
        }
        assert running.post("/v1/chat/completions", body, headers=secrets).status_code == 200
    line, headers, sent = scripted.requests[0]
    assert line == "POST /v1/chat/completions HTTP/1.1"
    assert headers["authorization"] == "Bearer sk-upstreams-own"
    assert headers["host"] == f"127.0.0.1:{scripted.port}"
    assert not {"cookie", "x-forwarded-for", "proxy-authorization", "te", "x-litellm-api-key"} & set(headers)
    assert sent == body | {"model": "real-name"}


def test_numbers_and_texts_reach_the_upstream_byte_for_byte(serve, scripted):
    """What the gateway does not have to change it does not touch: no float is rounded, no escape rewritten, nothing
    reordered."""
    messages = rb'"messages":[ {"role":"user","content":"\u00e9\/ \ud83d\ude42"}]'
    body = b'{ "z":1.10e2,"model" : "m" ,' + messages + b', "n":12345678901234567890 }'
    with serve(config(model("m", f"http://127.0.0.1:{scripted.port}/v1", "m"))) as running:
        headers = running.headers | {"Content-Type": "application/json"}
        assert httpx.post(running.base + "/chat/completions", content=body, headers=headers).status_code == 200
    assert scripted.bodies[0] == body
