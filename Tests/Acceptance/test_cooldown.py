"""When a deployment rests, for how long, and how it comes back. Rests are short here; the rules are the same."""

import threading
import time

import pytest

from places import CONTEXT, POLICY, Place, configuration, deployment, hangs_up, ok, refusal, silence
from processes import until
from visitors import Crowd, ask, ask_and_leave, explain, listen, server

pytestmark = pytest.mark.gateway

# Three failures within the cooldown time, as a published Kubernetes plan wants it ("30s after 3 failures").
THREE_STRIKES = {"allowed_fails": 2, "cooldown_time": 2, "num_retries": 1, "retry_after": 0,
                 "retry_budget": {"percent": 100, "per_minute": 10_000}}  # fmt: skip


def pair(serve, flaky, router, good=None, **parameters):
    """`flaky` gets nearly all of the traffic as long as it may serve, `good` the rest."""
    yaml = configuration(
        deployment("flaky", flaky, weight=1_000_000, **parameters),
        deployment("good", good or Place(), weight=1),
        router=router,
    )
    return serve(yaml)


def rest(gateway, id="flaky"):
    """Milliseconds that it still rests."""
    return explain(gateway)[id]["cooldown_ms"]


def test_three_failures_are_a_rest_and_then_it_comes_back(serve):
    flaky = Place(refusal(500))
    with pair(serve, flaky, THREE_STRIKES) as running:
        for failures in (1, 2, 3):
            assert rest(running) == 0
            assert server(ask(running)) == "good"
            assert flaky.count == failures
        assert 1500 < rest(running) <= 2000
        ended = time.monotonic() + rest(running) / 1000
        for _ in range(20):
            assert server(ask(running)) == "good"
        assert flaky.count == 3, "nobody asks it while it rests"
        flaky.answer = ok()
        until(lambda: server(ask(running)) == "flaky", 3, "it serves again")
        assert ended - 0.05 <= time.monotonic() < ended + 0.5
        assert [server(ask(running)) for _ in range(5)] == ["flaky"] * 5


def test_thirty_seconds_are_thirty_seconds(serve):
    with pair(serve, Place(refusal(500)), THREE_STRIKES | {"cooldown_time": 30}) as running:
        for _ in range(3):
            ask(running)
        assert 29_000 < rest(running) <= 30_000


def test_failures_further_apart_than_the_cooldown_time_are_no_series(serve):
    flaky = Place(refusal(500))
    with pair(serve, flaky, THREE_STRIKES | {"cooldown_time": 1}) as running:
        ask(running), ask(running)
        time.sleep(1.1)
        ask(running), ask(running)
        assert rest(running) == 0 and flaky.count == 4


def test_at_the_end_of_a_rest_one_request_tries_it(serve):
    """A herd waits for the moment; while the trial runs, and when it fails, all others go elsewhere."""
    flaky, good = Place(refusal(500)), Place()
    with pair(serve, flaky, THREE_STRIKES | {"allowed_fails": 0, "cooldown_time": 1}, good) as running:
        ask(running)
        assert flaky.count == 1
        flaky.answer = refusal(500, delay=0.5)
        with Crowd([running], 30, pause=0.01) as herd:
            until(lambda: flaky.count == 2, 3, "the trial")
            time.sleep(0.4)
            assert flaky.count == 2 and flaky.running == 1, "one lets itself in, nobody else"
            until(lambda: flaky.running == 0, 2, "the trial is over")
            flaky.answer = ok(delay=0.3)
            time.sleep(0.8)
            assert flaky.count == 2, "it failed: another rest"
            until(lambda: flaky.count == 3, 2, "the next trial")
            time.sleep(0.15)
            assert flaky.count == 3, "one again"
            until(lambda: flaky.count > 30, 3, "it has proved itself: everybody comes")
            served = herd.stop()
    assert {one.status for one in served} == {200}
    assert flaky.most_running > 5


