"""What happens when an upstream fails: retries, fallbacks, timeouts, and what the client sees of it."""

import time

import pytest

from configuration import UPSTREAM_KEY
from places import CONTEXT, POLICY, Place, configuration, deployment, hangs_up, ok, refusal, silence, slow_stream, stream_that_dies
from processes import Child, free_ports, until
from visitors import Crowd, ask, attempted, listen, quantile, server, together, visitor

pytestmark = pytest.mark.gateway

FAILURES = {
    "500": refusal(500),
    "502": refusal(502),
    "503": refusal(503),
    "529": refusal(529),
    "408": refusal(408),
    "429": refusal(429),
    "quota": refusal(429, "You exceeded your current quota", "insufficient_quota"),
    "401": refusal(401, "Incorrect API key provided", "invalid_api_key"),
    "403": refusal(403),
    "404": refusal(404, "The model does not exist", "model_not_found"),
    "connection": hangs_up(),
    "error in 200": refusal(200, "the server had an error", "server_error"),
}

# The client's own faults: nobody else would take the request either.
CLIENTS_FAULTS = {"400": refusal(400, "bad parameter"), "422": refusal(422, "bad parameter"), "413": refusal(413)}


# The checklist: one retry, and a backup for timeouts alone

CHECKLIST = """
retry: { max_retries: 1, min_seconds: 0.1 }
fallbacks:
  - primary: gpt-oss-20b
    backup: llama-3p1-70b-instruct
    condition: timeout
"""


@pytest.fixture
def checklist(serve):
    primary, backup = Place(), Place(ok("backup"))
    yaml = configuration(
        deployment("primary", primary, "gpt-oss-20b", timeout=0.4),
        deployment("backup", backup, "llama-3p1-70b-instruct"),
    )
    with serve(yaml + CHECKLIST) as running:
        yield running, primary, backup


def test_one_retry_is_two_requests(checklist):
    gateway, primary, backup = checklist
    primary.answer = refusal(500)
    began = time.monotonic()
    reply = ask(gateway, "gpt-oss-20b")
    assert reply.status_code == 500
    assert primary.count == 2, "not to avoid duplicate actions would be worse than an error"
    assert 0.1 <= primary.calls[1].at - primary.calls[0].at < 2 and time.monotonic() - began < 3


def test_the_backup_is_for_timeouts(checklist):
    gateway, primary, backup = checklist
    primary.answer = silence()
    reply = ask(gateway, "gpt-oss-20b")
    assert reply.status_code == 200 and server(reply) == "backup"
    assert attempted(reply) == (1, 1)
    assert (primary.count, backup.count) == (2, 1)
    assert reply.headers["x-litellm-model-group"] == "llama-3p1-70b-instruct"


@pytest.mark.parametrize("name", ["500", "connection", "error in 200", "429"])
def test_the_backup_is_for_nothing_else(checklist, name):
    gateway, primary, backup = checklist
    primary.answer = FAILURES[name]
    assert ask(gateway, "gpt-oss-20b").status_code >= 400
    assert backup.count == 0


def test_a_stream_that_does_not_begin_in_time_goes_to_the_backup(checklist):
    gateway, primary, backup = checklist
    primary.answer = silence()
    heard = listen(gateway, "gpt-oss-20b")
    assert heard.text == "backup" and heard.done and heard.roles == 1


# Retries


def test_num_retries_counts_what_follows_the_first_try(shop):
    gateway, first, _ = shop
    first.answer = refusal(500)
    for wanted in (0, 1, 2):
        first.forget()
        reply = ask(gateway, num_retries=wanted, disable_fallbacks=True)
        assert reply.status_code == 500 and reply.json()["error"]["message"].startswith("made up")
        assert first.count == wanted + 1


def test_num_retries_of_the_router_of_a_deployment_and_of_a_request(serve):
    """The request's number wins over the deployment's, and that over the router's; they are not multiplied."""
    places = {name: Place(refusal(500)) for name in ("router", "own", "asked")}
    yaml = configuration(
        deployment("router", places["router"], "router"),
        deployment("own", places["own"], "own", num_retries=3, max_retries=3),
        deployment("asked", places["asked"], "asked", num_retries=3),
        router={"num_retries": 1},
    )
    with serve(yaml) as running:
        together(
            lambda: ask(running, "router"), lambda: ask(running, "own"), lambda: ask(running, "asked", num_retries=0)
        )
    assert {name: place.count for name, place in places.items()} == {"router": 2, "own": 4, "asked": 1}


