"""A user's story with keys, told on every kind of store: with nothing at the beginning, and with everything still there
after a restart."""

import re
import time

import openai
import pytest

from processes import until
from store_servers import MODELS, Admin, digest, echoes, keeping, pgbouncer, place, postgres  # noqa: F401

pytestmark = pytest.mark.gateway


@pytest.fixture
def admin(serve, place):  # noqa: F811
    with keeping(serve, place) as admin:
        yield admin


@pytest.fixture
def newer(serve, place):  # noqa: F811
    with keeping(serve, place, echoes(compat="1.109")) as admin:
        yield admin


@pytest.fixture
def shared(serve, tmp_path_factory):
    """On SQLite, for what has nothing to do with the kind of store."""
    from store_servers import on_sqlite

    with keeping(serve, on_sqlite(tmp_path_factory.mktemp("data"))) as admin:
        yield admin


# The story


def test_from_nothing_to_a_key_that_works_and_back(serve, place):  # noqa: F811
    with keeping(serve, place) as admin:
        assert admin.get("/key/list")["keys"] == []
        organization = admin.do("/organization/new", organization_alias="river works", models=list(MODELS))
        team = admin.do(
            "/team/new", team_alias="millers", organization_id=organization["organization_id"], models=["alpha", "beta"]
        )
        user = admin.do("/user/new", user_id="ada", user_email="ada@river.example", auto_create_key=False)
        assert user["user_id"] == "ada"
        admin.do("/team/member_add", team_id=team["team_id"], member={"role": "user", "user_id": "ada"})
        made = admin.do(
            "/key/generate", user_id="ada", team_id=team["team_id"], models=["alpha", "beta"], key_alias="ada's key"
        )
        key = made["key"]
        assert re.fullmatch(r"sk-[A-Za-z0-9_-]{22}", key)
        assert made["token"] == made["token_id"] == digest(key)
        assert made["key_name"] == "sk-..." + key[-4:]

        ada = admin.as_(key)
        chat = ada.openai().chat.completions.create(
            model="alpha", messages=[{"role": "user", "content": "Hello, river"}]
        )
        assert "Hello, river" in chat.choices[0].message.content
        assert sorted(model.id for model in ada.openai().models.list()) == ["alpha", "beta"]
        assert ada.calls("beta") == 200
        status, body = ada.say("gamma")
        assert status == 401
        assert body["error"]["type"] == "key_model_access_denied"
        assert body["error"]["message"].endswith(
            "This key can only access models=['alpha', 'beta']. Tried to access gamma"
        )

        info = ada.get("/key/info")["info"]
        assert (info["key_alias"], info["user_id"], info["models"]) == ("ada's key", "ada", ["alpha", "beta"])

        admin.do("/key/block", key=key)
        status, body = ada.say()
        assert (status, body["error"]["type"]) == (401, "auth_error")
        assert body["error"]["message"] == (
            "Authentication Error, Key is blocked. Update via `/key/unblock` if you're an admin."
        )
        admin.do("/key/unblock", key=key)
        assert ada.calls() == 200

        trail = admin.get("/audit", object_id=digest(key))
        actions = [entry["action"] for entry in trail["audit_logs"]]
        assert sorted(actions) == ["blocked", "created", "unblocked"], trail
        assert trail["total"] == 3
        assert key not in str(trail)

    with keeping(serve, place) as admin:
        assert admin.as_(key).calls() == 200, "the key outlives a restart"
        assert admin.get("/team/info", team_id=team["team_id"])["team_info"]["team_alias"] == "millers"
        assert admin.get("/user/info", user_id="ada")["user_info"]["user_email"] == "ada@river.example"
        assert admin.get("/audit", object_id=digest(key))["total"] == 3
        assert admin.do("/key/delete", keys=[key]) == {"deleted_keys": [key]}
        status, body = admin.as_(key).say()
        assert (status, body["error"]["type"]) == (401, "token_not_found_in_db")
        reply = admin.ask("POST", "/key/delete", {"keys": [key]})
        assert reply.status_code == 404


def test_the_newer_release_says_it_in_other_words(newer):
    key = newer.do("/key/generate", models=["alpha"])["key"]
    status, body = newer.as_(key).say("gamma")
    assert (status, body["error"]["type"], body["error"]["param"]) == (403, "key_model_access_denied", "model")
    assert body["error"]["message"] == (
        "The requested model 'gamma' is not available for this API key, or the model name is invalid. "
        "Check the models available to you and try again."
    )
    brief = newer.do("/key/generate", duration="1s")["key"]
    until(lambda: newer.as_(brief).calls() == 401, 5, "the key has expired")
    error = newer.as_(brief).say()[1]["error"]
    assert error["type"] == "expired_key"
    assert error["param"] == "sk-..." + brief[-4:]
    assert "Expired Key. Key Expiry time " in error["message"]


# Rotation and ends


