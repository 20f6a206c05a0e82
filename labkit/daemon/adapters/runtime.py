"""``Runtime`` for the engine: calls on worker threads, sockets as asyncio streams."""

import asyncio
import socket
from collections.abc import Callable

from labkit.cgroups.model import Stats
from labkit.engine.ports import Stream
from labkit.runtime.model import AttachOptions, ContainerState, IoOptions
from labkit.runtime.runtime import Runtime
from labkit.spec.runtime import Process, Resources

_READ_LIMIT = 256 * 1024


class AsyncRuntime:
    """Satisfies ``engine.ports.RuntimePort``."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def create(self, container_id: str, io: IoOptions) -> int:
        return await asyncio.to_thread(self._runtime.create, container_id, io)

    async def start(self, container_id: str) -> None:
        await asyncio.to_thread(self._runtime.start, container_id)

    async def state(self, container_id: str) -> ContainerState:
        return await asyncio.to_thread(self._runtime.state, container_id)

    async def kill(self, container_id: str, signal: int) -> None:
        await asyncio.to_thread(self._runtime.kill, container_id, signal)

    async def kill_exec(self, container_id: str, exec_id: str, signal: int) -> None:
        await asyncio.to_thread(self._runtime.kill_exec, container_id, exec_id, signal)

    async def pause(self, container_id: str) -> None:
        await asyncio.to_thread(self._runtime.pause, container_id)

    async def unpause(self, container_id: str) -> None:
        await asyncio.to_thread(self._runtime.unpause, container_id)

    async def processes(self, container_id: str) -> tuple[int, ...]:
        return await asyncio.to_thread(self._runtime.processes, container_id)

    async def resize(
        self, container_id: str, exec_id: str | None, height: int, width: int
    ) -> None:
        await asyncio.to_thread(
            self._runtime.resize, container_id, exec_id, height, width
        )

    async def attach(self, container_id: str, options: AttachOptions) -> Stream:
        connected = await _connected(
            lambda: self._runtime.attach(container_id, options)
        )
        return await _stream(connected)

    async def exec(
        self,
        container_id: str,
        exec_id: str,
        process: Process,
        io: IoOptions,
        attach: AttachOptions | None,
    ) -> tuple[int, Stream | None]:
        pid, connected = await asyncio.to_thread(
            self._runtime.exec, container_id, exec_id, process, io, attach
        )
        return pid, None if connected is None else await _stream(connected)

    async def watch(self, container_id: str) -> Stream:
        connected = await _connected(lambda: self._runtime.watch(container_id))
        return await _stream(connected)

    async def stats(self, container_id: str) -> Stats:
        return await asyncio.to_thread(self._runtime.stats, container_id)

    async def update(self, container_id: str, resources: Resources) -> None:
        await asyncio.to_thread(self._runtime.update, container_id, resources)

    async def delete(self, container_id: str) -> None:
        await asyncio.to_thread(self._runtime.delete, container_id)


async def _connected(connect: Callable[[], socket.socket]) -> socket.socket:
    """Connect on a worker thread; nobody's socket is closed.

    The thread can't be stopped when the client that asked leaves meanwhile; its socket
    comes all the same.
    """
    work = asyncio.ensure_future(asyncio.to_thread(connect))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        work.add_done_callback(_close_orphan)
        raise


def _close_orphan(work: "asyncio.Future[socket.socket]") -> None:
    if not work.cancelled() and work.exception() is None:
        work.result().close()


async def _stream(connected: socket.socket) -> Stream:
    connected.setblocking(False)
    reader, writer = await asyncio.open_unix_connection(
        sock=connected, limit=_READ_LIMIT
    )
    return Stream(reader, writer)
