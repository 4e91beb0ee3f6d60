"""Stores and replicas: what one gateway is told all others know within a second, a database that is away stops nobody
who is known, and what is secret is read nowhere."""

import contextlib
import json
import os
import sqlite3
import subprocess
import threading
import time

import pytest
import yaml

from configuration import MASTER_KEY
from places import Place as Upstream
from processes import HOST, Child, free_ports, until
from redis_server import Redis
from store_servers import (  # noqa: F401
    Admin,
    Place,
    digest,
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

# LiteLLM's own words are `no_db_connection` with 503; the older release said 500 in some places.
AWAY = 503


@contextlib.contextmanager
def fleet(serve, place, count=2, configuration=None, environment=None):  # noqa: F811
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(keeping(serve, place, configuration, environment)) for _ in range(count)]


@pytest.fixture(params=["alone", "with Redis", "behind pgbouncer"])
def replicas(request, serve, postgres, tmp_path):  # noqa: F811
    """Two gateways on one PostgreSQL."""
    environment, port, redis = {}, None, None
    if request.param == "with Redis":
        redis = Redis(tmp_path)
        environment = {"REDIS_HOST": HOST, "REDIS_PORT": str(redis.port), "REDIS_NAMESPACE": "store"}
    if request.param == "behind pgbouncer":
        port = request.getfixturevalue("pgbouncer").port
    with fleet(serve, on_postgres(postgres, port), environment=environment) as replicas:
        yield replicas
    if redis:
        redis.stop()


def within_a_second(condition, what):
    started = time.monotonic()
    until(condition, 3, what)
    taken = time.monotonic() - started
    assert taken < 1, f"{what}: it took {taken:.2f} s"


# Replicas


def test_a_blocked_key_is_refused_everywhere_within_a_second(replicas):
    first, second = replicas
    key = first.do("/key/generate")["key"]
    for replica in replicas:
        assert replica.as_(key).calls() == 200
    for _ in range(5):
        first.do("/key/block", key=key)
        assert first.as_(key).calls() == 401, "at once where it was said"
        within_a_second(lambda: second.as_(key).calls() == 401, "the other replica refuses the key")
        second.do("/key/unblock", key=key)
        assert second.as_(key).calls() == 200
        within_a_second(lambda: first.as_(key).calls() == 200, "the other replica takes the key again")
    first.do("/key/delete", keys=[key])
    within_a_second(lambda: second.as_(key).calls() == 401, "a deleted key is gone")


def test_a_client_that_stays_connected_is_refused_too(replicas):
    """One connection, whose key was known before it was blocked."""
    first, second = replicas
    key = first.do("/key/generate")["key"]
    member = second.as_(key)
    assert member.calls() == 200
    first.do("/key/block", key=key)
    within_a_second(lambda: member.calls() == 401, "the connection's key is refused")


def test_a_new_key_works_at_once_where_it_was_tried_before(replicas):
    """That a key is unknown is remembered, but not when it comes to be."""
    first, second = replicas
    key = "sk-soon-" + os.urandom(8).hex()
    assert second.as_(key).calls() == 401
    assert second.as_(key).calls() == 401
    first.do("/key/generate", key=key)
    assert first.as_(key).calls() == 200
    within_a_second(lambda: second.as_(key).calls() == 200, "the key that was unknown is known")


def test_what_a_team_may_do_reaches_every_replica(replicas):
    first, second = replicas
    team = first.do("/team/new", team_alias="travellers", models=["alpha"])["team_id"]
    key = first.do("/key/generate", team_id=team)["key"]
    assert second.as_(key).calls("beta") == 401
    first.do("/team/update", team_id=team, models=["alpha", "beta"])
    within_a_second(lambda: second.as_(key).calls("beta") == 200, "the team's models")
    second.do("/team/block", team_id=team)
    within_a_second(lambda: first.as_(key).calls() == 401, "the team is blocked")


