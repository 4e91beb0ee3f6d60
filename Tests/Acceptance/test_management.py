"""What can be wrong with a management request, over the wire: a 4xx in LiteLLM's form with a sentence, and nothing
changed."""

import json

import pytest

from store_servers import echoes, keeping, on_sqlite, pgbouncer, place, postgres  # noqa: F401

pytestmark = pytest.mark.gateway

SQL = [
    "'; DROP TABLE keys; --",
    '" OR "1"="1',
    "Robert'); DELETE FROM users;--",
    "$1",
    "%s %d ?",
    "\\",
    "é\u202e\U0001f30a",
    "null",
]


@pytest.fixture(scope="module")
def admin(serve, tmp_path_factory):
    with keeping(serve, on_sqlite(tmp_path_factory.mktemp("data"))) as admin:
        yield admin


def refusal(reply, status):
    assert reply.status_code == status, reply.text
    error = reply.json()["error"]
    assert error["code"] == str(status)
    assert len(error["message"]) > 10
    return error["message"]


BAD = {
    "a number for a text": ("/key/generate", {"key_alias": 5}, 422, "key_alias"),
    "a text for a list": ("/key/generate", {"models": "alpha"}, 422, "models"),
    "a negative budget": ("/key/generate", {"max_budget": -1}, 422, "max_budget"),
    "an absurd budget": ("/key/generate", {"max_budget": 1e30}, 422, "max_budget"),
    "a negative limit": ("/key/generate", {"rpm_limit": -1}, 422, "rpm_limit"),
    "half a request": ("/key/generate", {"rpm_limit": 1.5}, 422, "rpm_limit"),
    "a duration of nothing": ("/key/generate", {"duration": "0s"}, 422, "duration"),
    "a duration in the past": ("/key/generate", {"duration": "-5m"}, 422, "duration"),
    "an unknown unit": ("/key/generate", {"duration": "5y"}, 422, "duration"),
    "a zero byte": ("/team/new", {"team_alias": "a\x00b"}, 422, "team_alias"),
    "no key": ("/key/block", {}, 422, "key"),
    "a role that is none": ("/user/new", {"user_role": "king"}, 422, "user_role"),
}


@pytest.mark.parametrize("name", BAD)
def test_it_is_refused_in_a_sentence(admin, name):
    path, body, status, field = BAD[name]
    before = admin.get("/audit")["total"]
    reply = admin.ask("POST", path, body)
    assert field in refusal(reply, status)
    assert [problem["loc"] for problem in reply.json()["detail"]] == [["body", field]]
    assert admin.get("/audit")["total"] == before


MISSING = {
    "a team that is not there": ("POST", "/key/generate", {"team_id": "nowhere"}),
    "a key that is not there": ("POST", "/key/update", {"key": "sk-nobody", "models": []}),
    "a blocked key that is not there": ("POST", "/key/block", {"key": "sk-nobody"}),
    "an info about nobody": ("GET", "/key/info?key=sk-nobody", None),
    "a member of no team": ("POST", "/team/member_add", {"team_id": "x", "member": {"role": "user", "user_id": "u"}}),
    "a team to be changed": ("POST", "/team/update", {"team_id": "nowhere", "team_alias": "x"}),
    "a team to be deleted": ("POST", "/team/delete", {"team_ids": ["nowhere"]}),
    "an organisation": ("GET", "/organization/info?organization_id=nowhere", None),
    "a budget": ("POST", "/budget/update", {"budget_id": "nowhere", "max_budget": 1}),
    "a customer": ("GET", "/customer/info?end_user_id=nowhere", None),
    "a model": ("POST", "/model/delete", {"id": "nowhere"}),
    "a credential": ("GET", "/credentials/by_name/nowhere", None),
}


@pytest.mark.parametrize("name", MISSING)
def test_what_is_not_there_is_said_not_to_be_there(admin, name):
    method, path, body = MISSING[name]
    before = admin.get("/audit")["total"]
    reply = admin.ask(method, path, body)
    assert reply.status_code in (400, 404), reply.text
    assert len(reply.json()["error"]["message"]) > 10
    assert admin.get("/audit")["total"] == before


