"""Starting: what is set up, in which order, and what a failure leaves behind."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.errors import (
    ConflictError,
    InternalError,
    InvalidInputError,
    LabError,
    NotFoundError,
)
from labkit.engine.containers.attach import attach
from labkit.engine.containers.start import start
from labkit.engine.model import EndpointRequest, HostConfig, Status
from labkit.engine.networks.create import create_network
from labkit.engine.networks.request import NetworkRequest, SubnetRequest
from labkit.engine.store import Store
from labkit.network.model import PortBinding
from labkit.runtime.bundle import read_spec
from labkit.runtime.model import AttachOptions
from tests.unit.engine.lab import (
    make,
    make_world,
    open_lab,
    run,
    told,
    until,
    until_gone,
)


async def test_runs_a_container_and_records_it(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep", "9", name="web")
        container = engine.store.find_container("web")
        assert container.status is Status.RUNNING
        assert container.pid == world.runtime.containers[container_id].pid
        (attachment,) = container.attachments
        assert attachment.endpoint is not None
        assert attachment.endpoint.ipv4 == "172.17.0.2"
        assert attachment.endpoint.mac_address == "02:42:ac:11:00:02"
        assert world.network.plugged[attachment.endpoint.id] == (
            "bridge",
            container.pid,
            "eth0",
            True,
        )
        assert told(engine, "container", "network") == [
            "container create",
            "network connect",
            "container start",
        ]


async def test_is_on_the_disk_when_start_returns(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        # A second reader sees what a crash right now would leave.
        other = Store.open(tmp_path / "data/store.db")
        assert other.find_container(container_id).status is Status.RUNNING
        await other.close()


async def test_a_failed_start_is_no_mistake_in_the_request(tmp_path: Path) -> None:
    """What create let pass is the system's failure then: moby's daemon/start.go."""
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep", user="nosuch")
        with pytest.raises(InternalError, match="unable to find user nosuch"):
            await start(engine, container_id)
        (attachment,) = engine.store.find_container(container_id).attachments
        bridge = engine.store.network_named("bridge")
        assert bridge is not None
        assert attachment.endpoint is None
        assert attachment.network_id == bridge.network.id


async def test_starts_an_unknown_container_never(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(NotFoundError, match="No such container: nobody"):
            await start(engine, "nobody")


@pytest.mark.parametrize(
    ("program", "code", "kind", "text"),
    [
        ("nosuch", 127, InvalidInputError, "executable file not found in \\$PATH"),
        ("notexec", 126, InvalidInputError, "permission denied"),
        ("broken", 128, InternalError, "error mounting"),
    ],
)
async def test_a_program_that_cannot_run(
    tmp_path: Path, program: str, code: int, kind: type[LabError], text: str
) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await make(engine, program)
        with pytest.raises(kind, match=text):
            await start(engine, container_id)
        container = engine.store.find_container(container_id)
        assert container.status is Status.CREATED
        assert container.exit_code == code
        assert container.error.startswith("failed to create shim task: OCI runtime")
        assert container.attachments[0].endpoint is None
        assert not world.network.plugged
        assert not world.runtime.containers


@pytest.mark.parametrize("raw", [False, True], ids=["known", "raw"])
@pytest.mark.parametrize("step", ["connect", "publish", "serve_dns"])
async def test_whatever_fails_all_is_undone(
    tmp_path: Path, step: str, raw: bool
) -> None:
    world = make_world(tmp_path)
    world.network.fail_raw = raw
    async with open_lab(world) as engine:
        await create_network(engine, NetworkRequest("net"))
        host = HostConfig(network_mode="net", port_bindings=(PortBinding(80),))
        container_id = await make(engine, "sleep", name="web", host=host)
        world.network.fail_on = step
        with pytest.raises(InternalError, match=f"{step} failed"):
            await start(engine, container_id)
        assert not world.runtime.containers
        assert not world.network.plugged
        assert not world.network.ports
        assert not world.network.resolvers
        assert all(not names for names in world.network.names.values())
        assert container_id not in engine.watchers
        network = engine.store.find_network("net")
        assert not engine.members.of(network.network.id)
        container = engine.store.find_container(container_id)
        assert (container.status, container.exit_code) == (Status.CREATED, 128)
        assert f"{step} failed" in container.error
        await start(engine, container_id)  # nothing is in the way
        after = engine.store.find_container(container_id)
        assert (after.status, after.error) == (Status.RUNNING, "")


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(port_bindings=(PortBinding(80, host_port=8081),))
        await run(engine, "sleep", host=host)
        second = await make(engine, "sleep", name="two", host=host)
        with pytest.raises(InternalError, match="port is already allocated"):
            await start(engine, second)
        assert engine.store.find_container("two").status is Status.CREATED


async def test_missing_network_is_found_out_at_the_start(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(
            engine, "sleep", host=HostConfig(network_mode="nonet")
        )
        with pytest.raises(NotFoundError, match="network nonet not found"):
            await start(engine, container_id)
        assert engine.store.find_container(container_id).exit_code == 128


async def test_publishes_exposed_ports_at_random(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(
            publish_all_ports=True, port_bindings=(PortBinding(80, host_port=8080),)
        )
        container_id = await run(
            engine, "sleep", host=host, exposed_ports=("80/tcp", "53/udp")
        )
        published = engine.store.find_container(container_id).published
        assert [(p.container_port, p.protocol) for p in published] == [
            (80, "tcp"),
            (53, "udp"),
        ]
        assert published[0].host_port == 8080
        assert published[1].host_port > 0


async def test_names_answer_in_user_defined_networks_only(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        created = await create_network(engine, NetworkRequest("net"))
        container_id = await run(
            engine,
            "sleep",
            name="db",
            host=HostConfig(network_mode="net"),
            endpoints={"net": EndpointRequest(aliases=("mongo",))},
        )
        await run(engine, "sleep", name="plain")
        address = "172.18.0.2"
        names = world.network.names[created.id]
        assert names["db"] == names["mongo"] == (address,)
        assert names[container_id[:12]] == (address,)
        assert world.network.reverse[created.id] == {address: "db.net"}
        assert set(world.network.names) == {created.id}
        assert set(world.network.resolvers) == {container_id}
        resolver = world.network.resolvers[container_id]
        assert resolver.upstream == ("192.0.2.53",)


async def test_one_alias_of_two_containers_is_a_round_robin(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        created = await create_network(engine, NetworkRequest("net"))
        for _ in range(2):
            await run(
                engine,
                "sleep",
                host=HostConfig(network_mode="net"),
                endpoints={"net": EndpointRequest(aliases=("web",))},
            )
        assert len(world.network.names[created.id]["web"]) == 2


async def test_concurrent_starts_get_different_addresses(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        ids = [await make(engine, "sleep") for _ in range(20)]
        await asyncio.gather(*(start(engine, item) for item in ids))
        found = {
            engine.store.find_container(item).attachments[0].endpoint for item in ids
        }
        assert len({endpoint.ipv4 for endpoint in found if endpoint}) == 20


async def test_a_chosen_address(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        request = NetworkRequest("net", subnets=(SubnetRequest("10.9.0.0/24"),))
        await create_network(engine, request)
        host = HostConfig(network_mode="net")
        wish = {"net": EndpointRequest(ipv4="10.9.0.77")}
        container_id = await run(engine, "sleep", host=host, endpoints=wish)
        endpoint = engine.store.find_container(container_id).attachments[0].endpoint
        assert endpoint is not None
        assert (endpoint.ipv4, endpoint.gateway) == ("10.9.0.77", "10.9.0.1")
        with pytest.raises(LabError, match="Address already in use"):
            await run(engine, "sleep", host=host, endpoints=wish)


async def test_attach_before_start_misses_nothing(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "true")
        attaching = await attach(engine, container_id, AttachOptions())
        await start(engine, container_id)
        stream = await attaching.stream()
        assert await stream.reader.read() == b"started\n"


async def test_attach_ends_when_the_program_cannot_run(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "nosuch")
        attaching = await attach(engine, container_id, AttachOptions())
        with pytest.raises(InvalidInputError):
            await start(engine, container_id)
        stream = await attaching.stream()
        assert await stream.reader.read() == b""


async def test_attach_is_disappointed_when_the_start_fails(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await make(engine, "sleep")
        attaching = await attach(engine, container_id, AttachOptions())
        world.network.fail_on = "connect"
        with pytest.raises(InternalError):
            await start(engine, container_id)
        with pytest.raises(ConflictError, match="connect failed"):
            await attaching.stream()


async def test_a_client_that_gave_up_attaching_is_skipped(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await make(engine, "sleep")
        attaching = await attach(engine, container_id, AttachOptions())
        attaching.close()
        await start(engine, container_id)
        assert world.runtime.containers[container_id].attached == []


async def test_a_client_that_leaves_does_not_stop_the_start(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep")
        request = asyncio.ensure_future(start(engine, container_id))
        await asyncio.sleep(0)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        await until(engine, container_id, Status.RUNNING)


async def test_the_bundle_says_what_was_asked(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(
            engine, "sleep", "1", user="app", env=("A=b",), working_dir="/srv"
        )
        spec = read_spec(engine.container_folder(container_id))
        process = spec.process
        assert process.args == ("sleep", "1")
        assert process.cwd == "/srv"
        assert (process.user.uid, process.user.gid) == (1000, 1001)
        assert process.user.additional_gids == (1001, 2000)
        assert "A=b" in process.env
        assert "FROM=image" in process.env
        assert "HOME=/home/app" in process.env
        assert spec.hostname == container_id[:12]
        assert spec.linux.cgroups_path == f"/labkit-abc123/{container_id}"


async def test_hosts_file_has_the_address(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep", hostname="box")
        folder = engine.container_folder(container_id)
        assert "172.17.0.2\tbox\n" in (folder / "hosts").read_text()
        assert (folder / "hostname").read_text() == "box\n"
        assert (folder / "resolv.conf").read_text() == "nameserver 192.0.2.53\n"


async def test_resolv_conf_of_a_user_defined_network(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await create_network(engine, NetworkRequest("net"))
        container_id = await run(engine, "sleep", host=HostConfig(network_mode="net"))
        text = (engine.container_folder(container_id) / "resolv.conf").read_text()
        assert text == "nameserver 127.0.0.11\noptions ndots:0\n"


async def test_joins_the_network_of_another_container(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        first = await run(engine, "sleep", name="one")
        host = HostConfig(network_mode="container:one")
        second = await run(engine, "sleep", host=host)
        pid = engine.store.find_container(first).pid
        spec = read_spec(engine.container_folder(second))
        (network,) = [n for n in spec.linux.namespaces if n.type == "network"]
        assert network.path == f"/proc/{pid}/ns/net"
        hosts = [m.source for m in spec.mounts if m.destination == "/etc/hosts"]
        assert hosts == [str(engine.container_folder(first) / "hosts")]
        assert len(world.network.plugged) == 1


async def test_cannot_join_a_container_that_does_not_run(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await make(engine, "sleep", name="one")
        host = HostConfig(network_mode="container:one")
        with pytest.raises(ConflictError, match="cannot join network of a non running"):
            await run(engine, "sleep", host=host)


async def test_auto_remove_takes_everything_along(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(auto_remove=True)
        container_id = await run(engine, "true", host=host, volumes=("/data",))
        await until_gone(engine, container_id)
        async with engine.lock(container_id):
            assert not engine.container_folder(container_id).exists()
        assert not engine.store.volumes()
        assert container_id not in world.runtime.containers
        assert told(engine, "container") == [
            "container create",
            "container start",
            "container die",
            "container destroy",
        ]


async def test_a_network_made_anew_is_another_network(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await create_network(engine, NetworkRequest("net"))
        container_id = await run(engine, "true", host=HostConfig(network_mode="net"))
        await until(engine, container_id, Status.EXITED)
        record = engine.store.find_network("net")
        await engine.store.remove(record)
        renewed = replace(record, network=replace(record.network, id="f" * 64))
        await engine.store.save(renewed)
        with pytest.raises(NotFoundError, match=f"network {record.network.id}"):
            await start(engine, container_id)
