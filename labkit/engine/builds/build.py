"""``docker build``: a context and a Dockerfile become an image.

What is built, and how, is the builder's. Here it gets what it needs of an engine:
images by name, containers for its commands, and an end when nobody waits any more.

    look up    the context is unpacked, the Dockerfile read, the plan made: what is
               wrong until here is an error before anything was said
    act        the builder works on threads of its own and tells what it does
    record     the image and its names, by the builder at the very end
    tell       an event for each name
"""

import asyncio
import logging
import threading
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Coroutine,
    Mapping,
    Sequence,
)
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from labkit.base.errors import InternalError, InvalidInputError, LabError, os_reason
from labkit.base.reference import Reference
from labkit.builder.model import (
    BuildCancelledError,
    BuildInput,
    BuildRequest,
    Built,
    Event,
)
from labkit.builder.ports import Order, Outcome, Print
from labkit.engine.builds.base_image import Asker, find_base_image
from labkit.engine.builds.cancel import cancellable
from labkit.engine.builds.run_command import run_command
from labkit.engine.engine import Engine
from labkit.engine.images.tag import tell_image
from labkit.engine.model import HostConfig
from labkit.engine.ports import BuildJob
from labkit.images.model import Image
from labkit.images.registry.model import Credentials
from labkit.images.transfer import PullEvent

_MOST_WAITING = 512  # events that a client has not taken yet
_KILL = 9
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build; ``host`` holds the limits of its containers.

    ``remote`` is a URL that the context comes from instead of the request's body;
    ``dockerfile`` names a file in it. ``credentials`` are the user's, by registry, and
    ``pull_sources`` has images of ``--cache-from`` pulled that are not here. By ``id``
    somebody else may end the build, see ``cancel``.
    """

    request: BuildRequest
    host: HostConfig = field(default_factory=HostConfig)
    dockerfile: str = ""
    remote: str = ""
    credentials: Mapping[str, Credentials] = field(default_factory=dict, repr=False)
    pull_sources: bool = False
    id: str = ""


class Building:
    """A build that is about to run; ``built`` is there when all events were taken."""

    def __init__(
        self,
        engine: Engine,
        job: BuildJob,
        mailbox: "_Mailbox",
        dockerfile: str,
        folder: AsyncExitStack,
    ) -> None:
        self._engine = engine
        self.dockerfile = dockerfile
        self._folder = folder
        self._job = job
        self._mailbox = mailbox
        self._built: Built | None = None

    @property
    def stages(self) -> tuple[int, ...]:
        """The stages that are built, as the Dockerfile counts them."""
        return self._job.stages

    @property
    def request(self) -> BuildRequest:
        return self._job.request

    @property
    def names(self) -> tuple[Reference, ...]:
        return self._job.request.names

    @property
    def built(self) -> Built:
        assert self._built is not None
        return self._built

    def stop(self) -> None:
        """Let it go no further; who follows its events hears that it was cancelled."""
        self._job.stop()

    async def events(self) -> AsyncGenerator[Sequence[Event], None]:
        """Build, and yield what happens, at once what happened since the last time.

        Leaving early ends the build, and waits until nothing of it runs any more.

        Raises:
            StepError: a command failed.
            InvalidInputError: an instruction can't be carried out.
            InternalError: the machine has no room for it, say.
            BuildCancelledError: it was stopped.
        """
        work = asyncio.ensure_future(self._work())
        try:
            while events := await self._mailbox.take():
                yield events
            self._built = await work
        finally:
            if not work.done():
                self._job.stop()
            await asyncio.shield(asyncio.wait({work}))
            if not work.cancelled():
                work.exception()  # taken: whoever left does not want to know
        for name in self._job.request.names:
            tell_image(self._engine, "tag", self.built.image, name.familiar)

    async def _work(self) -> Built:
        try:
            return await self._engine.builder.build(self._job)
        except OSError as error:  # a full disk, which half an answer could not tell
            _log.warning("a build broke off", exc_info=error)
            reason = os_reason(error)
            raise InternalError(f"cannot build: {reason}") from error
        finally:
            # Before the last event: nothing of a build is left when its end is told.
            await self._folder.aclose()
            self._mailbox.close()


@asynccontextmanager
async def open_build(
    engine: Engine, options: BuildOptions, packed: BinaryIO | None
) -> AsyncIterator[Building]:
    """Take a context in and decide what is built; nothing of it stays in the end.

    Args:
        packed: the context as a tar, plain or packed, read to its end.

    Raises:
        InvalidInputError: the context is none, or the Dockerfile can't be built.
        BuildCancelledError: somebody else cancelled it before it began.
    """

    async def take(folder: Path) -> BuildInput:
        return await _take_in(engine, options, packed, folder)

    async with open_build_from(engine, options, take, leave_out=True) as building:
        yield building


Take = Callable[[Path], Coroutine[Any, Any, BuildInput]]
"""Takes in what is built, into a folder that is the build's own."""


