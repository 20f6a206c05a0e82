import json

import pytest

from labkit.cli.engine import enter_command, env_command
from labkit.cli.engine_process import find_place
from tests.unit.grading.observe.fakes import answer_with, serving


def test_status_of_an_engine_that_does_not_run(terminal, tmp_path):
    said = terminal.run("engine", "status", "--data-root", str(tmp_path))
    assert said.code == 1
    assert "stopped" in said.out
    assert str(tmp_path / "run" / "docker.sock") in said.out


def test_status_of_an_engine_that_runs(terminal, tmp_path):
    body = b'{"Containers": 3, "ContainersRunning": 2, "Images": 4}'
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with serving(tmp_path / "s", answer_with(head.encode() + body)):
        arguments = ["--data-root", str(tmp_path), "--socket", str(tmp_path / "s")]
        said = terminal.run("engine", "status", *arguments, "--json")
    document = json.loads(said.out)
    assert said.code == 0
    assert (document["state"], document["running"], document["api"]) == (
        "running",
        2,
        "1.47",
    )


def test_stopping_what_does_not_run_is_no_failure(terminal, tmp_path):
    said = terminal.run("engine", "stop", "--data-root", str(tmp_path))
    assert (said.code, said.out) == (0, "the engine was not running\n")


def test_logs_of_an_engine_that_never_ran(terminal, tmp_path):
    said = terminal.run("engine", "logs", "--data-root", str(tmp_path))
    assert said.code == 2
    assert "there is no log yet" in said.err


def test_reset_asks_nobody_without_a_terminal(terminal, tmp_path, monkeypatch):
    (tmp_path / "store.db").touch()
    with open("/dev/null", encoding="ascii") as null:
        monkeypatch.setattr("sys.stdin", null)
        said = terminal.run("engine", "reset", "--data-root", str(tmp_path))
    assert said.code == 2
    assert "--yes" in said.err
    assert (tmp_path / "store.db").exists()


def test_reset_never_removes_a_folder_that_no_engine_made(terminal, tmp_path):
    (tmp_path / "thesis.txt").touch()
    said = terminal.run("engine", "reset", "--data-root", str(tmp_path), "--yes")
    assert said.code == 1
    assert "is not an engine's data root" in said.err
    assert (tmp_path / "thesis.txt").exists()


def test_reset_removes_a_data_root(terminal, tmp_path):
    root = tmp_path / "data"
    (root / "run").mkdir(parents=True)
    said = terminal.run("engine", "reset", "--data-root", str(root), "--yes")
    assert said.code == 0
    assert not root.exists()


@pytest.mark.parametrize("verb", ["start", "stop", "status", "logs", "reset", "enter"])
def test_every_verb_has_help(terminal, verb):
    said = terminal.run("engine", verb, "--help")
    assert said.code == 0
    assert "--data-root" in said.out


def test_says_which_environment_leads_to_an_engine():
    """Without its data root one would go on with another engine: the default one."""
    assert env_command(find_place()) == "labkit env"
    assert env_command(find_place("/d a")) == "labkit env --data-root '/d a'"
    assert env_command(find_place(None, "/s")) == "labkit env --socket /s"
    both = env_command(find_place("/d", "/s"))
    assert both == "labkit env --data-root /d --socket /s"


def test_root_enters_a_network_itself_and_others_by_a_container():
    path = "/proc/7/ns/net"
    assert enter_command(path, "unix:///s", True) == ["nsenter", f"--net={path}"]
    command = enter_command(path, "unix:///s", False)
    assert command[:3] == ["docker", "-H", "unix:///s"]
    assert command[-3:] == ["busybox", "nsenter", f"--net={path}"]
    assert {"--rm", "--privileged", "--pid=host", "--network=none"} <= set(command)
