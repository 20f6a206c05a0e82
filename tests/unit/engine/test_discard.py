"""Making a container disappear."""

from pathlib import Path

from labkit.engine.containers.wait import wait
from labkit.engine.discard import discard
from labkit.engine.images.remove import remove_image
from labkit.engine.model import HostConfig
from tests.unit.engine.lab import make, make_world, open_lab, told


async def test_takes_record_folder_and_anonymous_volumes(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(binds=("data:/data",))
        container_id = await make(engine, host=host, volumes=("/anonymous",))
        waiting = await wait(engine, container_id, "removed")
        container = engine.store.find_container(container_id)
        await discard(engine, container, volumes=True)
        assert engine.store.container(container_id) is None
        assert not engine.container_folder(container_id).exists()
        assert [volume.name for volume in engine.store.volumes()] == ["data"]
        assert waiting.done()
        assert told(engine)[-1] == "container destroy"


async def test_a_shared_anonymous_volume_stays(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        first = await make(engine, name="first", volumes=("/data",))
        await make(engine, host=HostConfig(volumes_from=("first",)))
        await discard(engine, engine.store.find_container(first), volumes=True)
        assert len(engine.store.volumes()) == 1


async def test_looks_for_an_image_once(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        found = [engine.store.find_container(await make(engine)) for _ in range(3)]
        world.images.asked.clear()
        for container in found[:2]:
            await discard(engine, container, volumes=False)
        assert world.images.asked == [found[0].image_id]
        await remove_image(engine, "busybox", force=True)
        swept = world.images.collected
        await discard(engine, found[2], volumes=False)
        assert world.images.collected == swept + 1  # nobody needs the layers now
