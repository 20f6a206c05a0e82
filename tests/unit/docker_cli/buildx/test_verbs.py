"""The verbs: found, helped with, refused, and at the engine that the flags name."""

import importlib
import socket
from pathlib import Path

import pytest

from labkit.docker_cli.buildx.flags import Command
from labkit.docker_cli.buildx.verbs import VERBS, run
from labkit.docker_cli.config import Config
from labkit.docker_cli.contexts import Context, save
from tests.unit.docker_cli.buildx.fake_engine import fake_engine


@pytest.mark.parametrize(
    "words", [["version"], ["buildx", "version"], ["-D", "buildx", "version"]]
)
def test_is_called_with_and_without_its_name(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 0
    assert capsys.readouterr().out.startswith("github.com/docker/buildx v0.")


def test_every_verb_is_there() -> None:
    for name, (module, about) in VERBS.items():
        found = importlib.import_module(f"labkit.docker_cli.buildx.{module}")
        command, verb = found.COMMANDS[name]
        assert isinstance(command, Command)
        assert command.about == about
        assert callable(verb)


def test_helps(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    assert "  build     Start a build\n" in capsys.readouterr().out
    assert run(["build", "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage:  docker buildx build [OPTIONS]")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["nosuch"],
            "ERROR: docker: unknown command: docker buildx nosuch\n\nRun 'docker",
        ),
        (
            ["build"],
            "ERROR: 'docker buildx build' requires 1 argument\n\nUsage:  docker",
        ),
        (
            ["build", "--foo", "."],
            "ERROR: unknown flag: --foo\n\nUsage:  docker buildx",
        ),
        (["build", "--builder", "x", "."], 'ERROR: no builder "x" found\n'),
    ],
)
def test_refuses(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 1
    assert capsys.readouterr().err.startswith(said)


def test_takes_the_command_lines_own_flags(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {"GET /version": (200, {"Os": "linux", "Arch": "arm64", "Version": "9"})}
    with fake_engine(tmp_path, answers=answers) as fake:
        words = ["--config", str(tmp_path), f"--host={fake.host}", "buildx", "inspect"]
        assert run(words) == 0
    assert "Platforms:        linux/arm64\n" in capsys.readouterr().out


def test_finds_the_engine_as_docker_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    config = Config(str(tmp_path))
    answers = {"GET /version": (200, {"Os": "linux", "Arch": "arm64"})}
    with fake_engine(tmp_path, answers=answers) as fake:
        save(config, Context("lab", fake.host))
        assert run(["--config", str(tmp_path), "-c", "lab", "buildx", "inspect"]) == 0
        assert "Status:           running\n" in capsys.readouterr().out
    assert run(["--config", str(tmp_path), "-c", "x", "buildx", "ls"]) == 1
    assert 'ERROR: context "x": context not found' in capsys.readouterr().err
    assert run(["-H", "ssh://x", "buildx", "ls"]) == 1
    assert "speaks unix:// and tcp:// only" in capsys.readouterr().err


def test_speaks_tls_where_docker_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    ca = f"--tlscacert={tmp_path}/ca.pem"
    with socket.create_server(("127.0.0.1", 0)) as door:
        host = f"tcp://127.0.0.1:{door.getsockname()[1]}"
        assert run(["--tlsverify", ca, "-H", host, "buildx", "du"]) == 1
    assert f"ERROR: error during connect: {host}: " in capsys.readouterr().err
