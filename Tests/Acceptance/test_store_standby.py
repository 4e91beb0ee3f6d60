"""A store with a second PostgreSQL that streams from the first: lists come from it, everything else does not, and whether
it is there is noticed by nobody."""

import contextlib
import threading
import time

import pytest

from processes import HOST, until
from store_servers import Standby, keeping, on_postgres, own_postgres  # noqa: F401

pytestmark = pytest.mark.gateway


@pytest.fixture
def standby(own_postgres, tmp_path_factory):  # noqa: F811
    server = Standby(own_postgres, tmp_path_factory.mktemp("standby"))
    yield server
    server.stop()


@pytest.fixture
def place(standby):
    place = on_postgres(standby.primary)
    place.environment["DATABASE_URL_READ_REPLICA"] = standby.url(place.database)
    return place


def aliases(admin):
    """Of all keys, as the list has them."""
    reply = admin.get("/key/list", return_full_object="true", size=100)
    return {key["key_alias"] for key in reply["keys"]}


def make(admin, alias):
    return admin.do("/key/generate", key_alias=alias)["key"]


def is_read_from(standby, place):
    """Lists are those of the standby: what it is kept from hearing is not in them."""

    def is_read():
        standby.hold_back()
        alias = f"unheard-{time.monotonic_ns()}"
        make(place.admin, alias)
        heard = aliases(place.admin)
        standby.catch_up()
        return alias not in heard

    return is_read


@contextlib.contextmanager
def readers(admin, count=4):
    """Lists are asked for all the time. Whoever asked in vain is told of at the end, with the longest wait."""
    stop, failures, waits = threading.Event(), [], [0.0]

    def read():
        while not stop.is_set():
            started = time.monotonic()
            for path in ("/key/list", "/user/list", "/v2/team/list", "/audit"):
                reply = admin.ask("GET", path)
                if reply.status_code != 200:
                    failures.append(f"{path}: {reply.status_code} {reply.text}")
            waits.append(time.monotonic() - started)

    threads = [threading.Thread(target=read) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield waits
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    assert not failures, failures[:3]
    assert len(waits) > count, "nobody was answered"


def test_lists_come_from_the_standby_and_nothing_else_does(serve, standby, place):
    with keeping(serve, place) as admin:
        make(admin, "early")
        until(lambda: aliases(admin) == {"early"}, 10, "the standby has the tables and the key")
        standby.hold_back()
        key = make(admin, "late")
        assert aliases(admin) == {"early"}
        assert admin.as_(key).calls() == 200, "a key is looked up where it was made"
        assert admin.get("/key/info", key=key)["info"]["key_alias"] == "late"
        admin.do("/key/block", key=key)
        assert admin.as_(key).calls() == 401
        admin.do("/team/new", team_id="t", team_alias="crew")
        assert admin.get("/team/info", team_id="t")["team_info"]["team_alias"] == "crew"
        assert admin.get("/v2/team/list")["teams"] == []
        standby.catch_up()
        until(lambda: aliases(admin) == {"early", "late"}, 10, "the list follows")
        assert [team["team_alias"] for team in admin.get("/v2/team/list")["teams"]] == ["crew"]


def test_a_standby_that_is_stopped_fails_nobody_and_is_read_from_when_it_is_back(serve, standby, place):
    with keeping(serve, place) as admin:
        place.admin = admin
        until(is_read_from(standby, place), 10, "the standby is read from")
        with readers(admin) as waits:
            time.sleep(0.5)
            standby.crash()
            until(lambda: "read replica does not serve" in admin.gateway.child.output, 10, "it is told of")
            key = make(admin, "while it is away")
            assert "while it is away" in aliases(admin), "lists are the primary's"
            assert admin.as_(key).calls() == 200
            standby.start()
            until(lambda: "serves again" in admin.gateway.child.output, 20, "it is told of")
        assert max(waits) < 5, f"somebody waited for {max(waits):.1f} s"
        until(is_read_from(standby, place), 10, "the standby is read from again")


def test_a_standby_that_hangs_is_waited_for_once(serve, standby, place):
    with keeping(serve, place) as admin:
        place.admin = admin
        until(is_read_from(standby, place), 10, "the standby is read from")
        make(admin, "one")
        standby.hang()
        try:
            assert "one" in aliases(admin)
            started = time.monotonic()
            for _ in range(20):
                assert "one" in aliases(admin)
            assert time.monotonic() - started < 2
        finally:
            standby.go_on()
        until(is_read_from(standby, place), 20, "the standby is read from again")


def test_a_gateway_starts_without_its_standby(serve, standby, place):
    standby.crash()
    with keeping(serve, place) as admin:
        make(admin, "one")
        assert aliases(admin) == {"one"}
        standby.start()
        place.admin = admin
        until(is_read_from(standby, place), 20, "the standby is read from")


def test_a_standby_that_takes_over_is_the_store(serve, standby, place):
    """The primary is lost and the standby promoted; the addresses name both, as libpq has it."""
    ports = f"{HOST}:{standby.primary.port},{HOST}:{standby.port}"
    place.environment["DATABASE_URL"] = f"postgresql://postgres@{ports}/{place.database}"
    with keeping(serve, place) as admin:
        key = make(admin, "one")
        until(lambda: aliases(admin) == {"one"}, 10, "the standby has the key")
        assert admin.as_(key).calls() == 200
        standby.primary.crash()
        assert admin.as_(key).calls() == 200
        assert aliases(admin) == {"one"}, "what can be read is read"
        assert standby.run("select pg_promote()").strip() == "t"
        until(lambda: admin.ask("POST", "/key/block", {"key": key}).status_code == 200, 15, "changes are taken")
        until(lambda: admin.as_(key).calls() == 401, 5, "they count")
