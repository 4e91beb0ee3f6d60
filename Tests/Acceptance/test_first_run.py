"""The first minute: no configuration at all."""

import json

import openai
import pytest

from configuration import config, model
from processes import Child, free_ports, get

pytestmark = pytest.mark.gateway


@pytest.fixture(scope="module")
def first_run(weir_bin, tmp_path_factory):
    directory = tmp_path_factory.mktemp("first")
    (port,) = free_ports()
    unset = {"LITELLM_CONFIG": "", "CONFIG_FILE_PATH": "", "LITELLM_MASTER_KEY": "", "LITELLM_PORT": "", "PORT": ""}
    with Child([weir_bin, "serve", "--port", port], directory / "log", unset, directory) as child:
        child.until_answers(port, "/health/readiness", 20)
        yield child, port


@pytest.fixture(scope="module")
def echo(first_run):
    _, port = first_run
    client = openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="anything", max_retries=0)
    assert "echo" in [model.id for model in client.models.list()]
    return client, "echo"


def test_there_is_a_model_and_it_echoes(echo):
    client, name = echo
    answer = client.chat.completions.create(model=name, messages=[{"role": "user", "content": "hola mundo"}])
    assert "hola mundo" in answer.choices[0].message.content
    assert answer.usage.total_tokens > 0


def test_it_streams(echo):
    client, name = echo
    stream = client.chat.completions.create(
        model=name,
        messages=[{"role": "user", "content": "uno dos tres"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert "uno dos tres" in text
    assert chunks[-1].usage.total_tokens > 0


def test_it_listens_on_loopback_only(first_run):
    child, port = first_run
    with open(f"/proc/{child.pid}/net/tcp") as table:
        listening = [line.split()[1] for line in list(table)[1:] if line.split()[3] == "0A"]
    assert f"0100007F:{port:04X}" in listening
    assert f"00000000:{port:04X}" not in listening


def test_it_says_where_it_listens(first_run):
    child, port = first_run
    assert str(port) in child.output


def test_a_second_one_on_the_same_port_says_that_it_is_taken(weir_bin, first_run, tmp_path):
    _, port = first_run
    with Child([weir_bin, "serve", "--port", port], tmp_path / "log", directory=tmp_path) as second:
        assert second.wait(10) != 0
        assert str(port) in second.output
    assert get(port, "/health/readiness")[0] == 200


def test_environment_variables_name_the_configuration_and_the_port(weir_bin, tmp_path, scripted):
    file = tmp_path / "config.yaml"
    file.write_text(config(model("named", f"http://127.0.0.1:{scripted.port}/v1", "x"), key=None))
    for variable in ("LITELLM_CONFIG", "CONFIG_FILE_PATH"):
        (port,) = free_ports()
        environment = {variable: str(file), "LITELLM_PORT": str(port)}
        with Child([weir_bin, "serve", "--host", "127.0.0.1"], tmp_path / variable, environment, tmp_path) as child:
            child.until_answers(port, "/health/readiness", 20)
            assert json.loads(get(port, "/v1/models")[1])["data"][0]["id"] == "named"
