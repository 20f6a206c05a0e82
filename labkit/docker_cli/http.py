"""HTTP/1.1 as the engine's API needs it: keep-alive, chunks, hijacked connections.

On ``_socket``, the C half of ``socket``, which costs nothing to import.
"""

from __future__ import annotations

import _socket

from labkit.docker_cli.errors import EngineError, HungUpError, NoEngineError
from labkit.docker_cli.json_text import compact, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labkit.docker_cli.json_text import Json

_PIECE = 64 * 1024
_UNRESERVED = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
)


class Connection:
    """Bytes to and from the engine."""

    def __init__(self, sock: _socket.socket) -> None:
        self.sock = sock
        self._buffer = b""

    def fileno(self) -> int:
        return self.sock.fileno()

    def send(self, data: bytes) -> None:
        """Send all of it.

        Raises:
            HungUpError: the other side takes no more.
        """
        try:
            self.sock.sendall(data)
        except OSError as error:  # a pipe that broke, a reset, a host that is gone
            raise HungUpError(f"error during connect: {error}") from error

    def has_buffered(self) -> bool:
        return bool(self._buffer)

    def read_some(self) -> bytes:
        """Return what is there, at least a byte; nothing at the end."""
        if self._buffer:
            data, self._buffer = self._buffer, b""
            return data
        return self._receive()

    def read_exactly(self, count: int) -> bytes:
        """Return that many bytes, fewer only at the end."""
        while len(self._buffer) < count:
            data = self._receive()
            if not data:
                break
            self._buffer += data
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def read_until(self, mark: bytes) -> bytes:
        """Return what stands before a mark, and take both away."""
        while mark not in self._buffer:
            data = self._receive()
            if not data:
                break
            self._buffer += data
        found, _, self._buffer = self._buffer.partition(mark)
        return found

    def _receive(self) -> bytes:
        try:
            return self.sock.recv(_PIECE)
        except OSError:  # killed amid its answer, or cut off: an end like any other
            return b""

    def end_sending(self) -> None:
        """Say that no more will be sent; the answer may go on."""
        try:
            self.sock.shutdown(_socket.SHUT_WR)
        except OSError:  # the other side has left already
            pass

    def close(self) -> None:
        self.sock.close()


class Response:
    """An answer whose body is still to be read."""

    def __init__(
        self, connection: Connection, status: int, headers: dict[str, str]
    ) -> None:
        self.connection = connection
        self.status = status
        self.headers = headers
        self.finished = False

    def pieces(self) -> Iterator[bytes]:
        """Yield the body as it comes."""
        if "chunked" in self.headers.get("transfer-encoding", ""):
            yield from self._chunks()
        elif "content-length" in self.headers:
            left = _number(self.headers["content-length"])
            while left:
                data = self.connection.read_exactly(min(left, _PIECE))
                if not data:
                    return
                left -= len(data)
                yield data
            self.finished = True
        elif self.status not in (204, 304):
            while data := self.connection.read_some():
                yield data
        else:
            self.finished = True

    def _chunks(self) -> Iterator[bytes]:
        while True:
            size = self.connection.read_until(b"\r\n")
            count = _number(size.partition(b";")[0] or b"0", 16)
            if not count:
                self.connection.read_until(b"\r\n")
                self.finished = bool(size)
                return
            data = self.connection.read_exactly(count)
            if len(data) < count:
                yield data
                return
            self.connection.read_until(b"\r\n")
            yield data

    def read(self) -> bytes:
        return b"".join(self.pieces())

    def json(self) -> Json:
        text = self.read().decode("utf-8", "replace")
        return parse(text) if text.strip() else None

    def values(self) -> Iterator[Json]:
        """Yield the JSON values of a stream, one a line."""
        rest = b""
        for piece in self.pieces():
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                if line.strip():
                    yield parse(line.decode("utf-8", "replace"))
        if rest.strip():
            yield parse(rest.decode("utf-8", "replace"))


def exchange(connection: Connection, head: bytes, body: Iterable[bytes]) -> Response:
    """Send one request, its body in chunks if there is one; read status and headers.

    Raises:
        NoEngineError: the other side hung up without an answer.
    """
    try:
        connection.send(head)
        for piece in body:
            if piece:
                connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        if b"\r\nTransfer-Encoding: chunked\r\n" in head:
            connection.send(b"0\r\n\r\n")
    except HungUpError:
        pass  # it has answered before it heard all: the answer says why
    return read_head(connection)


def read_head(connection: Connection) -> Response:
    """Read an answer's status and headers."""
    raw = connection.read_until(b"\r\n\r\n").decode("latin-1")
    first, *lines = raw.split("\r\n")
    if not first.startswith("HTTP/"):
        raise NoEngineError("error during connect: the engine hung up")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Response(connection, _number(first.partition(" ")[2][:3]), headers)


def _number(digits: str | bytes, base: int = 10) -> int:
    try:
        number = int(digits, base)
    except ValueError:
        number = -1
    if number < 0:
        raise NoEngineError("error during connect: what answers is no engine")
    return number


_NOT_MODIFIED = 304


def raise_for(response: Response) -> None:
    """Raise what the engine says, if it refused."""
    if response.status < 300 or response.status == _NOT_MODIFIED:
        return
    if response.status < 400:  # a name with dots in it led out of its place
        raise EngineError(response.status, "page not found")
    text = response.read().decode("utf-8", "replace").strip()
    reason = text
    if text.startswith("{"):
        reason = parse(text).get("message", text)
    raise EngineError(response.status, reason)


def query_string(query: Iterable[tuple[str, object]]) -> str:
    """Return the query of a path; a list gives its name several times."""
    pairs = []
    for name, value in query:
        for each in value if isinstance(value, list) else [value]:
            pairs.append(f"{quote(name)}={quote(_query_text(each))}")
    return "?" + "&".join(pairs) if pairs else ""


def _query_text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dict):
        return compact(value)
    return str(value)


def quote(text: str, safe: str = "") -> str:
    """Return a text as it may stand in a path or a query."""
    return "".join(
        chr(byte) if chr(byte) in _UNRESERVED or chr(byte) in safe else f"%{byte:02X}"
        for byte in text.encode("utf-8", "surrogateescape")
    )
