"""The engine as a build asks it: each request is a connection of its own."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from labkit.docker_cli.buildx.errors import BuildxError, NoDoorError, RefusedError
from labkit.docker_cli.endpoint import Endpoint
from labkit.docker_cli.errors import NoEngineError
from labkit.docker_cli.http import Response, exchange, query_string

_VERSION = "v1.41"  # what is asked for here any engine of the last years has


class Answer(Response):
    """A response whose connection ends with its body."""

    def pieces(self) -> Iterator[bytes]:
        """Yield the body as it comes, and hang up."""
        try:
            yield from super().pieces()
        finally:
            self.connection.close()


class Engine:
    """One engine, named as ``docker`` names it: by flags, variables or a context."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        return self.request("GET", path, query).json()

    def post(
        self, path: str, query: Mapping[str, Any] | None = None, body: Any = None
    ) -> Any:
        data = [] if body is None else [json.dumps(body).encode()]
        headers = {} if body is None else {"Content-Type": "application/json"}
        return self.request("POST", path, query, data, headers).json()

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
        target = f"/{_VERSION}{path}" if not path.startswith("/labkit") else path
        target += query_string((query or {}).items())
        fields = {
            "Host": "docker",
            "Connection": "close",
            "Transfer-Encoding": "chunked",
            **(headers or {}),
        }
        head = f"{method} {target} HTTP/1.1\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        answer = self._ask(f"{head}\r\n".encode("latin-1"), body)
        if answer.status >= 400:
            raise _refusal(answer)
        return answer

    def _ask(self, head: bytes, body: Iterable[bytes]) -> Answer:
        try:
            connection = self._endpoint.connect()
            try:
                heard = exchange(connection, head, body)
            except BaseException:
                connection.close()
                raise
        except NoEngineError as error:
            raise BuildxError(error.message) from error
        return Answer(connection, heard.status, heard.headers)


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
