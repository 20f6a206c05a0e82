"""The builder on the real stores: an image that is there, a cache that stays."""

import asyncio
import io
import socket
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from labkit.base.errors import NotFoundError
from labkit.base.reference import parse_reference
from labkit.builder.model import BuildInput, BuildRequest, Built, Event, StepCached
from labkit.builder.ports import Order, Outcome, Print
from labkit.daemon.adapters.builder import AsyncBuilder
from labkit.images.model import Image
from labkit.images.store import ImageStore
from labkit.images.transfer import PullEvent
from labkit.snapshots.overlay import OverlaySnapshots

TEXT = "FROM scratch\nCOPY a /a\nENV A=1\n"


class NoHands:
    """Images and commands that nobody has."""

    async def find(
        self, name: str, platform: str, pull: bool, tell: Callable[[PullEvent], None]
    ) -> Image:
        raise NotFoundError(name)

    async def find_source(self, name: str) -> Image | None:
        return None

    async def run(self, order: Order, out: Print) -> Outcome:
        raise AssertionError("nothing is run here")

    async def clean(self, order: Order) -> None:
        return None

    async def kill(self) -> None:
        return None


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ImageStore]:
    store = ImageStore(tmp_path, OverlaySnapshots(tmp_path / "layers"))
    yield store
    store.close()


async def _build(
    builder: AsyncBuilder, text: str, name: str
) -> tuple[Built, list[Event]]:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("a"))
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text.encode()))
    packed.seek(0)
    events: list[Event] = []
    async with builder.folder() as folder:
        context = folder / "context"
        await builder.unpack_context(packed, context)
        found = await builder.read_dockerfile(context, "")
        job = await builder.prepare(
            BuildRequest(names=(parse_reference(name),)),
            BuildInput(found, context),
            folder,
            NoHands(),
            events.append,
        )
        assert job.stages == (0,)
        built = await builder.build(job)
    assert not folder.exists()
    return built, events


async def test_builds_and_finds_it_again(tmp_path: Path, store: ImageStore) -> None:
    snapshots = OverlaySnapshots(tmp_path / "layers")
    builder = AsyncBuilder(tmp_path, store, snapshots)
    built, _ = await _build(builder, TEXT, "one:1")
    assert store.resolve("one:1").id == built.image.id
    assert await asyncio.to_thread(store.collect) == ()
    (record,) = await builder.records()
    assert record.description == "COPY a /a # buildkit"
    builder.close()
    again = AsyncBuilder(tmp_path, store, snapshots)
    second, events = await _build(again, TEXT, "two:1")
    assert second.image.id == built.image.id
    assert sum(isinstance(one, StepCached) for one in events) == 2
    names = {name.familiar for name in store.resolve("one:1").names}
    assert names == {"one:1", "two:1"}
    await again.forget([record.key])
    await again.forget_metadata()
    assert not again.is_busy(record.key)
    again.close()


async def test_waits_for_images_on_the_event_loop(
    tmp_path: Path, store: ImageStore
) -> None:
    builder = AsyncBuilder(tmp_path, store, OverlaySnapshots(tmp_path / "layers"))
    with pytest.raises(NotFoundError, match="nosuch"):
        await _build(builder, "FROM nosuch\n", "x")
    builder.close()


async def test_fetches_a_context(tmp_path: Path, store: ImageStore) -> None:
    builder = AsyncBuilder(tmp_path, store, OverlaySnapshots(tmp_path / "layers"))
    with pytest.raises(Exception, match="cannot get"):
        await builder.fetch_context("http://127.0.0.1:1/x", tmp_path / "c")
    builder.close()


class _Endless(io.RawIOBase):
    """A context whose first file never comes."""

    def __init__(self) -> None:
        super().__init__()
        entry = tarfile.TarInfo("endless")
        entry.size = 1 << 20
        self._head = entry.tobuf()
        self._closing = threading.Event()
        self.begun = threading.Event()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if head := self._head[:size]:
            self._head = self._head[size:]
            return head
        self.begun.set()
        self._closing.wait()
        raise OSError("hung up")

    def close(self) -> None:
        self._closing.set()
        super().close()


async def test_who_leaves_ends_the_unpacking(tmp_path: Path, store: ImageStore) -> None:
    builder = AsyncBuilder(tmp_path, store, OverlaySnapshots(tmp_path / "layers"))
    packed = _Endless()

    async def take() -> None:
        async with builder.folder() as folder:
            context = folder / "context"
            await builder.unpack_context(cast(BinaryIO, packed), context)

    taking = asyncio.ensure_future(take())
    assert await asyncio.to_thread(packed.begun.wait, 10)
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    assert list((tmp_path / "builder/work").iterdir()) == []
    builder.close()


async def test_who_leaves_ends_the_fetching(tmp_path: Path, store: ImageStore) -> None:
    builder = AsyncBuilder(tmp_path, store, OverlaySnapshots(tmp_path / "layers"))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/c.tar"

        async def take() -> None:
            async with builder.folder() as folder:
                await builder.fetch_context(url, folder / "context")

        taking = asyncio.ensure_future(take())
        server, _ = await asyncio.to_thread(silent.accept)
        with server:
            assert server.recv(3) == b"GET"
            taking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await taking
    assert list((tmp_path / "builder/work").iterdir()) == []
    builder.close()
