"""Customers, for whom others call: blocked, restricted and limited, by whatever name a request gives them, and on every
replica."""

import contextlib
import threading
import time

import openai
import pytest
import yaml

from processes import HOST, until
from redis_server import Redis
from store_servers import (  # noqa: F401
    echoes,
    keeping,
    on_postgres,
    on_sqlite,
    own_postgres,
    pgbouncer,
    place,
    postgres,
)

pytestmark = pytest.mark.gateway


@pytest.fixture
def admin(serve, place):  # noqa: F811
    with keeping(serve, place) as admin:
        yield admin


@pytest.fixture
def shared(serve, tmp_path_factory):
    """On SQLite, for what has nothing to do with the kind of store."""
    with keeping(serve, on_sqlite(tmp_path_factory.mktemp("data"))) as admin:
        yield admin


def chat(admin, model="alpha", **options):
    """What the SDK makes of a chat: the text of the answer."""
    messages = [{"role": "user", "content": "hello"}]
    return admin.openai().chat.completions.create(model=model, messages=messages, **options).choices[0].message.content


def refusal(kind, admin, **options):
    with pytest.raises(kind) as caught:
        chat(admin, **options)
    return caught.value


def within_a_second(condition, what):
    started = time.monotonic()
    until(condition, 3, what)
    taken = time.monotonic() - started
    assert taken < 1, f"{what}: it took {taken:.2f} s"


def is_blocked(admin, user):
    try:
        return not chat(admin, user=user)
    except openai.BadRequestError:
        return True


def test_a_customer_is_blocked_and_let_in_again(admin):
    key = admin.as_(admin.do("/key/generate")["key"])
    assert chat(key, user="ada")
    admin.do("/customer/new", user_id="ada")
    assert chat(key, user="ada")
    admin.do("/customer/block", user_ids=["ada"])
    for caller in (key, admin):
        fault = refusal(openai.BadRequestError, caller, user="ada")
        assert fault.body["message"] == "{'error': 'User blocked from making LLM API Calls. User=ada'}"
    assert chat(key, user="bob")
    assert chat(key)
    admin.do("/customer/unblock", user_ids=["ada"])
    assert chat(key, user="ada")
    admin.do("/end_user/block", user_ids=["somebody who was never seen"])
    assert is_blocked(key, "somebody who was never seen")
    admin.do("/customer/delete", user_ids=["somebody who was never seen"])
    assert chat(key, user="somebody who was never seen")


def test_the_newer_release_says_it_plainly(serve, tmp_path):
    with keeping(serve, on_sqlite(tmp_path), echoes(compat="1.109")) as admin:
        admin.do("/customer/new", user_id="ada", blocked=True)
        fault = refusal(openai.BadRequestError, admin, user="ada")
        assert fault.body == {
            "message": "User blocked from making LLM API Calls. User=ada",
            "type": "invalid_request_error",
            "param": None,
            "code": "400",
        }


@pytest.mark.parametrize(
    "options",
    [
        {"user": "ada"},
        {"extra_headers": {"x-litellm-customer-id": "ada"}, "user": "bob"},
        {"extra_headers": {"X-LiteLLM-End-User-ID": "ada"}},
        {"extra_headers": {"x-own-user": "ada"}, "user": "bob"},
        {"metadata": {"user_id": "ada"}},
        {"extra_body": {"litellm_metadata": {"user": "ada"}}},
        {"safety_identifier": "ada"},
    ],
    ids=lambda options: ", ".join(options),
)
def test_a_customer_may_be_named_in_many_places(serve, tmp_path, options):
    mappings = [{"header_name": "X-Own-User", "litellm_user_role": "customer"}]
    configuration = echoes(general={"user_header_mappings": mappings})
    with keeping(serve, on_sqlite(tmp_path), configuration) as admin:
        admin.do("/customer/new", user_id="ada", blocked=True)
        refusal(openai.BadRequestError, admin, **options)
        assert chat(admin, user="bob")


