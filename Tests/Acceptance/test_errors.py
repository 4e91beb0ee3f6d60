"""Errors arrive as the classes that programs catch, with a message that helps."""

import httpx
import openai
import pytest

from configuration import config, model
from processes import free_ports

HOLA = [{"role": "user", "content": "hola"}]


@pytest.mark.gateway
@pytest.mark.parametrize("key", ["sk-wrong", "no-key-at-all", "sk-acceptance-4f1c09d"])
def test_a_wrong_key_is_an_authentication_error(endpoint, names, key):
    with pytest.raises(openai.AuthenticationError) as caught:
        endpoint.client(api_key=key).chat.completions.create(model=names.chat, messages=HOLA)
    assert caught.value.status_code == 401
    assert caught.value.code == "401"
    assert caught.value.type
    assert key not in caught.value.message


@pytest.mark.gateway
def test_without_a_key_nothing_is_served(gateway, names):
    for path in ("/v1/models", "/models", "/v1/models/" + names.chat):
        assert httpx.get(gateway.root + path).status_code == 401, path
    for path in ("/v1/chat/completions", "/chat/completions", "/v1/embeddings", "/v1/responses", "/v1/completions"):
        reply = httpx.post(gateway.root + path, json={"model": names.chat})
        assert reply.status_code == 401, path
        assert "No api key passed in" in reply.json()["error"]["message"]


@pytest.mark.gateway
def test_the_key_is_taken_from_the_headers_that_other_clients_use(gateway):
    for header in ("x-litellm-api-key", "api-key", "x-api-key"):
        reply = httpx.get(gateway.root + "/v1/models", headers={header: gateway.key})
        assert reply.status_code == 200, header
    scheme = httpx.get(gateway.root + "/v1/models", headers={"Authorization": f"bearer {gateway.key}"})
    assert scheme.status_code == 200


@pytest.mark.gateway
@pytest.mark.parametrize("stream", [False, True])
def test_an_unknown_model_is_a_bad_request_that_names_it(client, stream):
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model="nowhere/nothing", messages=HOLA, stream=stream)
    assert "Invalid model name passed in model=nowhere/nothing" in caught.value.message
    assert caught.value.code == "400"


@pytest.mark.gateway
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b'{"model": "default", "messages": [}',
        b'{"model": "default"} trailing',
        b"\xff\xfe",
    ],
)
def test_a_body_that_is_not_a_json_object_is_a_bad_request(gateway, body):
    headers = gateway.headers | {"Content-Type": "application/json"}
    reply = httpx.post(gateway.base + "/chat/completions", content=body, headers=headers)
    assert reply.status_code == 400
    error = reply.json()["error"]
    assert error["message"] and error["type"] == "invalid_request_error" and error["code"] == "400"


@pytest.mark.gateway
def test_a_body_without_a_model_is_a_bad_request(gateway):
    reply = gateway.post("/v1/chat/completions", {"messages": HOLA})
    assert reply.status_code == 400
    assert "model" in reply.json()["error"]["message"]


@pytest.mark.gateway
def test_what_the_upstream_refuses_is_told_with_its_own_words(client, names, chat_llama):
    own = httpx.post(chat_llama.base + "/chat/completions", json={"model": "tiny", "messages": "text"}, timeout=10)
    assert own.status_code == 400
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model=names.chat, messages="text")
    assert own.json()["error"]["message"] in caught.value.message


def test_parameters_that_the_model_refuses_are_a_bad_request(client, names):
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model=names.chat, messages="text")
    assert caught.value.message


def test_a_prompt_beyond_the_context_is_a_bad_request(client, names):
    too_long = [{"role": "user", "content": "the " * 40_000}]
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model=names.chat, messages=too_long, max_tokens=1)
    assert "context" in caught.value.message


@pytest.mark.gateway
def test_an_unknown_path_is_not_found(gateway):
    assert gateway.get("/v1/nothing").status_code == 404
    assert gateway.post("/v1/chat/nothing", {}).status_code == 404


@pytest.mark.gateway
def test_a_known_path_with_another_method_says_so(gateway):
    assert gateway.get("/v1/chat/completions").status_code == 405
    assert gateway.post("/v1/models", {}).status_code == 405


@pytest.mark.gateway
def test_an_upstream_that_is_not_there_is_a_server_error_without_its_address(serve):
    (nobody,) = free_ports()
    with serve(config(model("gone", f"http://127.0.0.1:{nobody}/v1", "x"))) as running:
        reply = running.chat("gone")
        assert reply.status_code >= 500
        assert str(nobody) not in reply.text
        assert running.get("/health/readiness").status_code == 200


@pytest.mark.gateway
def test_a_wrong_upstream_key_is_not_shown(serve, keyed_llama):
    with serve(config(model("keyed", keyed_llama.base, "tiny-keyed", key="sk-not-the-upstreams"))) as running:
        reply = running.chat("keyed")
        # Not 401: the caller's own key is right.
        assert reply.status_code == 502
        assert "own credentials" in reply.json()["error"]["message"]
        assert "sk-not-the-upstreams" not in reply.text
        assert "sk-not-the-upstreams" not in running.child.output
