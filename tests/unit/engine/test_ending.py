"""Stop, kill, restart, remove, wait, and the restart policies."""

import asyncio
from pathlib import Path

import pytest

from labkit.base.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotModified,
)
from labkit.engine.containers.kill import kill
from labkit.engine.containers.pause import pause
from labkit.engine.containers.remove import remove
from labkit.engine.containers.restart import restart
from labkit.engine.containers.stop import stop
from labkit.engine.containers.unpause import unpause
from labkit.engine.containers.wait import wait
from labkit.engine.model import HostConfig, RestartPolicy, Status
from tests.unit.engine.lab import (
    make,
    make_world,
    open_lab,
    run,
    told,
    until,
    until_gone,
    until_true,
)


async def test_stop_asks_and_waits(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        await stop(engine, container_id)
        container = engine.store.find_container(container_id)
        assert (container.status, container.exit_code) == (Status.EXITED, 143)
        assert container.stopped_by_user
        assert told(engine, "container", "network")[-4:] == [
            "container kill",
            "container die",
            "network disconnect",
            "container stop",
        ]


async def test_stop_kills_who_does_not_listen(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "stubborn")
        await stop(engine, container_id, timeout=0)
        assert engine.store.find_container(container_id).exit_code == 137
        signals = [call[2] for call in world.runtime.calls if call[0] == "kill"]
        assert signals == ["15", "9"]


async def test_stop_uses_the_containers_own_signal(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep", stop_signal="SIGQUIT")
        await stop(engine, container_id, timeout=0)
        signals = [call[2] for call in world.runtime.calls if call[0] == "kill"]
        assert signals == ["3", "9"]


async def test_stop_of_a_stopped_container_changes_nothing(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep")
        with pytest.raises(NotModified):
            await stop(engine, container_id)


async def test_stop_thaws_a_paused_container(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        await pause(engine, container_id)
        await stop(engine, container_id)
        assert engine.store.find_container(container_id).exit_code == 143


async def test_kill_waits_for_the_end(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "stubborn")
        await kill(engine, container_id)
        container = engine.store.find_container(container_id)
        assert (container.status, container.exit_code) == (Status.EXITED, 137)


async def test_kill_with_another_signal_only_sends(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        await kill(engine, container_id, "HUP")
        assert engine.store.find_container(container_id).status is Status.RUNNING
        assert world.runtime.calls[-1] == ("kill", container_id, "1")


@pytest.mark.parametrize("signal", ["NOSUCH", "0", "65", "-1"])
async def test_refuses_signals_that_are_none(tmp_path: Path, signal: str) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        with pytest.raises(InvalidInputError, match=f"^Invalid signal: {signal}$"):
            await kill(engine, container_id, signal)


async def test_refuses_to_kill_what_does_not_run(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep", name="web")
        with pytest.raises(ConflictError, match="^Cannot kill container: web: Contai"):
            await kill(engine, container_id)


async def test_restart_keeps_an_auto_remove_container(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep", host=HostConfig(auto_remove=True))
        await restart(engine, container_id)
        container = engine.store.find_container(container_id)
        assert container.status is Status.RUNNING
        assert container.host_config.auto_remove
        assert told(engine, "container")[-5:] == [
            "container kill",
            "container die",
            "container stop",
            "container start",
            "container restart",
        ]


async def test_restart_starts_what_does_not_run(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep")
        await restart(engine, container_id)
        assert engine.store.find_container(container_id).status is Status.RUNNING


async def test_pause_and_unpause(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        await pause(engine, container_id)
        assert engine.store.find_container(container_id).status is Status.PAUSED
        with pytest.raises(ConflictError, match="is already paused"):
            await pause(engine, container_id)
        await unpause(engine, container_id)
        assert engine.store.find_container(container_id).status is Status.RUNNING


async def test_remove_refuses_what_runs_and_force_kills(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "stubborn")
        with pytest.raises(ConflictError, match="You cannot remove a running"):
            await remove(engine, container_id)
        await remove(engine, container_id, force=True)
        assert engine.store.container(container_id) is None
        assert not engine.container_folder(container_id).exists()
        assert not world.runtime.containers
        with pytest.raises(NotFoundError):
            await remove(engine, container_id)


async def test_remove_takes_anonymous_volumes_only_if_asked(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(binds=("data:/data",))
        first = await make(engine, host=host, volumes=("/one",))
        second = await make(engine, volumes=("/two",))
        await remove(engine, first, volumes=True)
        assert [volume.name for volume in engine.store.volumes() if volume.anonymous]
        assert engine.store.volume("data") is not None
        await remove(engine, second)
        assert len(engine.store.volumes()) == 2


async def test_waiters_hear_the_exit_code(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        waiting = [await wait(engine, container_id) for _ in range(3)]
        world.runtime.finish(container_id, 9)
        assert [outcome.exit_code for outcome in await asyncio.gather(*waiting)] == [
            9,
            9,
            9,
        ]


async def test_wait_answers_at_once_when_nothing_runs(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "false")
        await until(engine, container_id, Status.EXITED)
        assert (await wait(engine, container_id)).result().exit_code == 1


async def test_wait_for_the_next_exit_waits(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "false")
        waiting = await wait(engine, container_id, "next-exit")
        assert not waiting.done()
        await restart(engine, container_id)
        assert (await waiting).exit_code == 1


async def test_wait_for_removal_answers_after_it(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(auto_remove=True)
        container_id = await make(engine, "false", host=host)
        waiting = await wait(engine, container_id, "removed")
        await restart(engine, container_id)
        assert (await waiting).exit_code == 1
        assert engine.store.container(container_id) is None


async def test_wait_refuses_unknown_conditions(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        with pytest.raises(InvalidInputError, match='invalid condition: "soon"'):
            await wait(engine, container_id, "soon")


async def test_a_waiter_that_left_is_forgotten(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        waiting = await wait(engine, container_id)
        waiting.cancel()
        world.runtime.finish(container_id, 0)
        await until(engine, container_id, Status.EXITED)


async def test_restarts_with_growing_patience(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(restart_policy=RestartPolicy("always"))
        container_id = await run(engine, "false", host=host)
        for number in range(1, 5):
            await until_true(lambda n=number: len(world.sleep.wishes) == n)
            waiting = engine.store.find_container(container_id)
            assert waiting.status is Status.RESTARTING
            assert waiting.restart_count == number - 1
            world.sleep.wake_all()
        await until_true(lambda: len(world.sleep.wishes) == 5)
        assert world.sleep.wishes == [0.1, 0.2, 0.4, 0.8, 1.6]


async def test_on_failure_counts(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(restart_policy=RestartPolicy("on-failure", 1))
        container_id = await run(engine, "false", host=host)
        await until_true(lambda: len(world.sleep.wishes) == 1)
        world.sleep.wake_all()
        ended = await until(engine, container_id, Status.EXITED)
        assert (ended.restart_count, ended.exit_code) == (1, 1)


async def test_on_failure_leaves_success_alone(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(restart_policy=RestartPolicy("on-failure"))
        container_id = await run(engine, "true", host=host)
        await until(engine, container_id, Status.EXITED)
        assert not world.sleep.wishes


async def test_who_is_stopped_stays_stopped(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(restart_policy=RestartPolicy("always"))
        container_id = await run(engine, "sleep", host=host)
        await stop(engine, container_id)
        assert engine.store.find_container(container_id).status is Status.EXITED
        assert not world.sleep.wishes


async def test_stop_between_two_restarts(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(restart_policy=RestartPolicy("always"))
        container_id = await run(engine, "false", host=host)
        await until_true(lambda: world.sleep.wishes)
        await stop(engine, container_id)
        world.sleep.wake_all()
        await asyncio.sleep(0)
        assert engine.store.find_container(container_id).status is Status.EXITED


async def test_force_removes_between_two_restarts(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(restart_policy=RestartPolicy("always"))
        container_id = await run(engine, "false", host=host)
        await until_true(lambda: world.sleep.wishes)
        await remove(engine, container_id, force=True)
        await until_gone(engine, container_id)


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