def test_a_client_who_leaves_during_the_trial_blocks_nobody(serve):
    flaky = Place(refusal(500))
    with pair(serve, flaky, THREE_STRIKES | {"allowed_fails": 0, "cooldown_time": 1}) as running:
        ask(running)
        flaky.answer = silence()
        time.sleep(1.1)
        ask_and_leave(running, 0.3)
        assert flaky.count == 2
        until(lambda: flaky.running == 0, 2, "the trial's upstream is left")
        flaky.answer = ok()
        until(lambda: server(ask(running)) == "flaky", 1, "the next one may try")


def test_a_long_stream_ends_the_trial_with_its_first_token(serve):
    flaky = Place(refusal(500))

    async def long_stream(call):
        await call.begin_stream()
        await call.event(delta={"content": "word "})
        await call.wait(2)
        raise ConnectionResetError

    with pair(serve, flaky, THREE_STRIKES | {"allowed_fails": 0, "cooldown_time": 1}) as running:
        ask(running)
        flaky.answer = long_stream
        time.sleep(1.1)
        threading.Thread(target=lambda: listen(running), daemon=True).start()
        until(lambda: flaky.running == 1, 2, "the trial runs")
        flaky.answer = ok()
        until(lambda: server(ask(running)) == "flaky", 1, "it is back while the stream goes on")
        assert flaky.running == 1


CLIENTS_FAULTS = {
    "400": refusal(400),
    "413": refusal(413),
    "422": refusal(422),
    "context": refusal(400, **CONTEXT),
    "policy": refusal(400, **POLICY),
}

UPSTREAMS_FAULTS = {
    "500": refusal(500),
    "503": refusal(503),
    "529": refusal(529),
    "408": refusal(408),
    "connection": hangs_up(),
    "timeout": silence(),
    "error in 200": refusal(200, "the server had an error"),
}


def groups(serve, answers, router):
    """A group for each kind of failure, named by it, with a flaky deployment and a good one."""
    places = {name: Place(answer) for name, answer in answers.items()}
    models = [deployment("bad", place, name, info={"id": f"flaky {name}"}, weight=1_000_000, timeout=0.2)
              for name, place in places.items()]  # fmt: skip
    models += [deployment("good", Place(), name, info={"id": f"good {name}"}, weight=1) for name in places]
    return serve(configuration(*models, router=router)), places


@pytest.fixture(scope="module")
def strict(serve):
    """The first failure is one too many."""
    running, places = groups(serve, CLIENTS_FAULTS, THREE_STRIKES | {"allowed_fails": 0})
    with running as gateway:
        yield gateway, places


@pytest.fixture(scope="module")
def striking(serve):
    running, places = groups(serve, UPSTREAMS_FAULTS, THREE_STRIKES | {"cooldown_time": 20})
    with running as gateway:
        yield gateway, places


@pytest.mark.parametrize("name", CLIENTS_FAULTS)
def test_faults_of_clients_are_no_faults_of_the_deployment(strict, name):
    gateway, places = strict
    for _ in range(8):
        assert ask(gateway, name).status_code in (400, 413, 422)
    assert explain(gateway, name)[f"flaky {name}"]["cooldown_ms"] == 0 and places[name].count == 8


@pytest.mark.parametrize("name", UPSTREAMS_FAULTS)
def test_every_other_failure_counts(striking, name):
    gateway, places = striking
    for _ in range(2):
        assert ask(gateway, name).status_code == 200
        assert explain(gateway, name)[f"flaky {name}"]["cooldown_ms"] == 0
    assert ask(gateway, name).status_code == 200
    assert explain(gateway, name)[f"flaky {name}"]["cooldown_ms"] > 15_000 and places[name].count == 3


def test_clients_who_leave_are_no_faults_of_the_deployment(serve):
    slow = Place(silence())
    with pair(serve, slow, THREE_STRIKES | {"allowed_fails": 0}) as running:
        for _ in range(4):
            ask_and_leave(running, 0.15)
        until(lambda: slow.running == 0, 2, "the upstream is left")
        assert rest(running) == 0 and explain(running)["flaky"]["failed_last_minute"] == 0


