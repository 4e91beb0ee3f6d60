"""The configurations of published runbooks, word for word but for addresses and times, and what their text says of them.
They are the files that the reader of configurations is tested with."""

import os
import pathlib
import time
from collections import Counter

import httpx
import pytest

from places import Place, ok, refusal, silence
from processes import HOST, free_ports, until
from redis_server import Redis
from store_servers import postgres  # noqa: F401
from visitors import Crowd, ask, attempted, listen, server, visitor

pytestmark = pytest.mark.gateway

FILES = pathlib.Path(__file__).parent.parent / "WeirConfigTests/Fixtures"
soak = pytest.mark.skipif(not os.environ.get("WEIR_SOAK"), reason="takes long: `make soak`, or WEIR_SOAK=1")


def published(name, *changes):
    text = (FILES / f"{name}.yaml").read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def status(gateway, path):
    with visitor() as client:
        return client.get(gateway.root + path).status_code


# vLLM behind a checklist

@pytest.fixture
def checklist(serve):
    """Its list lacks the model that its routes and fallbacks name; here it is added. Timeouts of 45 s are 0.4 s."""
    oss, llama = Place(ok("oss")), Place(ok("llama"))
    (metrics,) = free_ports()
    entry = (
        "  - model_name: llama-3p1-70b-instruct\n    litellm_params:\n      model: openai/llama-3p1-70b-instruct\n"
        f"      api_base: http://{HOST}:{llama.port}\n      api_key: dummy\n"
    )
    yaml = published(
        "vllm-runbook",
        ("http://vllm-service:8000", f"http://{HOST}:{oss.port}"),
        ("timeout: 45", "timeout: 0.4"),
        ("port: 9100", f"port: {metrics}"),
        ("host: 0.0.0.0", f"host: {HOST}"),
        ("routes:\n", entry + "routes:\n"),
    )
    environment = {"AI_GATEWAY_API_KEY": "sk-app", "LANGFUSE_SERVER": "http://127.0.0.1:9"}
    environment |= {"LANGFUSE_PUBLIC_KEY": "pk-lf-1", "LANGFUSE_SECRET_KEY": "sk-lf-1"}
    with serve(yaml, key="sk-app", environment=environment) as running:
        yield running, oss, llama


def test_the_checklists_header_chooses_the_other_model(checklist):
    gateway, oss, llama = checklist
    asked = [ask(gateway, "gpt-oss-20b", headers=headers) for headers in ({}, {"X-AI-Alternate": "llama3"})]
    assert [reply.json()["choices"][0]["message"]["content"] for reply in asked] == ["oss", "llama"]
    assert (oss.last["temperature"], oss.last["max_tokens"]) == (0.1, 800)
    assert "temperature" not in llama.last
    assert ask(gateway, "gpt-oss-20b", headers={"X-AI-Alternate": "other"}).status_code == 200 and oss.count == 2


def test_the_checklists_backup_serves_when_the_model_times_out_and_only_then(checklist):
    gateway, oss, llama = checklist
    oss.answer = silence()
    began = time.monotonic()
    reply = ask(gateway, "gpt-oss-20b")
    assert reply.json()["choices"][0]["message"]["content"] == "llama" and attempted(reply)[1] == 1
    assert listen(gateway, "gpt-oss-20b").text == "llama"
    assert time.monotonic() - began < 5
    oss.answer = refusal(500)
    served = llama.count
    assert ask(gateway, "gpt-oss-20b").status_code == 500 and llama.count == served


def test_the_checklists_limit_of_a_key_is_60_a_minute(checklist):
    gateway, oss, _ = checklist
    served = Crowd([gateway], 8, pause=0.005, model="gpt-oss-20b").for_seconds(1.5)
    assert oss.count == 60 == sum(one.status == 200 for one in served)
    refused = ask(gateway, "gpt-oss-20b")
    assert refused.status_code == 429 and 50 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-ratelimit-limit-requests"] == "60"


def test_the_checklists_health_fails_closed_when_its_backend_is_dead(checklist):
    """`require_backend_healthy`: 503 of the probe, without a key."""
    gateway, oss, llama = checklist
    assert status(gateway, "/health") == 200 == status(gateway, "/health/readiness")
    oss.close()
    llama.close()
    until(lambda: status(gateway, "/health") == 503, 10, "the probe tells")
    assert httpx.post(gateway.base + "/chat/completions", json={"model": "gpt-oss-20b"}).status_code == 401
    oss.open_again()
    llama.open_again()
    until(lambda: status(gateway, "/health") == 200, 40, "and tells when it is well again")


# Two Ollama servers


