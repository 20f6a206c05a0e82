"""Making volumes."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.engine.volumes.create import create_volume
from labkit.engine.volumes.remove import remove_volume
from tests.unit.engine.lab import make_world, open_lab, told


async def test_a_folder_and_a_record(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        volume = await create_volume(engine, "data", labels={"a": "b"})
        assert volume.mountpoint == str(tmp_path / "data/volumes/data/_data")
        assert (tmp_path / "data/volumes/data/_data").is_dir()
        assert not volume.anonymous
        again = await create_volume(engine, "data")
        assert again == volume
        assert told(engine) == ["volume create"]


async def test_no_name_makes_it_anonymous(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        volume = await create_volume(engine)
        assert volume.anonymous
        assert len(volume.name) == 64
        assert volume.labels == {"com.docker.volume.anonymous": ""}


async def test_is_there_after_a_restart(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        volume = await create_volume(engine, "data")
    async with open_lab(world) as engine:
        assert engine.store.find_volume("data") == volume


@pytest.mark.parametrize("name", ["a b", "../x", "a/b", "-x"])
async def test_refuses_bad_names(tmp_path: Path, name: str) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(InvalidInputError, match="includes invalid characters"):
            await create_volume(engine, name)
        assert not list((tmp_path / "data/volumes").iterdir())


async def test_refuses_a_name_of_one_letter(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(InvalidInputError, match="volume name is too short"):
            await create_volume(engine, "x")


async def test_refuses_a_name_that_no_folder_can_have(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        assert await create_volume(engine, "x" * 255)
        with pytest.raises(InvalidInputError, match="volume name is too long"):
            await create_volume(engine, "x" * 256)


async def test_a_folder_of_the_hosts_is_linked_and_survives(tmp_path: Path) -> None:
    device = tmp_path / "device"
    device.mkdir()
    (device / "precious").touch()
    options = {"type": "none", "o": "bind", "device": str(device)}
    async with open_lab(make_world(tmp_path)) as engine:
        volume = await create_volume(engine, "data", options=options)
        assert volume.options == options
        data = tmp_path / "data/volumes/data/_data"
        assert str(data) == volume.mountpoint
        assert data.resolve() == device
        await remove_volume(engine, "data")
        assert not data.is_symlink()
    assert (device / "precious").exists()


async def test_refuses_what_it_cannot_do(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(NotFoundError) as caught:
            await create_volume(engine, "data", driver="nfs")
        assert caught.value.message == (
            'create data: error looking up volume plugin nfs: plugin "nfs" not found'
        )
        with pytest.raises(InvalidInputError, match="no quota support"):
            await create_volume(engine, "data", options={"size": "1g"})
