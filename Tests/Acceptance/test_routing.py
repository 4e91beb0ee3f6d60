"""Which deployment serves a request: rules, strategies, orders, tags, limits of deployments, and what the gateway tells
of its choice."""

import signal
import subprocess
import threading
import time
from collections import Counter

import httpx
import pytest

from places import Place, configuration, deployment, ok, refusal, silence
from processes import until
from visitors import Crowd, ask, ask_and_leave, explain, listen, server, visitor

pytestmark = pytest.mark.gateway


def servers(gateway, count, **fields):
    return Counter(server(ask(gateway, **fields)) for _ in range(count))


# Names and rules

HEADER_ROUTE = """
routes:
  openai:
    - models:
        - gpt-oss-20b
      completion_params:
        temperature: 0.1
        max_tokens: 800
    - models:
        - llama-3p1-70b-instruct
      condition:
        header: X-AI-Alternate
        value: llama3
"""


@pytest.fixture(scope="module")
def checklist(serve):
    """The routes of a published vLLM checklist."""
    small, large = Place(), Place()
    yaml = configuration(
        deployment("small", small, "gpt-oss-20b", vendor="hosted_vllm"),
        deployment("large", large, "llama-3p1-70b-instruct", vendor="hosted_vllm"),
    )
    with serve(yaml + HEADER_ROUTE) as running:
        yield running, small, large


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "small"),
        ({"X-AI-Alternate": "llama3"}, "large"),
        ({"x-ai-alternate": "llama3"}, "large"),
        ({"X-AI-Alternate": "llama4"}, "small"),
        ({"X-AI-Alternate": ""}, "small"),
    ],
)
def test_a_header_chooses_the_model(checklist, headers, expected):
    gateway, *_ = checklist
    reply = ask(gateway, "gpt-oss-20b", headers=headers)
    assert reply.status_code == 200 and server(reply) == expected


def test_parameters_of_a_route_are_for_requests_that_do_not_set_them(checklist):
    gateway, small, _ = checklist
    ask(gateway, "gpt-oss-20b", temperature=0.9)
    assert small.last["temperature"] == 0.9 and small.last["max_tokens"] == 800


def test_a_model_that_a_header_chose_gets_no_parameters_of_another_route(checklist):
    gateway, _, large = checklist
    ask(gateway, "gpt-oss-20b", headers={"X-AI-Alternate": "llama3"})
    assert "temperature" not in large.last and large.last["model"] == "large"


def test_aliases_with_slashes_and_hidden_ones(serve):
    yaml = configuration(
        deployment("a", Place(), "akira/qwen2.5-7b"),
        router={"model_group_alias": {"default": "akira/qwen2.5-7b", "old": {"model": "default", "hidden": True}}},
    )
    yaml = yaml.replace("model: default", "model: akira/qwen2.5-7b")
    with serve(yaml) as running:
        assert running.models == ["akira/qwen2.5-7b", "default"]
        assert [server(ask(running, name)) for name in ("akira/qwen2.5-7b", "default", "old")] == ["a", "a", "a"]


def test_of_several_patterns_the_most_specific_takes_the_name(serve):
    exact, narrow, wide, all_ = Place(), Place(), Place(), Place()
    yaml = configuration(
        deployment("all", all_, "*", model="openai/*"),
        deployment("wide", wide, "openai/*", model="openai/*"),
        deployment("narrow", narrow, "openai/gpt-*", model="openai/gpt-*"),
        deployment("exact", exact, "openai/gpt-4o"),
    )
    with serve(yaml) as running:
        names = ["openai/gpt-4o", "openai/gpt-4.1", "openai/o3", "qwen"]
        assert [server(ask(running, name)) for name in names] == ["exact", "narrow", "wide", "all"]
        assert narrow.last["model"] == "gpt-4.1" and wide.last["model"] == "o3" and all_.last["model"] == "qwen"


def test_a_name_may_be_a_regular_expression(serve, weir_bin, tmp_path):
    place, rest = Place(), Place()
    yaml = configuration(
        deployment("claude", place, "^claude-(opus|sonnet)-(.*)$", model="openai/*-claude-*"),
        deployment("rest", rest, "*", model="openai/*"),
    )
    with serve(yaml) as running:
        assert [server(ask(running, name)) for name in ("claude-opus-4", "claude-haiku-4")] == ["claude", "rest"]
        assert place.last["model"] == "opus-claude-4"
    (tmp_path / "config.yaml").write_text(configuration(deployment("a", place, "^claude-(opus")))
    done = subprocess.run([weir_bin, "check", tmp_path / "config.yaml"], capture_output=True, text=True, timeout=20)
    assert done.returncode != 0 and "config.yaml:2:" in done.stdout + done.stderr
    assert "a ( has no ) behind it" in done.stdout + done.stderr


