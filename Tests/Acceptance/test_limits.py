"""How many requests, tokens and parallel requests a configuration lets in, and what those hear that it does not."""

import signal
import threading
import time
from collections import Counter

import pytest

from configuration import MASTER_KEY
from places import Place, configuration, deployment, ok, refusal, silence, stream_that_dies
from processes import until
from visitors import Crowd, ask, ask_and_leave, ask_quickly, listen

pytestmark = pytest.mark.gateway

INTAKE, OTHER, THIRD = "sk-intake-8f2a", "sk-other-77c1", "sk-third-90ab"


def limited(serve, place=None, limits=None, **sections):
    yaml = configuration(
        deployment("a", place or Place()),
        router={"num_retries": 0},
        auth={"type": "bearer", "tokens": [{"name": "ai-intake", "token": INTAKE}, OTHER, THIRD]},
        **({"rate_limits": limits} if limits else {}),
        **sections,
    )
    return serve(yaml)


def by(key):
    return {"Authorization": f"Bearer {key}"}


def statuses(gateway, count, key=MASTER_KEY, **fields):
    return [ask(gateway, headers=by(key), **fields).status_code for _ in range(count)]


def at_once(gateway, keys, **fields):
    """The statuses of requests that run together, one for each of `keys`."""
    found = []
    run = [threading.Thread(target=lambda key=key: found.append(ask(gateway, headers=by(key), **fields).status_code))
           for key in keys]  # fmt: skip
    for thread in run:
        thread.start()
    for thread in run:
        thread.join()
    return sorted(found)


# Requests


def test_the_checklists_limits(serve):
    """`global_per_minute`, a named key's own limit, and the default for each of the others."""
    place = Place()
    limits = {"global_per_minute": 30, "per_api_key": {"default": 6, "ai-intake": 12}}
    with limited(serve, place, limits) as running:
        assert statuses(running, 14, INTAKE) == [200] * 12 + [429] * 2
        assert statuses(running, 8, OTHER) == [200] * 6 + [429] * 2
        assert statuses(running, 8, THIRD) == [200] * 6 + [429] * 2, "the default is each key's own, not shared"
        assert statuses(running, 8, MASTER_KEY) == [200] * 6 + [429] * 2
        assert place.count == 30, "what is refused never reaches an upstream"


def test_a_limit_may_name_the_token_itself(serve):
    with limited(serve, limits={"per_api_key": {OTHER: 2, "default": 5}}) as running:
        assert statuses(running, 4, OTHER) == [200, 200, 429, 429]
        assert statuses(running, 4, INTAKE) == [200] * 4


def test_the_global_limit_is_for_all_keys_together(serve):
    with limited(serve, limits={"global_per_minute": 5}) as running:
        found = statuses(running, 3, INTAKE) + statuses(running, 3, OTHER) + statuses(running, 1, THIRD)
    assert found == [200] * 5 + [429] * 2


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_a_refusal_is_litellms_429(serve, streams):
    with limited(serve, limits={"per_api_key": {"default": 2}}) as running:
        statuses(running, 2, OTHER)
        reply = ask(running, headers=by(OTHER), stream=streams)
    assert reply.status_code == 429 and reply.headers["content-type"].startswith("application/json")
    error = reply.json()["error"]
    assert error["message"].startswith("Rate limit exceeded for api_key: ")
    assert "Limit type: requests. Current limit: 2, Remaining: 0. Limit resets at: 20" in error["message"]
    assert OTHER not in reply.text, "a key is named by its digest"
    assert error["code"] == "429" and set(error) == {"message", "type", "param", "code"}
    assert 55 <= int(reply.headers["retry-after"]) <= 61
    assert reply.headers["x-ratelimit-limit-requests"] == "2"
    assert reply.headers["x-ratelimit-remaining-requests"] == "0"
    assert reply.headers["x-ratelimit-reset-requests"].endswith("s")


def test_every_answer_tells_what_is_left(serve):
    with limited(serve, limits={"global_per_minute": 100, "per_api_key": {"default": 5}}) as running:
        replies = [ask(running, headers=by(OTHER)) for _ in range(3)]
        heard = listen(running, headers=by(OTHER))
    left = [reply.headers["x-ratelimit-remaining-requests"] for reply in replies]
    assert left == ["4", "3", "2"] and heard.headers["x-ratelimit-remaining-requests"] == "1", "the tightest one"
    assert {reply.headers["x-ratelimit-limit-requests"] for reply in replies} == {"5"}


def test_without_limits_nothing_is_said_of_them(serve):
    with limited(serve) as running:
        assert not [name for name in ask(running).headers if name.startswith("x-ratelimit")]


