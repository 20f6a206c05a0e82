"""The user's side of a hijacked connection: keys in, output out.

Without a terminal the engine sends frames, eight bytes of head and then text for stdout
or stderr; with one, what the terminal shows.
"""

from __future__ import annotations

import os
import select

from labkit.docker_cli.errors import CliError, HungUpError
from labkit.docker_cli.terminal import STDIN, STDOUT, KeyWatch, RawMode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from labkit.docker_cli.http import Connection

_HEAD = 8
_PIECE = 32 * 1024
_STDERR = 2
_SYSTEM_ERROR = 3


class Frames:
    """Takes a stream of frames apart, wherever it is cut."""

    def __init__(self) -> None:
        self._rest = b""
        self._stream = 0
        self._left = 0

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the stream's number and a piece of its text.

        Raises:
            CliError: the engine says that the stream broke.
        """
        self._rest += data
        while True:
            if not self._left:
                if len(self._rest) < _HEAD:
                    return
                self._stream = self._rest[0]
                self._left = int.from_bytes(self._rest[4:_HEAD], "big")
                self._rest = self._rest[_HEAD:]
            piece, self._rest = self._rest[: self._left], self._rest[self._left :]
            self._left -= len(piece)
            if not piece and self._left:
                return
            if self._stream == _SYSTEM_ERROR:
                raise CliError(f"error from daemon in stream: {piece.decode()}")
            if piece:
                yield self._stream, piece


def write_all(fd: int, data: bytes) -> None:
    """Write everything."""
    while data:
        data = data[os.write(fd, data) :]


def copy_frames(pieces: Iterator[bytes], tty: bool) -> None:
    """Copy a stream of the engine's to stdout and stderr."""
    frames = Frames()
    for data in pieces:
        _show(frames, data, tty)


def _show(frames: Frames, data: bytes, tty: bool) -> None:
    if tty:
        write_all(STDOUT, data)
        return
    for stream, piece in frames.feed(data):
        write_all(_STDERR if stream == _STDERR else STDOUT, piece)


class Exchange:
    """A conversation over a hijacked connection."""

    def __init__(
        self, connection: Connection, tty: bool, stdin: bool, keys: bytes
    ) -> None:
        self._connection = connection
        self._tty = tty
        self._stdin = stdin
        self._keys = KeyWatch(keys)
        self._frames = Frames()

    def run(self, output: bool = True) -> bool:
        """Copy both ways until the output ends; say False if the user detached."""
        with RawMode(self._stdin and self._tty):
            return self._copy(output)

    def _copy(self, output: bool) -> bool:
        poll = select.poll()
        poll.register(self._connection.fileno(), select.POLLIN)
        if self._stdin:
            poll.register(STDIN, select.POLLIN)
        elif not output:
            return True
        while True:
            ready = dict(poll.poll(0 if self._connection.has_buffered() else None))
            heard = self._connection.has_buffered()
            heard = heard or self._connection.fileno() in ready
            if heard and not self._receive():
                return True
            if STDIN in ready and self._stdin and not self._type(poll):
                return False

    def _receive(self) -> bool:
        data = self._connection.read_some()
        if not data:
            return False
        _show(self._frames, data, self._tty)
        return True

    def _type(self, poll: select.poll) -> bool:
        try:
            data = os.read(STDIN, _PIECE)
        except OSError:  # the terminal is gone
            data = b""
        if not data:
            poll.unregister(STDIN)
            self._stdin = False
            self._connection.end_sending()
            return True
        passed = self._keys.feed(data) if self._tty else data
        try:
            self._connection.send(passed)
        except HungUpError:  # the process has ended: its output says how
            poll.unregister(STDIN)
            self._stdin = False
        return not self._keys.detached