# Strategies


def test_least_busy_gives_two_ollama_servers_the_same_share(serve):
    """Counts within 5 %, as the guide for two Ollama servers wants it."""
    first, second = Place(ok(delay=0.03)), Place(ok(delay=0.03))
    yaml = configuration(
        deployment("one", first, "llama3-8b", vendor="ollama"),
        deployment("two", second, "llama3-8b", vendor="ollama"),
        router={"routing_strategy": "least-busy"},
    )
    with serve(yaml) as running:
        served = Crowd([running], 16, model="llama3-8b").until_served(600)
    assert {one.status for one in served} == {200}
    total = first.count + second.count
    assert abs(first.count - second.count) <= 0.05 * total, (first.count, second.count)
    assert abs(first.most_running - second.most_running) <= 2


def test_least_busy_spares_the_slower_server(serve):
    slow, fast = Place(ok(delay=0.16)), Place(ok(delay=0.02))
    yaml = configuration(deployment("slow", slow), deployment("fast", fast), router={"routing_strategy": "least-busy"})
    with serve(yaml) as running:
        Crowd([running], 8).until_served(300)
    assert fast.count > 3 * slow.count, (fast.count, slow.count)


def test_clients_who_left_do_not_count_as_busy(serve):
    """LiteLLM's least-busy keeps phantom requests of them, and the server that had them is shunned."""
    stalled, free = Place(silence()), Place(silence())
    yaml = configuration(deployment("a", stalled), deployment("b", free), router={"routing_strategy": "least-busy"})
    with serve(yaml) as running:
        for _ in range(10):
            ask_and_leave(running, 0.1, stream=True)
        until(lambda: stalled.running == free.running == 0, 3, "the upstreams are left")
        until(lambda: all(place["in_flight"] == 0 for place in explain(running).values()), 2, "nobody is under way")
        assert all(place["failed_last_minute"] == 0 for place in explain(running).values())


def test_weights_share_the_traffic(serve):
    yaml = configuration(deployment("three", Place(), weight=3), deployment("one", Place(), weight=1))
    with serve(yaml) as running:
        found = Counter(
            one.head.split("x-litellm-model-id: ")[1].split("\r\n")[0] for one in Crowd([running], 4).until_served(800)
        )
        shares = {name: place["score"] for name, place in explain(running).items()}
    assert 0.68 < found["three"] / sum(found.values()) < 0.82, found
    assert shares == {"three": 75.0, "one": 25.0}


def test_latency_based_routing_learns_who_is_faster(serve):
    slow, fast = Place(ok(delay=0.15)), Place(ok(delay=0.01))
    yaml = configuration(
        deployment("slow", slow), deployment("fast", fast), router={"routing_strategy": "latency-based-routing"}
    )
    with serve(yaml) as running:
        servers(running, 6)  # both are tried once, since nothing is known of them
        assert servers(running, 10) == {"fast": 10}


def test_cost_based_routing_takes_the_cheapest_that_serves(serve):
    cheap = Place(script=[ok()] * 5, answer=refusal(401))
    yaml = configuration(
        deployment("dear", Place(), input_cost_per_token=0.00001, output_cost_per_token=0.00001),
        deployment("cheap", cheap, input_cost_per_token=0.000001, output_cost_per_token=0.000001),
        router={"routing_strategy": "cost-based-routing", "num_retries": 1},
    )
    with serve(yaml) as running:
        assert servers(running, 5) == {"cheap": 5}
        assert servers(running, 5) == {"dear": 5}, "its key is refused: it rests"
        assert cheap.count == 6


def test_usage_based_routing_takes_the_one_with_fewer_tokens(serve):
    heavy, light = Place(ok(usage=(500, 500))), Place(ok(usage=(5, 5)))
    yaml = configuration(
        deployment("heavy", heavy), deployment("light", light), router={"routing_strategy": "usage-based-routing-v2"}
    )
    with serve(yaml) as running:
        found = servers(running, 20)
    assert found["light"] >= 17, found


STRATEGIES = [
    "simple-shuffle",
    "least-busy",
    "latency-based-routing",
    "usage-based-routing",
    "usage-based-routing-v2",
    "cost-based-routing",
    "load-aware",
]