def test_what_is_no_json_is_refused(admin):
    for content in (b"{", b"[]", b"5", b"\xff\xfe", b'{"a":}'):
        reply = admin.ask("POST", "/key/generate", content=content)
        assert "Invalid JSON payload" in refusal(reply, 400)


def test_a_body_of_ten_megabytes_is_refused(admin):
    refusal(admin.ask("POST", "/key/generate", content=b'{"key_alias": "' + b"x" * 10_000_000 + b'"}'), 413)
    deep = b'{"metadata": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001
    refusal(admin.ask("POST", "/key/generate", content=deep), 400)


def test_an_unknown_field_is_warned_of(admin):
    reply = admin.ask("POST", "/key/generate", {"max_bugdet": 5})
    assert reply.status_code == 200
    assert reply.headers["warning"].endswith('"unknown fields are left out of account: max_bugdet"')


@pytest.mark.parametrize("text", SQL)
def test_words_of_sql_are_words(serve, place, text):  # noqa: F811
    with keeping(serve, place) as admin:
        team = admin.do("/team/new", team_alias=text, metadata={text: text})["team_id"]
        key = admin.do("/key/generate", key_alias=text, metadata={text: [text]}, user_id=text)["key"]
        assert admin.get("/team/info", team_id=team)["team_info"]["team_alias"] == text
        info = admin.get("/key/info", key=key)["info"]
        assert (info["key_alias"], info["metadata"][text], info["user_id"]) == (text, [text], text)
        assert admin.get("/key/list", key_alias=text)["total_count"] == 1
        assert admin.get("/key/list", user_id=text)["total_count"] == 1
        assert admin.get("/audit", object_id=text)["total"] == 0
        assert admin.get("/key/list", key_alias=text + "'")["total_count"] == 0
        assert admin.as_(key).calls() == 200


def test_the_longest_texts_are_kept(serve, place):  # noqa: F811
    """Chance letters, which no database can make shorter: an index has no room for the whole of them."""
    import random

    random.seed(4)
    text = "".join(random.choices("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=4096))
    with keeping(serve, place) as admin:
        for path, field in [
            ("/key/generate", "key_alias"), ("/key/generate", "user_id"), ("/team/new", "team_alias"),
            ("/user/new", "user_email"), ("/user/new", "user_id"), ("/organization/new", "organization_alias"),
            ("/customer/new", "user_id"), ("/budget/new", "budget_id"), ("/tag/new", "name"),
        ]:  # fmt: skip
            reply = admin.ask("POST", path, {field: text, "auto_create_key": False})
            assert reply.status_code < 500, f"{path} {field}: {reply.text}"
            if reply.status_code >= 400:
                assert len(reply.json()["error"]["message"]) < 1000, "an error does not repeat a page of text"


def test_the_description_is_served_and_names_the_routes(admin):
    description = admin.get("/openapi.json")
    assert description["openapi"].startswith("3.1")
    for path in ("/key/generate", "/team/new", "/v1/chat/completions", "/v2/rerank", "/model/new"):
        assert path in description["paths"], path
    text = admin.ask("GET", "/openapi.json").text
    json.loads(text, object_pairs_hook=lambda pairs: _once(pairs))


def _once(pairs):
    names = [name for name, _ in pairs]
    assert len(set(names)) == len(names), f"twice in one object: {names}"
    return dict(pairs)


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused_with_those_there_are(admin, method):
    reply = admin.ask(method, "/key/generate")
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")
    reply = admin.ask(method, "/key/sk-x/regenerate")
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


def test_without_a_store_it_is_said_what_to_do(serve):
    yaml = echoes().replace("master_key", "no_such_key")
    with serve(yaml, key=None) as gateway:
        import httpx

        reply = httpx.post(gateway.root + "/key/generate", json={}, timeout=20)
        assert reply.status_code == 500
        assert "DATABASE_URL" in reply.json()["error"]["message"]