def test_a_key_is_rotated_and_the_old_one_works_until_its_end(admin):
    old = admin.do("/key/generate", models=["alpha"], key_alias="rotated", max_budget=5)["key"]
    assert admin.as_(old).calls() == 200
    made = admin.do(f"/key/{old}/regenerate", grace_period="3s")
    started = time.monotonic()
    new = made["key"]
    assert new != old
    assert made["max_budget"] == 5
    assert admin.as_(new).calls() == 200
    assert admin.as_(old).calls() == 200, "the grace has not ended"
    assert admin.as_(old).calls("gamma") == 401, "the old key may do no more than the new one"
    until(lambda: admin.as_(old).calls() != 200, 6, "the old key has come to its end")
    assert admin.as_(old).calls() == 401, "as if there were none"
    assert time.monotonic() - started > 2.5
    assert admin.as_(new).calls() == 200
    assert admin.get("/key/list", key_alias="rotated")["keys"] == [digest(new)]


def test_a_key_that_is_rotated_without_grace_is_over_at_once(admin):
    old = admin.do("/key/generate")["key"]
    assert admin.as_(old).calls() == 200
    new = admin.do("/key/regenerate", key=old)["key"]
    assert admin.as_(old).calls() == 401
    assert admin.as_(new).calls() == 200


def test_a_blocked_key_is_blocked_in_its_grace_too(admin):
    old = admin.do("/key/generate")["key"]
    new = admin.do(f"/key/{old}/regenerate", grace_period="1h")["key"]
    assert admin.as_(old).calls() == 200
    admin.do("/key/block", key=new)
    assert admin.as_(new).calls() == 401
    assert admin.as_(old).calls() == 401


def test_a_key_expires_without_being_asked_for_again(admin):
    made = admin.do("/key/generate", duration="2s")
    assert admin.as_(made["key"]).calls() == 200
    until(lambda: admin.as_(made["key"]).calls() == 400, 5, "the key has expired")
    error = admin.as_(made["key"]).say()[1]["error"]
    assert error["type"] == "expired_key"
    assert "Authentication Error - Expired Key. Key Expiry time 20" in error["message"]


# What a key may do


def test_limits_of_a_key_are_kept(shared):
    key = shared.do("/key/generate", rpm_limit=3)["key"]
    member = shared.as_(key)
    assert [member.calls() for _ in range(5)] == [200, 200, 200, 429, 429]
    status, body = member.say()
    assert re.match(
        rf"Rate limit exceeded for api_key: {digest(key)}. Limit type: requests. Current limit: 3, Remaining: 0. "
        r"Limit resets at: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC",
        body["error"]["message"],
    ), body
    shared.do("/key/update", key=key, rpm_limit=100)
    assert member.calls() == 200


def test_a_team_that_is_blocked_stops_its_keys(admin):
    team = admin.do("/team/new", team_alias="stopped")["team_id"]
    key = admin.do("/key/generate", team_id=team)["key"]
    assert admin.as_(key).calls() == 200
    admin.do("/team/block", team_id=team)
    assert admin.as_(key).calls() == 401
    admin.do("/team/unblock", team_id=team)
    assert admin.as_(key).calls() == 200


def test_models_of_a_team_bind_its_keys(admin):
    team = admin.do("/team/new", team_alias="narrow", models=["alpha"])["team_id"]
    key = admin.do("/key/generate", team_id=team, models=["all-team-models"])["key"]
    assert admin.as_(key).calls("alpha") == 200
    status, body = admin.as_(key).say("beta")
    assert status == 401
    admin.do("/team/model/add", team_id=team, models=["beta"])
    assert admin.as_(key).calls("beta") == 200
    admin.do("/team/model/delete", team_id=team, models=["alpha"])
    assert admin.as_(key).calls("alpha") == 401


def test_wildcards_and_aliases(shared):
    key = shared.do("/key/generate", models=["al*", "first"], aliases={"first": "alpha"})["key"]
    member = shared.as_(key)
    assert (member.calls("alpha"), member.calls("first"), member.calls("beta")) == (200, 200, 401)


def test_a_key_may_be_kept_to_some_routes(shared):
    key = shared.do("/key/generate", allowed_routes=["/chat/completions", "/v1/chat/completions"])["key"]
    member = shared.as_(key)
    assert member.calls() == 200
    reply = member.ask("POST", "/v1/embeddings", {"model": "alpha", "input": "x"})
    assert reply.status_code in (401, 403), reply.text


def test_a_changed_key_is_changed_at_once(shared):
    key = shared.do("/key/generate", models=["alpha"])["key"]
    member = shared.as_(key)
    assert (member.calls("alpha"), member.calls("beta")) == (200, 401)
    shared.do("/key/update", key=key, models=["beta"])
    assert (member.calls("alpha"), member.calls("beta")) == (401, 200)
    shared.do("/key/update", key=key, models=[])
    assert (member.calls("alpha"), member.calls("beta")) == (200, 200)


