"""An engine of which a test decides what is in it, and when something happens."""

import json
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.unit.grading.observe.fakes import NOT_FOUND, VERSION, answer, serving

_STREAM = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)


@dataclass
class LiveEngine:
    """Serves containers, networks, and one stream: events, a log or statistics."""

    containers: list[dict[str, Any]] = field(default_factory=list)
    networks: list[dict[str, Any]] = field(default_factory=list)
    pieces: queue.Queue[bytes | None] = field(default_factory=queue.Queue)
    streaming: threading.Event = field(default_factory=threading.Event)

    def emit(self, document: Any) -> None:
        """Send one more piece of the stream."""
        self.pieces.put(json.dumps(document).encode() + b"\n")

    def end(self) -> None:
        """End the stream."""
        self.pieces.put(None)

    def handle(self, connection: socket.socket, over: threading.Event) -> None:
        asked = connection.recv(65536)
        if not asked:
            return  # only a knock
        path = asked.split()[1].decode().partition("?")[0]
        if path.endswith("/version"):
            connection.sendall(VERSION)
        elif path.endswith("/containers/json"):
            connection.sendall(answer("200 OK", json.dumps(self.containers).encode()))
        elif path.endswith("/networks"):
            connection.sendall(answer("200 OK", json.dumps(self.networks).encode()))
        elif path.endswith(("/events", "/logs", "/stats")):
            self._stream(connection, over)
        elif path.endswith("/web/json"):
            connection.sendall(answer("200 OK", b'{"Config": {"Tty": true}}'))
        else:
            connection.sendall(NOT_FOUND)

    def _stream(self, connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(_STREAM)
        self.streaming.set()
        while not over.is_set():
            try:
                piece = self.pieces.get(timeout=0.05)
            except queue.Empty:
                continue
            if piece is None:
                connection.sendall(b"0\r\n\r\n")
                return
            connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))


@contextmanager
def live_engine(folder: Path) -> Iterator[tuple[LiveEngine, str]]:
    """Run one; yield it and its address."""
    engine = LiveEngine()
    with serving(folder / "engine.sock", engine.handle) as host:
        yield engine, host
