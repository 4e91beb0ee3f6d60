"""The list of models, as clients and dashboards read it."""

import openai
import pytest

pytestmark = pytest.mark.gateway


def test_the_list_holds_every_name_once(client, names):
    listed = [model.id for model in client.models.list()]
    assert sorted(listed) == sorted({names.chat, "default", names.keyed, names.embedding})


def test_each_entry_is_of_openais_shape(gateway):
    body = gateway.get("/v1/models").json()
    assert body["object"] == "list"
    for entry in body["data"]:
        assert entry["object"] == "model"
        assert isinstance(entry["created"], int)
        assert entry["owned_by"]


def test_the_list_answers_without_v1_too(gateway):
    assert gateway.get("/models").json() == gateway.get("/v1/models").json()


def test_one_model_is_retrieved_by_an_id_with_a_slash(client, gateway, names):
    assert "/" in names.chat
    assert client.models.retrieve(names.chat).id == names.chat  # the client writes %2F
    assert gateway.get("/v1/models/" + names.chat).json()["id"] == names.chat


def test_a_model_that_is_not_there_is_not_found(client):
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("nowhere/nothing")


def test_no_upstream_address_or_key_is_shown(gateway, chat_llama):
    text = gateway.get("/v1/models").text
    assert str(chat_llama.port) not in text
    assert "sk-" not in text
