"""An engine of a few canned answers on a socket, which remembers what it was asked.

The contract that it stands for is proved by the system tests, on real engines.
"""

import contextlib
import json
import socketserver
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.endpoint import Endpoint
from tests.serving import serving


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


@dataclass
class FakeEngine:
    """Answers by method and path: a status, and a list of JSON lines or bytes."""

    host: str
    answers: dict[str, tuple[int, Any]]
    asked: list[Asked] = field(default_factory=list)

    @property
    def engine(self) -> Engine:
        return Engine(Endpoint(self.host))


@contextlib.contextmanager
def fake_engine(folder: Path, **answers: Any) -> Iterator[FakeEngine]:
    """Serve; a key is ``GET /images/x/json``, a value the answer, 200 if no pair."""
    fake = FakeEngine(f"unix://{folder}/docker.sock", answers["answers"])

    class Handler(BaseHTTPRequestHandler):
        def handle(self) -> None:
            self.raw_requestline = self.rfile.readline()
            self.parse_request()
            where = urlsplit(self.path)
            path = where.path.removeprefix("/v1.41")
            body = b"".join(self._chunks())
            fake.asked.append(
                Asked(
                    self.command,
                    path,
                    parse_qs(where.query),
                    dict(self.headers),
                    body,
                )
            )
            missing = (404, {"message": "page not found"})
            status, answer = fake.answers.get(f"{self.command} {path}", missing)
            self._send(status, answer)

        def _chunks(self) -> Iterator[bytes]:
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()

        def _send(self, status: int, answer: Any) -> None:
            lines = answer if isinstance(answer, list) else [answer]
            data = b"".join(
                one if isinstance(one, bytes) else json.dumps(one).encode() + b"\n"
                for one in lines
            )
            head = f"HTTP/1.1 {status} X\r\nTransfer-Encoding: chunked\r\n\r\n"
            chunk = b"%x\r\n%b\r\n" % (len(data), data) if data else b""
            self.wfile.write(head.encode() + chunk + b"0\r\n\r\n")

    class Server(socketserver.ThreadingUnixStreamServer):
        daemon_threads = True

    try:
        with serving(Server(str(folder / "docker.sock"), Handler)):
            yield fake
    finally:
        (folder / "docker.sock").unlink()
