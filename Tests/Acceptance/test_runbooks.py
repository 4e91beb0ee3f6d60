"""The commands of published LiteLLM runbooks, as an operator would type them, against this gateway."""

import json
import os
import subprocess
import sys

import pytest

from configuration import PRICE, config, model

pytestmark = pytest.mark.gateway


def shell(command, **environment):
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=30,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def ollama_guide(serve, chat_llama):
    """Two aliases, a master key, and a least-busy pair of backends under one name."""
    yaml = config(
        model("phi3-3.8b", chat_llama.base, "tiny"),
        model("phi3-3.8b", chat_llama.base, "tiny", rpm=1000),
        model("llama3-8b", chat_llama.base, "tiny"),
        key="os.environ/LITELLM_MASTER_KEY",
    )
    yaml += "router_settings:\n  routing_strategy: least-busy\n"
    with serve(yaml, key="sk-guide", environment={"LITELLM_MASTER_KEY": "sk-guide"}) as running:
        yield running


def test_list_available_models(ollama_guide):
    out = shell('curl -sf -H "Authorization: Bearer $KEY" $URL/v1/models', KEY="sk-guide", URL=ollama_guide.root)
    assert {entry["id"] for entry in json.loads(out)["data"]} == {"phi3-3.8b", "llama3-8b"}


def test_chat_completion_by_curl(ollama_guide):
    out = shell(
        """curl -sf -X POST $URL/v1/chat/completions \\
          -H "Authorization: Bearer $KEY" \\
          -H "Content-Type: application/json" \\
          -d '{
            "model": "phi3-3.8b",
            "messages": [{"role": "user", "content": "Hello, world!"}]
          }'""",
        KEY="sk-guide",
        URL=ollama_guide.root,
    )
    assert json.loads(out)["choices"][0]["message"]["content"]


def test_streaming_by_curl(ollama_guide):
    out = shell(
        """curl -sfN $URL/v1/chat/completions -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
          -d '{"model": "llama3-8b", "stream": true, "max_tokens": 5, "messages": [{"role": "user", "content": "hi"}]}'""",
        KEY="sk-guide",
        URL=ollama_guide.root,
    )
    lines = [line for line in out.split("\n") if line]
    assert all(line.startswith("data: ") for line in lines)
    assert lines[-1] == "data: [DONE]"


@pytest.fixture(scope="module")
def keyless(serve, chat_llama):
    """A gateway for a private network, without a key: open to everyone who reaches it."""
    yaml = config(
        model("akira/qwen2.5-7b", chat_llama.base, "tiny", **PRICE), model("default", chat_llama.base, "tiny"), key=None
    )
    with serve(yaml, key=None) as running:
        yield running


def test_health_and_models_without_a_key(keyless):
    assert json.loads(shell("curl -sf $URL/health", URL=keyless.root))
    out = shell("curl -sf $URL/v1/models", URL=keyless.root)
    assert [entry["id"] for entry in json.loads(out)["data"]] == ["akira/qwen2.5-7b", "default"]


def test_the_runbooks_python_client(keyless):
    program = """
import os
import openai

client = openai.OpenAI(base_url=os.environ["URL"] + "/v1", api_key="not-needed")

response = client.chat.completions.create(
    model="akira/qwen2.5-7b",
    messages=[{"role": "user", "content": "Hello!"}]
)
print(response.choices[0].message.content)
"""
    out = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"URL": keyless.root},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert out.returncode == 0, out.stderr
    assert out.stdout.strip()


@pytest.mark.parametrize("path", ["/health", "/health/liveliness", "/health/readiness"])
def test_the_probes_of_the_kubernetes_plan(keyless, path):
    shell("curl -sf -o /dev/null $URL" + path, URL=keyless.root)


def test_the_smoke_test_of_the_checklist(serve, chat_llama):
    """200 within 300 ms."""
    yaml = config(model("gpt-oss-20b", chat_llama.base, "gpt-oss-20b", timeout=45), key="sk-app")
    with serve(yaml, key="sk-app") as running:
        out = shell(
            """curl -sf -o /dev/null -w '%{http_code} %{time_total}' $URL/v1/chat/completions \\
              -H "Authorization: Bearer $AI_GATEWAY_API_KEY" -H "Content-Type: application/json" \\
              -d '{"model":"gpt-oss-20b","max_tokens":20,"messages":[{"role":"user","content":"hola"}]}'""",
            URL=running.root,
            AI_GATEWAY_API_KEY="sk-app",
        )
    status, seconds = out.split()
    assert status == "200"
    assert float(seconds) < 0.3
