"""A process's output to its log and to who is attached, and their input to it.

    process --pipes or pty--> Output --> log (whole, always)
                                 +-----> Attachment ... (each with a bounded buffer)
    Attachment ... --> Input --pipe or pty--> process

**Slow clients.** Docker stops reading from the container as long as an attached client
does not take its output: a stopped ``docker run | less`` stops the container, for ever
if need be. Losing output instead would be worse, as the pipe's end is often a file.
So we do as Docker does, with an end to it: over ``BUFFER_BYTES`` waiting for a client
the container's output is not read on; a client that takes not one byte for
``PATIENCE_SECONDS`` is dropped, and the container and its log go on.
"""

import contextlib
import errno
import os
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass

from labkit.runtime.log import JsonFileLog, RestingLog
from labkit.runtime.loop import READ, WRITE, Loop, Timer
from labkit.runtime.model import AttachOptions

BUFFER_BYTES = 1 << 20
PATIENCE_SECONDS = 60.0
_READ_BYTES = 1 << 16
_STREAM_NUMBERS = {"stdout": 1, "stderr": 2}


class Attachment:
    """One attached client: frames to it, input from it."""

    def __init__(
        self,
        loop: Loop,
        sock: socket.socket,
        options: AttachOptions,
        framed: bool,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._loop = loop
        self._sock = sock
        self._options = options
        self._framed = framed
        self._patience_seconds = patience_seconds
        self._pending = bytearray()
        self._patience: Timer | None = None
        self._input: Input | None = None
        self._reading = True
        self._finishing = False
        self.on_drained: Callable[[], None] = _nothing
        self.on_closed: Callable[[Attachment], None] = _forget
        sock.setblocking(False)
        self._watch()

    @property
    def is_behind(self) -> bool:
        return len(self._pending) > BUFFER_BYTES

    def connect_input(self, target: "Input | None") -> None:
        """Let the client's bytes reach the process; without it they are dropped."""
        self._input = target if self._options.stdin else None

    def feed(self, stream: str, data: bytes) -> None:
        """Take a piece of output."""
        wanted = self._options.stdout if stream == "stdout" else self._options.stderr
        if not wanted or self._finishing:
            return
        if self._framed:
            # Docker's frame: stream, three zeros, length (API reference, "Attach").
            header = struct.pack(">BxxxL", _STREAM_NUMBERS[stream], len(data))
            self._pending += header
        self._pending += data
        self._flush()

    def finish(self) -> None:
        """End the stream when all of it is taken."""
        self._finishing = True
        self._flush()

    def close(self) -> None:
        """Drop the client."""
        if self._sock.fileno() < 0:
            return
        if self._patience is not None:
            self._patience.cancel()
        self._loop.forget(self._sock.fileno())
        self._drain()
        self._sock.close()
        self._pending.clear()
        self._end_input()
        self.on_closed(self)

    def _drain(self) -> None:
        """Take what the client still wrote: closing on unread bytes would make its end
        of file a connection reset (unix(7))."""
        with contextlib.suppress(OSError):
            while self._sock.recv(_READ_BYTES):
                pass

    def resume_reading(self) -> None:
        """Read on, after the process took what was waiting for it."""
        if not self._reading and self._input is not None and self._sock.fileno() >= 0:
            self._reading = True
            self._watch()

    def _watch(self) -> None:
        events = (READ if self._reading else 0) | (WRITE if self._pending else 0)
        self._loop.watch(self._sock.fileno(), events, self._on_ready)

    def _on_ready(self, events: int) -> None:
        if events & WRITE:
            self._flush()
        if self._sock.fileno() >= 0 and self._reading and events & ~WRITE:
            self._read()
        elif self._sock.fileno() >= 0 and events & ~(READ | WRITE):
            self.close()  # hung up on both sides

    def _read(self) -> None:
        try:
            data = self._sock.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            self.close()
            return
        if not data:
            # The client's end of input; it may go on reading.
            self._reading = False
            self._end_input()
            self._watch()
        elif self._input is not None and not self._input.feed(data, self):
            self._reading = False
            self._watch()

    def _end_input(self) -> None:
        if self._input is not None:
            self._input.client_ended()
            self._input = None

    def _flush(self) -> None:
        if self._sock.fileno() < 0:
            return
        before = len(self._pending)
        try:
            while self._pending:
                sent = self._sock.send(self._pending)
                del self._pending[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self.close()
            return
        if not self._pending and self._finishing:
            self.close()
            return
        self._watch()
        self._renew_patience(len(self._pending) < before)
        if not self.is_behind:
            self.on_drained()

    def _renew_patience(self, progress: bool) -> None:
        if self._patience is not None and (progress or not self._pending):
            self._patience.cancel()
            self._patience = None
        if self._pending and self._patience is None:
            self._patience = self._loop.call_later(self._patience_seconds, self.close)


class Input:
    """The process's standard input: what waits for it, and when it ends.

    It takes bytes before the process can: a client may be attached before the start.
    """

    def __init__(self, loop: Loop, once: bool, terminal: bool) -> None:
        self._loop = loop
        self._fd = -1
        self._once = once
        self._terminal = terminal
        self._closed = False
        self._pending = bytearray()
        self._waiting: list[Attachment] = []
        self._ending = False

    def fileno(self) -> int:
        return self._fd

    def resume(self, fd: int) -> None:
        """Go on where another hand stopped; without a file it was closed."""
        self._fd = fd
        self._closed = fd < 0

    def open(self, fd: int) -> None:
        """Pass on to this file what came and what will come."""
        os.set_blocking(fd, False)
        self._fd = fd
        self._flush()

    def feed(self, data: bytes, source: Attachment) -> bool:
        """Take bytes for the process; False asks the source to wait for a call."""
        if self._closed or self._ending:
            return True  # nobody reads any more: dropped, as by a closed pipe
        self._pending += data
        self._flush()
        if len(self._pending) < _READ_BYTES:
            return True
        self._waiting.append(source)
        return False

    def client_ended(self) -> None:
        """Close after the first client's end, if so asked (Docker's StdinOnce).

        A terminal has no end of input but the character that its user types.
        """
        if self._once and not self._terminal:
            self._ending = True
            self._flush()

    def close(self) -> None:
        self._closed = True
        if self._fd >= 0:
            self._loop.forget(self._fd)
            os.close(self._fd)
            self._fd = -1
        self._resume()

    def _flush(self, _: int = 0) -> None:
        try:
            while self._pending and self._fd >= 0:
                del self._pending[: os.write(self._fd, self._pending)]
        except BlockingIOError:
            self._loop.watch(self._fd, WRITE, self._flush)
            return
        except OSError:
            self.close()  # EPIPE: the process closed its end
            return
        if self._fd < 0:
            return
        self._loop.forget(self._fd)
        self._resume()
        if self._ending:
            self.close()

    def _resume(self) -> None:
        waiting, self._waiting = self._waiting, []
        for source in waiting:
            source.resume_reading()


@dataclass(frozen=True, slots=True)
class RestingOutput:
    """Output that nobody waits for, written down: its sources, by name, and its log."""

    sources: dict[str, int]
    log: RestingLog | None = None


class Output:
    """Both output streams of one process."""

    def __init__(self, loop: Loop, log: JsonFileLog | None, framed: bool) -> None:
        self._loop = loop
        self._log = log
        self.framed = framed
        self._sources: dict[int, str] = {}
        self._attached: list[Attachment] = []
        self._paused = False
        self._held = False
        self.on_end: Callable[[], None] = _nothing
        self.on_flushed: Callable[[], None] = _nothing
        self.ended = False

    def add_source(self, fd: int, stream: str) -> None:
        """Read a pipe or a pty's master from now on; it is closed at its end."""
        os.set_blocking(fd, False)
        self._sources[fd] = stream
        if not self._held:
            self._loop.watch(fd, READ, self._reader(fd))

    def rest(self) -> RestingOutput:
        sources = {stream: fd for fd, stream in self._sources.items()}
        log = None if self._log is None or self.ended else self._log.rest()
        return RestingOutput(sources, log)

    def resume(self, resting: RestingOutput) -> None:
        """Go on where another hand stopped."""
        self.ended = not resting.sources
        for stream, fd in resting.sources.items():
            self.add_source(fd, stream)

    def hold(self) -> None:
        """Read nothing yet: somebody who must miss nothing is still to come."""
        self._held = True

    def release(self) -> None:
        self._held = False
        self._resume_sources()

    def attach(self, client: Attachment) -> None:
        client.on_drained = self._resume
        client.on_closed = self._forget
        if self.ended:
            client.finish()
            return
        self._attached.append(client)

    @property
    def is_flushed(self) -> bool:
        return self.ended and not self._attached

    def drop_clients(self) -> None:
        """Let everybody go who is attached, whatever is waiting for them."""
        for client in tuple(self._attached):
            client.close()

    def finish(self) -> None:
        """Take what is there, and end, although somebody may hold a pipe open."""
        for fd in tuple(self._sources):
            while fd in self._sources and self._read(fd):
                pass
            self._end(fd)
        self._end_all()

    def _reader(self, fd: int) -> Callable[[int], None]:
        def on_ready(_: int) -> None:
            self._read(fd)

        return on_ready

    def _read(self, fd: int) -> bool:
        try:
            data = os.read(fd, _READ_BYTES)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""  # the last holder of a pty's slave is gone (pty(7))
        if not data:
            self._end(fd)
            if not self._sources:
                self._end_all()
            return False
        self._spread(self._sources[fd], data)
        return True

    def _spread(self, stream: str, data: bytes) -> None:
        if self._log is not None:
            try:
                self._log.write(stream, data)
            except OSError as error:
                # A full disk costs the log's lines, not the container's life.
                sys.stderr.write(f"cannot write the log: {error}\n")
        for client in tuple(self._attached):
            client.feed(stream, data)
        if any(client.is_behind for client in self._attached) and not self._paused:
            self._paused = True
            for fd in self._sources:
                self._loop.forget(fd)

    def _resume(self) -> None:
        if self._paused and not any(client.is_behind for client in self._attached):
            self._paused = False
            self._resume_sources()

    def _resume_sources(self) -> None:
        if self._held or self._paused:
            return
        for fd in self._sources:
            self._loop.watch(fd, READ, self._reader(fd))

    def _forget(self, client: Attachment) -> None:
        if client in self._attached:
            self._attached.remove(client)
        self._resume()
        if self.is_flushed:
            self.on_flushed()

    def _end(self, fd: int) -> None:
        stream = self._sources.pop(fd, None)
        if stream is not None:
            self._loop.forget(fd)
            os.close(fd)
            if self._log is not None:
                self._log.finish(stream)

    def _end_all(self) -> None:
        if self.ended:
            return
        self.ended = True
        if self._log is not None:
            self._log.close()
        for client in tuple(self._attached):
            client.finish()
        self.on_end()


def _nothing() -> None:
    return


def _forget(_: Attachment) -> None:
    return
