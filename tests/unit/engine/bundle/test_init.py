"""--init in a bundle."""

import stat
from pathlib import Path

import pytest

from labkit.engine.bundle.init import init_mounts, uses_init, with_init, write_init
from labkit.engine.model import HostConfig

_WITH = HostConfig(init=True)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (_WITH, True),
        (HostConfig(), False),
        (HostConfig(init=False), False),
        (HostConfig(init=True, pid_mode="host"), False),
        (HostConfig(init=True, pid_mode="container:x"), False),
    ],
)
def test_who_gets_one(host: HostConfig, expected: bool) -> None:
    assert uses_init(host) is expected


def test_it_comes_before_the_program() -> None:
    assert with_init(_WITH, ("sh", "-c")) == ("/sbin/docker-init", "--", "sh", "-c")
    assert with_init(HostConfig(), ("sh",)) == ("sh",)


def test_it_is_brought_in_by_a_mount(tmp_path: Path) -> None:
    [mount] = init_mounts(_WITH, tmp_path)
    assert mount.destination == "/sbin/docker-init"
    assert mount.source == str(tmp_path / "docker-init")
    assert "ro" in mount.options
    assert init_mounts(HostConfig(), tmp_path) == ()


def test_it_is_written_where_the_mount_finds_it(tmp_path: Path) -> None:
    write_init(HostConfig(), tmp_path)
    assert list(tmp_path.iterdir()) == []
    write_init(_WITH, tmp_path)
    write_init(_WITH, tmp_path)  # every start does
    made = tmp_path / "docker-init"
    assert stat.S_IMODE(made.stat().st_mode) == 0o755
    assert made.read_bytes().startswith(b"\x7fELF")
