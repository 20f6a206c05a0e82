"""Reading and following."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from labkit.base.clock import format_time
from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.engine.containers.logs import LogsOptions, logs
from labkit.engine.engine import Engine
from labkit.engine.logfile import LogEntry
from labkit.engine.model import HostConfig, LogConfig, Status
from tests.unit.engine.lab import make, make_world, open_lab, run, until

T0 = 1_700_000_000_000_000_000
NS = 1_000_000_000


def write(
    engine: Engine, container_id: str, *texts: str, stream: str = "stdout"
) -> None:
    path = engine.log_path(container_id)
    count = len(path.read_text().splitlines()) if path.exists() else 0
    with path.open("a") as file:
        for text in texts:
            time = format_time(T0 + count * NS)
            row = {"log": f"{text}\n", "stream": stream, "time": time}
            file.write(json.dumps(row) + "\n")
            count += 1


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def read(engine: Engine, container_id: str, **options: object) -> list[str]:
    pieces = await logs(engine, container_id, LogsOptions(**options))
    return [one.data.decode().strip() async for piece in pieces for one in piece]


async def some(pieces: AsyncGenerator[list[LogEntry], None]) -> list[bytes]:
    """Wait for the next piece."""
    return [entry.data for entry in await anext(pieces)]


async def test_reads_what_was_written(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        assert await read(engine, container_id) == []
        write(engine, container_id, "one", "two")
        write(engine, container_id, "three", stream="stderr")
        assert await read(engine, container_id) == ["one", "two", "three"]
        assert await read(engine, container_id, stderr=False) == ["one", "two"]
        assert await read(engine, container_id, tail=1) == ["three"]
        assert await read(engine, container_id, tail=0) == []
        assert await read(engine, container_id, tail=1, stderr=False) == []
        since = T0 + NS
        assert await read(engine, container_id, since_ns=since) == ["two", "three"]
        assert await read(engine, container_id, until_ns=since) == ["one", "two"]
        both = await read(engine, container_id, since_ns=since, tail=1)
        assert both == ["three"]


async def test_reads_rotated_files_oldest_first(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        path = engine.log_path(container_id)
        for text, suffix in (("one", ".2"), ("two", ".1")):
            write(engine, container_id, text)
            path.rename(f"{path}{suffix}")
        write(engine, container_id, "three")
        assert await read(engine, container_id) == ["one", "two", "three"]
        assert await read(engine, container_id, tail=2) == ["two", "three"]


async def test_follows_until_the_end(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        write(engine, container_id, "one")
        entries = await logs(engine, container_id, LogsOptions(follow=True))
        assert await some(entries) == [b"one\n"]
        later = asyncio.ensure_future(some(entries))
        await asyncio.sleep(0)
        write(engine, container_id, "two")
        assert await later == [b"two\n"]
        write(engine, container_id, "three")
        world.runtime.finish(container_id, 0)
        assert await some(entries) == [b"three\n"]
        assert [piece async for piece in entries] == []


async def test_follows_across_a_rotation(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        write(engine, container_id, "one")
        entries = await logs(engine, container_id, LogsOptions(follow=True))
        assert await some(entries) == [b"one\n"]
        path = engine.log_path(container_id)
        write(engine, container_id, "two")
        path.rename(f"{path}.1")
        write(engine, container_id, "three")
        assert await some(entries) == [b"two\n"]
        assert await some(entries) == [b"three\n"]
        await entries.aclose()


async def test_following_what_has_ended_ends(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "true")
        await until(engine, container_id, Status.EXITED)
        write(engine, container_id, "one")
        assert await read(engine, container_id, follow=True) == ["one"]


async def test_following_stops_at_until(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        soon = world.clock.now + NS
        assert await read(engine, container_id, follow=True, until_ns=soon) == []


async def test_who_leaves_leaves_nothing(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        write(engine, container_id, "one")
        before = open_files()
        entries = await logs(engine, container_id, LogsOptions(follow=True))
        await anext(entries)
        await entries.aclose()
        assert open_files() == before


async def test_refuses_when_no_stream_is_wanted(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        with pytest.raises(InvalidInputError, match="choose at least one stream"):
            await read(engine, container_id, stdout=False, stderr=False)


async def test_refuses_a_driver_that_keeps_nothing(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(log_config=LogConfig("none"))
        container_id = await make(engine, host=host)
        with pytest.raises(UnsupportedError, match="does not support reading"):
            await read(engine, container_id)