def test_his_models_restrict_whoever_calls_for_him(shared):
    shared.do("/customer/new", user_id="ada", models=["beta"])
    fault = refusal(openai.PermissionDeniedError, shared, user="ada")
    assert fault.body["type"] == "customer_model_access_denied" and fault.body["param"] == "model"
    assert "'alpha' is not in the allowed models for this customer." in fault.body["message"]
    assert chat(shared, "beta", user="ada")
    refusal(openai.PermissionDeniedError, shared, model="beta", user="ada", extra_body={"fallbacks": ["gamma"]})
    shared.do("/customer/update", user_id="ada", models=[])
    assert chat(shared, user="ada")


def test_a_call_without_a_model_is_for_his_own(shared):
    shared.do("/customer/new", user_id="ada", default_model="gamma")
    body = {"messages": [{"role": "user", "content": "hello"}]}
    for named in ({}, {"model": None}):
        reply = shared.ask("POST", "/v1/chat/completions", body | named | {"user": "ada"})
        assert reply.status_code == 200 and reply.json()["model"] == "gamma", reply.text
        other = shared.ask("POST", "/v1/chat/completions", body | named | {"user": "bob"})
        assert other.status_code == 400 and "model=None" in other.text


def test_his_budget_limits_him_over_all_keys(admin):
    admin.do("/budget/new", budget_id="few", rpm_limit=3)
    admin.do("/customer/new", user_id="ada", budget_id="few")
    keys = [admin.as_(admin.do("/key/generate")["key"]) for _ in range(3)]
    for key in keys:
        assert chat(key, user="ada")
    fault = refusal(openai.RateLimitError, keys[0], user="ada")
    expected = "Rate limit exceeded for end_user: ada. Limit type: requests. Current limit: 3, "
    assert fault.body["message"].startswith(expected)
    assert 0 < int(fault.response.headers["retry-after"]) <= 60
    assert chat(keys[0], user="bob")
    admin.do("/budget/update", budget_id="few", rpm_limit=4)
    assert chat(keys[0], user="ada"), "the new limit holds at once"
    refusal(openai.RateLimitError, keys[1], user="ada")


def test_so_many_of_his_requests_run_at_once(serve, tmp_path, scripted):
    document = yaml.safe_load(echoes())
    params = {"model": "openai/slow", "api_key": "sk-x", "api_base": f"http://{HOST}:{scripted.port}/v1"}
    document["model_list"].append({"model_name": "slow", "litellm_params": params})
    with keeping(serve, on_sqlite(tmp_path), yaml.safe_dump(document)) as admin:
        admin.do("/customer/new", user_id="ada", max_parallel_requests=1)
        scripted.delay = 2
        found = []
        first = threading.Thread(target=lambda: found.append(chat(admin, "slow", user="ada")))
        first.start()
        until(lambda: scripted.open_requests > 0, 5, "the first request is on its way")
        fault = refusal(openai.RateLimitError, admin, model="slow", user="ada")
        assert "max_parallel_requests" in fault.body["message"]
        first.join()
        scripted.delay = 0
        assert found and chat(admin, "slow", user="ada")


def test_a_default_budget_holds_for_everybody_who_has_none(serve, place):  # noqa: F811
    configuration = echoes(litellm_settings={"max_end_user_budget_id": "standard"})
    with keeping(serve, place, configuration) as admin:
        assert chat(admin, user="ada"), "there is no such budget yet"
        admin.do("/budget/new", budget_id="standard", rpm_limit=2)
        admin.do("/customer/new", user_id="bob", rpm_limit=4)
        for user, limit in [("ada", 2), ("eve", 2), ("bob", 4)]:
            for _ in range(limit):
                assert chat(admin, user=user)
            refusal(openai.RateLimitError, admin, user=user)
        assert all(chat(admin) for _ in range(5)), "who calls for nobody is not limited"


# Replicas