def test_a_model_that_is_added_is_served_everywhere(replicas):
    first, second = replicas
    upstream = Upstream()
    params = {
        "model": "openai/gpt-x",
        "api_base": f"http://{HOST}:{upstream.port}/v1",
        "api_key": "sk-planted-upstream",
    }
    first.do("/model/new", model_name="delta", litellm_params=params, model_info={"id": "delta-1"})
    assert first.calls("delta") == 200, "at once where it was said"
    within_a_second(lambda: second.calls("delta") == 200, "the other replica serves it")
    assert upstream.calls[-1].headers["authorization"] == "Bearer sk-planted-upstream"
    assert "delta" in second.gateway.models
    assert [second.calls(name) for name in ("alpha", "beta", "gamma")] == [200] * 3, "those of the file go on"
    second.do("/model/delete", id="delta-1")
    assert second.calls("delta") == 400
    within_a_second(lambda: first.calls("delta") == 400, "it is gone")


def test_a_model_outlives_a_restart(serve, place):  # noqa: F811
    upstream = Upstream()
    params = {"model": "openai/gpt-x", "api_base": f"http://{HOST}:{upstream.port}/v1", "api_key": "sk-kept"}
    with keeping(serve, place) as admin:
        admin.do("/model/new", model_name="delta", litellm_params=params, model_info={"id": "delta-1"})
    with keeping(serve, place) as admin:
        assert admin.calls("delta") == 200
        assert upstream.calls[-1].headers["authorization"] == "Bearer sk-kept"
        (model,) = [one for one in admin.get("/v1/model/info")["data"] if one["model_name"] == "delta"]
        assert model["model_info"]["db_model"] is True
        assert "sk-kept" not in str(model)


# Starting


def test_ten_replicas_may_start_at_once(serve, postgres):  # noqa: F811
    place = on_postgres(postgres)
    results = []

    def one():
        with keeping(serve, place) as admin:
            results.append(admin.do("/key/generate")["key"])
            time.sleep(1)

    threads = [threading.Thread(target=one) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(results)) == 10


def test_a_store_of_a_newer_program_is_refused_in_a_sentence(serve, weir_bin, place, tmp_path):  # noqa: F811
    with keeping(serve, place) as admin:
        admin.do("/key/generate")
    if place.directory:
        with sqlite3.connect(place.directory / "weir.db") as database:
            names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
            table = next((name for name in names if "migration" in name or "schema" in name), None)
            assert table, names
            _raise_the_number(lambda text: database.execute(text).fetchall(), table)
    else:
        tables = place.postgres.run("select tablename from pg_tables where schemaname = 'public'", place.database)
        table = next(name for name in tables.split() if "migration" in name or "schema" in name)
        _raise_the_number(lambda text: place.postgres.run(text, place.database), table)
    (port,) = free_ports()
    config = tmp_path / "config.yaml"
    config.write_text(echoes())
    command = [weir_bin, "serve", "--config", config, "--host", HOST, "--port", port, *place.arguments]
    with Child(command, tmp_path / "log", place.environment, tmp_path) as child:
        assert child.wait(15) == 1, child
        assert "schema" in child.output and "release" in child.output, child.output


def _raise_the_number(run, table):
    run(f"update {table} set number = number + 1000 where number = (select max(number) from {table})")


def test_weir_migrate_tells_and_does(weir_bin, place, tmp_path):  # noqa: F811
    def migrate(*words):
        command = [weir_bin, "migrate", *words, *place.command_arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=30)

    dry = migrate("--dry-run")
    assert dry.returncode == 0, dry.stderr
    done = migrate()
    assert done.returncode == 0, done.stderr
    status = migrate("--status")
    assert status.returncode == 0, status.stderr
    assert status.stdout.strip()
    assert migrate().returncode == 0, "twice is as good as once"


# The database is away


def harmed(serve, own_postgres, **general):  # noqa: F811
    return keeping(serve, on_postgres(own_postgres), echoes(general=general))