@pytest.fixture(scope="module")
def strategies(serve):
    """A group for each strategy, named by it, with a dead deployment and a living one; and a group `rpm NAME` for each
    in which one deployment may have 3 requests a minute and another 9."""
    dead, alive = {name: Place(refusal(500)) for name in STRATEGIES}, {name: Place() for name in STRATEGIES}
    three, nine = {name: Place() for name in STRATEGIES}, {name: Place() for name in STRATEGIES}
    models = []
    for name in STRATEGIES:
        models.append(deployment("dead", dead[name], name, info={"id": f"dead {name}"}))
        models.append(deployment("alive", alive[name], name, info={"id": f"alive {name}"}))
        models.append(deployment("three", three[name], f"rpm {name}", info={"id": f"three {name}"}, rpm=3))
        models.append(deployment("nine", nine[name], f"rpm {name}", info={"id": f"nine {name}"}, rpm=9))
    groups = {name: name for name in STRATEGIES} | {f"rpm {name}": name for name in STRATEGIES}
    router = {"model_group_routing_strategy": groups, "num_retries": 1, "allowed_fails": 0, "cooldown_time": 60}
    with serve(configuration(*models, router=router)) as running:
        yield running, dead, alive, three, nine


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_passes_over_a_dead_deployment(strategies, strategy):
    """No client notices, and after the first failure nobody asks it any more."""
    gateway, dead, alive, *_ = strategies
    assert servers(gateway, 20, model=strategy) == {f"alive {strategy}": 20}
    assert dead[strategy].count <= 1 and alive[strategy].count == 20


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_rpm_of_a_deployment_is_a_limit_in_every_strategy(strategies, strategy):
    gateway, _, _, three, nine = strategies
    replies = [ask(gateway, f"rpm {strategy}") for _ in range(15)]
    assert Counter(reply.status_code for reply in replies) == {200: 12, 429: 3}
    assert (three[strategy].count, nine[strategy].count) == (3, 9)
    assert 50 <= int(replies[-1].headers["retry-after"]) <= 61, "nothing is free before the first is a minute old"


# Who may serve


def test_a_lower_order_is_tried_first_and_a_higher_one_when_it_fails(serve):
    first = Place(script=[ok(), refusal(500), ok()])
    yaml = configuration(
        deployment("first", first, order=1),
        deployment("second", Place(), order=2),
        router={"num_retries": 0},
    )
    with serve(yaml) as running:
        replies = [ask(running) for _ in range(3)]
    assert [server(reply) for reply in replies] == ["first", "second", "first"]
    assert [reply.headers["x-litellm-attempted-fallbacks"] for reply in replies] == ["0", "1", "0"]


@pytest.fixture(scope="module")
def tagged(serve):
    yaml = configuration(
        deployment("free", Place(), tags=["free", "eu"]),
        deployment("paid", Place(), tags=["paid", "eu"]),
        deployment("rest", Place(), tags=["default"]),
        deployment("only-paid", Place(), "strict", tags=["paid"]),
        router={"enable_tag_filtering": True},
    )
    with serve(yaml) as running:
        yield running


@pytest.mark.parametrize(
    ("headers", "fields", "allowed"),
    [
        ({"x-litellm-tags": "free"}, {}, {"free"}),
        ({"x-litellm-tags": "paid"}, {}, {"paid"}),
        ({"x-litellm-tags": "nothing, paid"}, {}, {"paid"}),
        ({}, {"metadata": {"tags": ["free"]}}, {"free"}),
        ({}, {"tags": ["paid"]}, {"paid"}),
        ({"x-litellm-tags": "eu"}, {}, {"free", "paid"}),
        ({}, {}, {"rest"}),
        ({"x-litellm-tags": "unheard-of"}, {}, {"rest"}),
    ],
)
def test_tags_choose_deployments(tagged, headers, fields, allowed):
    assert {server(ask(tagged, headers=headers, **fields)) for _ in range(8)} <= allowed


def test_tags_that_nobody_has_are_refused_in_litellms_words(tagged):
    reply = ask(tagged, "strict", headers={"x-litellm-tags": "free"})
    assert reply.status_code == 401
    assert "Not allowed to access model due to tags configuration" in reply.json()["error"]["message"]


