"""Attaches that came before their container: nothing of its output may be lost.

``docker run`` attaches while the container is only created and starts it afterwards.
There is no shim to talk to yet, so the wish is kept; ``start`` fulfils it when the
shim is there and the program is still held at its gate. Whoever waits then has a
stream that begins with the first byte.
"""

import asyncio
from collections import defaultdict

from labkit.base.errors import ConflictError
from labkit.engine.ports import RuntimePort, Stream
from labkit.runtime.model import AttachOptions


class Attaching:
    """One client's attach: ``await stream()``, and ``close()`` if the client leaves."""

    def __init__(self, options: AttachOptions) -> None:
        self.options = options
        loop = asyncio.get_running_loop()
        self._stream: asyncio.Future[Stream] = loop.create_future()

    async def stream(self) -> Stream:
        """Wait for the container to run; return both ways to it.

        Raises:
            ConflictError: it did not start, or was removed.
        """
        return await asyncio.shield(self._stream)

    def close(self) -> None:
        """Give the wish up; a stream that is there already is closed."""
        if not self._stream.done():
            self._stream.cancel()
        elif not self._stream.cancelled() and self._stream.exception() is None:
            self._stream.result().writer.close()

    @property
    def waiting(self) -> bool:
        return not self._stream.done()

    def fulfil(self, stream: Stream) -> None:
        if self._stream.done():
            stream.writer.close()
        else:
            self._stream.set_result(stream)

    def fail(self, reason: str) -> None:
        if not self._stream.done():
            self._stream.set_exception(ConflictError(reason))
            # Who has gone without asking must not be warned about at exit.
            self._stream.exception()


class Streams:
    """Attaches by container, waiting for its start."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Attaching]] = defaultdict(list)

    def wait_for_start(self, container_id: str, options: AttachOptions) -> Attaching:
        attaching = Attaching(options)
        self._waiting[container_id].append(attaching)
        return attaching

    async def fulfil(self, container_id: str, runtime: RuntimePort) -> None:
        """Open the streams that are waited for: the shim is there."""
        for attaching in self._waiting.pop(container_id, []):
            if attaching.waiting:
                stream = await runtime.attach(container_id, attaching.options)
                attaching.fulfil(stream)

    def fail(self, container_id: str, reason: str) -> None:
        """Disappoint those who wait: the container won't start."""
        for attaching in self._waiting.pop(container_id, []):
            attaching.fail(reason)
