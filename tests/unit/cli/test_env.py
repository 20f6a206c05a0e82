import subprocess

from labkit.docker_cli.config import Config
from labkit.docker_cli.contexts import load


def _evaluated(lines):
    script = 'eval "$1"; echo "$DOCKER_HOST|$DOCKER_CONFIG"'
    done = subprocess.run(
        ["bash", "-c", script, "-", lines], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_prints_lines_that_a_shell_can_evaluate(terminal):
    said = terminal.run("env")
    assert _evaluated(said.out) == f"{terminal.host}|{terminal.home}/.docker"


def test_a_named_engine_wins(terminal):
    said = terminal.run("env", "--data-root", "/my data")
    assert _evaluated(said.out).startswith("unix:///my data/run/docker.sock|")


def test_can_be_undone(terminal):
    assert terminal.run("env", "--unset").out == "unset DOCKER_HOST DOCKER_CONFIG\n"


def test_gives_the_persons_own_docker_a_context(terminal, tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "own"))
    said = terminal.run("env", "--context")
    assert said.out == "docker context use labkit\n"
    found = load(Config(str(tmp_path / "own")), "labkit")
    assert found.host == terminal.host
