"""A container from its bundle to its exit code."""

import json
import os

import pytest

from labkit.base.errors import ConflictError, InvalidInputError, NotFoundError
from labkit.runtime.model import (
    AttachOptions,
    IoOptions,
    LogOptions,
    StartError,
    Status,
)
from labkit.spec.runtime import Namespace, User
from tests.system.runtime.lab import Lab, read_until, wait_event

pytestmark = pytest.mark.root


@pytest.mark.parametrize("code", [0, 1, 3, 255])
def test_reports_the_exit_code(lab: Lab, code: int) -> None:
    assert lab.run("code", "sh", "-c", f"exit {code}").code == code


def test_reports_death_by_a_signal(lab: Lab) -> None:
    lab.create("dead", "sleep", "60")
    with lab.runtime.watch("dead") as watch:
        lab.runtime.start("dead")
        # The first process of a pid namespace does not get what it has no handler for
        # (pid_namespaces(7)); only SIGKILL from outside always works.
        lab.runtime.kill("dead", 15)
        assert lab.runtime.state("dead").status is Status.RUNNING
        lab.runtime.kill("dead", 9)
        assert wait_event(watch, "exit")["exit_code"] == 137
    lab.runtime.delete("dead")


def test_delivers_a_signal_that_is_handled(lab: Lab) -> None:
    trap = "trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done"
    lab.create("trap", "sh", "-c", trap)
    with (
        lab.runtime.watch("trap") as watch,
        lab.runtime.attach("trap", AttachOptions()) as sock,
    ):
        lab.runtime.start("trap")
        read_until(sock, b"ready")
        lab.runtime.kill("trap", 15)
        assert wait_event(watch, "exit")["exit_code"] == 7
    lab.runtime.delete("trap")


def test_keeps_the_streams_apart(lab: Lab) -> None:
    result = lab.run("two", "sh", "-c", "echo out; echo err >&2")
    assert (result.stdout, result.stderr) == (b"out\n", b"err\n")


@pytest.mark.parametrize(
    ("args", "code", "text"),
    [
        (("nope",), 127, 'exec: "nope": executable file not found in $PATH'),
        (("/nope",), 127, 'exec: "/nope": stat /nope: no such file or directory'),
        (("/etc/passwd",), 126, 'exec: "/etc/passwd": permission denied'),
        (("/etc",), 126, 'exec: "/etc": is a directory'),
    ],
)
def test_says_why_a_program_cannot_start(
    lab: Lab, args: tuple[str, ...], code: int, text: str
) -> None:
    lab.create("bad", *args)
    with pytest.raises(StartError) as caught:
        lab.runtime.start("bad")
    assert (caught.value.exit_code, str(caught.value)) == (code, text)
    with pytest.raises(NotFoundError):
        lab.runtime.state("bad")


@pytest.mark.parametrize(
    ("program", "text"),
    [
        ("/etc/script", "exec /etc/script: no such file or directory\n"),
        ("/etc/garbage", "exec /etc/garbage: exec format error\n"),
    ],
)
def test_what_execve_finds_out_the_container_says(
    lab: Lab, program: str, text: str
) -> None:
    """A script without its interpreter, a program for another machine: it started."""
    result = lab.run("late", program)
    assert (result.code, result.stderr.decode()) == (255, text)


def test_passes_through_the_states(lab: Lab) -> None:
    pid = lab.create("states", "sleep", "60")
    assert lab.runtime.state("states").status is Status.CREATED
    with lab.runtime.watch("states") as watch:
        lab.runtime.start("states")
        running = lab.runtime.state("states")
        assert (running.status, running.pid) == (Status.RUNNING, pid)
        with pytest.raises(ConflictError, match="cannot start a container"):
            lab.runtime.start("states")
        with pytest.raises(ConflictError, match="is running"):
            lab.create("states", "true")
        lab.runtime.kill("states", 9)
        wait_event(watch, "exit")
    stopped = lab.runtime.state("states")
    assert stopped.status is Status.STOPPED
    assert stopped.exit is not None
    assert stopped.exit.exit_code == 137
    lab.runtime.delete("states")
    with pytest.raises(NotFoundError):
        lab.runtime.state("states")


def test_starts_again_in_the_same_folder(lab: Lab) -> None:
    for code in (1, 2):
        assert lab.run("again", "sh", "-c", f"exit {code}").code == code


def test_writes_the_log_that_docker_writes(lab: Lab) -> None:
    lab.run("log", "sh", "-c", "printf 'a\\tb\\nend'; echo oh >&2")
    entries = [json.loads(x) for x in lab.log_path("log").read_text().splitlines()]
    assert {(e["log"], e["stream"]) for e in entries} == {
        ("a\tb\n", "stdout"),
        ("end", "stdout"),
        ("oh\n", "stderr"),
    }


def test_keeps_what_a_fast_writer_wrote(lab: Lab) -> None:
    result = lab.run("fast", "sh", "-c", "seq 1 100000")
    assert result.text.split()[-1] == "100000"
    assert len(lab.log_path("fast").read_bytes().splitlines()) == 100000


def test_becomes_the_user(lab: Lab) -> None:
    user = User(uid=1000, gid=1001, additional_gids=(7, 1001), umask=0o027)
    result = lab.run(
        "user", "sh", "-c", "id -u; id -G; umask; echo x > /dev/stdout", user=user
    )
    assert result.text.split("\n")[:4] == ["1000", "1001 7", "0027", "x"]


def test_makes_a_missing_working_folder(lab: Lab) -> None:
    assert lab.run("cwd", "pwd", cwd="/srv/deep/down").text == "/srv/deep/down\n"


def test_refuses_a_bad_bundle(lab: Lab) -> None:
    with pytest.raises(InvalidInputError, match="mount namespace"):
        lab.create("none", "true", namespaces=(Namespace("pid"),))


def test_shares_the_namespaces_of_another(lab: Lab) -> None:
    pid = lab.create("first", "sleep", "60")
    lab.runtime.start("first")
    shared = tuple(
        Namespace(kind, f"/proc/{pid}/ns/{name}")
        for kind, name in (("network", "net"), ("ipc", "ipc"), ("pid", "pid"))
    )
    made = (Namespace("mount"), Namespace("uts"), *shared)
    probe = "readlink /proc/self/ns/net; readlink /proc/self/ns/ipc; ps -o args"
    result = lab.run("second", "sh", "-c", probe, namespaces=made)
    seen = result.text.splitlines()
    assert seen[0] == os.readlink(f"/proc/{pid}/ns/net")
    assert seen[1] == os.readlink(f"/proc/{pid}/ns/ipc")
    assert "sleep 60" in seen
    lab.runtime.delete("first")


def test_runs_without_a_log(lab: Lab) -> None:
    io = IoOptions(log=LogOptions())
    assert lab.run("nolog", "echo", "hi", io=io).text == "hi\n"
    assert not lab.log_path("nolog").exists()
