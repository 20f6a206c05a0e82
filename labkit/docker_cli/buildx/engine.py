"""The engine at the other end of a socket: HTTP/1.1 as much as a build needs."""

import json
import os
import socket
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from labkit.docker_cli.buildx.errors import BuildxError, NoDoorError, RefusedError

DEFAULT_HOST = "unix:///var/run/docker.sock"
_VERSION = "v1.41"  # what is asked for here any engine of the last years has
_PIECE_BYTES = 1 << 16


class Answer:
    """A response whose body is still to come."""

    def __init__(self, sock: socket.socket) -> None:
        self._file = sock.makefile("rb")
        self._socket = sock
        line = self._file.readline().split(b" ", 2)
        if len(line) < 2:
            raise BuildxError("the engine hung up without an answer")
        self.status = int(line[1])
        self.headers: dict[str, str] = {}
        while row := self._file.readline().strip():
            name, _, value = row.decode("latin-1").partition(":")
            self.headers[name.lower()] = value.strip()

    def pieces(self) -> Iterator[bytes]:
        """Yield the body as it comes."""
        try:
            if "chunked" in self.headers.get("transfer-encoding", ""):
                yield from self._chunks()
            else:
                yield from self._exactly(int(self.headers.get("content-length", "0")))
        finally:
            self.close()

    def _exactly(self, left: int) -> Iterator[bytes]:
        while left and (data := self._file.read1(min(left, _PIECE_BYTES))):
            left -= len(data)
            yield data

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self._file.readline().split(b";")[0].strip() or b"0", 16):
            yield from self._exactly(size)
            self._file.readline()

    def lines(self) -> Iterator[Any]:
        """Yield the JSON documents of the body, one a line."""
        rest = b""
        for data in self.pieces():
            *lines, rest = (rest + data).split(b"\n")
            yield from (json.loads(line) for line in lines if line.strip())
        if rest.strip():
            yield json.loads(rest)

    def read(self) -> bytes:
        return b"".join(self.pieces())

    def close(self) -> None:
        self._file.close()
        self._socket.close()


class Engine:
    """One engine; each request is a connection of its own."""

    def __init__(self, host: str) -> None:
        self.host = host

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        return json.loads(self.request("GET", path, query).read() or b"null")

    def post(
        self, path: str, query: Mapping[str, Any] | None = None, body: Any = None
    ) -> Any:
        data = [] if body is None else [json.dumps(body).encode()]
        headers = {} if body is None else {"Content-Type": "application/json"}
        answer = self.request("POST", path, query, data, headers)
        return json.loads(answer.read() or b"null")

    def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Iterable[bytes] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request; the body goes in chunks.

        Raises:
            BuildxError: nobody answers, or the engine refuses.
            NoDoorError: it doesn't know the path.
        """
        sock = self._connect()
        target = f"/{_VERSION}{path}" if not path.startswith("/labkit") else path
        if query:
            target += f"?{urlencode(query, doseq=True, quote_via=quote)}"
        fields = {
            "Host": "docker",
            "Connection": "close",
            "Transfer-Encoding": "chunked",
            **(headers or {}),
        }
        head = f"{method} {target} HTTP/1.1\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        try:
            sock.sendall(f"{head}\r\n".encode("latin-1"))
            for piece in filter(None, body):
                sock.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
            sock.sendall(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough: the answer says why
        answer = Answer(sock)
        if answer.status >= 400:
            raise _refusal(answer)
        return answer

    def _connect(self) -> socket.socket:
        where = urlsplit(self.host)
        sock = socket.socket(socket.AF_UNIX) if where.scheme == "unix" else None
        try:
            if sock is not None:
                sock.connect(where.path)
                return sock
            if where.scheme == "tcp":
                return socket.create_connection((where.hostname, where.port or 2375))
        except OSError as error:
            if sock is not None:
                sock.close()
            raise BuildxError(
                f"Cannot connect to the Docker daemon at {self.host}. Is the docker "
                "daemon running?"
            ) from error
        raise BuildxError(
            "this buildx reaches engines at unix:// and tcp:// only, not at "
            f"{self.host}"
        )


def find_host(flag: str, context: str, environ: Mapping[str, str]) -> str:
    """Return the engine's address: flag, variable, or the context in use.

    Raises:
        BuildxError: a context of that name is not there.
    """
    if flag:
        return flag
    if not context and environ.get("DOCKER_HOST"):
        return environ["DOCKER_HOST"]
    folder = config_folder(environ)
    name = (
        context
        or environ.get("DOCKER_CONTEXT")
        or read_config(folder).get("currentContext", "")
    )
    if name in ("", "default"):
        return environ.get("DOCKER_HOST") or DEFAULT_HOST
    for meta in sorted((folder / "contexts" / "meta").glob("*/meta.json")):
        found = json.loads(meta.read_text())
        if found.get("Name") == name:
            return str(found["Endpoints"]["docker"]["Host"])
    raise BuildxError(f'context "{name}": context not found')


def config_folder(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("DOCKER_CONFIG") or Path.home() / ".docker")


def read_config(folder: Path) -> dict[str, Any]:
    """Read the command line's ``config.json``; one that is none counts as empty."""
    try:
        found = json.loads((folder / "config.json").read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _refusal(answer: Answer) -> BuildxError:
    body = answer.read()
    try:
        message = str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        message = body.decode("utf-8", "replace").strip() or f"status {answer.status}"
    if answer.status == 404 and message in ("page not found", "404 page not found"):
        return NoDoorError(message)
    if answer.status in (404, 405) and "not found" in message.lower()[:14]:
        return NoDoorError(message)
    return RefusedError(message)


def in_terminal() -> bool:
    """Say whether progress may be drawn over and over."""
    return os.isatty(2) and os.environ.get("TERM", "") not in ("", "dumb")