def test_a_database_that_is_away_stops_nobody_who_is_known(serve, own_postgres):  # noqa: F811
    with harmed(serve, own_postgres) as admin:
        known = admin.do("/key/generate")["key"]
        unseen = admin.do("/key/generate")["key"]
        blocked = admin.do("/key/generate")["key"]
        admin.do("/key/block", key=blocked)
        assert admin.as_(known).calls() == 200
        assert admin.as_(blocked).calls() == 401
        own_postgres.crash()
        # Ten minutes in `make soak`, some calls otherwise.
        end = time.monotonic() + (600 if os.environ.get("WEIR_SOAK") else 0)
        calls = 0
        while calls < 20 or time.monotonic() < end:
            calls += 1
            started = time.monotonic()
            assert admin.as_(known).calls() == 200
            assert admin.calls() == 200, "the master key"
            assert time.monotonic() - started < 1
            if calls > 20:
                time.sleep(1)
        assert admin.as_(blocked).calls() == 401
        status, body = admin.as_(unseen).say()
        assert (status, body["error"]["type"]) == (AWAY, "no_db_connection")
        reply = admin.ask("POST", "/key/generate", {})
        assert (reply.status_code, reply.json()["error"]["type"]) == (503, "no_db_connection")
        ready = admin.ask("GET", "/health/readiness")
        assert (ready.status_code, ready.json()["db"]) == (200, "Not connected")
        own_postgres.start()
        until(lambda: admin.as_(unseen).calls() == 200, 5, "it has healed by itself")
        admin.do("/key/block", key=known)
        assert admin.as_(known).calls() == 401
        assert admin.ask("GET", "/health/readiness").json()["db"] == "connected"


def test_a_database_that_hangs_holds_nobody_for_long(serve, own_postgres):  # noqa: F811
    with harmed(serve, own_postgres) as admin:
        known = admin.do("/key/generate")["key"]
        unseen = admin.do("/key/generate")["key"]
        assert admin.as_(known).calls() == 200
        own_postgres.hang()
        try:
            for _ in range(5):
                started = time.monotonic()
                assert admin.as_(known).calls() == 200
                assert time.monotonic() - started < 1
            started = time.monotonic()
            assert admin.as_(unseen).calls() == AWAY
            assert time.monotonic() - started < 10, "the wait for a key has an end"
        finally:
            own_postgres.go_on()
        until(lambda: admin.as_(unseen).calls() == 200, 20, "it has healed by itself")


def test_unknown_keys_may_pass_while_the_database_is_away(serve, own_postgres):  # noqa: F811
    with harmed(serve, own_postgres, allow_requests_on_db_unavailable=True) as admin:
        unseen = admin.do("/key/generate")["key"]
        own_postgres.crash()
        assert admin.as_(unseen).calls() == 200
        assert admin.as_(unseen).ask("POST", "/key/generate", {}).status_code in (401, 403, 503), "but manages nothing"
        own_postgres.start()
        until(lambda: admin.as_("sk-nobody").calls() == 401, 5, "strangers are refused again")


def test_what_was_changed_while_a_replica_was_cut_off_is_heard_of(serve, own_postgres):  # noqa: F811
    """The database restarts between two changes; nothing of them is lost."""
    with fleet(serve, on_postgres(own_postgres)) as (first, second):
        keys = [first.do("/key/generate")["key"] for _ in range(5)]
        for key in keys:
            assert second.as_(key).calls() == 200
        first.do("/key/block", key=keys[0])
        own_postgres.crash()
        own_postgres.start()
        until(lambda: first.ask("POST", "/key/block", {"key": keys[1]}).status_code == 200, 10, "changes are taken")
        until(lambda: [second.as_(key).calls() for key in keys] == [401, 401, 200, 200, 200], 5, "both were heard of")


def test_a_gateway_starts_without_its_database(serve, own_postgres):  # noqa: F811
    place = on_postgres(own_postgres)
    own_postgres.crash()
    with keeping(serve, place) as admin:
        assert admin.calls() == 200, "the master key needs no store"
        assert admin.ask("POST", "/key/generate", {}).status_code == 503
        own_postgres.start()
        until(lambda: admin.ask("POST", "/key/generate", {}).status_code == 200, 10, "it has healed by itself")


def test_strangers_cost_the_database_next_to_nothing(serve, postgres):  # noqa: F811
    place = on_postgres(postgres)
    with keeping(serve, place) as admin:
        stranger = admin.as_("sk-stranger")
        assert stranger.calls() == 401
        count = "select sum(xact_commit + xact_rollback) from pg_stat_database where datname = '%s'" % place.database
        time.sleep(1.5)
        before = int(postgres.run(count))
        for _ in range(500):
            assert stranger.calls() == 401
        time.sleep(1.5)
        assert int(postgres.run(count)) - before < 100


# Secrets