@pytest.fixture(scope="module")
def pairs(serve):
    """For each failure a group in which one deployment fails so and has all the weight, and another serves."""
    bad, good = {name: Place(answer) for name, answer in FAILURES.items()}, {name: Place() for name in FAILURES}
    models = [deployment("bad", bad[name], name, info={"id": f"bad {name}"}, weight=1_000_000) for name in FAILURES]
    models += [deployment("good", good[name], name, info={"id": f"good {name}"}, weight=1) for name in FAILURES]
    with serve(configuration(*models, router={"num_retries": 1})) as running:
        yield running, bad, good


@pytest.mark.parametrize("name", FAILURES)
def test_a_retry_goes_to_another_deployment_at_once(pairs, name):
    gateway, bad, good = pairs
    began = time.monotonic()
    reply = ask(gateway, name)
    assert reply.status_code == 200 and server(reply) == f"good {name}", reply.text
    assert time.monotonic() - began < 0.4, "there is somebody else: nothing to wait for"
    assert (bad[name].count, good[name].count) == (1, 1) and attempted(reply) == (1, 0)


@pytest.mark.parametrize("name", CLIENTS_FAULTS)
def test_what_is_the_clients_fault_is_not_repeated_anywhere(shop, name):
    gateway, first, spare = shop
    first.answer = CLIENTS_FAULTS[name]
    assert ask(gateway, num_retries=3).status_code == int(name)
    assert (first.count, spare.count) == (1, 0)


def test_a_models_404_and_a_wrong_key_are_not_tried_at_the_same_place_again(serve):
    for status in (401, 404):
        alone = Place(refusal(status))
        with serve(configuration(deployment("alone", alone), router={"num_retries": 3})) as running:
            ask(running)
        assert alone.count == 1, status


def test_retry_policy_gives_each_kind_of_failure_its_number(serve):
    places = {name: Place(FAILURES.get(name, silence())) for name in ("timeout", "429", "500", "connection")}
    policy = {"TimeoutErrorRetries": 0, "RateLimitErrorRetries": 2, "InternalServerErrorRetries": 1}
    yaml = configuration(
        *(deployment(name, place, name, timeout=0.3) for name, place in places.items()),
        router={"num_retries": 0, "retry_policy": policy | {"DefaultRetries": 3}},
    )
    with serve(yaml) as running:
        together(*(lambda name=name: ask(running, name) for name in places))
    counts = {name: place.count for name, place in places.items()}
    assert counts == {"timeout": 1, "429": 3, "500": 2, "connection": 4}


def test_a_group_may_have_a_policy_of_its_own(serve):
    places = {"batch": Place(refusal(500)), "chat": Place(refusal(500))}
    yaml = configuration(
        *(deployment(name, place, name) for name, place in places.items()),
        router={"num_retries": 0, "model_group_retry_policy": {"batch": {"InternalServerErrorRetries": 2}}},
    )
    with serve(yaml) as running:
        together(*(lambda name=name: ask(running, name) for name in places))
    assert {name: place.count for name, place in places.items()} == {"batch": 3, "chat": 1}


@pytest.mark.parametrize("headers", [{"retry-after": "1"}, {"retry-after-ms": "1000"}])
def test_retry_after_is_waited_for_when_there_is_nobody_else(serve, headers):
    busy = Place(script=[refusal(429, headers=headers)])
    with serve(configuration(deployment("busy", busy), router={"num_retries": 1})) as running:
        reply = ask(running)
    assert reply.status_code == 200 and attempted(reply) == (1, 0)
    assert 1 <= busy.calls[1].at - busy.calls[0].at < 1.6


def test_a_retry_after_of_an_hour_is_told_and_not_waited_for(serve):
    busy = Place(refusal(429, headers={"retry-after": "3600"}))
    with serve(configuration(deployment("busy", busy), router={"num_retries": 3})) as running:
        began = time.monotonic()
        reply = ask(running)
    assert time.monotonic() - began < 1
    assert reply.status_code == 429 and reply.headers["retry-after"] == "3600" and busy.count == 1