def test_all_tags_when_the_configuration_wants_all(serve):
    yaml = configuration(
        deployment("eu", Place(), tags=["eu"]),
        deployment("both", Place(), tags=["eu", "paid"]),
        router={"enable_tag_filtering": True, "tag_filtering_match_any": False},
    )
    with serve(yaml) as running:
        found = {server(ask(running, headers={"x-litellm-tags": "eu,paid"})) for _ in range(8)}
    assert found == {"both"}


def test_a_prompt_goes_where_it_fits(serve):
    yaml = configuration(
        deployment("short", Place(), info={"max_input_tokens": 100}),
        deployment("long", Place(), info={"max_input_tokens": 10_000}),
        router={"enable_pre_call_checks": True},
    )
    prompt = [{"role": "user", "content": "word " * 1000}]
    with serve(yaml) as running:
        assert servers(running, 8, messages=prompt) == {"long": 8}
        assert set(servers(running, 20)) == {"short", "long"}
        reply = ask(running, messages=[{"role": "user", "content": "word " * 40_000}])
        assert reply.status_code == 400 and "Context Window exceeded" in reply.json()["error"]["message"]


def test_a_request_may_ask_for_a_region(serve):
    europe, america = Place(), Place()
    yaml = configuration(
        deployment("europe", europe, region_name="eu-west-1"), deployment("america", america, region_name="us-east-1")
    )
    with serve(yaml) as running:
        assert servers(running, 8, allowed_model_region="eu") == {"europe": 8}
        assert servers(running, 8, allowed_model_region="us-east-1") == {"america": 8}
        assert set(servers(running, 20)) == {"europe", "america"}
        assert "allowed_model_region" not in europe.last
        reply = ask(running, allowed_model_region="asia")
        assert reply.status_code == 400 and reply.json()["error"]["param"] == "allowed_model_region"
        for wrong in (5, "", ["eu"], "x" * 65):
            reply = ask(running, allowed_model_region=wrong)
            assert reply.status_code == 400 and reply.json()["error"]["param"] == "allowed_model_region", wrong
        places = explain(running, allowed_model_region="eu")
        assert places["europe"]["qualifies"] and places["america"]["reason"] == "its region is us-east-1"


def test_a_provider_that_has_spent_its_budget_is_passed_over(serve):
    """Each answer costs 0.5 dollars; the third one is the last of 1.5."""
    price = {"input_cost_per_token": 0.1, "output_cost_per_token": 0.1}
    costly, other = Place(ok(usage=(4, 1))), Place(ok(usage=(4, 1)))
    yaml = configuration(
        deployment("costly", costly, order=1, **price),
        deployment("other", other, vendor="hosted_vllm", order=2, **price),
        deployment("alone", costly, "alone", **price),
        router={
            "routing_strategy": "provider-budget-routing",
            "provider_budget_config": {"openai": {"budget_limit": 1.5, "time_period": "1d"}},
        },
    )
    with serve(yaml) as running:
        assert [server(ask(running)) for _ in range(6)] == ["costly"] * 3 + ["other"] * 3
        assert 'litellm_provider_remaining_budget_metric{api_provider="openai"} 0\n' in running.get("/metrics").text
        reply = ask(running, "alone")
        assert reply.status_code == 429 and 86_000 < int(reply.headers["retry-after"]) <= 86_400
        expected = "No deployments available - crossed budget: Exceeded budget for provider openai: 1.5 >= 1.5"
        assert reply.json()["error"]["message"] == expected


def test_a_conversation_stays_where_it_began(serve):
    places = [Place() for _ in range(4)]
    yaml = configuration(
        *(deployment(f"d{number}", place) for number, place in enumerate(places)),
        router={"optional_pre_call_checks": ["session_affinity"], "num_retries": 1, "allowed_fails": 0},
    )
    with serve(yaml) as running:
        homes = set()
        for session in range(12):
            found = servers(running, 5, metadata={"session_id": f"s{session}"})
            assert len(found) == 1, found
            homes |= set(found)
        assert len(homes) > 1, "sessions are spread"
        home = server(ask(running, metadata={"session_id": "s0"}))
        places[int(home[1:])].answer = refusal(500)
        after = servers(running, 5, metadata={"session_id": "s0"})
        assert home not in after and len(after) == 1, "all its requests move to one other place"


