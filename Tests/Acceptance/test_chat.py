"""Chat completions through the official OpenAI client."""

import asyncio
from typing import Literal

import pytest
from pydantic import BaseModel

HOLA = [{"role": "user", "content": "hola"}]


def test_an_answer_has_text_usage_and_an_id(client, names):
    answer = client.chat.completions.create(model=names.chat, messages=HOLA, max_tokens=5)
    assert answer.object == "chat.completion"
    assert answer.id
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].message.content
    assert 1 <= answer.usage.completion_tokens <= 5
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_the_answer_bears_the_name_that_was_asked_for(client, names):
    assert client.chat.completions.create(model=names.chat, messages=HOLA, max_tokens=2).model == names.chat


def test_a_conversation_with_system_and_tools_reaches_the_model(client, names):
    tool = {
        "type": "function",
        "function": {
            "name": "route",
            "description": "routes a question",
            "parameters": {"type": "object", "properties": {"to": {"type": "string"}}},
        },
    }
    messages = [
        {"role": "system", "content": "Antworte kurz: äöü €"},
        {"role": "user", "content": 'Zeile 1\nZeile 2 "in Anführung" \\ 🙂'},
        {"role": "assistant", "content": "ja"},
        *HOLA,
    ]
    without = client.chat.completions.create(model=names.chat, messages=messages, max_tokens=3)
    with_tools = client.chat.completions.create(model=names.chat, messages=messages, max_tokens=3, tools=[tool])
    assert with_tools.usage.prompt_tokens > without.usage.prompt_tokens > 24


def test_an_answer_bound_to_a_schema_is_of_that_shape(client, names):
    class Verdict(BaseModel):
        label: Literal["billing", "technical", "sales"]

    parsed = client.chat.completions.parse(model=names.chat, messages=HOLA, response_format=Verdict, max_tokens=60)
    assert parsed.choices[0].message.parsed.label in ("billing", "technical", "sales")


def test_fields_that_the_client_does_not_know_reach_the_model(client, names):
    """`ignore_eos` is llama.cpp's own: with it the answer is as long as it may be."""
    answer = client.chat.completions.create(
        model=names.chat, messages=HOLA, max_tokens=300, extra_body={"ignore_eos": True}
    )
    assert answer.usage.completion_tokens == 300


def test_a_prompt_of_thirty_kilobytes_comes_through(client, names):
    text = "the gateway " * 2500
    answer = client.chat.completions.create(
        model=names.chat, messages=[{"role": "user", "content": text}], max_tokens=2
    )
    assert answer.usage.prompt_tokens > 5000


def test_the_same_question_with_the_same_seed_has_the_same_answer(client, names):
    """Many sampling parameters at once, and none is lost on the way."""

    def ask():
        answer = client.chat.completions.create(
            model=names.chat,
            messages=HOLA,
            max_tokens=20,
            temperature=1.5,
            top_p=0.9,
            seed=7,
            frequency_penalty=0.5,
            presence_penalty=0.2,
            stop=["mundo"],
        )
        return answer.choices[0].message.content

    assert ask() == ask()


def test_a_stream_says_the_text_piece_by_piece_and_no_usage_unasked(client, names):
    chunks = list(client.chat.completions.create(model=names.chat, messages=HOLA, max_tokens=8, stream=True))
    assert len(chunks) > 3
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert chunks[-1].choices[0].finish_reason in ("length", "stop")
    assert all(chunk.usage is None for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_stream_ends_with_its_usage_when_that_was_asked_for(client, names):
    chunks = list(
        client.chat.completions.create(
            model=names.chat, messages=HOLA, max_tokens=8, stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[-1].choices == []
    assert 1 <= chunks[-1].usage.completion_tokens <= 8
    assert all(not chunk.usage for chunk in chunks[:-1])


@pytest.mark.gateway
def test_every_chunk_bears_the_name_that_was_asked_for(client, names):
    chunks = list(client.chat.completions.create(model=names.chat, messages=HOLA, max_tokens=4, stream=True))
    assert {chunk.model for chunk in chunks} == {names.chat}


def test_the_streaming_interface_of_the_client_understands_the_events(client, names):
    arguments = {"model": names.chat, "messages": HOLA, "max_tokens": 2000, "temperature": 1, "seed": 3}
    with client.chat.completions.stream(**arguments) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_completion()
    assert kinds.count("content.delta") >= 2
    assert final.choices[0].message.content


def test_a_stream_and_an_answer_hold_the_same_text(client, names):
    same = {"model": names.chat, "messages": HOLA, "max_tokens": 12, "temperature": 0, "seed": 1}
    answer = client.chat.completions.create(**same)
    streamed = client.chat.completions.create(**same, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in streamed) == answer.choices[0].message.content


def test_twenty_at_once_over_one_client_are_all_answered(endpoint, names):
    async def run():
        async with endpoint.async_client() as client:

            async def plain():
                answer = await client.chat.completions.create(model=names.chat, messages=HOLA, max_tokens=4)
                return answer.usage.completion_tokens

            async def streamed():
                stream = await client.chat.completions.create(
                    model=names.chat, messages=HOLA, max_tokens=4, stream=True
                )
                return len([chunk async for chunk in stream])

            return await asyncio.gather(*(plain() for _ in range(10)), *(streamed() for _ in range(10)))

    counts = asyncio.run(run())
    assert all(1 <= count <= 4 for count in counts[:10])
    assert all(count >= 2 for count in counts[10:])


def test_legacy_completions_are_answered_and_streamed(client, names):
    answer = client.completions.create(model=names.chat, prompt="hola", max_tokens=4)
    assert answer.choices[0].text
    chunks = list(client.completions.create(model=names.chat, prompt="hola", max_tokens=4, stream=True))
    assert "".join(chunk.choices[0].text for chunk in chunks if chunk.choices)


@pytest.mark.gateway
def test_an_upstream_with_a_key_of_its_own_is_given_it(client, names):
    answer = client.chat.completions.create(model=names.keyed, messages=HOLA, max_tokens=2)
    assert answer.usage.completion_tokens <= 2