def test_retry_after_of_one_deployment_does_not_delay_another(serve):
    busy, free = Place(refusal(429, headers={"retry-after": "30"})), Place()
    yaml = configuration(
        deployment("busy", busy, weight=1_000_000), deployment("free", free, weight=1), router={"num_retries": 1}
    )
    with serve(yaml) as running:
        began = time.monotonic()
        assert [server(ask(running)) for _ in range(5)] == ["free"] * 5
    assert time.monotonic() - began < 2 and busy.count == 1, "it asked to be left alone"


def test_an_outage_is_not_multiplied(serve):
    """The retry budget of a group: a fifth of its requests, and ten a minute."""
    dead = Place(refusal(500))
    router = {"num_retries": 5, "retry_budget": {"percent": 20, "per_minute": 10}, "disable_cooldowns": True}
    with serve(configuration(deployment("dead", dead), router=router)) as running:
        served = Crowd([running], 20, pause=0.05).until_served(300)
    requests = len(served)
    assert {one.status for one in served} == {500}
    # 20 requests may be under way that have not been answered.
    assert requests + 10 < dead.count <= (requests + 20) * 1.2 + 10, (requests, dead.count)


# Fallbacks


def group(serve, first, router, **others):
    places = {"chat": first} | others
    yaml = configuration(
        *(deployment(name, place, name, timeout=0.5) for name, place in places.items()),
        router={"num_retries": 0} | router,
    )
    return serve(yaml)


@pytest.fixture(scope="module")
def opened(serve):
    places = Place(), Place()
    router = {"fallbacks": [{"chat": ["spare"]}], "disable_cooldowns": True, "retry_after": 0}
    with group(serve, places[0], router, spare=places[1]) as running:
        yield running, *places


@pytest.fixture
def shop(opened):
    """`chat`, and a `spare` that answers for it when it fails. What a test does to them lasts as long as the test."""
    gateway, first, spare = opened
    first.forget(), spare.forget()
    first.answer, spare.answer = ok("from chat"), ok("from the spare")
    return opened


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_every_failure_of_an_upstream_leads_to_the_fallback(shop, name, streams):
    gateway, first, spare = shop
    first.answer = FAILURES[name]
    if streams:
        reply = listen(gateway)
        assert reply.status == 200 and reply.text == "from the spare" and reply.done and reply.roles == 1
    else:
        reply = ask(gateway)
        assert reply.status_code == 200, reply.text
        assert reply.json()["choices"][0]["message"]["content"] == "from the spare"
        assert reply.json()["model"] == "chat", "the client asked for chat, and is told so"
    assert server(reply) == "spare" and attempted(reply) == (0, 1)
    assert spare.count == 1
    # A kept connection that is closed without an answer was idle for too long: the request goes out again on a new one.
    assert first.count == 1 or name == "connection" and first.count == 2


def test_fallbacks_are_tried_in_their_order(serve):
    one, two, three = Place(refusal(500)), Place(silence()), Place()
    with group(serve, Place(refusal(503)), {"fallbacks": [{"chat": ["one", "two", "three"]}]}, one=one, two=two,
               three=three) as running:  # fmt: skip
        reply = ask(running)
    assert server(reply) == "three" and attempted(reply) == (0, 3)


def test_default_fallbacks_are_for_groups_without_their_own(serve):
    own, default = Place(ok("own")), Place(ok("default"))
    router = {"fallbacks": [{"chat": ["own"]}], "default_fallbacks": ["default"]}
    with group(serve, Place(refusal(500)), router, own=own, default=default, lone=Place(refusal(500))) as running:
        assert server(ask(running)) == "own"
        assert server(ask(running, "lone")) == "default"


def test_a_fallback_of_a_fallback_is_used_and_no_group_is_asked_twice(serve):
    first, one, two = Place(refusal(500)), Place(refusal(500)), Place(refusal(500))
    router = {"fallbacks": [{"chat": ["one"]}, {"one": ["two"]}], "default_fallbacks": ["chat", "one", "two"]}
    with group(serve, first, router, one=one, two=two) as running:
        assert ask(running).status_code == 500
    assert (first.count, one.count, two.count) == (1, 1, 1)


def test_there_are_at_most_max_fallbacks(serve):
    places = {f"f{number}": Place(refusal(500)) for number in range(8)}
    router = {"fallbacks": [{"chat": list(places)}], "max_fallbacks": 3}
    with group(serve, Place(refusal(500)), router, **places) as running:
        ask(running)
    assert sum(place.count for place in places.values()) == 3


