"""``docker ps`` and its filters."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.base.reference import parse_reference
from labkit.engine.containers.list import command_line, list_containers
from labkit.engine.containers.stop import stop
from labkit.engine.engine import Engine
from labkit.engine.model import HostConfig, Status
from labkit.network.model import PortBinding
from tests.unit.engine.build import container
from tests.unit.engine.lab import make, make_world, open_lab, run, until


async def names(engine: Engine, **filters: tuple[str, ...]) -> set[str]:
    rows = await list_containers(engine, all=True, filters=filters)
    return {row.container.name for row in rows}


async def test_shows_what_runs_newest_first(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await run(engine, "sleep", name="first")
        await make(engine, name="idle")
        await run(engine, "sleep", name="second")
        rows = await list_containers(engine)
        assert [row.names for row in rows] == [("second",), ("first",)]
        assert len(await list_containers(engine, all=True)) == 3
        (last,) = await list_containers(engine, limit=1)
        assert last.container.name == "second"


async def test_filters(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(
            port_bindings=(PortBinding(80, host_port=8080),), binds=("data:/data",)
        )
        web = await run(
            engine, "sleep", name="web-1", labels={"tier": "front"}, host=host
        )
        failed = await run(engine, "false", name="job")
        await until(engine, failed, Status.EXITED)
        await make(engine, name="idle", labels={"tier": "back"})
        assert await names(engine, name=("web",)) == {"web-1"}
        assert await names(engine, name=("^/?job$",)) == {"job"}
        assert await names(engine, id=(web[:5],)) == {"web-1"}
        assert await names(engine, label=("tier",)) == {"web-1", "idle"}
        assert await names(engine, label=("tier=back",)) == {"idle"}
        assert await names(engine, label=("tier", "tier=back")) == {"idle"}
        assert await names(engine, status=("exited", "created")) == {"job", "idle"}
        assert await names(engine, exited=("1",)) == {"job"}
        assert await names(engine, exited=("0",)) == set()
        assert await names(engine, volume=("data",)) == {"web-1"}
        assert await names(engine, volume=("/data",)) == {"web-1"}
        assert await names(engine, network=("bridge",)) == {"web-1", "job", "idle"}
        assert await names(engine, network=("none",)) == set()
        assert await names(engine, publish=("8080",)) == {"web-1"}
        assert await names(engine, publish=("8000-9000/tcp",)) == {"web-1"}
        assert await names(engine, publish=("80",)) == set()
        assert await names(engine, expose=("80",), publish=("1",)) == {"web-1"}
        assert await names(engine, expose=("1",)) == set()
        await stop(engine, web)
        assert await names(engine, expose=("80",)) == set()  # nothing is open now
        assert await names(engine, ancestor=("busybox",)) == {"web-1", "job", "idle"}
        assert await names(engine, ancestor=("other",)) == set()
        assert await names(engine, before=("idle",)) == {"web-1", "job"}
        assert await names(engine, since=("web-1",)) == {"job", "idle"}
        assert await names(engine, health=("none",)) == {"web-1", "job", "idle"}


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("foo", "bar", "invalid filter 'foo'"),
        ("status", "foo", "invalid filter 'status=foo'"),
        ("exited", "x", 'strconv.Atoi: parsing "x": invalid syntax'),
        ("health", "x", "Unrecognised filter value for health: x"),
        ("is-task", "x", "invalid filter 'is-task=[x]'"),
    ],
)
async def test_refuses_filters(
    tmp_path: Path, name: str, value: str, text: str
) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(InvalidInputError) as caught:
            await list_containers(engine, filters={name: (value,)})
        assert caught.value.message == text


async def test_a_name_that_moved_on_shows_the_id(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await make(engine)
        (row,) = await list_containers(engine, all=True)
        assert row.image == "busybox"
        other = world.images.put("other")
        await world.images.tag(other, parse_reference("busybox"))
        (row,) = await list_containers(engine, all=True)
        assert row.image == engine.store.find_container(container_id).image_id


async def test_many_containers_ask_for_their_image_once(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        for _ in range(20):
            await make(engine)
        world.images.asked.clear()
        assert len(await list_containers(engine, all=True)) == 20
        assert world.images.asked == ["busybox"]


async def test_sizes_only_if_asked(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        folder = engine.container_folder(container_id)
        (folder / "upper/file").write_bytes(b"12345")
        (row,) = await list_containers(engine, all=True, size=True)
        assert (row.size_rw, row.size_root) == (5, 1005)
        (row,) = await list_containers(engine, all=True)
        assert row.size_rw is None


def test_command_line_quotes_blanks() -> None:
    record = container(path="sh", args=("-c", "echo 'a b'"))
    assert command_line(record) == "sh -c 'echo \\'a b\\''"
