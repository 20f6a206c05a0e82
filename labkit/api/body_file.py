"""What comes in with a request, as a file: read on a thread while it still comes in."""

import asyncio
import io
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any

_PIECE_BYTES = 1 << 20

Read = Callable[[int], Coroutine[Any, Any, bytes]]


class BodyFile(io.RawIOBase):
    """Reads by a coroutine of the loop that made it.

    To close it ends a ``read`` that waits for what the client still has to send.
    """

    def __init__(self, read: Read) -> None:
        super().__init__()
        self._read = read
        self._loop = asyncio.get_running_loop()
        self._reading: Future[bytes] | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        wanted = size if 0 <= size < _PIECE_BYTES else _PIECE_BYTES
        reading = asyncio.run_coroutine_threadsafe(self._read(wanted), self._loop)
        self._reading = reading
        if self.closed:
            reading.cancel()
        try:
            return reading.result()
        except CancelledError as error:
            raise ValueError("read of closed file") from error

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        super().close()
        if self._reading is not None:
            self._reading.cancel()