AT_ONCE = {
    "401": refusal(401),
    "quota": refusal(429, "You exceeded your current quota", "insufficient_quota"),
    "404": refusal(404, "The model does not exist", "model_not_found"),
    "429": refusal(429),
    "503 with retry-after": refusal(503, headers={"retry-after": "9"}),
}
NOT_AT_ONCE = {"500": refusal(500), "connection": hangs_up()}


@pytest.fixture(scope="module")
def judging(serve):
    running, _ = groups(serve, AT_ONCE | NOT_AT_ONCE, {"num_retries": 1})
    with running as gateway:
        yield gateway


@pytest.mark.parametrize("name", AT_ONCE | NOT_AT_ONCE)
def test_without_a_number_the_kind_of_failure_decides(judging, name):
    ask(judging, name)
    assert (explain(judging, name)[f"flaky {name}"]["cooldown_ms"] > 0) == (name in AT_ONCE)


def test_without_a_number_more_than_half_of_at_least_five_calls_is_too_much(serve):
    flaky = Place(script=[ok(), ok(), refusal(500), refusal(500), refusal(500), refusal(500)])
    with pair(serve, flaky, {"num_retries": 1, "retry_after": 0}) as running:
        for _ in range(4):
            ask(running)
        assert rest(running) == 0, "2 of 4"
        ask(running)
        assert rest(running) > 0, "3 of 5"
        assert 4000 < rest(running) <= 5000, "5 s unless said otherwise"


@pytest.mark.parametrize(
    "headers",
    [
        {"retry-after": "7"},
        {"retry-after-ms": "7000"},
        {"retry-after": time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 3600))},
        {"retry-after": "86400"},
    ],
    ids=["seconds", "milliseconds", "a date", "a day"],
)
def test_a_rest_lasts_as_long_as_the_upstream_asks_for(serve, headers):
    """At most ten minutes."""
    with pair(serve, Place(refusal(429, headers=headers)), {"num_retries": 1}) as running:
        began = time.monotonic()
        assert server(ask(running)) == "good"
        assert time.monotonic() - began < 1, "the other one is free"
        expected = 7_000 if "7" in headers.get("retry-after", "7000")[:1] else 600_000
        assert expected - 1500 < rest(running) <= expected


def test_allowed_fails_policy_gives_each_kind_its_number(serve):
    policy = {"allowed_fails_policy": {"RateLimitErrorAllowedFails": 1, "InternalServerErrorAllowedFails": 3}}
    flaky = Place(refusal(429))
    with pair(serve, flaky, THREE_STRIKES | policy) as running:
        ask(running)
        assert rest(running) == 0
        ask(running)
        assert rest(running) > 0
    flaky = Place(refusal(500))
    with pair(serve, flaky, THREE_STRIKES | policy) as running:
        for _ in range(3):
            ask(running)
        assert rest(running) == 0
        ask(running)
        assert rest(running) > 0


def test_a_deployments_own_cooldown_wins(serve):
    with pair(serve, Place(refusal(401)), {"num_retries": 1, "cooldown_time": 30}, cooldown_time=2) as running:
        ask(running)
        assert 1000 < rest(running) <= 2000


def test_cooldowns_can_be_switched_off(serve):
    flaky = Place(refusal(500))
    with pair(serve, flaky, THREE_STRIKES | {"disable_cooldowns": True}) as running:
        for _ in range(6):
            ask(running)
        assert rest(running) == 0 and flaky.count == 6


def test_the_last_deployment_of_a_group_goes_on(serve):
    """A rest would only turn its errors into other errors."""
    alone = Place(refusal(500))
    with serve(configuration(deployment("alone", alone), router=THREE_STRIKES | {"num_retries": 0})) as running:
        for _ in range(6):
            assert ask(running).status_code == 500
        assert alone.count == 6 and rest(running, "alone") == 0
        alone.answer = ok()
        assert ask(running).status_code == 200, "it serves from the moment it is well"


