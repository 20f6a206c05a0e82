"""Links: addresses in a file, facts in the environment, names that only one knows."""

from pathlib import Path

import pytest

from labkit.base.errors import InternalError, NotFoundError
from labkit.engine.containers.create import create
from labkit.engine.containers.inspect import inspect
from labkit.engine.containers.list import list_containers
from labkit.engine.containers.rename import rename
from labkit.engine.containers.start import start
from labkit.engine.containers.stop import stop
from labkit.engine.engine import Engine
from labkit.engine.links import (
    find_linked,
    link_environment,
    names_by_links,
    parents_of,
    parse_link,
)
from labkit.engine.model import ContainerConfig, EndpointRequest, HostConfig
from labkit.engine.networks.create import create_network
from labkit.engine.networks.request import NetworkRequest
from labkit.runtime.bundle import read_spec
from tests.unit.engine.lab import make, make_world, open_lab, run

LINKED = HostConfig(links=("db:the-db", "db"))


async def run_db(engine: Engine) -> str:
    config = ContainerConfig(
        image="busybox",
        cmd=("sleep",),
        env=("FOO=1", "PATH=/bin"),
        exposed_ports=("80/tcp", "7/udp"),
    )
    made = await create(engine, "db", config, HostConfig(), {})
    await start(engine, made.id)
    return made.id


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("db", ("db", "db")),
        ("db:x", ("db", "x")),
        ("/db:/web/x", ("db", "x")),
    ],
)
def test_reads_every_spelling(text: str, meant: tuple[str, str]) -> None:
    assert parse_link(text) == meant


async def test_the_environment_tells_what_docker_tells(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await run_db(engine)
        web = await run(engine, name="web", host=LINKED)
        container = engine.store.find_container("web")
        told = link_environment(engine, container)
        assert told[:6] == (
            "THE_DB_PORT=udp://172.17.0.2:7",
            "THE_DB_PORT_7_UDP=udp://172.17.0.2:7",
            "THE_DB_PORT_7_UDP_ADDR=172.17.0.2",
            "THE_DB_PORT_7_UDP_PORT=7",
            "THE_DB_PORT_7_UDP_PROTO=udp",
            "THE_DB_PORT_80_TCP=tcp://172.17.0.2:80",
        )
        assert told.index("DB_ENV_FOO=1") == told.index("DB_NAME=/web/db") + 1
        assert not [entry for entry in told if "_ENV_PATH" in entry]
        process = read_spec(engine.container_folder(web)).process
        assert process is not None
        assert set(told) <= set(process.env)


async def test_shows_paths_that_follow_a_rename(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        db = await run_db(engine)
        await make(engine, name="web", host=LINKED)
        await rename(engine, "db", "store")
        shown = (await inspect(engine, "web")).container.host_config.links
        assert shown == ("/store:/web/db", "/store:/web/the-db")
        assert names_by_links(engine) == {db: ("web/db", "web/the-db")}
        names = {row.names for row in await list_containers(engine, all=True)}
        assert names == {("store", "web/db", "web/the-db"), ("web",)}
        assert find_linked(engine, "web", "the-db").id == db
        with pytest.raises(NotFoundError, match="No such container: web/nope"):
            find_linked(engine, "web", "nope")
        with pytest.raises(NotFoundError, match=r"No such container: team/app$"):
            find_linked(engine, "team", "app")


async def test_who_is_linked_must_run(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await run_db(engine)
        await stop(engine, "db", timeout=0)
        await make(engine, name="web", host=LINKED)
        text = "Cannot link to a non running container: /db AS /web/the-db"
        with pytest.raises(InternalError, match=text):
            await start(engine, "web")


async def test_who_links_learns_a_new_address(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        db = await run_db(engine)
        web = await run(engine, name="web", host=LINKED)
        await stop(engine, "db", timeout=0)
        await run(engine, name="thief")  # takes the free address
        await start(engine, "db")
        assert [one.id for one in parents_of(engine, engine.store.find_container(db))]
        hosts = (engine.container_folder(web) / "hosts").read_text()
        assert "172.17.0.4\tthe-db" in hosts


async def test_a_network_with_names_keeps_links_to_the_asker(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        made = await create_network(engine, NetworkRequest("net"))
        config = ContainerConfig(image="busybox", cmd=("sleep",))
        wanted = {"net": EndpointRequest(links=("upstream:bar",))}
        web = await create(
            engine, "web", config, HostConfig(network_mode="net"), wanted
        )
        await start(engine, web.id)
        assert world.network.resolvers[web.id].links == {made.id: {"bar": "upstream"}}
        assert "bar" not in world.network.names[made.id]
