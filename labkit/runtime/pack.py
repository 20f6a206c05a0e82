"""A rotated log on its way to ``.gz``: a bit at a time, so that nobody waits for it.

The hand has one thread, and while that packs, the container's output and all requests
wait. So it packs for some milliseconds and looks after the others in between. The whole
file is deleted when the packed one is complete: a reader finds one of them always.
"""

import os
import zlib
from typing import BinaryIO

from labkit.runtime.loop import Loop

SUFFIX = ".gz"
_PIECE_BYTES = 256 << 10
_GZIP = 31  # zlib's word for: as gzip does
_MODE = 0o640


class Packing:
    """One file that is being packed; it is done when ``step`` returns False."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._source: BinaryIO = open(path, "rb")  # noqa: SIM115 - closed at the end
        self._target = open(f"{path}{SUFFIX}", "wb", opener=_opener)  # noqa: SIM115
        self._packer = zlib.compressobj(wbits=_GZIP)

    def step(self) -> bool:
        """Pack some more; False if that was the end."""
        if self._source.closed:
            return False
        data = self._source.read(_PIECE_BYTES)
        if data:
            self._target.write(self._packer.compress(data))
            return True
        self._target.write(self._packer.flush())
        self._target.close()
        self._source.close()
        os.unlink(self._path)
        return False

    def finish(self) -> None:
        """Pack all of the rest now."""
        while self.step():
            pass


class Packer:
    """Packs one file after the other, in between of what else a loop has to do."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._packing: Packing | None = None

    def pack(self, path: str) -> None:
        """Begin to pack a file."""
        self.finish()
        self._packing = Packing(path)
        self._loop.call_later(0, self._go_on)

    def finish(self) -> None:
        """Pack what is left of the file that is being packed."""
        if self._packing is not None:
            self._packing.finish()
            self._packing = None

    def _go_on(self) -> None:
        # A timer in the loop also keeps the hand from ending before this is done.
        if self._packing is not None and self._packing.step():
            self._loop.call_later(0, self._go_on)
        else:
            self._packing = None


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, _MODE)