def test_what_one_limit_refuses_costs_the_others_nothing(serve):
    with limited(serve, limits={"global_per_minute": 3, "per_api_key": {"default": 10}}) as running:
        assert statuses(running, 8, OTHER) == [200] * 3 + [429] * 5
        yaml = running.config.read_text().replace("global_per_minute: 3", "global_per_minute: 100")
        running.config.write_text(yaml)
        running.child.signal(signal.SIGHUP)
        time.sleep(0.5)
        assert statuses(running, 8, OTHER) == [200] * 7 + [429]


def test_a_crowd_gets_exactly_as_many_as_the_limit(serve):
    place = Place()
    with limited(serve, place, {"global_per_minute": 100}) as running:
        served = Crowd([running], 20, pause=0.005).until_served(400)
    assert Counter(one.status for one in served)[200] == place.count == 100


def test_zero_lets_nothing_in(serve):
    with limited(serve, limits={"per_api_key": {"default": 5, "ai-intake": 0}}) as running:
        assert statuses(running, 2, INTAKE) == [429, 429] and statuses(running, 1, OTHER) == [200]


def test_a_model_group_may_have_limits(serve):
    yaml = configuration(
        deployment("a", Place()),
        deployment("b", Place(), "other"),
        model_group_limits={"chat": {"rpm": 3}},
    )
    with serve(yaml) as running:
        assert [ask(running).status_code for _ in range(5)] == [200] * 3 + [429] * 2
        assert ask(running, "other").status_code == 200
        assert "model_group: chat" in ask(running).json()["error"]["message"]


def test_limits_are_no_failures_of_deployments(serve):
    spare = Place()
    yaml = configuration(
        deployment("a", Place()),
        deployment("spare", spare, "spare"),
        router={"fallbacks": [{"chat": ["spare"]}], "num_retries": 3, "allowed_fails": 0},
        rate_limits={"global_per_minute": 2},
    )
    with serve(yaml) as running:
        assert [ask(running).status_code for _ in range(5)] == [200] * 2 + [429] * 3
        assert spare.count == 0


def test_strangers_and_unknown_models_use_up_nothing(serve):
    with limited(serve, limits={"global_per_minute": 3}) as running:
        for _ in range(5):
            assert ask(running, headers=by("sk-stranger")).status_code == 401
            assert ask(running, "no-such-model").status_code == 400
        assert statuses(running, 4) == [200] * 3 + [429]


def test_retries_and_fallbacks_count_once(serve):
    yaml = configuration(
        deployment("a", Place(refusal(500))),
        deployment("b", Place(), "spare"),
        router={"num_retries": 1, "fallbacks": [{"chat": ["spare"]}], "retry_after": 0},
        rate_limits={"global_per_minute": 3},
    )
    with serve(yaml) as running:
        assert [ask(running).status_code for _ in range(4)] == [200] * 3 + [429]


@pytest.mark.parametrize("wanted", [20, 3])
def test_a_reload_keeps_the_window_and_takes_the_new_limit(serve, wanted):
    with limited(serve, limits={"global_per_minute": 5}) as running:
        assert statuses(running, 4) == [200] * 4
        running.config.write_text(running.config.read_text().replace("minute: 5", f"minute: {wanted}"))
        running.child.signal(signal.SIGHUP)
        time.sleep(0.5)
        left = max(wanted - 4, 0)
        assert statuses(running, left + 2) == [200] * left + [429] * 2


# Tokens


def test_tokens_are_reserved_and_settled_with_what_was_used(serve):
    """Each request may have 500 and has 4: after two the limit is still nearly whole."""
    with limited(serve, Place(ok(usage=(3, 1))), {"per_api_key": {"default": {"tpm": 1000}}}) as running:
        for number in range(1, 31):
            reply = ask(running, max_tokens=500)
            assert reply.status_code == 200, (number, reply.text)
        assert int(ask(running, max_tokens=5).headers["x-ratelimit-remaining-tokens"]) >= 1000 - 31 * 4 - 60
        assert reply.headers["x-ratelimit-limit-tokens"] == "1000"


def test_two_at_once_cannot_both_have_the_last_tokens(serve):
    """The reservation holds as long as the request runs."""
    with limited(serve, Place(ok(delay=0.6)), {"per_api_key": {"default": {"tpm": 1000}}}) as running:
        assert at_once(running, [OTHER] * 3, max_tokens=600) == [200, 429, 429]
        assert statuses(running, 1, OTHER, max_tokens=600) == [200], "what was not used is back"


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_an_answer_that_was_longer_than_thought_is_counted_in_full(serve, streams):
    with limited(serve, Place(ok(usage=(700, 400))), {"per_api_key": {"default": {"tpm": 1000}}}) as running:
        call = listen if streams else ask
        call(running, max_tokens=10)
        reply = ask(running, max_tokens=10)
        assert reply.status_code == 429
        assert "Limit type: tokens. Current limit: 1000" in reply.json()["error"]["message"]
        assert reply.headers["x-ratelimit-remaining-tokens"] == "0"
        assert 50 <= int(reply.headers["retry-after"]) <= 61


