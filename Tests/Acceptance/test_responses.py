"""The Responses API, as llama.cpp serves it."""

import httpx


def test_a_response_is_created(client, names):
    response = client.responses.create(model=names.chat, input="hola", max_output_tokens=6)
    assert response.object == "response"
    assert response.status in ("completed", "incomplete")
    assert response.output_text
    assert response.usage.output_tokens <= 6


def test_a_response_is_streamed_event_by_event(endpoint, names):
    """Read as it comes: the client's own stream helper wants more events than llama.cpp sends."""
    body = {"model": names.chat, "input": "hola", "max_output_tokens": 6, "stream": True}
    headers = {"Authorization": f"Bearer {endpoint.key}"}
    with httpx.stream("POST", endpoint.base + "/responses", json=body, headers=headers, timeout=20) as reply:
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/event-stream")
        text = reply.read().decode()
    assert text.count('"type":"response.output_text.delta"') >= 2
    assert '"type":"response.completed"' in text