def test_context_window_fallbacks_are_for_prompts_that_are_too_long(serve):
    first, long, spare = Place(refusal(400, **CONTEXT)), Place(ok("long")), Place(ok("spare"))
    router = {"context_window_fallbacks": [{"chat": ["long"]}], "fallbacks": [{"chat": ["spare"]}], "num_retries": 2}
    with group(serve, first, router, long=long, spare=spare) as running:
        reply = ask(running)
        assert server(reply) == "long" and first.count == 1, "the same place would refuse it again"
        first.answer = refusal(500)
        assert server(ask(running)) == "spare"


def test_content_policy_fallbacks_are_for_words_that_a_provider_refuses(serve):
    first, open_, spare = Place(refusal(400, **POLICY)), Place(ok("open")), Place(ok("spare"))
    router = {"content_policy_fallbacks": [{"chat": ["open"]}], "fallbacks": [{"chat": ["spare"]}], "num_retries": 2}
    with group(serve, first, router, open=open_, spare=spare) as running:
        assert server(ask(running)) == "open" and first.count == 1
        first.answer = refusal(500)
        assert server(ask(running)) == "spare"


@pytest.mark.parametrize(("error", "words"), [(CONTEXT, "maximum context length"), (POLICY, "content policy")])
def test_without_such_a_fallback_the_client_hears_the_providers_own_words(shop, error, words):
    gateway, first, _ = shop
    first.answer = refusal(400, **error)
    reply = ask(gateway, disable_fallbacks=True)
    assert reply.status_code == 400 and words in reply.json()["error"]["message"]


@pytest.mark.parametrize(
    ("condition", "takes"),
    [
        ("any", {"500", "timeout", "429", "connection"}),
        ("timeout", {"timeout"}),
        ("rate_limit", {"429"}),
        ("error", {"500", "connection"}),
    ],
)
def test_conditions_of_fallbacks(serve, condition, takes):
    spare = Place()
    places = {"500": Place(refusal(500)), "timeout": Place(silence()), "429": Place(refusal(429)),
              "connection": Place(hangs_up())}  # fmt: skip
    yaml = configuration(
        *(deployment(name, place, name, timeout=0.2) for name, place in (places | {"spare": spare}).items()),
        router={"num_retries": 0},
        fallbacks=[{"primary": name, "backup": ["spare"], "condition": condition} for name in places],
    )
    with serve(yaml) as running:
        assert {name for name in places if ask(running, name).status_code == 200} == takes


def test_when_all_are_dead_the_client_soon_hears_how_its_own_model_failed(shop):
    """As with LiteLLM: the client knows nothing of the fallback."""
    gateway, first, spare = shop
    first.answer, spare.answer = refusal(503, "chat is dead"), refusal(500, "the spare is dead too")
    began = time.monotonic()
    reply = ask(gateway)
    assert time.monotonic() - began < 1
    assert reply.status_code == 503 and "chat is dead" in reply.json()["error"]["message"]
    assert (first.count, spare.count) == (1, 1)


def test_a_primary_that_nobody_listens_for_costs_no_time(serve):
    gone, spare = Place(), Place()
    gone.close()
    with group(serve, gone, {"fallbacks": [{"chat": ["spare"]}]}, spare=spare) as running:
        served = Crowd([running], 4).until_served(200)
    assert {one.status for one in served} == {200}
    assert quantile([one.seconds for one in served], 0.99) < 0.3


# Credentials


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("status", [401, 403])
def test_the_refusal_of_the_gateways_key_is_never_shown_as_the_clients(serve, status, streams):
    place = Place(refusal(status, f"Incorrect API key provided: {UPSTREAM_KEY}", "invalid_api_key"))
    with serve(configuration(deployment("dep-7", place, api_key=UPSTREAM_KEY))) as running:
        reply = ask(running, stream=streams)
    assert reply.status_code == (502 if status == 401 else 403), reply.text
    assert UPSTREAM_KEY not in reply.text and "www-authenticate" not in reply.headers
    if status == 401:
        assert "dep-7" in reply.json()["error"]["message"] and "Your key is not the cause" in reply.text


# Streams


