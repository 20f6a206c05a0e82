"""After the end."""

from pathlib import Path

import pytest

from labkit.engine.model import Status
from tests.unit.engine.lab import (
    joining,
    make_world,
    open_lab,
    run,
    told,
    until,
)


async def test_out_of_memory_is_told(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        world.runtime.tell(container_id, {"event": "oom"})
        world.runtime.finish(container_id, 137, oom_killed=True)
        ended = await until(engine, container_id, Status.EXITED)
        assert ended.oom_killed
        assert "container oom" in told(engine)


@pytest.mark.parametrize("raw", [False, True])
async def test_cleaning_up_may_fail_without_hiding_the_end(
    tmp_path: Path, raw: bool
) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        world.network.fail_on, world.network.fail_raw = "disconnect", raw
        world.runtime.finish(container_id, 0)
        await until(engine, container_id, Status.EXITED)


async def test_who_is_left_in_a_joined_network_loses_its_interface(
    tmp_path: Path,
) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        owner = await run(engine, name="owner")
        await run(engine, name="stranger")
        first = await run(engine, name="first", host=joining("owner"))
        second = await run(engine, name="second", host=joining("first"))
        world.runtime.finish(first, 0)
        await until(engine, first, Status.EXITED)
        world.runtime.finish(owner, 0)
        await until(engine, owner, Status.EXITED)
        assert world.network.unplugged == [engine.store.find_container(second).pid]
        world.runtime.finish(second, 0)


async def test_what_nobody_shares_is_left_to_the_kernel(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        alone = await run(engine, "sleep")
        world.runtime.finish(alone, 0)
        await until(engine, alone, Status.EXITED)
        assert world.network.unplugged == [None]


async def test_an_address_is_free_when_the_interface_is_off_the_network(
    tmp_path: Path,
) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        (attachment,) = engine.store.find_container(container_id).attachments
        held: list[str] = []
        world.network.on_disconnect = lambda: held.extend(
            engine.members.addresses(attachment.network_id)
        )
        world.runtime.finish(container_id, 0)
        await until(engine, container_id, Status.EXITED)
        assert attachment.endpoint is not None
        assert held == [attachment.endpoint.ipv4]
        assert not list(engine.members.addresses(attachment.network_id))
