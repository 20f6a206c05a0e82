import pytest

from labkit.docker_cli.build_door import find
from labkit.docker_cli.cli import Cli
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.flags import Values


@pytest.fixture
def cli(tmp_path):
    return Cli(Values([]), str(tmp_path))


def test_only_builds_go_through_it(cli, capsys):
    assert find(cli, ["ps"]) is None
    assert capsys.readouterr().err == ""


def test_without_buildx_the_classic_door_is_told_of(cli, capsys):
    assert find(cli, ["build", "."]) is None
    assert "Install the buildx component" in capsys.readouterr().err


def test_with_buildx_the_words_go_to_it(cli, tmp_path):
    plugin = tmp_path / "cli-plugins" / "docker-buildx"
    plugin.parent.mkdir()
    plugin.write_text("#!/bin/sh\n")
    plugin.chmod(0o755)
    for typed in (["build", "."], ["image", "build", "."], ["builder", "build", "."]):
        door = find(cli, typed)
        assert door is not None
        assert (door.program, door.words) == (str(plugin), ["buildx", "build", "."])


def test_the_environment_decides(cli, monkeypatch, capsys):
    monkeypatch.setenv("DOCKER_BUILDKIT", "1")
    with pytest.raises(CliError, match="buildx component is missing or broken"):
        find(cli, ["build", "."])
    monkeypatch.setenv("DOCKER_BUILDKIT", "0")
    assert find(cli, ["build", "."]) is None
    assert "BuildKit is currently disabled" in capsys.readouterr().err
    monkeypatch.setenv("DOCKER_BUILDKIT", "odd")
    with pytest.raises(CliError, match="expects boolean value"):
        find(cli, ["build", "."])
