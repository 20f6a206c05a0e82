"""A socket in front of an engine that kills the engine at the nth request."""

import contextlib
import re
import select
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.engines import OurEngine

_REQUEST = re.compile(rb"^[A-Z]+ \S+ HTTP/1\.1\r$", re.MULTILINE)
_CHUNK = 1 << 16


@contextlib.contextmanager
def killing(engine: OurEngine, request: int) -> Iterator[Path]:
    """Give a socket that leads to an engine; its nth request is the engine's last.

    Raises:
        AssertionError: there were not so many requests, so nothing was tested.
    """
    relay = _Relay(engine, request)
    try:
        yield relay.path
    finally:
        relay.close()
    assert engine.process is None, f"fewer than {request} requests"


class _Relay:
    def __init__(self, engine: OurEngine, request: int) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="lk-", dir="/tmp"))
        self.path = self._folder / "s"
        self._engine = engine
        self._left = request
        self._lock = threading.Lock()
        self._open = contextlib.ExitStack()
        self._listener = self._open.enter_context(socket.socket(socket.AF_UNIX))
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        # shutdown(2) wakes a thread that sleeps in accept; close(2) would not.
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._open.close()
        shutil.rmtree(self._folder)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed: the test is over
                return
            thread = threading.Thread(target=self._serve, args=(client,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        with (
            client,
            socket.socket(socket.AF_UNIX) as server,
            contextlib.suppress(OSError),  # the engine is gone: hang up, too
        ):
            server.connect(str(self._engine.socket))
            self._relay(client, server)

    def _relay(self, client: socket.socket, server: socket.socket) -> None:
        other = {client: server, server: client}
        while True:
            for source in select.select(other, (), ())[0]:
                data = source.recv(_CHUNK)
                if not data:
                    return
                if source is client:
                    self._count(len(_REQUEST.findall(data)))
                other[source].sendall(data)

    def _count(self, requests: int) -> None:
        with self._lock:
            self._left -= requests
            if self._left <= 0 and self._engine.process is not None:
                self._engine.kill()
