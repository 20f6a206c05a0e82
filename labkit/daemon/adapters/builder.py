"""The builder for the engine: a thread for each build, and a way back from it.

A build blocks its thread for minutes, so it gets one of its own: the workers that all
other calls share would run out. What the build wants of the engine (an image, a
container) is awaited on the event loop meanwhile.
"""

import asyncio
import shutil
from collections.abc import (
    AsyncIterator,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from labkit.base.clock import SystemClock
from labkit.base.digest import Digest
from labkit.base.ids import new_id
from labkit.base.reference import Reference
from labkit.builder.bench import Bench
from labkit.builder.cache import BuildCache, Record
from labkit.builder.context import read_dockerfile, unpack_context
from labkit.builder.execute import build, plan_build, read_epoch
from labkit.builder.halt import Halt
from labkit.builder.ignored import remove_ignored
from labkit.builder.model import BuildInput, BuildRequest, Built, Tell
from labkit.builder.plan import Plan
from labkit.builder.ports import Order, Outcome, Print
from labkit.builder.remote import Remote, download
from labkit.builder.remote_context import fetch_context
from labkit.engine.ports import BuildHands, BuildJob
from labkit.images.model import BuiltLayer, Image, LayerSource
from labkit.images.store import ImageStore, spell_config
from labkit.images.transfer import PullEvent
from labkit.snapshots.model import Limits
from labkit.snapshots.overlay import OverlaySnapshots
from labkit.spec.image import ImageConfig

T = TypeVar("T")


class StoredLayers:
    """Satisfies ``builder.ports.Layers``: the image store and its folders."""

    def __init__(self, store: ImageStore, snapshots: OverlaySnapshots) -> None:
        self._store = store
        self._snapshots = snapshots

    def chain_ids(self, image: Image) -> tuple[Digest, ...]:
        return self._store.chain_ids(image)

    def layer_path(self, chain_id: Digest) -> Path:
        return self._snapshots.layer_path(chain_id)

    def has_layer(self, chain_id: Digest) -> bool:
        return self._snapshots.has_layer(chain_id)

    def stack(self, diff_ids: Sequence[Digest]) -> None:
        self._store.shelf.ensure_stack(diff_ids)

    def adopt(self, folder: Path, below: Sequence[Digest]) -> BuiltLayer | None:
        return self._store.shelf.adopt(folder, below)

    def seal(self, layers: Sequence[BuiltLayer]) -> None:
        self._store.shelf.seal(layers)

    def keep(self, chain_ids: Iterable[Digest]) -> None:
        self._store.shelf.keep(chain_ids)

    def let_go(self, chain_ids: Iterable[Digest]) -> None:
        self._store.shelf.let_go(chain_ids)

    def record(self, config: ImageConfig, names: Sequence[Reference] = ()) -> Image:
        sources = [
            LayerSource(diff_id, partial(self._store.shelf.open_packed, diff_id))
            for diff_id in config.rootfs.diff_ids
        ]
        return self._store.add(spell_config(config), sources, names)

    def rename(self, image_id: str, names: Sequence[Reference]) -> Image:
        image = self._store.resolve(image_id)
        for name in names:
            self._store.tag(image, name)
        return self._store.resolve(image_id)


@dataclass(frozen=True, slots=True)
class Job:
    """Satisfies ``engine.ports.BuildJob``."""

    bench: Bench
    plan: Plan

    @property
    def request(self) -> BuildRequest:
        return self.bench.request

    @property
    def stages(self) -> tuple[int, ...]:
        return tuple(planned.stage.index for planned in self.plan.stages)

    def stop(self) -> None:
        self.bench.stop()


class AsyncBuilder:
    """Satisfies ``engine.ports.BuilderPort``."""

    def __init__(
        self, root: Path, store: ImageStore, snapshots: OverlaySnapshots
    ) -> None:
        self._scratch = root / "builder" / "work"
        shutil.rmtree(self._scratch, ignore_errors=True)  # of one that was killed
        self._scratch.mkdir(parents=True, mode=0o700)
        self._layers = StoredLayers(store, snapshots)
        self._clock = SystemClock()
        self._cache = BuildCache(root, self._layers, self._clock)

    def close(self) -> None:
        self._cache.close()

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        path = self._scratch / new_id()[:16]
        await asyncio.to_thread(path.mkdir, mode=0o700)
        try:
            yield path
        finally:
            removal = asyncio.to_thread(shutil.rmtree, path, True)
            await asyncio.shield(removal)

    async def unpack_context(self, packed: BinaryIO, folder: Path) -> None:
        await _in_thread(lambda: _unpack(packed, folder), packed.close)

    async def fetch_context(self, url: str, folder: Path) -> str:
        halt = Halt()
        return await _in_thread(lambda: fetch_context(url, folder, halt), halt.stop)

    async def download(self, url: str, target: Path) -> None:
        halt = Halt()
        await _in_thread(lambda: download(Remote(url), target, halt), halt.stop)

    async def read_dockerfile(self, context: Path, name: str) -> str:
        data = await asyncio.to_thread(read_dockerfile, context, name)
        return data.decode(errors="replace")

    async def remove_ignored(self, context: Path, name: str) -> None:
        await asyncio.to_thread(remove_ignored, context, name)

    async def prepare(
        self,
        request: BuildRequest,
        source: BuildInput,
        folder: Path,
        hands: BuildHands,
        tell: Tell,
    ) -> BuildJob:
        scratch = folder / "steps"
        await asyncio.to_thread(scratch.mkdir, mode=0o700)
        loop = asyncio.get_running_loop()
        bench = Bench(
            request=request,
            input=source,
            images=_Finder(loop, hands),
            layers=self._layers,
            runner=_Runner(loop, hands),
            cache=self._cache,
            clock=self._clock,
            tell=tell,
            scratch=scratch,
            halt=Halt(),
            epoch=read_epoch(request.arguments),
        )
        return Job(bench, await asyncio.to_thread(plan_build, bench))

    async def build(self, job: BuildJob) -> Built:
        assert isinstance(job, Job)  # prepare made it
        return await _in_thread(lambda: build(job.bench, job.plan))

    async def records(self) -> tuple[Record, ...]:
        return await asyncio.to_thread(self._cache.records)

    async def forget(self, keys: Sequence[str]) -> None:
        await asyncio.to_thread(self._cache.forget, keys)

    async def forget_metadata(self) -> None:
        await asyncio.to_thread(self._cache.forget_metadata)

    def is_busy(self, key: str) -> bool:
        return self._cache.is_busy(key)


class _Finder:
    """Satisfies ``builder.ports.Images``."""

    def __init__(self, loop: asyncio.AbstractEventLoop, hands: BuildHands) -> None:
        self._loop = loop
        self._hands = hands

    def find(
        self, name: str, platform: str, pull: bool, tell: Callable[[PullEvent], None]
    ) -> Image:
        return _await(self._loop, self._hands.find(name, platform, pull, tell))

    def find_source(self, name: str) -> Image | None:
        return _await(self._loop, self._hands.find_source(name))


class _Runner:
    """Satisfies ``builder.ports.Runner``."""

    def __init__(self, loop: asyncio.AbstractEventLoop, hands: BuildHands) -> None:
        self._loop = loop
        self._hands = hands

    @contextmanager
    def run(self, order: Order, out: Print) -> Iterator[Outcome]:
        try:
            yield _await(self._loop, self._hands.run(order, out))
        finally:
            _await(self._loop, self._hands.clean(order))

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._hands.kill(), self._loop)


def _await(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    """Have something done on the event loop; the thread waits."""
    return asyncio.run_coroutine_threadsafe(work, loop).result()


async def _in_thread(
    work: Callable[[], T], stop: Callable[[], None] | None = None
) -> T:
    """Do something long on a thread of its own, to its end.

    Who leaves early ends it by ``stop``, and stays until nothing of it runs any more:
    what it has written can be removed then.
    """
    pool = ThreadPoolExecutor(1, "build")
    try:
        future = asyncio.get_running_loop().run_in_executor(pool, work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            if stop is not None:
                stop()
                await asyncio.shield(asyncio.wait({future}))
                future.exception()  # taken: whoever left does not want to know
            raise
    finally:
        pool.shutdown(wait=False)


def _unpack(packed: BinaryIO, folder: Path) -> None:
    folder.mkdir(mode=0o755)
    unpack_context(packed, folder, Limits())
