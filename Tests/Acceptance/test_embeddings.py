"""Embeddings through the official OpenAI client, which asks for base64 unless told otherwise."""

import base64
import struct

import httpx
import pytest


@pytest.fixture(scope="module")
def embeddings(embedding_endpoint):
    return embedding_endpoint.client().embeddings


def test_floats_and_base64_are_the_same_vector(embeddings, names):
    floats = embeddings.create(model=names.embedding, input="hola mundo", encoding_format="float")
    packed = embeddings.create(model=names.embedding, input="hola mundo", encoding_format="base64")
    vector = floats.data[0].embedding
    raw = base64.b64decode(packed.data[0].embedding)
    assert len(vector) == 64
    assert list(struct.unpack(f"<{len(raw) // 4}f", raw)) == pytest.approx(vector, abs=1e-6)
    assert floats.usage.prompt_tokens > 0


def test_the_clients_own_way_gives_floats(embeddings, names):
    answer = embeddings.create(model=names.embedding, input="hola")
    assert all(isinstance(value, float) for value in answer.data[0].embedding)


def test_several_texts_have_a_vector_each_in_their_order(embeddings, names, embedding_llama):
    texts = ["hola", "red blue", "gato perro casa"]
    answer = embeddings.create(model=names.embedding, input=texts, encoding_format="float")
    own = httpx.post(embedding_llama.base + "/embeddings", json={"input": texts}, timeout=10).json()
    assert [entry.index for entry in answer.data] == [0, 1, 2]
    for entry, expected in zip(answer.data, own["data"]):
        assert entry.embedding == pytest.approx(expected["embedding"], abs=1e-4)


def test_token_ids_are_taken_as_well_as_text(embeddings, names):
    answer = embeddings.create(model=names.embedding, input=[[400, 401, 402]], encoding_format="float")
    assert len(answer.data[0].embedding) == 64
