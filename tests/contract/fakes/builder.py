"""A builder that builds nothing: it says what a test gave it to say."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from labkit.base.digest import Digest
from labkit.builder.cache import Record
from labkit.builder.model import BuildInput, BuildRequest, Built, Event, Tell
from labkit.builder.ports import Order, Outcome
from labkit.engine.ports import BuildHands, BuildJob
from labkit.images.model import Image
from labkit.spec.image import ImageConfig

IMAGE = Image(Digest.of(b"built"), ImageConfig("amd64", "linux"), (), (), 0, 0, ())


@dataclass
class FakeJob:
    request: BuildRequest
    source: BuildInput
    hands: BuildHands
    tell: Tell
    stages: tuple[int, ...] = (0,)
    stopped: bool = False
    _killing: "asyncio.Future[None] | None" = None

    def stop(self) -> None:
        self.stopped = True
        self._killing = asyncio.ensure_future(self.hands.kill())


@dataclass
class FakeBuilder:
    """``order`` is a command that each build runs; ``fails`` ends it."""

    scratch: Path
    events: list[Event] = field(default_factory=list)
    fails: Exception | None = None
    order: Order | None = None
    outcome: Outcome | None = None
    jobs: list[FakeJob] = field(default_factory=list)
    kept: list[Record] = field(default_factory=list)
    busy: set[str] = field(default_factory=set)
    received: bytes = b""
    unused: tuple[str, ...] = ()
    ignored: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        self.scratch.mkdir(parents=True, exist_ok=True)
        try:
            yield self.scratch
        finally:
            shutil.rmtree(self.scratch)

    async def unpack_context(self, packed: BinaryIO, folder: Path) -> None:
        self.received = await asyncio.to_thread(packed.read)

    async def fetch_context(self, url: str, folder: Path) -> str:
        return f"FROM {url}"

    async def download(self, url: str, target: Path) -> None:
        await asyncio.to_thread(target.write_text, url)

    async def read_dockerfile(self, context: Path, name: str) -> str:
        return f"FROM {name}"

    async def remove_ignored(self, context: Path, name: str) -> None:
        self.ignored.append(name)

    async def prepare(
        self,
        request: BuildRequest,
        source: BuildInput,
        folder: Path,
        hands: BuildHands,
        tell: Tell,
    ) -> BuildJob:
        job = FakeJob(request, source, hands, tell)
        self.jobs.append(job)
        return job

    async def build(self, job: BuildJob) -> Built:
        assert isinstance(job, FakeJob)
        for event in self.events:
            job.tell(event)
        if self.order is not None:
            self.outcome = await job.hands.run(self.order, lambda _, data: None)
            await job.hands.clean(self.order)
        if self.fails is not None:
            raise self.fails
        return Built(IMAGE, self.unused)

    async def records(self) -> tuple[Record, ...]:
        return tuple(self.kept)

    async def forget(self, keys: Sequence[str]) -> None:
        self.kept = [one for one in self.kept if one.key not in keys]

    async def forget_metadata(self) -> None:
        return None

    def is_busy(self, key: str) -> bool:
        return key in self.busy
