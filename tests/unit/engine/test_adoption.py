"""What an engine finds when it opens after another one died."""

from dataclasses import replace
from pathlib import Path

from labkit.base.ids import new_id
from labkit.engine.containers.pause import pause
from labkit.engine.containers.stop import stop
from labkit.engine.model import Attachment, HostConfig, RestartPolicy, Status
from labkit.engine.networks.create import create_network
from labkit.engine.networks.inspect import inspect_network
from labkit.engine.networks.request import NetworkRequest
from labkit.engine.opening import shut_down
from labkit.network.model import PortBinding
from labkit.runtime.model import Status as RuntimeStatus
from tests.unit.engine.lab import make, make_world, open_lab, run, until, until_true

ALWAYS = HostConfig(restart_policy=RestartPolicy("always"))
UNLESS_STOPPED = HostConfig(restart_policy=RestartPolicy("unless-stopped"))


async def test_makes_the_three_networks_once(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        first = {r.network.name: r.network.id for r in engine.store.networks()}
    async with open_lab(world) as engine:
        again = {r.network.name: r.network.id for r in engine.store.networks()}
    assert set(first) == {"bridge", "host", "none"}
    assert again == first


async def test_adopts_a_container_that_runs(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep", name="web")
        before = engine.store.find_container("web")
    async with open_lab(world) as engine:
        after = engine.store.find_container("web")
        assert after == before
        world.runtime.finish(container_id, 7)
        ended = await until(engine, container_id, Status.EXITED)
        assert ended.exit_code == 7


async def test_adopted_container_keeps_address_names_and_ports(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    host = HostConfig(network_mode="net", port_bindings=(PortBinding(80),))
    async with open_lab(world) as engine:
        await create_network(engine, NetworkRequest("net"))
        container_id = await run(engine, "sleep", name="web", host=host)
        published = engine.store.find_container("web").published
    world.network.ports.clear()  # netd was killed as well
    world.network.names.clear()
    world.network.resolvers.clear()
    plugs = dict(world.network.plugged)
    world.network.plugged.clear()
    async with open_lab(world) as engine:
        details = await inspect_network(engine, "net")
        (member,) = details.members
        network_id = details.record.network.id
        assert world.network.names[network_id]["web"] == (member.endpoint.ipv4,)
        assert world.network.ports[container_id] == published
        assert container_id in world.network.resolvers
        assert world.network.plugged == plugs
        second = await run(engine, "sleep", host=HostConfig(network_mode="net"))
        taken = {
            m.endpoint.ipv4 for m in (await inspect_network(engine, "net")).members
        }
        assert len(taken) == 2
        assert engine.store.find_container(second).status is Status.RUNNING


async def test_adopts_a_paused_container(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        await pause(engine, container_id)
    async with open_lab(world) as engine:
        assert engine.store.find_container(container_id).status is Status.PAUSED


async def test_believes_the_machine_about_pausing(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
    # Killed between freezing and recording.
    world.runtime.containers[container_id].status = RuntimeStatus.PAUSED
    async with open_lab(world) as engine:
        assert engine.store.find_container(container_id).status is Status.PAUSED


async def test_records_an_exit_that_nobody_saw(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
    world.runtime.finish(container_id, 3, oom_killed=True)
    async with open_lab(world) as engine:
        ended = engine.store.find_container(container_id)
        assert (ended.status, ended.exit_code) == (Status.EXITED, 3)
        assert ended.oom_killed
        assert ended.pid == 0
        assert ended.finished_at == world.runtime.finished_at
        assert all(item.endpoint is None for item in ended.attachments)


async def test_a_container_without_a_trace_was_killed(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
    world.runtime.containers.clear()  # the machine was switched off
    async with open_lab(world) as engine:
        ended = engine.store.find_container(container_id)
        assert (ended.status, ended.exit_code) == (Status.EXITED, 137)


async def test_undoes_a_start_that_nobody_was_told_of(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        running = engine.store.find_container(container_id)
        # Killed after the gate opened and before the record was saved.
        await engine.store.save(
            replace(
                running,
                status=Status.CREATED,
                pid=0,
                attachments=(Attachment("", "bridge"),),
            )
        )
    async with open_lab(world) as engine:
        container = engine.store.find_container(container_id)
        assert container.status is Status.CREATED
        assert container_id not in world.runtime.containers


async def test_removes_an_auto_remove_container_that_ended(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep", host=HostConfig(auto_remove=True))
    world.runtime.finish(container_id, 0)
    async with open_lab(world) as engine:
        assert engine.store.container(container_id) is None
        assert not engine.container_folder(container_id).exists()


async def test_sweeps_a_create_half_done(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        folder = engine.container_folder(new_id())
        (folder / "upper").mkdir(parents=True)
        known = await make(engine)
    async with open_lab(world) as engine:
        assert not folder.exists()
        assert engine.container_folder(known).exists()


async def test_restarts_by_policy_what_died_with_the_machine(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        ids = [await run(engine, "sleep", host=h) for h in (ALWAYS, UNLESS_STOPPED)]
        plain = await run(engine, "sleep")
    world.runtime.containers.clear()
    async with open_lab(world) as engine:
        await until_true(lambda: len(world.sleep.wishes) == 2)
        world.sleep.wake_all()
        for container_id in ids:
            back = await until(engine, container_id, Status.RUNNING)
            assert back.restart_count == 1
        assert engine.store.find_container(plain).status is Status.EXITED


async def test_unless_stopped_remembers_who_stopped_it(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        always = await run(engine, "sleep", host=ALWAYS)
        unless = await run(engine, "sleep", host=UNLESS_STOPPED)
        for container_id in (always, unless):
            await stop(engine, container_id)
    async with open_lab(world) as engine:
        await until_true(lambda: world.sleep.wishes)
        world.sleep.wake_all()
        await until(engine, always, Status.RUNNING)
        assert engine.store.find_container(unless).status is Status.EXITED


async def test_containers_stopped_by_the_engine_come_back(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep", host=UNLESS_STOPPED)
        await shut_down(engine)
        stopped = engine.store.find_container(container_id)
        assert (stopped.status, stopped.exit_code) == (Status.EXITED, 143)
        assert not stopped.stopped_by_user
    async with open_lab(world) as engine:
        await until_true(lambda: world.sleep.wishes)
        world.sleep.wake_all()
        await until(engine, container_id, Status.RUNNING)
