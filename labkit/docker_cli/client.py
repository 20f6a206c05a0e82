"""The engine's API, one call a method: paths get the version, refusals are raised."""

from __future__ import annotations

import os

from labkit.docker_cli.errors import CliError, NoEngineError, UnreachableError
from labkit.docker_cli.http import (
    Response,
    exchange,
    query_string,
    quote,
    raise_for,
)
from labkit.docker_cli.json_text import compact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from labkit.docker_cli.endpoint import Endpoint
    from labkit.docker_cli.http import Connection
    from labkit.docker_cli.json_text import Json

    Query = Mapping[str, object]

UPGRADED = 101
API_VERSION = "1.50"
"""The newest that Docker's command line of version 28.2 speaks."""

AGENT = "Docker-Client/28.2.2 (linux)"


class Client:
    """One engine; connections are opened as they are needed, one is kept."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.headers: dict[str, str] = {}
        self.was_answered = False
        self._answer: Response | None = None
        self._ping: dict[str, str] | None = None
        self._opened: list[Connection] = []

    def close(self) -> None:
        """Hang up on everything that was opened here."""
        for connection in self._opened:
            connection.close()

    @property
    def ping(self) -> dict[str, str]:
        """Return what the engine says of itself in headers; asked once."""
        return self.greet()

    def greet(self) -> dict[str, str]:
        """Ask who is there, where a command must know that before all else."""
        if self._ping is None:
            response = self._send("HEAD", "/_ping", (), {})
            response.finished = True
            self._ping = response.headers
        return self._ping

    @property
    def version(self) -> str:
        """Return the API's version that both sides speak."""
        asked = os.environ.get("DOCKER_API_VERSION")
        if asked:
            return asked.removeprefix("v")
        try:
            theirs = self.ping.get("api-version", "1.24")
        except NoEngineError:  # what is asked for next says so, by its own name
            return API_VERSION
        return min(theirs, API_VERSION, key=version_number)

    def call(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: Json = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """Send a request with a JSON body or none; return the answer's begin.

        Raises:
            EngineError: the engine refused.
            NoEngineError: nobody answered.
        """
        target = f"/v{self.version}{path}{query_string((query or {}).items())}"
        response = self._ask(method, target, body, headers or {})
        raise_for(response)
        return response

    def _ask(
        self, method: str, target: str, body: Json, headers: dict[str, str]
    ) -> Response:
        # The body in one piece of a known length: what comes behind its last chunk
        # would be the process's first input on a hijacked connection.
        data = b"" if body is None else compact(body).encode()
        sent = {**headers, "Content-Length": str(len(data))}
        if data:
            sent["Content-Type"] = "application/json"
        return self._send(method, target, (), sent, data)

    def upload(
        self,
        method: str,
        path: str,
        query: Query,
        pieces: Iterable[bytes],
        headers: dict[str, str],
    ) -> Response:
        """Send a stream; return the answer's begin."""
        target = f"/v{self.version}{path}{query_string(query.items())}"
        sent = {"Transfer-Encoding": "chunked", **headers}
        response = self._send(method, target, pieces, sent)
        raise_for(response)
        return response

    def get(self, path: str, query: Query | None = None) -> Json:
        return self.call("GET", path, query).json()

    def post(self, path: str, query: Query | None = None, body: Json = None) -> Json:
        return self.call("POST", path, query, body).json()

    def delete(self, path: str, query: Query | None = None) -> Json:
        return self.call("DELETE", path, query).json()

    def hijack(
        self, path: str, query: Query | None = None, body: Json = None
    ) -> Connection:
        """Ask for a raw connection both ways; return it."""
        headers = {"Connection": "Upgrade", "Upgrade": "tcp"}
        target = f"/v{self.version}{path}{query_string((query or {}).items())}"
        response = self._ask("POST", target, body, headers)
        if response.status != UPGRADED:
            raise CliError(f"unable to upgrade to tcp, received {response.status}")
        self._answer = None  # the connection is the caller's now
        return response.connection

    def _send(
        self,
        method: str,
        target: str,
        body: Iterable[bytes],
        headers: dict[str, str],
        data: bytes = b"",
    ) -> Response:
        connection = self._take() or self._open(method, target)
        sent = {"Host": "api.moby.localhost", "User-Agent": AGENT}
        sent |= self.headers | headers
        lines = [f"{method} {target} HTTP/1.1", *(f"{k}: {v}" for k, v in sent.items())]
        head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
        response = exchange(connection, head + data, body)
        self.was_answered = True
        if method == "HEAD":  # its length is that of the body it does not have
            response.headers["content-length"] = "0"
        self._answer = response
        return response

    def _open(self, method: str, target: str) -> Connection:
        try:
            connection = self.endpoint.connect()
        except UnreachableError as error:
            raise error.at(method, target) from None
        self._opened.append(connection)
        return connection

    def _take(self) -> Connection | None:
        """Return the last call's connection, if its answer was read to the end."""
        answer, self._answer = self._answer, None
        if answer is None or not answer.finished:
            return None
        if answer.headers.get("connection", "").lower() == "close":
            return None
        return answer.connection


def version_number(text: str) -> tuple[int, ...]:
    """Return a version as numbers that compare."""
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def path_of(kind: str, name: str, rest: str = "") -> str:
    """Return the path of a thing: ``/containers/web/json``."""
    safe = "/:@+" if kind == "images" else ""
    return f"/{kind}/{quote(name, safe)}{rest}"


def filters_query(filters: Iterable[str]) -> dict[str, object]:
    """Return the query of ``--filter`` flags: a map of maps, or nothing."""
    found: dict[str, dict[str, bool]] = {}
    for each in filters:
        name, _, value = each.partition("=")
        found.setdefault(name, {})[value] = True
    return {"filters": found} if found else {}
