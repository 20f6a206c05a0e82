"""``docker logs``: what was written, and with --follow what will be.

Following sleeps until the kernel says that the file was written to (inotify(7)) or the
container has ended; nothing polls.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.engine import messages
from labkit.engine.engine import Engine
from labkit.engine.logfile import LogEntry, LogReader
from labkit.engine.model import Container, Status
from labkit.kernel.inotify import Inotify, WatchFlag

_RUNS = (Status.RUNNING, Status.PAUSED, Status.RESTARTING)
_READABLE = ("json-file", "local")


@dataclass(frozen=True, slots=True)
class LogsOptions:
    """Which lines are wanted; ``tail`` None is all, times 0 are no bounds.

    The last lines are the log's; the rest chooses among them, as with dockerd.
    """

    stdout: bool = True
    stderr: bool = True
    follow: bool = False
    since_ns: int = 0
    until_ns: int = 0
    tail: int | None = None


async def logs(
    engine: Engine, ref: str, options: LogsOptions
) -> AsyncGenerator[list[LogEntry], None]:
    """Return the lines, oldest first, in pieces. Close the generator to stop following.

    Raises:
        NotFoundError: no such container.
        InvalidInputError: neither stdout nor stderr is wanted.
        UnsupportedError: its log driver keeps nothing that could be read.
    """
    container = engine.store.find_container(ref)
    if not (options.stdout or options.stderr):
        raise InvalidInputError(messages.NO_LOG_STREAM)
    if container.host_config.log_config.type not in _READABLE:
        raise UnsupportedError("configured logging driver does not support reading")
    return _read(engine, container, options)


async def _read(
    engine: Engine, container: Container, options: LogsOptions
) -> AsyncGenerator[list[LogEntry], None]:
    with ExitStack() as stack:
        reader = LogReader(engine.log_path(container.id))
        stack.callback(reader.close)
        # The watch comes first: what is written while we read is announced.
        changes = _Changes(engine, container.id, stack) if options.follow else None
        async for piece in _in_thread(reader.read_history(options.tail)):
            if chosen := _choose(piece, options):
                yield chosen
        while changes is not None and await changes.wait(options.until_ns):
            async for piece in _in_thread(reader.read_new()):
                if chosen := _choose(piece, options):
                    yield chosen


async def _in_thread(
    pieces: Iterator[list[LogEntry]],
) -> AsyncGenerator[list[LogEntry], None]:
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def _choose(entries: list[LogEntry], options: LogsOptions) -> list[LogEntry]:
    wanted = {"stdout": options.stdout, "stderr": options.stderr}
    return [
        entry
        for entry in entries
        if wanted.get(entry.stream, False)
        and entry.time_ns >= options.since_ns
        and (not options.until_ns or entry.time_ns <= options.until_ns)
    ]


class _Changes:
    """Wakes when the log has grown; says False when it will grow no more."""

    def __init__(self, engine: Engine, container_id: str, stack: ExitStack) -> None:
        self._engine = engine
        self._container_id = container_id
        self._grown = asyncio.Event()
        self._last_look = False
        self._inotify = Inotify()
        stack.callback(self._inotify.close)
        folder = str(engine.container_folder(container_id))
        self._inotify.add(folder, WatchFlag.MODIFY | WatchFlag.CREATE)
        loop = asyncio.get_running_loop()
        loop.add_reader(self._inotify.fileno(), self._notice)
        stack.callback(loop.remove_reader, self._inotify.fileno())
        ended = engine.waiters.add(container_id, "exit")
        ended.add_done_callback(lambda _: self._grown.set())
        stack.callback(ended.cancel)

    def _notice(self) -> None:
        self._inotify.read()
        self._grown.set()

    async def wait(self, until_ns: int) -> bool:
        """Return True if there may be more to read."""
        if self._last_look:
            return False
        container = self._engine.store.container(self._container_id)
        if container is None or container.status not in _RUNS:
            # Its shim wrote everything before it told us of the end: one last look.
            self._last_look = True
            return True
        try:
            async with asyncio.timeout(self._seconds_until(until_ns)):
                await self._grown.wait()
        except TimeoutError:
            return False
        self._grown.clear()
        return True

    def _seconds_until(self, until_ns: int) -> float | None:
        if not until_ns:
            return None
        return max(0.0, (until_ns - self._engine.clock.now_ns()) / 1e9)