def test_the_guides_least_busy_gives_both_ollama_servers_the_same(serve):
    """Within 5 percent, for each of its two models."""
    one, two = Place(ok(delay=0.02)), Place(ok(delay=0.02))
    yaml = published(
        "ollama-guide",
        ("http://hx-llm01-server.dev-test.hana-x.ai:11434", f"http://{HOST}:{one.port}"),
        ("http://hx-llm02-server.dev-test.hana-x.ai:11434", f"http://{HOST}:{two.port}"),
    )
    with serve(yaml, key="sk-guide", environment={"LITELLM_MASTER_KEY": "sk-guide"}) as running:
        for name, upstream in (("phi3-3.8b", "phi3:3.8b-mini-128k-instruct-q8_0"), ("llama3-8b", "llama3:8b-instruct-q8_0")):
            one.forget(), two.forget()
            served = Crowd([running], 12, model=name).until_served(600)
            assert {call.status for call in served} == {200}
            counts = (one.count, two.count)
            assert abs(counts[0] - counts[1]) <= 0.05 * sum(counts), counts
            assert one.last["model"] == two.last["model"] == upstream


# Kubernetes, Redis, usage-based routing


@pytest.fixture(scope="module")
def plan_redis(tmp_path_factory):
    redis = Redis(tmp_path_factory.mktemp("redis"))
    yield redis
    redis.stop()


def test_the_plans_pods_share_60_a_minute_and_are_ready(serve, plan_redis, postgres):
    place = Place(ok(usage=(10, 10)))
    database = postgres.url(postgres.new_database())

    def environment():
        (health,) = free_ports()
        azure = {"AZURE_DEPLOYMENT_NAME": "gpt-4o-prod", "AZURE_API_BASE": f"http://{HOST}:{place.port}"}
        azure |= {"AZURE_API_KEY": "azure", "LITELLM_MASTER_KEY": "sk-plan"}
        redis = {"REDIS_HOST": HOST, "REDIS_PORT": str(plan_redis.port), "REDIS_PASSWORD": ""}
        return azure | redis | {"DATABASE_URL": database, "SEPARATE_HEALTH_PORT": str(health)}

    yaml = published("kubernetes-plan")
    with (
        serve(yaml, key="sk-plan", environment=environment()) as one,
        serve(yaml, key="sk-plan", environment=environment()) as two,
    ):
        time.sleep(1.5)  # a heartbeat each: they have seen one another
        assert [status(pod, "/health/readiness") for pod in (one, two)] == [200, 200]
        served = Crowd([one, two], 8, pause=0.02, model="gpt-4o").for_seconds(3)
        assert Counter(call.status for call in served)[200] == place.count
        assert 57 <= place.count <= 60
        refused = ask(two, "gpt-4o")
        assert refused.status_code == 429 and 40 <= int(refused.headers["retry-after"]) <= 61
        assert "/openai/deployments/gpt-4o-prod/" in place.calls[-1].path


@soak
@pytest.mark.timeout(90)
def test_the_plans_cooldown_is_30_seconds_after_3_failures_and_then_it_recovers(serve):
    first, spare = Place(refusal(500)), Place(ok("spare"))
    yaml = f"""
model_list:
- {{model_name: gpt-4o, litellm_params: {{model: openai/a, api_base: "http://{HOST}:{first.port}/v1", api_key: k, order: 1}}, model_info: {{id: first}}}}
- {{model_name: gpt-4o, litellm_params: {{model: openai/a, api_base: "http://{HOST}:{spare.port}/v1", api_key: k, order: 2}}, model_info: {{id: spare}}}}
router_settings: {{allowed_fails: 2, cooldown_time: 30, num_retries: 1}}
"""
    with serve(yaml, key=None) as running:
        for failures in (1, 2, 3):
            assert server(ask(running, "gpt-4o")) == "spare" and first.count == failures
        began = time.monotonic()
        first.answer = ok()
        while time.monotonic() - began < 29.5:
            assert server(ask(running, "gpt-4o")) == "spare"
            time.sleep(0.1)
        assert first.count == 3, "nobody asks it while it rests"
        until(lambda: server(ask(running, "gpt-4o")) == "first", 2, "it serves again")
        assert [server(ask(running, "gpt-4o")) for _ in range(5)] == ["first"] * 5


# A proxy without keys


def test_the_proxys_names_with_slashes_and_its_default(serve):
    place = Place(ok("hello"))
    yaml = published("akira-proxy", ("http://127.0.0.1:8000/v1", f"http://{HOST}:{place.port}/v1"))
    with serve(yaml, key=None) as running:
        for name in ("akira/qwen2.5-7b", "default"):
            reply = ask(running, name)
            assert reply.status_code == 200 and reply.json()["model"] == name
            assert place.last["model"] == "qwen2.5-7b"
        assert [entry["id"] for entry in running.get("/v1/models").json()["data"]] == ["akira/qwen2.5-7b", "default"]
        refused = ask(running, "akira/qwen")
        assert refused.status_code == 400 and "akira/qwen2.5-7b" in refused.json()["error"]["message"]