@pytest.mark.parametrize(
    "first",
    [
        stream_that_dies(0),
        stream_that_dies(0, "error"),
        stream_that_dies(0, "silence"),
        hangs_up(),
        silence(),
        refusal(500),
    ],
    ids=["cut behind the role", "error behind the role", "silent behind the role", "closed", "silent", "500"],
)
def test_an_upstream_that_dies_before_the_first_token_is_not_noticed(shop, first):
    """What it said of the role is held back, so the client hears one answer from one place."""
    gateway, primary, _ = shop
    primary.answer = first
    heard = listen(gateway)
    assert heard.status == 200 and not heard.broke and heard.done
    assert heard.text == "from the spare" and heard.roles == 1 and not heard.errors
    assert heard.headers["x-litellm-attempted-fallbacks"] == "1" and server(heard) == "spare"


def test_another_deployment_of_the_group_takes_over_before_the_first_token(serve):
    bad, good = Place(stream_that_dies(0)), Place(ok("one whole answer"))
    yaml = configuration(
        deployment("bad", bad, weight=1_000_000), deployment("good", good, weight=1), router={"num_retries": 1}
    )
    with serve(yaml) as running:
        heard = listen(running)
    assert heard.text == "one whole answer" and heard.roles == 1 and heard.done and attempted(heard) == (1, 0)


@pytest.mark.parametrize("then", ["reset", "error", "silence"])
def test_after_the_first_token_nothing_is_tried_again_and_the_error_is_told(shop, then):
    """No second answer in the middle of a sentence, and no [DONE] as if it were whole."""
    gateway, first, spare = shop
    first.answer = stream_that_dies(3, then)
    heard = listen(gateway, num_retries=2)
    assert heard.status == 200 and not heard.broke, "the stream ends properly"
    assert heard.text == "word0 word1 word2" and heard.roles == 1
    assert len(heard.errors) == 1 and "error" in heard.chunks[-1]
    if then != "error":
        assert not heard.done
    assert (first.count, spare.count) == (1, 0)


def test_the_first_token_is_not_held_back(shop):
    """Nor is any other, while there is somebody else who could be asked."""
    gateway, first, _ = shop
    first.answer = stream_that_dies(1, "silence")
    body = {"model": "chat", "stream": True, "messages": [], "stream_timeout": 5}
    with visitor() as client, client.stream(
        "POST", gateway.base + "/chat/completions", json=body, headers=gateway.headers
    ) as reply:
        began = time.monotonic()
        assert any("word0" in line for line in reply.iter_lines())
        assert time.monotonic() - began < 0.4


def test_a_stream_that_died_counts_against_its_deployment(serve):
    bad = Place(stream_that_dies(2))
    yaml = configuration(
        deployment("bad", bad), deployment("good", Place()), router={"allowed_fails": 0, "cooldown_time": 30}
    )
    with serve(yaml) as running:
        for _ in range(12):
            listen(running)
    assert bad.count == 1


# Hedged first tokens, and streams that are too slow


def hedging(*models, **router):
    router = {"num_retries": 0, "hedge_after": 0.3, "disable_cooldowns": True} | router
    return configuration(*models, router=router)


def test_a_first_token_that_does_not_come_is_asked_for_elsewhere_and_the_loser_is_closed(serve):
    slow, fast = Place(slow_stream(3, 0, first=30)), Place(ok("quick as that"))
    yaml = hedging(deployment("slow", slow, weight=1_000_000), deployment("fast", fast, weight=1))
    with serve(yaml) as running:
        began = time.monotonic()
        heard = listen(running, headers={"x-weir-explain": "1"})
        assert 0.25 < time.monotonic() - began < 1.5
        assert heard.text == "quick as that" and heard.roles == 1 and heard.done and not heard.errors
        assert server(heard) == "fast"
        assert heard.headers["x-weir-decisions"] == "attempt chat/slow; hedge chat/fast"
        until(lambda: slow.running == 0, 1, "its connection is closed at once")
        assert (slow.count, fast.count, slow.left, slow.served) == (1, 1, 1, 0)
        slow.answer = ok("in time")
        assert listen(running).text == "in time" and fast.count == 1, "nobody else is asked when it comes in time"
        slow.answer = ok("a whole one", delay=0.8)
        assert ask(running).json()["choices"][0]["message"]["content"] == "a whole one", "whole replies are not hedged"
        assert fast.count == 1