def test_the_tokens_of_streams_are_settled_too(serve):
    with limited(serve, Place(ok(usage=(3, 2))), {"per_api_key": {"default": {"tpm": 1000}}}) as running:
        for _ in range(10):
            assert listen(running, max_tokens=500).done
        reply = ask(running, max_tokens=5)
        assert int(reply.headers["x-ratelimit-remaining-tokens"]) >= 1000 - 10 * 5 - 60


def test_a_request_that_failed_used_no_tokens(serve):
    with limited(serve, Place(refusal(500)), {"per_api_key": {"default": {"tpm": 1000}}}) as running:
        assert [ask(running, max_tokens=500).status_code for _ in range(6)] == [500] * 6


def test_what_can_never_fit_is_refused_with_what_it_needs(serve):
    with limited(serve, limits={"per_api_key": {"default": {"tpm": 100}}}) as running:
        reply = ask(running, max_tokens=5000)
    assert reply.status_code == 429 and "needs 50" in reply.json()["error"]["message"]


def test_assumed_output_tokens_stand_in_for_max_tokens(serve):
    limits = {"per_api_key": {"default": {"tpm": 1000}}, "assumed_output_tokens": 800}
    with limited(serve, Place(ok(delay=0.5)), limits) as running:
        assert at_once(running, [OTHER] * 2) == [200, 429]


# Parallel requests


@pytest.fixture(scope="module")
def narrow(serve):
    """Two at once for each key."""
    place = Place()
    with limited(serve, place, {"per_api_key": {"default": {"max_parallel_requests": 2}}}) as running:
        yield running, place


def test_as_many_at_once_as_the_limit_says(narrow):
    gateway, place = narrow
    place.answer = ok(delay=0.7)
    held = [threading.Thread(target=lambda: ask(gateway)) for _ in range(2)]
    for thread in held:
        thread.start()
    until(lambda: place.running == 2, 5, "two are under way")
    place.answer = ok()
    reply = ask(gateway)
    assert reply.status_code == 429
    assert "Limit type: max_parallel_requests. Current limit: 2, Remaining: 0" in reply.json()["error"]["message"]
    assert 1 <= int(reply.headers["retry-after"]) <= 60
    assert ask(gateway, headers=by(OTHER)).status_code == 200, "another key has its own"
    for thread in held:
        thread.join()
    assert [ask(gateway).status_code for _ in range(3)] == [200] * 3


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        (ok(), {}),
        (ok(), {"stream": True}),
        (refusal(500), {}),
        (refusal(400), {}),
        (refusal(401), {}),
        (stream_that_dies(0), {"stream": True}),
        (stream_that_dies(3), {"stream": True}),
    ],
    ids=["whole", "stream", "500", "400", "401", "dead before a token", "dead in the middle"],
)
def test_a_slot_comes_back_however_the_request_ends(serve, answer, fields):
    place = Place(answer)
    with limited(serve, place, {"per_api_key": {"default": {"max_parallel_requests": 1}}}) as running:
        for number in range(6):
            reply = ask(running, **fields)
            assert reply.status_code != 429, number


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("limit", [{"max_parallel_requests": 1}, {"tpm": 1100}], ids=["parallel", "tokens"])
def test_one_after_the_other_is_never_two_at_once(serve, limit, streams):
    """Who has the last byte of an answer holds nothing any more."""
    with limited(serve, Place(ok(usage=(0, 0))), {"per_api_key": {"default": limit}}) as running:
        found = Counter(ask_quickly(running, max_tokens=600, stream=streams) for _ in range(500))
    assert found == {200: 500}


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_a_slot_comes_back_when_its_client_leaves(serve, streams):
    place = Place(stream_that_dies(1, "silence") if streams else silence())
    with limited(serve, place, {"per_api_key": {"default": {"max_parallel_requests": 2}}}) as running:
        for _ in range(5):
            ask_and_leave(running, stream=streams)
        until(lambda: place.running == 0, 2, "the upstream is left")
        place.answer = ok()
        assert ask(running).status_code == 200


def test_the_settings_of_litellm_for_parallel_requests(serve):
    place = Place(ok(delay=0.5))
    general = {"max_parallel_requests": 2, "global_max_parallel_requests": 3}
    with limited(serve, place, general_settings=general) as running:
        assert at_once(running, [INTAKE] * 4) == [200, 200, 429, 429]
        assert at_once(running, [INTAKE] * 2 + [OTHER] * 2) == [200] * 3 + [429]
    assert place.most_running == 3
