"""Arguments, environment, limits."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.bundle.process import (
    DEFAULT_PATH,
    build_environment,
    build_exec_process,
    build_process,
)
from labkit.engine.bundle.users import Identity
from labkit.engine.model import (
    ContainerConfig,
    ExecConfig,
    HostConfig,
    ResourceLimits,
    Ulimit,
)
from labkit.spec.runtime import ConsoleSize, Rlimit, User
from tests.unit.engine.build import container

ROOT = Identity(User(0, 0, None, (0,)), "/root")


def environment(*env: str, tty: bool = False, extra: tuple[str, ...] = ()) -> list[str]:
    record = container(ContainerConfig(hostname="box", env=env, tty=tty))
    return list(build_environment(record, ROOT, extra))


def test_defaults_come_first() -> None:
    assert environment("A=1") == [DEFAULT_PATH, "HOSTNAME=box", "A=1", "HOME=/root"]


def test_what_was_said_replaces_a_default() -> None:
    found = environment("PATH=/mine", "HOME=/there")
    assert found == ["PATH=/mine", "HOSTNAME=box", "HOME=/there"]


def test_a_terminal_has_a_type() -> None:
    assert "TERM=xterm" in environment(tty=True)
    assert "TERM=vt100" in environment("TERM=vt100", tty=True)


def test_a_name_without_value_removes() -> None:
    assert environment("A=1", extra=("A",)) == [
        DEFAULT_PATH,
        "HOSTNAME=box",
        "HOME=/root",
    ]


def test_the_first_process() -> None:
    record = container(
        ContainerConfig(working_dir="/srv", tty=True),
        HostConfig(oom_score_adj=5, console_size=(24, 80)),
        path="echo",
        args=("a", "b"),
    )
    process = build_process(record, ROOT)
    assert process.args == ("echo", "a", "b")
    assert (process.cwd, process.terminal, process.oom_score_adj) == ("/srv", True, 5)
    assert process.console_size == ConsoleSize(24, 80)


def test_an_exec_inherits_and_overrides() -> None:
    record = container(ContainerConfig(working_dir="/srv", env=("A=1",)))
    plain = build_exec_process(record, ROOT, ExecConfig(("ls",)))
    assert (plain.args, plain.cwd) == (("ls",), "/srv")
    assert "A=1" in plain.env
    other = ExecConfig(("ls",), env=("A=2",), working_dir="/tmp", tty=True)
    process = build_exec_process(record, ROOT, other)
    assert (process.cwd, process.terminal) == ("/tmp", True)
    assert "A=2" in process.env
    assert "TERM=xterm" in process.env


def test_a_privileged_exec_has_more_capabilities() -> None:
    record = container()
    plain = build_exec_process(record, ROOT, ExecConfig(("ls",)))
    more = build_exec_process(record, ROOT, ExecConfig(("ls",), privileged=True))
    assert plain.capabilities is not None
    assert more.capabilities is not None
    assert len(more.capabilities.bounding) > len(plain.capabilities.bounding)


def test_ulimits() -> None:
    host = HostConfig(resources=ResourceLimits(ulimits=(Ulimit("nofile", 10, 20),)))
    process = build_process(container(host=host), ROOT)
    assert process.rlimits == (Rlimit("RLIMIT_NOFILE", hard=20, soft=10),)


def test_refuses_unknown_ulimits() -> None:
    host = HostConfig(resources=ResourceLimits(ulimits=(Ulimit("foo", 1, 1),)))
    with pytest.raises(InvalidInputError, match="invalid ulimit type: foo"):
        build_process(container(host=host), ROOT)
