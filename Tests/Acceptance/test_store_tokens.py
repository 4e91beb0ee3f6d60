"""Tokens of an identity provider (JWT) in the place of keys: a real JWKS server, tokens signed with openssl."""

import base64
import http.server
import json
import subprocess
import threading
import time

import pytest

from processes import HOST, until
from store_servers import echoes, keeping, on_sqlite

pytestmark = pytest.mark.gateway


def _text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _openssl(*words, data=None):
    return subprocess.run(["openssl", *map(str, words)], input=data, capture_output=True, check=True).stdout


class Signer:
    """A key of an identity provider."""

    def __init__(self, directory, name):
        self.name, self.file = name, directory / f"{name}.pem"
        _openssl("genrsa", "-out", self.file, 2048)

    @property
    def public(self):
        modulus = _openssl("rsa", "-in", self.file, "-noout", "-modulus").decode().strip().partition("=")[2]
        number = bytes.fromhex(modulus)
        return {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": self.name, "n": _text(number), "e": "AQAB"}

    def token(self, algorithm="RS256", kid=None, **claims):
        now = int(time.time())
        claims = {"iss": "https://id.example", "aud": "weir", "iat": now, "exp": now + 300} | claims
        head = {"alg": algorithm, "typ": "JWT", "kid": kid or self.name}
        body = ".".join(_text(json.dumps(part).encode()) for part in (head, claims))
        signature = _openssl("dgst", "-sha256", "-sign", self.file, data=body.encode())
        return f"{body}.{_text(signature) if algorithm == 'RS256' else ''}"


class Provider:
    """Serves the public keys, tells who shows a token that it knows, and counts who asks."""

    def __init__(self, *signers):
        self.signers, self.asked, self.known = list(signers), 0, {}
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                provider.asked += 1
                answer, status = {"keys": [signer.public for signer in provider.signers]}, 200
                if self.path == "/userinfo":
                    token = self.headers["authorization"].removeprefix("Bearer ")
                    answer, status = provider.known.get(token, {}), 200 if token in provider.known else 401
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer((HOST, 0), Handler)
        self.url = f"http://{HOST}:{self._server.server_port}/jwks"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


RULES = {
    "user_id_jwt_field": "sub",
    "team_id_jwt_field": "team",
    "end_user_id_jwt_field": "customer",
    "user_id_upsert": True,
}


@pytest.fixture(scope="module")
def house(serve, tmp_path_factory):
    """(admin, provider, its signer, another signer)"""
    directory = tmp_path_factory.mktemp("signers")
    signer, other = Signer(directory, "first"), Signer(directory, "second")
    provider = Provider(signer)
    yaml = echoes(general={"enable_jwt_auth": True, "litellm_jwtauth": RULES})
    environment = {"JWT_PUBLIC_KEY_URL": provider.url, "JWT_AUDIENCE": "weir"}
    with keeping(serve, on_sqlite(directory / "data"), yaml, environment) as admin:
        admin.do("/team/new", team_id="millers", team_alias="millers", models=["alpha"])
        yield admin, provider, signer, other
    provider.stop()


def test_a_token_calls_what_its_team_may(house):
    admin, _, signer, _ = house
    member = admin.as_(signer.token(sub="ada", team="millers"))
    assert member.calls("alpha") == 200
    assert member.calls("gamma") in (401, 403)
    assert [model.id for model in member.openai().models.list()] == ["alpha"]


def test_keys_go_on_beside_tokens(house):
    admin, *_ = house
    assert admin.calls() == 200
    assert admin.as_(admin.do("/key/generate")["key"]).calls() == 200
    assert admin.as_("sk-nobody").calls() == 401


WRONG = {
    "signed by somebody else": lambda signer, other: other.token(kid="first", sub="ada", team="millers"),
    "over": lambda signer, other: signer.token(sub="ada", team="millers", exp=int(time.time()) - 3600),
    "not yet": lambda signer, other: signer.token(sub="ada", team="millers", nbf=int(time.time()) + 3600),
    "for another house": lambda signer, other: signer.token(sub="ada", team="millers", aud="another"),
    "not signed": lambda signer, other: signer.token("none", sub="ada", team="millers"),
    "cut": lambda signer, other: signer.token(sub="ada", team="millers")[:-10],
    "of an unknown team": lambda signer, other: signer.token(sub="ada", team="nowhere"),
    "nothing": lambda signer, other: "a.b.c",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_token_is_refused(house, name):
    admin, _, signer, other = house
    reply = admin.as_(WRONG[name](signer, other)).ask("GET", "/v1/models")
    assert reply.status_code in (401, 403), reply.text
    assert len(reply.json()["error"]["message"]) > 10


def test_a_token_manages_only_with_the_scope_of_an_admin(house):
    admin, _, signer, _ = house
    plain = admin.as_(signer.token(sub="ada", team="millers"))
    assert plain.ask("POST", "/team/new", {"team_alias": "x"}).status_code in (401, 403)
    chief = admin.as_(signer.token(sub="chief", scope="openid litellm_proxy_admin"))
    assert chief.do("/key/generate", key_alias="by a token")["key"].startswith("sk-")


def test_new_keys_of_the_provider_are_fetched_when_they_are_needed(house):
    admin, provider, signer, other = house
    token = other.token(sub="ada", team="millers")
    assert admin.as_(token).calls("alpha") == 401
    provider.signers.append(other)
    until(lambda: admin.as_(token).calls("alpha") == 200, 90, "the new key was fetched")
    before = provider.asked
    for number in range(50):
        assert admin.as_(other.token(kid=f"guess{number}", sub="ada")).calls() == 401
    assert provider.asked - before < 10, "guessing keys does not hammer the provider"


def test_the_provider_may_be_away(house):
    admin, provider, signer, _ = house
    assert admin.as_(signer.token(sub="ada", team="millers")).calls("alpha") == 200
    provider.stop()
    assert admin.as_(signer.token(sub="bea", team="millers")).calls("alpha") == 200


def test_the_customer_of_a_token_stands_above_what_the_client_writes(house):
    admin, _, signer, _ = house
    admin.do("/customer/block", user_ids=["ada's customer"])
    body = {"model": "alpha", "messages": [{"role": "user", "content": "hello"}]}

    def status(customer, **fields):
        member = admin.as_(signer.token(sub="ada", team="millers", **({"customer": customer} if customer else {})))
        headers = {"x-litellm-customer-id": fields["header"]} if "header" in fields else {}
        return member.ask("POST", "/v1/chat/completions", body | {"user": "bob"}, headers=headers).status_code

    assert status("ada's customer", header="bob") == 400
    assert status("bob", header="ada's customer") == 200
    assert status(None, header="ada's customer") == 400
    assert status(None) == 200


def test_a_provider_is_asked_about_tokens_that_nobody_can_read(serve, tmp_path):
    provider = Provider()
    provider.known["opaque-1"] = {"sub": "ada", "team": "millers", "email": "ada@example.org"}
    endpoint = provider.url.replace("/jwks", "/userinfo")
    rules = RULES | {"team_id_upsert": True, "oidc_userinfo_enabled": True, "oidc_userinfo_endpoint": endpoint}
    yaml = echoes(
        general={
            "enable_jwt_auth": True,
            "litellm_jwtauth": rules | {"oidc_userinfo_cache_ttl": 2},
            "role_permissions": [{"role": "internal_user", "models": ["alpha"]}],
        }
    )
    with keeping(serve, on_sqlite(tmp_path / "data"), yaml) as admin:
        ada = admin.as_("opaque-1")
        assert ada.calls("alpha") == 200
        assert ada.calls("gamma") in (401, 403), "role_permissions name alpha alone"
        assert provider.asked == 1
        assert admin.do("/team/info?team_id=millers", "GET")["team_id"] == "millers", "the team was made"
        for _ in range(5):
            assert admin.as_("opaque-2").calls("alpha") == 401
        assert provider.asked == 2, "who guesses is asked about once"
        assert admin.as_(admin.do("/key/generate")["key"]).calls("alpha") == 200
        assert provider.asked == 2, "keys are none of the provider's business"
        del provider.known["opaque-1"]
        until(lambda: ada.calls("alpha") == 401, 6, "the provider's word has grown old")
    provider.stop()


def test_keys_of_the_provider_may_be_given_in_pem(serve, tmp_path):
    signer, other = Signer(tmp_path, "first"), Signer(tmp_path, "second")
    pem = _openssl("rsa", "-in", signer.file, "-pubout").decode()
    yaml = echoes(general={"enable_jwt_auth": True, "litellm_jwtauth": RULES})
    for text in (pem, pem.replace("\n", "\\n")):
        environment = {"JWT_PUBLIC_KEY": text, "JWT_AUDIENCE": "weir"}
        with keeping(serve, on_sqlite(tmp_path / "data"), yaml, environment) as admin:
            assert admin.as_(signer.token(sub="ada")).calls("alpha") == 200
            assert admin.as_(other.token(sub="ada", kid="first")).calls("alpha") == 401
