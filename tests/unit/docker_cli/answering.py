"""A server that answers with what a test gave it, over a unix socket."""

import json
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.serving import serving

Route = tuple[int, Any]


@dataclass
class Answers:
    """What is answered, by method and path, and what was asked."""

    socket: Path
    routes: dict[str, Route]
    swarm: str = ""
    asked: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"unix://{self.socket}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answers: Answers

    def address_string(self) -> str:
        return "unix"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _answer(self) -> None:
        path = self.path.partition("?")[0]
        route = f"{self.command} {path}"
        if path != "/_ping":
            self.answers.asked.append(f"{self.command} {self.path}")
            self.answers.bodies.append(self._body())
        status, value = self.answers.routes.get(route, (404, {"message": "no such"}))
        if path == "/_ping":
            status, value = 200, b""
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Api-Version", "1.47")
        if self.answers.swarm:
            self.send_header("Swarm", self.answers.swarm)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    do_GET = do_POST = do_DELETE = do_HEAD = do_PUT = _answer


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def answering(
    folder: Path, routes: dict[str, Route], swarm: str = ""
) -> Iterator[Answers]:
    """Serve routes such as ``GET /v1.47/info`` until the block ends."""
    answers = Answers(folder / "engine.sock", routes, swarm)
    handler = type("Handler", (_Handler,), {"answers": answers})
    with serving(_Server(str(answers.socket), handler)):
        yield answers
