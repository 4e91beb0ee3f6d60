"""A LiteLLM database is taken over: its keys go on working."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from places import Place as Upstream
from processes import HOST
from secret_box import sealed
from store_servers import digest, echoes, keeping, on_postgres, on_sqlite, postgres  # noqa: F401

pytestmark = pytest.mark.gateway

SCHEMA = Path(__file__).parent / "fixtures/litellm_schema.sql"
# The schema's file has rows of its own, sealed with another salt: these tests bring theirs.
EMPTY = """
do $$ declare name text; begin
  for name in select tablename from pg_tables where schemaname = 'public' loop
    execute format('truncate table %I cascade', name);
  end loop;
end $$;
"""
SALT = "sk-old-salt-5a17"
OLD, BLOCKED, EXPIRED = "sk-old-ada-0123456789abcd", "sk-old-blocked-0123456789", "sk-old-expired-0123456789"


def insert(table, **values):
    """One row; a dict is JSON, a list an array of texts."""

    def text(value):
        if value is None:
            return "null"
        if isinstance(value, bool | int | float):
            return str(value).lower()
        if isinstance(value, dict):
            value = json.dumps(value)
        if isinstance(value, list):
            return "array[" + ", ".join(map(text, value)) + "]::text[]"
        return "'" + value.replace("'", "''") + "'"

    names = ", ".join(f'"{name}"' for name in values)
    return f'insert into "{table}" ({names}) values ({", ".join(map(text, values.values()))});'


def rows(upstream):
    params = {
        "model": "openai/gpt-old",
        "api_key": "sk-planted-old-provider",
        "api_base": f"http://{HOST}:{upstream.port}/v1",
    }
    by = {"created_by": "default_user_id", "updated_by": "default_user_id"}
    yield insert("LiteLLM_BudgetTable", budget_id="b-1", max_budget=100.5, budget_duration="30d", **by)
    yield insert(
        "LiteLLM_OrganizationTable", organization_id="o-1", organization_alias="river works", budget_id="b-1",
        models=["alpha", "beta", "old"], spend=2.5, **by,
    )  # fmt: skip
    members = [{"user_id": "ada", "user_email": None, "role": "admin"}]
    yield insert(
        "LiteLLM_TeamTable", team_id="t-1", team_alias="millers", organization_id="o-1", admins=["ada"],
        members=["ada"], models=["alpha", "old"], spend=1.25, max_budget=50,
    )  # fmt: skip
    yield f"""update "LiteLLM_TeamTable" set members_with_roles = '{json.dumps(members)}' where team_id = 't-1';"""
    yield insert(
        "LiteLLM_UserTable", user_id="ada", user_email="ada@river.example", user_role="internal_user", teams=["t-1"],
        models=[], spend=0.75,
    )  # fmt: skip
    for key, alias, more in [
        (OLD, "ada's", {"team_id": "t-1", "user_id": "ada", "rpm_limit": 100, "max_budget": 10.0, "spend": 0.5}),
        (BLOCKED, "blocked", {"blocked": True}),
        (EXPIRED, "expired", {"expires": "2024-01-01 00:00:00"}),
    ]:
        yield insert(
            "LiteLLM_VerificationToken", token=digest(key), key_name="sk-..." + key[-4:], key_alias=alias,
            models=["alpha", "old"] if more.get("team_id") else [], metadata={"from": "LiteLLM"}, **more,
        )  # fmt: skip
    yield insert(
        "LiteLLM_ProxyModelTable", model_id="m-1", model_name="old", model_info={"id": "m-1", "db_model": True},
        litellm_params={name: sealed(value, SALT) for name, value in params.items()}, **by,
    )  # fmt: skip
    yield insert(
        "LiteLLM_CredentialsTable", credential_id="c-1", credential_name="old credential", credential_info={},
        credential_values={"api_key": sealed("sk-planted-old-credential", SALT)}, **by,
    )  # fmt: skip


@pytest.fixture
def litellm(postgres):  # noqa: F811
    """The address of a LiteLLM database, and the upstream of its model."""
    upstream = Upstream()
    database = postgres.new_database()
    assert postgres.run(SCHEMA.read_text() + EMPTY, database) is not None, postgres.complaint
    assert postgres.run("\n".join(rows(upstream)), database) is not None, postgres.complaint
    return postgres.url(database), upstream


@pytest.fixture(params=["sqlite", "postgres"])
def target(request, tmp_path, postgres):  # noqa: F811
    return on_sqlite(tmp_path / "data") if request.param == "sqlite" else on_postgres(postgres)


def test_existing_keys_go_on_working(serve, weir_bin, litellm, target):
    source, upstream = litellm
    secrets = {"LITELLM_SALT_KEY": SALT}

    def migrate(*words):
        command = [weir_bin, "migrate", "from-litellm", source, *words, *target.command_arguments]
        return subprocess.run(command, env=os.environ | secrets, capture_output=True, text=True, timeout=60)

    dry = migrate("--dry-run")
    assert dry.returncode == 0, dry.stdout + dry.stderr
    assert "3" in dry.stdout
    done = migrate()
    assert done.returncode == 0, done.stdout + done.stderr
    for text in (dry, done):
        assert "planted" not in text.stdout + text.stderr
    again = migrate()
    assert again.returncode == 0, "twice is as good as once: " + again.stdout + again.stderr

    with keeping(serve, target, echoes(), secrets) as admin:
        ada = admin.as_(OLD)
        assert ada.calls("alpha") == 200
        assert ada.calls("beta") == 401, "the key's models came along"
        assert ada.calls("old") == 200
        assert upstream.calls[-1].headers["authorization"] == "Bearer sk-planted-old-provider"
        assert admin.as_(BLOCKED).say()[1]["error"]["message"].startswith("Authentication Error, Key is blocked.")
        assert admin.as_(EXPIRED).say()[1]["error"]["type"] == "expired_key"
        info = ada.get("/key/info")["info"]
        assert (info["key_alias"], info["spend"], info["max_budget"], info["rpm_limit"]) == ("ada's", 0.5, 10.0, 100)
        assert info["metadata"] == {"from": "LiteLLM"}
        team = admin.get("/team/info", team_id="t-1")["team_info"]
        assert (team["team_alias"], team["spend"], team["organization_id"]) == ("millers", 1.25, "o-1")
        assert [member["user_id"] for member in team["members_with_roles"]] == ["ada"]
        assert admin.get("/user/info", user_id="ada")["user_info"]["spend"] == 0.75
        organization = admin.get("/organization/info", organization_id="o-1")
        assert (organization["organization_alias"], organization["spend"]) == ("river works", 2.5)
        assert admin.get("/key/list", size=100)["total_count"] == 3, "nothing came twice"
    stored = target.everything()
    assert b"planted-old" not in stored, "credentials are sealed anew"


def test_a_salt_that_is_wrong_is_said(weir_bin, litellm, target):
    source, _ = litellm
    command = [weir_bin, "migrate", "from-litellm", source, *target.command_arguments]
    environment = os.environ | {"LITELLM_SALT_KEY": "sk-wrong"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert "old" in done.stdout + done.stderr
    assert "LITELLM_SALT_KEY" in done.stdout + done.stderr


def test_a_database_that_is_no_litellm_is_refused(weir_bin, postgres, target):  # noqa: F811
    source = postgres.url(postgres.new_database())
    command = [weir_bin, "migrate", "from-litellm", source, *target.command_arguments]
    done = subprocess.run(
        command, env=os.environ | {"LITELLM_SALT_KEY": SALT}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode != 0
    assert done.stderr.strip()
