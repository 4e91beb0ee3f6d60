"""A new configuration takes over while requests run, and a broken one does not."""

import os
import signal
import threading
import time
from contextlib import contextmanager

import httpx
import pytest

from configuration import MASTER_KEY, config, model
from gateway import Gateway
from processes import Child, free_ports, until

pytestmark = pytest.mark.gateway


@contextmanager
def traffic(running, name, clients=4):
    """Requests without a pause until the block ends; every one of them must have been answered with 200."""
    outcomes, stop = [], threading.Event()

    def ask():
        with httpx.Client(timeout=10) as client:
            body = {"model": name, "messages": [{"role": "user", "content": "hola"}]}
            while not stop.is_set():
                try:
                    outcomes.append(
                        client.post(running.base + "/chat/completions", json=body, headers=running.headers).status_code
                    )
                except httpx.HTTPError as error:
                    outcomes.append(repr(error))

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: len(outcomes) > 20, 10, "traffic flows")
        yield outcomes
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert set(outcomes) == {200}, set(outcomes)


@pytest.fixture
def base(scripted):
    return f"http://127.0.0.1:{scripted.port}/v1"


def yaml(base, *names):
    return config(*(model(name, base, "x") for name in names))


def replace(path, text):
    """As editors and deployment tools do it: a new file takes the old one's name."""
    new = path.with_suffix(".new")
    new.write_text(text)
    os.replace(new, path)


def test_a_signal_reloads(serve, base):
    with serve(yaml(base, "a")) as running:
        running.config.write_text(yaml(base, "a", "b"))
        running.child.signal(signal.SIGHUP)
        until(lambda: running.models == ["a", "b"], 5, "the new model is listed")


@pytest.mark.parametrize("change", ["write", "replace"])
def test_a_changed_file_reloads_by_itself(serve, base, change):
    with serve(yaml(base, "a")) as running:
        with traffic(running, "a"):
            text = yaml(base, "a", "b")
            running.config.write_text(text) if change == "write" else replace(running.config, text)
            until(lambda: running.models == ["a", "b"], 10, "the new model is listed")


def test_a_swapped_link_reloads_as_kubernetes_does_it(weir_bin, tmp_path, base):
    """A mounted ConfigMap: config.yaml -> ..data/config.yaml, ..data -> a directory per version, swapped by rename."""

    def version(name, *models):
        directory = tmp_path / name
        directory.mkdir()
        (directory / "config.yaml").write_text(yaml(base, *models))
        (tmp_path / "..data_tmp").symlink_to(name)
        os.replace(tmp_path / "..data_tmp", tmp_path / "..data")

    version("..v1", "a")
    path = tmp_path / "config.yaml"
    path.symlink_to("..data/config.yaml")
    (port,) = free_ports()
    command = [weir_bin, "serve", "--config", path, "--host", "127.0.0.1", "--port", port]
    with Child(command, tmp_path / "log") as child:
        child.until_answers(port, "/health/readiness", 20)
        running = Gateway(child, port, MASTER_KEY, path)
        with traffic(running, "a"):
            version("..v2", "a", "b")
            until(lambda: running.models == ["a", "b"], 10, "the new model is listed")


@pytest.mark.parametrize(
    "broken",
    ["model_list: [", "model_list: 5", "", "model_list:\n  - model_name: x\n"],
    ids=["no yaml", "no list", "empty", "half a model"],
)
def test_a_broken_file_keeps_the_old_configuration(serve, base, broken):
    with serve(yaml(base, "a")) as running:
        with traffic(running, "a"):
            running.config.write_text(broken)
            running.child.signal(signal.SIGHUP)
            time.sleep(1)
            assert running.models == ["a"]
        running.config.write_text(yaml(base, "a", "c"))
        running.child.signal(signal.SIGHUP)
        until(lambda: running.models == ["a", "c"], 5, "the repaired file is taken")


def test_a_file_that_vanishes_keeps_the_old_configuration(serve, base):
    with serve(yaml(base, "a")) as running:
        running.config.unlink()
        running.child.signal(signal.SIGHUP)
        time.sleep(0.5)
        assert running.models == ["a"]
        assert running.chat("a").status_code == 200


def test_a_running_stream_outlives_the_model_it_was_asked_of(serve, base, scripted):
    scripted.interval, scripted.events = 0.1, 20
    with serve(yaml(base, "a")) as running:
        body = {"model": "a", "stream": True, "messages": []}
        with httpx.stream("POST", running.base + "/chat/completions", json=body, headers=running.headers) as reply:
            lines = reply.iter_lines()
            assert next(lines).startswith("data: ")
            running.config.write_text(yaml(base, "b"))
            running.child.signal(signal.SIGHUP)
            until(lambda: running.models == ["b"], 5, "the model is gone")
            assert list(lines)[-2:] == ["data: [DONE]", ""]
        assert running.chat("a").status_code == 400


def test_twenty_reloads_in_a_row_under_traffic(serve, base):
    with serve(yaml(base, "a")) as running:
        with traffic(running, "a"):
            for number in range(20):
                replace(running.config, yaml(base, "a", f"b{number}"))
                running.child.signal(signal.SIGHUP)
                time.sleep(0.02)
            until(lambda: running.models == ["a", "b19"], 10, "the last one is in force")
