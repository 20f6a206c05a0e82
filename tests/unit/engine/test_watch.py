"""Listening to the shim."""

from pathlib import Path

from labkit.engine.containers.wait import wait
from labkit.engine.execs.create import create_exec
from labkit.engine.execs.start import start_exec
from labkit.engine.model import ExecConfig, Status
from tests.unit.engine.lab import make_world, open_lab, run, told, until, until_true


async def test_a_lost_shim_ends_its_container(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        waiting = await wait(engine, container_id)
        world.runtime.lose_shim(container_id)
        assert (await waiting).exit_code == 137


async def test_a_broken_watch_does_not_end_its_container(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        runtime = world.runtime.containers[container_id]
        await until_true(lambda: runtime.watchers)
        world.runtime.break_watch(container_id)
        await until_true(lambda: world.sleep.wishes)
        world.sleep.wake_all()
        await until_true(lambda: runtime.watchers)  # it watches again
        assert engine.store.find_container(container_id).status is Status.RUNNING
        world.runtime.finish(container_id, 4)
        assert (await until(engine, container_id, Status.EXITED)).exit_code == 4


async def test_hears_of_execs(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        exec_id = await create_exec(engine, container_id, ExecConfig(("sleep",)))
        await start_exec(engine, exec_id, detach=True, tty=False)
        world.runtime.finish_exec(container_id, exec_id, 5)
        assert (await engine.execs.wait(exec_id)).exit_code == 5
        event = engine.events.past()[-1]
        assert event.attributes["exitCode"] == "5"
        world.runtime.finish_exec(container_id, "unknown", 5)
        world.runtime.tell(container_id, {"event": "oom"})
        await until_true(lambda: "container oom" in told(engine))
