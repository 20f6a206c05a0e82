"""After the end."""

from pathlib import Path

from labkit.engine.model import Status
from tests.unit.engine.lab import (
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


async def test_cleaning_up_may_fail_without_hiding_the_end(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        world.network.fail_on = "disconnect"
        world.runtime.finish(container_id, 0)
        await until(engine, container_id, Status.EXITED)