@asynccontextmanager
async def open_build_from(
    engine: Engine, options: BuildOptions, take: Take, *, leave_out: bool = False
) -> AsyncIterator[Building]:
    """Do the same with what somebody else takes in.

    Args:
        leave_out: what ``.dockerignore`` names is still among it, and goes.
    """
    async with AsyncExitStack() as stack:
        folder = await stack.enter_async_context(engine.builder.folder())
        source = await _taken(engine, options, take(folder))
        source = await _with_dockerfile(engine, options, source)
        if leave_out and source.context is not None:
            await engine.builder.remove_ignored(source.context, options.dockerfile)
        mailbox = _Mailbox()
        hands = Hands(engine, options, mailbox)
        job = await engine.builder.prepare(
            options.request, source, folder, hands, mailbox.put
        )
        building = Building(engine, job, mailbox, source.dockerfile, stack)
        with cancellable(engine, options.id, building.stop):
            yield building


async def _taken(
    engine: Engine, options: BuildOptions, taking: Coroutine[Any, Any, BuildInput]
) -> BuildInput:
    """Take in what is built, unless the build is cancelled meanwhile."""
    work = asyncio.ensure_future(taking)
    with cancellable(engine, options.id, lambda: _end(work)):
        try:
            return await work
        except asyncio.CancelledError:
            if _is_asked_to_end():
                raise
            raise BuildCancelledError("Build cancelled") from None


def _end(work: "asyncio.Future[Any]") -> None:
    work.cancel()


def _is_asked_to_end() -> bool:
    """Tell whether it is this task that was cancelled, and not another's work."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _with_dockerfile(
    engine: Engine, options: BuildOptions, source: BuildInput
) -> BuildInput:
    """Read the Dockerfile, unless it came by itself."""
    if source.dockerfile:
        return source
    if source.context is None:
        raise InvalidInputError("there is no build context")
    text = await engine.builder.read_dockerfile(source.context, options.dockerfile)
    return replace(source, dockerfile=text)


async def _take_in(
    engine: Engine, options: BuildOptions, packed: BinaryIO | None, folder: Path
) -> BuildInput:
    context = folder / "context"
    if options.remote:
        text = await engine.builder.fetch_context(options.remote, context)
        return BuildInput(text, context)
    if packed is None:
        raise InvalidInputError("there is no build context")
    await engine.builder.unpack_context(packed, context)
    return BuildInput("", context)


class Hands:
    """What a build's threads have the engine do; see ``ports.BuildHands``."""

    def __init__(
        self, engine: Engine, options: BuildOptions, mailbox: "_Mailbox"
    ) -> None:
        self._engine = engine
        self._options = options
        self._mailbox = mailbox
        self._running: dict[str, AsyncExitStack] = {}

    async def find(
        self, name: str, platform: str, pull: bool, tell: Callable[[PullEvent], None]
    ) -> Image:
        asker = Asker(self._options.credentials, tell)
        return await find_base_image(self._engine, name, platform, pull, asker)

    async def find_source(self, name: str) -> Image | None:
        """Find an image for the cache; a build goes on without."""
        try:
            if self._options.pull_sources:
                asker = Asker(self._options.credentials)
                return await find_base_image(self._engine, name, "", False, asker)
            return await self._engine.images.resolve(name)
        except LabError as error:
            _log.debug("no cache of %s: %s", name, error)
            return None

    async def run(self, order: Order, out: Print) -> Outcome:
        """Run a command; its files are there until ``clean``."""
        undo = AsyncExitStack()
        self._running[order.container_id] = undo
        return await run_command(
            self._engine, order, self._options.host, _Outlet(out, self._mailbox), undo
        )

    async def clean(self, order: Order) -> None:
        undo = self._running.pop(order.container_id, None)
        if undo is not None:
            await undo.aclose()

    async def kill(self) -> None:
        """Kill what runs; each ``run`` returns then."""
        for container_id in tuple(self._running):
            await _kill(self._engine, container_id)


async def _kill(engine: Engine, container_id: str) -> None:
    try:
        await engine.runtime.kill(container_id, _KILL)
    except LabError as error:
        _log.debug("cannot kill %s: %s", container_id, error)


class _Outlet:
    """Passes output on, and holds a command up that prints more than is taken."""

    def __init__(self, out: Print, mailbox: "_Mailbox") -> None:
        self._out = out
        self._mailbox = mailbox

    async def write(self, stream: str, data: bytes) -> None:
        self._out(stream, data)
        await self._mailbox.breathe()


class _Mailbox:
    """Events on their way from the build's threads to the client.

    To wake the loop costs more than most events are worth: it is woken once for all
    that come until it has taken them.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._guard = threading.Lock()
        self._events: list[Event] = []
        self._closed = False
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def put(self, event: Event) -> None:
        """Add an event; any thread may."""
        with self._guard:
            self._events.append(event)
            is_first = len(self._events) == 1
        if is_first:
            self._loop.call_soon_threadsafe(self._arrived.set)

    def close(self) -> None:
        """Let whoever takes come to the end; nobody puts anything any more."""
        self._closed = True
        self._arrived.set()
        self._room.set()

    async def take(self) -> Sequence[Event]:
        """Wait for events, and return all that are there; none is the end."""
        while not self._events and not self._closed:
            self._arrived.clear()
            await self._arrived.wait()
        with self._guard:
            events, self._events = self._events, []
        self._room.set()
        return events

    async def breathe(self) -> None:
        """Wait while the client is far behind."""
        if len(self._events) > _MOST_WAITING:
            self._room.clear()
            await self._room.wait()
