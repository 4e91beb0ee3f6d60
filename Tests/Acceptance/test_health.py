"""Probes and metrics."""

import re

import httpx
import pytest

from configuration import config, model
from processes import free_ports, until

pytestmark = pytest.mark.gateway


@pytest.mark.parametrize("path", ["/health/liveliness", "/health/liveness"])
def test_liveness_needs_no_key(gateway, path):
    reply = httpx.get(gateway.root + path)
    assert reply.status_code == 200
    assert reply.json() == "I'm alive!"


def test_readiness_needs_no_key(gateway):
    reply = httpx.get(gateway.root + "/health/readiness")
    assert reply.status_code == 200
    assert reply.json()["status"] == "healthy"
    assert "db" in reply.json()


def test_health_asks_every_model(gateway, names):
    body = gateway.get("/health").json()
    assert body["healthy_count"] == len(body["healthy_endpoints"]) == 4
    assert body["unhealthy_count"] == 0
    assert "sk-" not in str(body)


def test_a_stranger_learns_from_health_only_whether_it_is_well(gateway, names, chat_llama):
    """Load balancers ask here without a key."""
    reply = httpx.get(gateway.root + "/health")
    assert reply.status_code == 200
    assert names.chat not in reply.text
    assert str(chat_llama.port) not in reply.text


def test_health_names_the_model_that_is_not_well(serve, scripted):
    (nobody,) = free_ports()
    well = model("well", f"http://127.0.0.1:{scripted.port}/v1", "a")
    ill = model("ill", f"http://127.0.0.1:{nobody}/v1", "b")
    with serve(config(well, ill)) as running:
        body = running.get("/health").json()
        assert (body["healthy_count"], body["unhealthy_count"]) == (1, 1)
        assert "b" in body["unhealthy_endpoints"][0]["model"]


def test_head_requests_have_no_body(gateway):
    reply = httpx.head(gateway.root + "/health/liveliness")
    assert reply.status_code in (200, 405)
    assert reply.content == b""


def test_metrics_count_requests_and_time_them(gateway, names):
    def total():
        text = gateway.get("/metrics").text
        found = re.findall(r"^litellm_request_latency_seconds_count(?:\{.*\})? (\S+)$", text, re.M)
        return sum(float(value) for value in found)

    before = total()
    for _ in range(3):
        assert gateway.chat(names.chat).status_code == 200
    until(lambda: total() >= before + 3, 3, "the requests are counted")


def test_metrics_are_well_formed(gateway, names):
    gateway.chat(names.chat)
    reply = gateway.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain")
    seen, kinds = set(), {}
    for line in reply.text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            assert name not in kinds, f"two TYPE lines for {name}"
            kinds[name] = kind
        elif line and not line.startswith("#"):
            series, _, value = line.rpartition(" ")
            float(value)
            assert re.fullmatch(r'[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_]\w*="(\\.|[^"\\\n])*",?)*\})?', series), series
            assert series not in seen, f"twice: {series}"
            seen.add(series)
    assert kinds["litellm_request_latency_seconds"] == "histogram"


def test_metrics_hold_no_secret_and_no_prompt(gateway, names):
    gateway.chat(names.chat, messages=[{"role": "user", "content": "geheimnisvoll"}])
    text = gateway.get("/metrics").text
    assert gateway.key not in text
    assert "geheimnisvoll" not in text


def test_a_hostile_path_makes_no_new_series(gateway):
    def count():
        return len(gateway.get("/metrics").text.splitlines())

    gateway.get("/nowhere/0")
    before = count()
    for number in range(1, 30):
        gateway.get(f"/nowhere/{number}")
        gateway.chat(f"model-{number}")
    assert count() <= before + 20  # one series for all of them, whatever they are called
