"""The shim's side of a connection: until the request is read, and for the answer."""

import json
import socket
import sys
from collections.abc import Callable
from typing import Any

from labkit.base.errors import InvalidInputError
from labkit.runtime.loop import READ, Loop
from labkit.runtime.wire import MOST_LINE_BYTES, encode_error, encode_line

Request = dict[str, Any]


class Connection:
    """Reads one line; then it is the handler's to answer, to keep or to close."""

    def __init__(
        self,
        loop: Loop,
        sock: socket.socket,
        handle: "Callable[[Connection, Request], None]",
    ) -> None:
        self._loop = loop
        self._handle = handle
        self._line = bytearray()
        self.sock = sock
        sock.setblocking(False)
        loop.watch(sock.fileno(), READ, self._on_ready)

    def answer(self, document: dict[str, Any]) -> None:
        """Send the answer; the connection stays."""
        self._send(encode_line({"ok": True, **document}))

    def finish(self, document: dict[str, Any]) -> None:
        """Send the answer, and that was it."""
        self.answer(document)
        self.close()

    def fail(self, error: BaseException) -> None:
        self._send(encode_error(error))
        self.close()

    def close(self) -> None:
        if self.sock.fileno() >= 0:
            self._loop.forget(self.sock.fileno())
            self.sock.close()

    def give_up(self) -> socket.socket:
        """Hand the socket over to whoever streams on it."""
        self._loop.forget(self.sock.fileno())
        return self.sock

    def tell(self, document: dict[str, Any]) -> bool:
        """Send one more line; False if nobody takes it."""
        return self._send(encode_line(document))

    def drop_when_closed(self, forget: "Callable[[Connection], None]") -> None:
        """From now on nothing is expected but the other side's end."""

        def on_ready(_: int) -> None:
            self.close()
            forget(self)

        self._loop.watch(self.sock.fileno(), READ, on_ready)

    def _send(self, data: bytes) -> bool:
        # Answers are far smaller than a socket's buffer: who does not take them is
        # either gone or not worth waiting for.
        try:
            return self.sock.send(data) == len(data)
        except OSError:
            return False

    def _on_ready(self, _: int) -> None:
        try:
            data = self.sock.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._line += data
        if not data or len(self._line) > MOST_LINE_BYTES:
            self.close()
            return
        if not self._line.endswith(b"\n"):
            return
        self._loop.forget(self.sock.fileno())
        self._dispatch()

    def _dispatch(self) -> None:
        try:
            request = json.loads(self._line)
            if not isinstance(request, dict) or "verb" not in request:
                raise InvalidInputError("a request is an object with a verb")
            self._handle(self, request)
        except Exception as error:  # noqa: BLE001 - it goes to whoever asked
            if not isinstance(error, (ValueError, OSError)) or self.sock.fileno() < 0:
                sys.stderr.write(f"request failed: {type(error).__name__}: {error}\n")
            self.fail(error)