PLANTED = {
    "provider": "sk-planted-provider-7d1f00c2",
    "credential": "sk-planted-credential-9be2",
    "salt": "planted-master-secret-55aa",
}


def test_secrets_are_read_nowhere(serve, place):  # noqa: F811
    upstream = Upstream()
    base = f"http://{HOST}:{upstream.port}/v1"
    heard = []
    with keeping(serve, place, environment={"WEIR_MASTER_SECRET": PLANTED["salt"]}) as admin:
        key = admin.do("/key/generate")["key"]
        own = "sk-planted-own-" + os.urandom(8).hex()
        admin.do("/key/generate", key=own)
        credential = {
            "credential_name": "river",
            "credential_info": {},
            "credential_values": {"api_key": PLANTED["credential"]},
        }
        admin.do("/credentials", **credential)
        params = {"model": "openai/x", "api_base": base, "api_key": PLANTED["provider"]}
        admin.do("/model/new", model_name="delta", litellm_params=params, model_info={"id": "delta-1"})
        params = {"model": "openai/x", "api_base": base, "litellm_credential_name": "river"}
        admin.do("/model/new", model_name="epsilon", litellm_params=params, model_info={"id": "epsilon-1"})
        assert admin.as_(key).calls("delta") == 200
        assert upstream.calls[-1].headers["authorization"] == f"Bearer {PLANTED['provider']}"
        assert admin.as_(own).calls("epsilon") == 200
        assert upstream.calls[-1].headers["authorization"] == f"Bearer {PLANTED['credential']}"
        for path in ("/audit", "/credentials", "/v1/model/info", "/v2/model/info", "/key/list?return_full_object=true"):
            heard.append(admin.ask("GET", path).text)
        heard.append(admin.ask("GET", "/metrics").text)
        heard.append(
            admin.ask(
                "POST", "/model/new", {"model_name": 5, "litellm_params": params | {"api_key": PLANTED["provider"]}}
            ).text
        )
        heard.append(admin.ask("POST", "/credentials", credential).text)
        heard.append(admin.as_("sk-planted-guess").ask("GET", "/v1/models").text)
        stored = place.everything()
        log = admin.gateway.child.output
    for name, secret in PLANTED.items() | {("key", key), ("own", own), ("master", MASTER_KEY)}:
        assert secret.encode() not in stored, f"{name} is in the store"
        assert secret not in log, f"{name} is in the log"
        for text in heard:
            assert secret not in text, f"{name} is in an answer: {text[:300]}"


def test_models_of_the_file_take_credentials_of_the_file_and_of_the_store(serve, place):  # noqa: F811
    upstream = Upstream()
    base = f"http://{HOST}:{upstream.port}/v1"

    def entry(name, credential, **own):
        return {"model_name": name, "litellm_params": {"model": "openai/x", "litellm_credential_name": credential} | own}

    configuration = yaml.safe_dump(
        {
            "model_list": [entry("of-file", "brook"), entry("of-store", "river"), entry("own", "brook", api_key="sk-own")],
            "credential_list": [
                {
                    "credential_name": "brook",
                    "credential_info": {"description": "of the file"},
                    "credential_values": {"api_key": "os.environ/BROOK", "api_base": base},
                }
            ],
            "general_settings": {"master_key": MASTER_KEY},
        }
    )
    environment = {"BROOK": PLANTED["provider"], "WEIR_MASTER_SECRET": PLANTED["salt"]}
    with keeping(serve, place, configuration, environment) as admin:

        def heard(model):
            assert admin.calls(model) == 200, model
            return upstream.calls[-1].headers["authorization"]

        assert heard("of-file") == f"Bearer {PLANTED['provider']}"
        assert heard("own") == "Bearer sk-own"
        values = {"api_key": PLANTED["credential"], "api_base": base}
        river = {"credential_name": "river", "credential_info": {}, "credential_values": values}
        admin.do("/credentials", **river)
        until(lambda: admin.calls("of-store") == 200 and len(upstream.calls) > 2, 5, "the model has its credential")
        assert heard("of-store") == f"Bearer {PLANTED['credential']}"
        params = {"model": "openai/x", "litellm_credential_name": "brook"}
        admin.do("/model/new", model_name="added", litellm_params=params, model_info={"id": "added-1"})
        assert heard("added") == f"Bearer {PLANTED['provider']}"
        listed = {item["credential_name"]: item for item in admin.do("/credentials", "GET")["credentials"]}
        assert listed["brook"]["source"] == "config" and listed["brook"]["credential_values"]["api_key"] == "****"
        assert admin.ask("DELETE", "/credentials/brook").status_code == 400
        assert admin.ask("DELETE", "/credentials/river").status_code == 400, "a model of the file names it"
        told = admin.ask("GET", "/credentials").text + admin.ask("GET", "/v1/model/info").text
        for secret in (PLANTED["provider"], PLANTED["credential"]):
            assert secret not in told and secret not in admin.gateway.child.output


