"""`weir check` reads a configuration and says what is wrong with it."""

import os
import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.gateway

FIXTURES = Path(__file__).resolve().parents[1] / "WeirConfigTests/Fixtures"
TEMPLATES = sorted(FIXTURES.glob("*.yaml"))


def plausible(variable):
    """A value that may stand where a template asks for this variable."""
    if variable.endswith("_PORT"):
        return "6379"
    if variable == "DATABASE_URL":
        return "postgresql://127.0.0.1:9/weir"
    return "http://127.0.0.1:9" if variable.endswith(("_BASE", "_URL", "_SERVER")) else "sk-1"


@pytest.fixture
def check(weir_bin):
    def run(*arguments, **environment):
        return subprocess.run(
            [weir_bin, "check", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=20,
            env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"} | environment,
        )

    return run


def test_the_published_templates_are_there():
    assert len(TEMPLATES) >= 4


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_a_published_template_is_understood(check, template):
    asked = re.findall(r"os\.environ/(\w+)|\$\{(\w+)\}", template.read_text())
    done = check(template, **{name or other: plausible(name or other) for name, other in asked})
    assert done.returncode == 0, done.stdout + done.stderr
    assert template.name in done.stdout


def test_a_variable_that_is_not_set_is_named(check, tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(
        "model_list:\n  - model_name: a\n    litellm_params: {model: openai/x, api_key: os.environ/NOT_SET_ANYWHERE}\n"
    )
    done = check(file)
    assert done.returncode != 0
    assert "NOT_SET_ANYWHERE" in done.stdout + done.stderr


def test_yaml_that_is_broken_is_shown_with_its_line(check, tmp_path):
    file = tmp_path / "broken.yaml"
    file.write_text("model_list:\n  - model_name: a\n    litellm_params: {model: openai/x\n")
    done = check(file)
    assert done.returncode != 0
    assert "broken.yaml" in done.stdout + done.stderr
    assert any(f"{line}" in done.stdout + done.stderr for line in (3, 4))


def test_a_model_without_parameters_is_refused_by_name(check, tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("model_list:\n  - model_name: lonely\n")
    done = check(file)
    assert done.returncode != 0
    assert "lonely" in done.stdout + done.stderr or "litellm_params" in done.stdout + done.stderr


def test_an_unknown_setting_is_told_and_refused_only_when_strict(check, tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(
        "model_list:\n  - model_name: a\n"
        "    litellm_params: {model: openai/x, api_base: 'http://127.0.0.1:1/v1', api_key: k}\n"
        "general_settings:\n  no_such_setting_at_all: 1\n"
    )
    lenient, strict = check(file), check(file, "--strict")
    assert lenient.returncode == 0
    assert "no_such_setting_at_all" in lenient.stdout + lenient.stderr
    assert strict.returncode != 0


def test_a_file_that_is_not_there_is_named(check, tmp_path):
    done = check(tmp_path / "nothing.yaml")
    assert done.returncode != 0
    assert "nothing.yaml" in done.stdout + done.stderr


def test_no_secret_is_printed(check, tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(
        "model_list:\n  - model_name: a\n"
        "    litellm_params: {model: openai/x, api_base: 'http://127.0.0.1:1/v1', api_key: sk-very-secret}\n"
        "general_settings:\n  master_key: sk-master-secret\n"
    )
    done = check(file)
    assert done.returncode == 0
    assert "config.yaml" in done.stdout
    assert "very-secret" not in done.stdout + done.stderr
    assert "master-secret" not in done.stdout + done.stderr