def test_limits_hold_for_the_second_attempt_too(serve):
    slow, full = Place(slow_stream(2, 0, first=1)), Place(ok("never"))
    yaml = hedging(deployment("slow", slow, weight=1_000_000), deployment("full", full, weight=1, rpm=1))
    with serve(yaml) as running:
        assert server(ask(running, "full")) == "full"
        assert listen(running).text == "word0 word1"
        assert full.count == 1


def test_many_hedged_streams_leave_nothing_behind(serve):
    """Half of the first tokens come late, some of them just when the other one is asked."""
    one, two = Place(), Place()
    for place in (one, two):
        place.script.extend(slow_stream(4, 0.01, first=(number * 7 % 10) / 16) for number in range(400))
    yaml = hedging(deployment("one", one), deployment("two", two), retry_budget={"percent": 100, "per_minute": 1000})
    with serve(yaml) as running:
        heard = []
        for _ in range(4):
            heard += together(*[lambda: listen(running)] * 30)
        assert {one.text for one in heard} == {"word0 word1 word2 word3"}
        assert all(one.done and one.roles == 1 and not one.errors for one in heard)
        assert one.count + two.count > len(heard), "some were asked twice"
        until(lambda: one.running == two.running == 0, 2, "nothing is open any more")
        until(lambda: set(in_flight(running)) <= {"0"}, 2, "and nothing counts as running")


def in_flight(running):
    lines = running.get("/metrics").text.splitlines()
    return [line.rpartition(" ")[2] for line in lines if line.startswith("weir_deployment_in_flight{")]


def test_a_stream_that_becomes_too_slow_is_ended_by_an_error(serve):
    place = Place(slow_stream(60, 0.5))
    yaml = configuration(deployment("a", place), router={"num_retries": 2, "min_tokens_per_second": 4})
    with serve(yaml) as running:
        began = time.monotonic()
        heard = listen(running)
        assert 4.5 < time.monotonic() - began < 8
        assert heard.text.startswith("word0 word1") and not heard.done and not heard.broke
        assert len(heard.errors) == 1 and "slower than" in heard.errors[0]["message"]
        until(lambda: place.running == 0, 1, "it is closed")
        assert place.count == 1
        place.answer = slow_stream(20, 0.05)
        assert listen(running).done


def test_a_pause_between_chunks_that_is_too_long_is_ended_by_an_error(serve):
    first, spare = Place(slow_stream(3, 3)), Place(ok("spare"))
    yaml = configuration(
        deployment("first", first),
        deployment("spare", spare, "spare"),
        router={"num_retries": 0, "chunk_timeout": 0.4, "fallbacks": [{"chat": ["spare"]}], "disable_cooldowns": True},
    )
    with serve(yaml) as running:
        heard = listen(running)
        assert heard.text == "word0" and len(heard.errors) == 1 and not heard.done and spare.count == 0
        first.answer = slow_stream(3, 0, first=3)
        assert listen(running).text == "spare", "before the first token somebody else is asked"


# The program's own scripted upstream


SCENARIOS = [
    "refuse", "reset-before-head", "reset-in-head", "reset-after-head", "garbage", "401", "403", "404-model", "408",
    "429", "429-date", "500", "502-html", "503", "529", "error-in-200", "error-first-in-stream", "huge-header",
]  # fmt: skip


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_fallback_from_every_scenario_of_the_mock(mocked, scenario):
    for streams in (False, True):
        heard = listen(mocked, scenario) if streams else ask(mocked, scenario)
        status = heard.status if streams else heard.status_code
        assert status == 200 and server(heard) == "spare"


@pytest.fixture(scope="module")
def mocked(serve, weir_bin, tmp_path_factory):
    (port,) = free_ports()
    with Child([weir_bin, "mock", "--port", port], tmp_path_factory.mktemp("mock") / "log") as child:
        child.until_answers(port, "/health", 10)
        scenarios = SCENARIOS
        mock = type("Mock", (), {"port": port})
        yaml = configuration(
            *(deployment(name, mock, name) for name in scenarios),
            deployment("spare", Place(), "spare"),
            router={"num_retries": 0, "default_fallbacks": ["spare"], "disable_cooldowns": True},
        )
        with serve(yaml) as running:
            yield running
