"""Sources that are only known at the start."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.errors import InternalError
from labkit.engine.model import HostConfig, MountPoint
from labkit.engine.mount_sources import check_propagation, special_mounts
from labkit.engine.volumes.create import create_volume
from labkit.kernel.mountinfo import MountEntry, parse_mountinfo_line
from labkit.runtime.bundle import read_spec
from tests.unit.engine.lab import make_world, open_lab, run

MEMORY = {"type": "tmpfs", "device": "tmpfs", "o": "size=1m,uid=7"}


async def test_memory_is_shared_with_who_runs(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await create_volume(engine, "memory", options=MEMORY)
        one = await run(engine, "sleep", host=HostConfig(binds=("memory:/m",)))
        (first,) = special_mounts(engine, engine.store.find_container(one)).values()
        assert (first.type, first.options) == (
            *("tmpfs", ("size=1m", "uid=7", "mode=1777", "rw")),
        )
        other = await run(engine, "sleep", host=HostConfig(binds=("memory:/n:ro",)))
        mounts = read_spec(engine.container_folder(other)).mounts
        second = next(mount for mount in mounts if mount.destination == "/n")
        pid = engine.store.find_container(one).pid
        assert (second.type, second.source) == ("bind", f"/proc/{pid}/root/m")
        assert "ro" in second.options


@pytest.mark.skipif(Path("/run/docker.sock").is_socket(), reason="a Docker is here")
@pytest.mark.parametrize("path", ["/var/run/docker.sock", "/run//docker.sock"])
async def test_the_engines_socket_stands_in_for_dockers(
    tmp_path: Path, path: str
) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        engine.config = replace(engine.config, socket=tmp_path / "own.sock")
        host = HostConfig(binds=(f"{path}:/s",))
        made = await run(engine, "sleep", host=host)
        (mount,) = special_mounts(engine, engine.store.find_container(made)).values()
        assert mount.source == str(tmp_path / "own.sock")
        point = engine.store.find_container(made).mounts[0]
        assert point.source in ("/var/run/docker.sock", "/run/docker.sock")


async def test_another_socket_is_just_a_file(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        async with open_lab(make_world(tmp_path)) as engine:
            host = HostConfig(binds=(f"{tmp_path}/s:/s",))
            made = await run(engine, "sleep", host=host)
            assert special_mounts(engine, engine.store.find_container(made)) == {}


def mounted() -> tuple[MountEntry, ...]:
    lines = (
        "1 0 0:1 / / rw - ext4 /dev/a rw",
        "2 1 0:2 / /srv rw shared:5 - ext4 /dev/b rw",
        "3 1 0:3 / /opt rw master:5 - ext4 /dev/c rw",
    )
    return tuple(parse_mountinfo_line(line) for line in lines)


@pytest.mark.parametrize(
    ("source", "mode", "kind"),
    [
        ("/var", "rshared", "a shared"),
        ("/opt/x", "shared", "a shared"),
        ("/var", "rslave", "a shared or slave"),
    ],
)
def test_refuses_what_hands_on_nothing(source: str, mode: str, kind: str) -> None:
    with pytest.raises(InternalError) as caught:
        check_propagation(MountPoint("bind", "/x", source, propagation=mode), mounted)
    where = "/opt" if source == "/opt/x" else "/"
    text = f"path {source} is mounted on {where} but it is not {kind} mount"
    assert caught.value.message == text


@pytest.mark.parametrize(
    ("source", "mode"),
    [("/srv/x", "rshared"), ("/opt", "slave"), ("/srv", "rslave"), ("/", "rprivate")],
)
def test_takes_what_hands_on(source: str, mode: str) -> None:
    check_propagation(MountPoint("bind", "/x", source, propagation=mode), mounted)