def test_a_full_deployment_is_passed_over_and_a_full_group_is_429(serve):
    """`max_parallel_requests` of a deployment, whatever the strategy."""
    small, other = Place(ok(delay=1)), Place(ok(delay=1))
    yaml = configuration(
        deployment("small", small, max_parallel_requests=1),
        deployment("other", other, max_parallel_requests=2),
        router={"num_retries": 0},
    )
    replies = []
    with serve(yaml) as running:
        threads = [threading.Thread(target=lambda: replies.append(ask(running))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found = Counter(server(reply) if reply.status_code == 200 else reply.status_code for reply in replies)
    assert found == {"small": 1, "other": 2, 429: 3}
    assert small.most_running == 1 and other.most_running == 2
    refused = next(reply for reply in replies if reply.status_code == 429)
    assert "No deployments available for selected model" in refused.json()["error"]["message"]
    assert int(refused.headers["retry-after"]) >= 1


# What the gateway tells


def test_every_answer_names_who_served_it(serve):
    flaky = Place(script=[refusal(500)])
    with serve(configuration(deployment("a", flaky), router={"num_retries": 1})) as running:
        reply = ask(running)
        heard = listen(running)
    assert reply.headers["x-litellm-model-id"] == heard.headers["x-litellm-model-id"] == "a"
    assert reply.headers["x-litellm-model-group"] == "chat"
    assert reply.headers["x-litellm-attempted-retries"] == "1"
    assert heard.headers["x-litellm-attempted-retries"] == "0"
    assert heard.headers["x-litellm-attempted-fallbacks"] == reply.headers["x-litellm-attempted-fallbacks"] == "0"


def test_an_account_of_the_decision_is_given_when_asked_for(serve):
    yaml = configuration(
        deployment("a", Place(refusal(500))),
        deployment("b", Place(), "spare"),
        router={"num_retries": 0, "fallbacks": [{"chat": ["spare"]}]},
    )
    with serve(yaml) as running:
        account = ask(running, headers={"x-weir-explain": "1"}).headers["x-weir-decisions"]
        steps = [step.split()[0] for step in account.split("; ")]
        assert steps == ["attempt", "failed", "fallback", "attempt"], account
        assert "chat/a" in account and "spare/b" in account and "serverError" in account
        assert "x-weir-decisions" not in ask(running).headers
        assert "x-weir-decisions" not in ask(running, headers={"x-weir-explain": "0"}).headers


def test_an_account_is_given_with_failures_too(serve):
    with serve(configuration(deployment("a", Place(refusal(500))), router={"num_retries": 0})) as running:
        reply = ask(running, headers={"x-weir-explain": "1"})
    assert reply.status_code == 500 and "failed chat/a serverError" in reply.headers["x-weir-decisions"]


def test_the_configuration_may_ask_for_accounts(serve):
    with serve(configuration(deployment("a", Place()), router={"explain": True})) as running:
        assert "attempt chat/a" in ask(running).headers["x-weir-decisions"]


def test_explain_tells_who_qualifies_and_calls_nobody(serve):
    resting = Place(refusal(401))
    small, long = Place(), Place()
    yaml = configuration(
        deployment("resting", resting),
        deployment("small", small, info={"max_input_tokens": 50}),
        deployment("long", long),
        deployment("spare", Place(), "spare"),
        router={
            "enable_pre_call_checks": True,
            "num_retries": 2,
            "fallbacks": [{"chat": ["spare"]}],
            "cooldown_time": 30,
        },
    )
    with serve(yaml) as running:
        until(lambda: ask(running) and resting.count, 5, "the one with the wrong key was tried")
        before = resting.count, small.count, long.count
        body = {"model": "chat", "messages": [{"role": "user", "content": "word " * 200}]}
        answer = running.post("/route/explain", body).json()
        assert (resting.count, small.count, long.count) == before
    places = {place["model_id"]: place for place in answer["deployments"]}
    assert [name for name, place in places.items() if place["qualifies"]] == ["long"]
    assert "rests" in places["resting"]["reason"] and 25_000 < places["resting"]["cooldown_ms"] <= 30_000
    assert "longer than 50 tokens" in places["small"]["reason"]
    assert answer["refusal"] is None and answer["model_group"] == "chat" and answer["strategy"] == "simple-shuffle"
    assert answer["on_failure"]["serverError"]["retries"] == 2
    assert answer["on_failure"]["serverError"]["fallbacks"] == ["spare"]
    assert answer["on_failure"]["badRequest"]["retries"] == 0


def test_explain_tells_what_a_client_would_hear(serve):
    small = deployment("a", Place(), info={"max_input_tokens": 5})
    with serve(configuration(small, router={"enable_pre_call_checks": True})) as running:
        body = {"model": "chat", "messages": [{"role": "user", "content": "word " * 200}]}
        assert "Context Window exceeded" in running.post("/route/explain", body).json()["refusal"]
        assert running.post("/route/explain", body | {"model": "nobody"}).status_code == 400


def test_explain_wants_a_key(serve):
    with serve(configuration(deployment("a", Place()))) as running:
        assert httpx.post(running.root + "/route/explain", json={"model": "chat"}).status_code == 401


# Readiness


def readiness(gateway):
    with visitor() as client:
        return client.get(gateway.root + "/health/readiness").status_code


def test_readiness_fails_closed_when_no_deployment_can_serve(serve):
    """And is well again when one can: here after a rest of one second."""
    one, two = Place(script=[refusal(401)]), Place(script=[refusal(401)])
    yaml = configuration(
        deployment("one", one),
        deployment("two", two),
        router={"num_retries": 1, "cooldown_time": 1, "cooldown_last_deployment": True},
    )
    with serve(yaml) as running:
        assert readiness(running) == 200
        ask(running)
        assert one.count == two.count == 1
        assert readiness(running) == 503
        until(lambda: readiness(running) == 200, 3, "a rest is over, so a request would be tried")


def test_readiness_stays_while_one_group_can_serve(serve):
    yaml = configuration(
        deployment("a", Place(refusal(401))),
        deployment("b", Place(), "other"),
        router={"cooldown_last_deployment": True, "num_retries": 0, "cooldown_time": 30},
    )
    with serve(yaml) as running:
        ask(running)
        assert ask(running).status_code == 429, "it rests"
        assert readiness(running) == 200


# Reload


def test_a_reload_that_removes_the_deployment_in_use_harms_nobody(serve):
    slow, other = Place(ok(delay=0.6)), Place(ok(delay=0.02))
    before = configuration(deployment("slow", slow), router={"num_retries": 0})
    after = configuration(deployment("other", other), router={"num_retries": 0})
    with serve(before) as running:
        crowd = Crowd([running], 8)
        until(lambda: slow.running == 8, 5, "requests are under way")
        running.config.write_text(after)
        running.child.signal(signal.SIGHUP)
        until(lambda: other.count > 50, 5, "the new one serves")
        served = crowd.stop()
        assert {one.status for one in served} == {200}, Counter(one.status for one in served)
        assert slow.left == 0 and slow.served == slow.count, "what had begun was finished"
        assert set(explain(running)) == {"other"}


def test_a_reload_forgets_no_cooldown(serve):
    dead = Place(refusal(500))
    router = {"num_retries": 1, "allowed_fails": 0, "cooldown_time": 30}
    yaml = configuration(deployment("dead", dead), deployment("alive", Place()), router=router)
    with serve(yaml) as running:
        until(lambda: ask(running) and dead.count, 5, "the dead one was tried")
        running.config.write_text(yaml + "\n# changed\nmodel_group_limits: {}\n")
        running.child.signal(signal.SIGHUP)
        time.sleep(0.5)
        assert servers(running, 10) == {"alive": 10} and dead.count == 1


# What cannot be meant


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        ({"router": {"routing_strategy": "wildest"}}, "routing_strategy"),
        ({"router": {"fallbacks": [{"chat": ["chat"]}]}}, "chat"),
        ({"router": {"fallbacks": [{"chat": ["other"]}, {"other": ["chat"]}]}}, "circle"),
        ({"router": {"num_retries": -1}}, "num_retries"),
        ({"router": {"cooldown_time": -5}}, "cooldown_time"),
        ({"rate_limits": {"global_per_minute": -1}}, "global_per_minute"),
        ({"router": {"retry_policy": {"TimeoutErrorRetries": "often"}}}, "TimeoutErrorRetries"),
    ],
)
def test_an_impossible_configuration_is_refused_with_its_line(weir_bin, tmp_path, sections, words):
    path = tmp_path / "config.yaml"
    path.write_text(configuration(deployment("a", Place()), deployment("b", Place(), "other"), **sections))
    done = subprocess.run([weir_bin, "check", path], capture_output=True, text=True, timeout=20)
    said = done.stdout + done.stderr
    assert done.returncode != 0 and words in said, said
    assert "config.yaml:" in said, said


def test_a_negative_weight_is_refused(weir_bin, tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(configuration(deployment("a", Place(), weight=-1)))
    done = subprocess.run([weir_bin, "check", path], capture_output=True, text=True, timeout=20)
    assert done.returncode != 0 and "weight" in done.stdout + done.stderr, done.stdout + done.stderr