def test_of_two_that_fail_one_goes_on(serve):
    one, two = Place(refusal(500)), Place(refusal(500))
    router = THREE_STRIKES | {"allowed_fails": 0, "num_retries": 0}
    yaml = configuration(deployment("one", one), deployment("two", two), router=router)
    with serve(yaml) as running:
        for _ in range(10):
            ask(running)
        assert sorted(place["cooldown_ms"] > 0 for place in explain(running).values()) == [False, True]


def test_the_last_one_rests_too_when_told_so(serve):
    alone = Place(refusal(500))
    router = THREE_STRIKES | {"num_retries": 0, "cooldown_last_deployment": True}
    with serve(configuration(deployment("alone", alone), router=router)) as running:
        assert [ask(running).status_code for _ in range(4)] == [500, 500, 500, 429]
        reply = ask(running)
        assert alone.count == 3
        assert "cooldown_list=['alone']" in reply.json()["error"]["message"]
        assert "Try again in 2 seconds" in reply.json()["error"]["message"] and reply.headers["retry-after"] == "2"


def test_a_lone_deployment_with_a_fallback_rests(serve):
    """As there is somebody else: the fallback serves at once, without a failure first."""
    alone, spare = Place(refusal(500)), Place()
    yaml = configuration(
        deployment("alone", alone),
        deployment("spare", spare, "spare"),
        router=THREE_STRIKES | {"num_retries": 0, "fallbacks": [{"chat": ["spare"]}]},
    )
    with serve(yaml) as running:
        assert [server(ask(running)) for _ in range(8)] == ["spare"] * 8
    assert alone.count == 3


def test_a_flapping_deployment_costs_no_client_an_answer(serve):
    flaky, good = Place(), Place()
    with pair(serve, flaky, THREE_STRIKES | {"cooldown_time": 0.3}, good) as running:
        with Crowd([running], 10, pause=0.005) as crowd:
            for _ in range(4):
                flaky.answer = refusal(500)
                time.sleep(0.3)
                flaky.answer = ok()
                time.sleep(0.4)
            served = crowd.stop()
    assert {one.status for one in served} == {200}
    assert flaky.served > 50 and good.count > 50


# Health checks

WATCHED = {"health_checks": {"enabled": True, "background": True, "interval": 1, "timeout": 1},
           "features": {"pre_call_health_checks": True}}  # fmt: skip


def watched(serve, flaky, good, **router):
    yaml = configuration(
        deployment("flaky", flaky, weight=1_000_000), deployment("good", good, weight=1), router=router, **WATCHED
    )
    return serve(yaml)


def test_who_is_found_dead_is_passed_over_before_any_request_fails(serve):
    flaky, good = Place(), Place()
    with watched(serve, flaky, good, num_retries=0) as running:
        assert server(ask(running)) == "flaky"
        flaky.close()
        until(lambda: not explain(running)["flaky"]["qualifies"], 5, "a check has found it dead")
        assert "health check" in explain(running)["flaky"]["reason"]
        assert [server(ask(running)) for _ in range(5)] == ["good"] * 5
        flaky.open_again()
        until(lambda: server(ask(running)) == "flaky", 5, "a check has found it alive")


def test_checks_cost_no_tokens(serve):
    places = Place(), Place()
    with watched(serve, *places) as running:
        time.sleep(2.5)
        assert explain(running)["flaky"]["qualifies"]
    assert [place.count for place in places] == [0, 0]


def test_a_backend_that_is_well_but_does_not_serve_rests_all_the_same(serve):
    flaky, good = Place(refusal(500)), Place()
    with watched(serve, flaky, good, num_retries=1, allowed_fails=0, cooldown_time=20) as running:
        assert server(ask(running)) == "good"
        time.sleep(2.5)  # checks say that it is up
        assert [server(ask(running)) for _ in range(5)] == ["good"] * 5
        assert flaky.count == 1 and rest(running) > 15_000