@pytest.fixture(params=["alone", "behind pgbouncer"])
def replicas(request, serve, postgres):  # noqa: F811
    """Two gateways on one PostgreSQL."""
    port = request.getfixturevalue("pgbouncer").port if request.param == "behind pgbouncer" else None
    there = on_postgres(postgres, port)
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(keeping(serve, there)) for _ in range(2)]


def test_a_block_is_seen_everywhere_within_a_second(replicas):
    first, second = replicas
    first.do("/customer/new", user_id="ada")
    assert chat(second, user="ada")
    for _ in range(3):
        first.do("/customer/block", user_ids=["ada"])
        assert is_blocked(first, "ada"), "at once where it was said"
        within_a_second(lambda: is_blocked(second, "ada"), "the other replica refuses him")
        second.do("/customer/unblock", user_ids=["ada"])
        assert chat(second, user="ada")
        within_a_second(lambda: not is_blocked(first, "ada"), "the other replica takes him again")
    first.do("/customer/block", user_ids=["eve"])
    within_a_second(lambda: is_blocked(second, "eve"), "the first request of somebody who is blocked")
    first.do("/customer/delete", user_ids=["ada", "eve"])
    within_a_second(lambda: not is_blocked(second, "eve"), "nobody is left")


def test_who_was_unknown_is_known_once_he_is_made(replicas):
    first, second = replicas
    first.do("/customer/new", user_id="somebody else")
    assert chat(second, user="ada")
    first.do("/customer/new", user_id="ada", models=["beta"])
    body = {"model": "alpha", "user": "ada", "messages": [{"role": "user", "content": "x"}]}
    within_a_second(lambda: second.ask("POST", "/v1/chat/completions", body).status_code == 403, "his models hold")


def test_a_budget_that_changes_counts_everywhere(replicas):
    first, second = replicas
    first.do("/budget/new", budget_id="few", rpm_limit=0)
    first.do("/customer/new", user_id="ada", budget_id="few")

    def is_free():
        try:
            return bool(chat(second, user="ada"))
        except openai.RateLimitError:
            return False

    within_a_second(lambda: not is_free(), "the limit holds")
    first.do("/budget/update", budget_id="few", rpm_limit=None)
    within_a_second(is_free, "the limit is gone")


def test_his_limit_is_one_over_all_replicas(serve, postgres, tmp_path):  # noqa: F811
    redis, there = Redis(tmp_path), on_postgres(postgres)
    environment = {"REDIS_HOST": HOST, "REDIS_PORT": str(redis.port), "REDIS_NAMESPACE": "customers"}
    with contextlib.ExitStack() as stack:
        stack.callback(redis.stop)
        replicas = [stack.enter_context(keeping(serve, there, environment=environment)) for _ in range(2)]
        replicas[0].do("/customer/new", user_id="ada", rpm_limit=6)
        replicas[0].do("/customer/new", user_id="eve", blocked=True)
        until(lambda: is_blocked(replicas[1], "eve"), 3, "the other replica has seen that there are customers")
        for number in range(6):
            assert chat(replicas[number % 2], user="ada")
        for replica in replicas:
            refusal(openai.RateLimitError, replica, user="ada")
            assert chat(replica, user="bob")


def test_a_database_that_is_away_stops_nobody_for_his_customers_sake(serve, own_postgres):  # noqa: F811
    with keeping(serve, on_postgres(own_postgres)) as admin:
        admin.do("/customer/new", user_id="ada", blocked=True)
        admin.do("/customer/new", user_id="eve", blocked=True)
        assert is_blocked(admin, "ada")
        own_postgres.crash()
        assert is_blocked(admin, "ada"), "who is known stays blocked"
        started = time.monotonic()
        assert chat(admin, user="eve") and chat(admin, user="bob"), "others pass"
        assert time.monotonic() - started < 5
        own_postgres.start()
        until(lambda: is_blocked(admin, "eve"), 20, "what is set for her counts again")
