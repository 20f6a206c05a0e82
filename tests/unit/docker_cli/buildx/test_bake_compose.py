"""Compose's answers as bake files."""

from pathlib import Path
from typing import Any

import pytest

from labkit.docker_cli.buildx.bake_compose import is_compose, read_compose, targets_of
from labkit.docker_cli.buildx.errors import BuildxError

CLI = "DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND"


def target(build: dict[str, Any], **service: Any) -> Any:
    project = {
        "services": {"a.b": {"build": build, **service}, "c": {"image": "x"}},
        "secrets": {"s": {"file": "./f"}, "e": {"environment": "E"}},
    }
    found = targets_of(project)
    assert found["group"] == {"default": {"targets": ["a_b"]}}
    return found["target"]["a_b"]


def test_a_service_that_is_built_is_a_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVEN", "1")
    build = {
        "context": ".",
        "dockerfile_inline": "FROM x",
        "args": {"A": "2", "GIVEN": None, "NOT": None},
        "additional_contexts": {"one": "./b", "two": "service:c.d"},
        "extra_hosts": ["h=1.2.3.4"],
        "ulimits": {"nofile": 5, "nproc": {"soft": 1, "hard": 2}},
        "secrets": [{"source": "s"}, {"source": "e", "target": "t"}],
        "no_cache": True,
    }
    assert target(build, image="app") == {
        "context": ".",
        "dockerfile-inline": "FROM x",
        "args": {"A": "2", "GIVEN": "1"},
        "contexts": {"one": "./b", "two": "target:c_d"},
        "extra-hosts": {"h": "1.2.3.4"},
        "ulimits": ["nofile=5", "nproc=1:2"],
        "secret": ["id=s,src=./f", "id=t,env=E"],
        "no-cache": True,
        "tags": ["app"],
    }


def test_what_is_said_for_bake_goes_before() -> None:
    build = {"context": ".", "tags": ["a"], "x-bake": {"tags": ["b"], "pull": True}}
    assert target(build, image="app") == {"context": ".", "tags": ["b"], "pull": True}


def test_compose_reads_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli = tmp_path / "docker"
    monkeypatch.setenv(CLI, str(cli))
    with pytest.raises(BuildxError, match=r"cannot run .*docker: No such file"):
        read_compose(["x.yml"])
    answer = '{"services": {"a": {"build": {"args": {"A": "$$x"}, "tags": ["$$"]}}}}'
    cli.write_text(f"#!/bin/sh\necho \"$@\" >{tmp_path}/words\necho '{answer}'\n")
    cli.chmod(0o755)
    found = read_compose(["x.yml", "y.yml"])["target"]["a"]
    assert (found["args"], found["tags"]) == ({"A": "$x"}, ["$"])
    words = (tmp_path / "words").read_text().split()
    assert words[:7] == [
        *("compose", "--profile", "*", "--file", "x.yml", "--file", "y.yml"),
    ]
    cli.write_text("#!/bin/sh\necho wrong >&2\nexit 3\n")
    with pytest.raises(BuildxError, match=r"cannot read x.yml: wrong"):
        read_compose(["x.yml"])


def test_knows_them_by_their_names() -> None:
    assert is_compose("compose.yaml")
    assert is_compose("x/y.yml")
    assert not is_compose("docker-bake.hcl")