def test_secrets_are_verified_and_rotated(serve, weir_bin, place):  # noqa: F811
    upstream = Upstream()
    params = {"model": "openai/x", "api_base": f"http://{HOST}:{upstream.port}/v1", "api_key": PLANTED["provider"]}
    environment = place.environment | {"WEIR_MASTER_SECRET": "the first secret"}

    def secrets(*words, **more):
        command = [weir_bin, "secrets", *words, *place.command_arguments]
        return subprocess.run(command, env=os.environ | environment | more, capture_output=True, text=True, timeout=30)

    with keeping(serve, place, environment=environment) as admin:
        admin.do("/model/new", model_name="delta", litellm_params=params, model_info={"id": "delta-1"})
        assert admin.calls("delta") == 200
    done = secrets("verify")
    assert done.returncode == 0, done.stdout + done.stderr
    done = secrets("rotate", WEIR_NEW_MASTER_SECRET="the second secret")
    assert done.returncode == 0, done.stdout + done.stderr
    environment["WEIR_MASTER_SECRET"] = "the second secret"
    with keeping(serve, place, environment=environment) as admin:
        assert admin.calls("delta") == 200
        assert upstream.calls[-1].headers["authorization"] == f"Bearer {PLANTED['provider']}"


# The command line


@pytest.fixture
def weir(weir_bin, tmp_path):
    def run(*words, ok=True, **variables):
        environment = {name: text for name, text in os.environ.items() if not name.startswith(("WEIR_", "LITELLM_"))}
        command = [weir_bin, *map(str, words)]
        done = subprocess.run(
            command, env=environment | variables, capture_output=True, text=True, cwd=tmp_path, timeout=30
        )
        if ok:
            assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done

    return run


def test_keys_from_the_command_line(serve, weir, place):  # noqa: F811
    with keeping(serve, place) as admin:
        there = ("--url", admin.gateway.root, "--key", MASTER_KEY)
        made = json.loads(
            weir("keys", "create", "--alias", "from the shell", "--models", "alpha,beta", "--json", *there).stdout
        )
        key = made["key"]
        assert (admin.as_(key).calls("alpha"), admin.as_(key).calls("gamma")) == (200, 401)
        table = weir("keys", "list", *there).stdout
        assert "from the shell" in table and key not in table
        listed = json.loads(weir("keys", "list", "--json", *there).stdout)
        assert digest(key) in str(listed)
        weir("keys", "show", key, *there)
        weir("keys", "block", key, *there)
        assert admin.as_(key).calls() == 401
        weir("keys", "delete", key, *there)
        assert admin.get("/key/list")["total_count"] == 0
        wrong = weir("keys", "list", "--url", admin.gateway.root, "--key", "sk-wrong", ok=False)
        assert wrong.returncode != 0 and wrong.stderr.strip()
        weir("users", "list", *there)
        weir("teams", "list", *there)


def test_keys_directly_on_the_store(serve, weir, place):  # noqa: F811
    """Before anything serves, and while something does."""
    made = json.loads(weir("keys", "create", "--alias", "early", "--json", *place.command_arguments).stdout)
    with keeping(serve, place) as admin:
        assert admin.as_(made["key"]).calls() == 200
        later = json.loads(weir("keys", "create", "--json", *place.command_arguments).stdout)
        assert admin.as_(later["key"]).calls() == 200
        weir("keys", "block", made["key"], *place.command_arguments)
        within_a_second(lambda: admin.as_(made["key"]).calls() == 401, "what the command line blocked is refused")
