"""Mount requests become mount points; volumes and host folders are made."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.engine.model import HostConfig, MountPoint, MountRequest
from tests.unit.engine.lab import make, make_world, open_lab


def is_folder(path: str) -> bool:
    return Path(path).is_dir()


async def points_of(
    tmp_path: Path, host: HostConfig, **config: object
) -> list[MountPoint]:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, host=host, **config)
        return list(engine.store.find_container(container_id).mounts)


async def test_a_named_volume_is_made_once(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(binds=("data:/data",))
        first = engine.store.find_container(await make(engine, host=host)).mounts[0]
        second = engine.store.find_container(await make(engine, host=host)).mounts[0]
        assert first == second
        assert first == MountPoint(
            "volume",
            "/data",
            str(tmp_path / "data/volumes/data/_data"),
            "data",
            "local",
            "z",
        )
        assert is_folder(first.source)


async def test_a_bind_makes_its_source(tmp_path: Path) -> None:
    source = tmp_path / "new/folder"
    host = HostConfig(binds=(f"{source}:/data:ro",))
    (point,) = await points_of(tmp_path / "lab", host)
    assert source.is_dir()
    assert (point.writable, point.mode, point.propagation) == (False, "ro", "rprivate")


async def test_a_mount_does_not_make_its_source(tmp_path: Path) -> None:
    host = HostConfig(mounts=(MountRequest("bind", "/x", "/nosuch-source"),))
    with pytest.raises(InvalidInputError, match="bind source path does not exist: /no"):
        await points_of(tmp_path, host)


async def test_refuses_two_for_one_place(tmp_path: Path) -> None:
    host = HostConfig(binds=("a1:/x", "b1:/x"))
    with pytest.raises(InvalidInputError, match="Duplicate mount point: /x"):
        await points_of(tmp_path, host)


async def test_refuses_bad_volume_names_before_making_any(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(InvalidInputError, match="includes invalid characters"):
            await make(engine, host=HostConfig(binds=("good:/x", "b/d:/y")))
        assert not engine.store.volumes()


async def test_anonymous_volumes_yield_to_what_was_asked(tmp_path: Path) -> None:
    host = HostConfig(binds=("data:/data",), tmpfs={"/run": ""})
    points = await points_of(tmp_path, host, volumes=("/data", "/run", "/more"))
    assert [(p.destination, p.name == "data") for p in points] == [
        ("/data", True),
        ("/more", False),
    ]


async def test_a_tmpfs_mount_is_listed(tmp_path: Path) -> None:
    host = HostConfig(mounts=(MountRequest("tmpfs", "/t", read_only=True),))
    assert await points_of(tmp_path, host) == [
        MountPoint("tmpfs", "/t", writable=False)
    ]


async def test_volumes_from_another_container(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await make(engine, name="first", host=HostConfig(binds=("data:/data",)))
        host = HostConfig(volumes_from=("first:ro",))
        second = engine.store.find_container(await make(engine, host=host))
        (point,) = second.mounts
        assert (point.name, point.destination, point.writable) == (
            *("data", "/data", False),
        )


async def test_refuses_unknown_volume_drivers(tmp_path: Path) -> None:
    host = HostConfig(mounts=(MountRequest("volume", "/x", driver="nfs"),))
    with pytest.raises(NotFoundError, match='plugin "nfs" not found'):
        await points_of(tmp_path, host)


async def test_a_volume_driver_is_missed_when_a_volume_is_made(tmp_path: Path) -> None:
    bind = HostConfig(binds=(f"{tmp_path}:/x",), volume_driver="nfs")
    assert await points_of(tmp_path / "bind", bind)
    volume = HostConfig(binds=("data:/x",), volume_driver="nfs")
    with pytest.raises(NotFoundError, match="create data: error looking up volume"):
        await points_of(tmp_path / "volume", volume)


async def test_refuses_a_bind_on_a_tmpfs_but_not_a_mount(tmp_path: Path) -> None:
    memory = {"/data": ""}
    with pytest.raises(InvalidInputError, match="Duplicate mount point: /data"):
        await points_of(tmp_path / "a", HostConfig(binds=("x:/data",), tmpfs=memory))
    asked = MountRequest("volume", "/data")
    (point,) = await points_of(
        tmp_path / "b", HostConfig(mounts=(asked,), tmpfs=memory)
    )
    assert point.destination == "/data"
