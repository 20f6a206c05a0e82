"""Further processes: inside everything, with their own streams and codes."""

import pytest

from labkit.base.errors import ConflictError, NotFoundError
from labkit.runtime.model import AttachOptions, IoOptions, StartError, Status
from labkit.spec.runtime import CapabilitySets, User
from tests.system.runtime.lab import (
    Lab,
    exec_in,
    process,
    read_all,
    read_until,
    wait_event,
)

pytestmark = pytest.mark.root


@pytest.fixture(scope="module")
def sleeper(lab: Lab) -> str:
    lab.create("sleeper", "sleep", "600")
    lab.runtime.start("sleeper")
    return "sleeper"


@pytest.mark.parametrize("code", [0, 1, 42])
def test_exec_reports_the_exit_code(lab: Lab, sleeper: str, code: int) -> None:
    found, text = exec_in(lab, sleeper, "sh", "-c", f"echo hi; exit {code}")
    assert (found, text) == (code, "hi\n")


def test_exec_is_inside_all_namespaces(lab: Lab, sleeper: str) -> None:
    kinds = ("mnt", "pid", "net", "ipc", "uts", "cgroup")
    script = "; ".join(
        f"readlink /proc/1/ns/{k}; readlink /proc/self/ns/{k}" for k in kinds
    )
    lines = exec_in(lab, sleeper, "sh", "-c", script)[1].split()
    assert lines[0::2] == lines[1::2]
    assert len(lines) == 2 * len(kinds)


def test_exec_is_in_the_cgroup(lab: Lab, sleeper: str) -> None:
    text = exec_in(lab, sleeper, "cat", "/proc/self/cgroup")[1]
    assert f"pids:{lab.cgroup_path(sleeper)}" in text


def test_exec_leaks_no_file(lab: Lab, sleeper: str) -> None:
    text = exec_in(lab, sleeper, "sh", "-c", "ls /proc/$$/fd; true")[1]
    assert set(text.split()) == {"0", "1", "2"}


def test_exec_gets_a_terminal(lab: Lab, sleeper: str) -> None:
    with lab.runtime.watch(sleeper) as watch:
        _, sock = lab.runtime.exec(
            sleeper,
            "term",
            process("sh", "-c", "tty; read x; stty size", terminal=True),
            IoOptions(stdin=True),
            AttachOptions(stdin=True),
        )
        assert sock is not None
        with sock:
            read_until(sock, b"/dev/pts/0")
            lab.runtime.resize(sleeper, "term", 20, 30)
            sock.sendall(b"go\n")
            assert b"20 30" in read_all(sock)
        assert wait_event(watch, "exec-exit", "term")["exit_code"] == 0


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"args": ("nope",)}, 127, "executable file not found"),
        ({"args": ("/etc/passwd",)}, 126, "permission denied"),
        ({"cwd": "/nope"}, 127, "chdir to cwd"),
        ({"cwd": "/proc/self/fd/3"}, 127, "chdir to cwd"),
    ],
)
def test_exec_says_why_it_cannot_start(
    lab: Lab, sleeper: str, changes: dict[str, object], code: int, text: str
) -> None:
    args = changes.pop("args", ("true",))
    assert isinstance(args, tuple)
    with pytest.raises(StartError, match=text) as caught:
        lab.runtime.exec(sleeper, "bad", process(*args, **changes), IoOptions(), None)
    assert caught.value.exit_code == code


def test_a_user_may_begin_in_a_folder_of_roots(lab: Lab, sleeper: str) -> None:
    """Root enters it, as with runc, and only then becomes the user."""
    assert exec_in(lab, sleeper, "mkdir", "-m", "700", "/closed") == (0, "")
    someone = {"user": User(uid=1000, gid=1000), "capabilities": CapabilitySets()}
    assert exec_in(lab, sleeper, "pwd", cwd="/closed", **someone) == (0, "/closed\n")
    assert exec_in(lab, sleeper, "ls", "/closed", **someone)[0] == 1


def test_one_exec_is_killed_and_nothing_else(lab: Lab, sleeper: str) -> None:
    with lab.runtime.watch(sleeper) as watch:
        lab.runtime.exec(sleeper, "stuck", process("sleep", "600"), IoOptions(), None)
        lab.runtime.kill_exec(sleeper, "stuck", 9)
        assert wait_event(watch, "exec-exit", "stuck")["exit_code"] == 137
    assert lab.runtime.state(sleeper).status is Status.RUNNING
    with pytest.raises(NotFoundError, match="no such exec"):
        lab.runtime.kill_exec(sleeper, "stuck", 9)


def test_refuses_exec_in_what_does_not_run(lab: Lab) -> None:
    lab.create("waiting", "true")
    with pytest.raises(ConflictError, match="cannot exec a container that is created"):
        lab.runtime.exec("waiting", "x", process("true"), IoOptions(), None)
    lab.runtime.delete("waiting")


def test_a_background_child_of_an_exec_does_not_hold_its_end(
    lab: Lab, sleeper: str
) -> None:
    code, text = exec_in(lab, sleeper, "sh", "-c", "sleep 30 & echo left")
    assert (code, text) == (0, "left\n")