def test_a_key_without_a_user_manages_nothing(shared):
    key = shared.do("/key/generate")["key"]
    for method, path, body in [
        ("POST", "/key/generate", {}),
        ("POST", "/team/new", {"team_alias": "x"}),
        ("GET", "/user/list", None),
        ("GET", "/audit", None),
        ("POST", "/key/delete", {"keys": [key]}),
    ]:
        reply = shared.as_(key).ask(method, path, body)
        assert reply.status_code == 401, f"{method} {path}: {reply.text}"
        message = reply.json()["error"]["message"]
        assert (
            f"Only proxy admin can be used to generate, delete, update info for new keys/users/teams. Route={path}"
            in message
        )
        assert "Your role=unknown" in message
    assert shared.as_(key).get("/key/info")["info"]["key_name"] == "sk-..." + key[-4:]


def test_users_keep_to_what_is_theirs(shared):
    for user in ("bea", "cem"):
        shared.do("/user/new", user_id=user, user_role="internal_user", auto_create_key=False)
    bea = shared.as_(shared.do("/key/generate", user_id="bea")["key"])
    cem = shared.do("/key/generate", user_id="cem")["key"]
    own = bea.do("/key/generate", key_alias="bea's second")
    assert own["user_id"] == "bea"
    for path, body in [
        ("/key/delete", {"keys": [cem]}),
        ("/key/block", {"key": cem}),
        ("/key/update", {"key": cem, "models": []}),
        (f"/key/{cem}/regenerate", {}),
        ("/key/generate", {"user_id": "cem"}),
    ]:
        reply = bea.ask("POST", path, body)
        assert reply.status_code in (401, 403), f"{path}: {reply.status_code} {reply.text}"
    assert bea.ask("GET", f"/key/info?key={cem}").status_code in (401, 403)
    listed = bea.get("/key/list")["keys"]
    assert digest(own["key"]) in listed and digest(cem) not in listed
    assert shared.as_(cem).calls() == 200
    assert bea.ask("POST", "/user/update", {"user_id": "bea", "user_role": "proxy_admin"}).status_code in (401, 403)


def test_who_may_only_look_changes_nothing(shared):
    shared.do("/user/new", user_id="eye", user_role="proxy_admin_viewer", auto_create_key=False)
    viewer = shared.as_(shared.do("/key/generate", user_id="eye")["key"])
    before = shared.get("/audit")["total"]
    assert viewer.get("/key/list")["total_count"] >= 1
    assert viewer.get("/audit")["total"] == before
    for path, body in [
        ("/key/generate", {}), ("/team/new", {"team_alias": "x"}), ("/user/new", {}),
        ("/model/new", {"model_name": "x", "litellm_params": {"model": "echo/echo"}, "model_info": {}}),
    ]:  # fmt: skip
        assert viewer.ask("POST", path, body).status_code in (401, 403), path
    assert shared.get("/audit")["total"] == before


# Lists


def test_lists_are_paged_and_filtered(admin):
    for number in range(25):
        admin.do("/key/generate", key_alias=f"key {number:02}", user_id="lister" if number % 2 else None)
    seen = []
    for page in (1, 2, 3):
        listed = admin.get("/key/list", page=page, size=10)
        assert (listed["total_count"], listed["current_page"], listed["total_pages"]) == (25, page, 3)
        seen += listed["keys"]
    assert len(seen) == len(set(seen)) == 25
    assert admin.get("/key/list", page=4, size=10)["keys"] == []
    assert admin.get("/key/list", user_id="lister", size=100)["total_count"] == 12
    (only,) = admin.get("/key/list", key_alias="key 07", return_full_object="true")["keys"]
    assert (only["key_alias"], only["user_id"]) == ("key 07", "lister")


def test_an_alias_is_given_once(admin):
    admin.do("/key/generate", key_alias="mine")
    reply = admin.ask("POST", "/key/generate", {"key_alias": "mine"})
    assert reply.status_code in (400, 409), reply.text
    assert "mine" in reply.json()["error"]["message"]
    assert admin.get("/key/list", key_alias="mine")["total_count"] == 1


def test_a_key_of_ones_own_choice(shared):
    key = "sk-river-" + "x" * 20
    assert shared.do("/key/generate", key=key)["key"] == key
    assert shared.as_(key).calls() == 200
    for bad in (key, "no-prefix"):
        assert 400 <= shared.ask("POST", "/key/generate", {"key": bad}).status_code < 500, bad
    assert 400 <= shared.ask("POST", "/key/generate", {"key": shared.key}).status_code < 500, "the master key"


def test_the_master_key_is_left_alone(shared):
    for path in ("/key/block", "/key/unblock"):
        assert 400 <= shared.ask("POST", path, {"key": shared.key}).status_code < 500
    assert 400 <= shared.ask("POST", "/key/delete", {"keys": [shared.key]}).status_code < 500
    assert shared.calls() == 200


def test_openai_raises_what_it_should(shared):
    key = shared.do("/key/generate", models=["alpha"])["key"]
    client = shared.as_(key).openai()
    with pytest.raises(openai.AuthenticationError):
        client.chat.completions.create(model="beta", messages=[{"role": "user", "content": "x"}])
    with pytest.raises(openai.AuthenticationError):
        shared.as_("sk-nobody").openai().models.list()
