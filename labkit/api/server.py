"""The HTTP server: one handler on a unix socket, from request to answer.

Two rules about clients that leave. A request that *follows* something (logs, wait,
events, attach) is cancelled at once when its connection closes, so that nothing is
followed for nobody. All other requests run to their end in a task group of the
engine: a container must not stay half started because somebody pressed ctrl-c.
"""

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from aiohttp import web

from labkit.api import failures
from labkit.api.answers import JSON, SERVER_HEADERS
from labkit.api.connection import Connection
from labkit.api.machine import Machine
from labkit.api.meter import METRICS_TYPE, Meter
from labkit.api.request_log import log_answer
from labkit.api.requests import Call, Progress, Query
from labkit.api.routing import Route, Router, split_version
from labkit.base.errors import InternalError, LabError, NotModified, os_reason
from labkit.engine.engine import Engine

CallRoute = Route[Call, web.StreamResponse]

_log = logging.getLogger(__name__)
_BACKLOG = 1024
_LEAVE_SECONDS = 2.0
_MAX_HEADER_BYTES = 1 << 20
"""As Go's server has it: saving many images puts all their names into the query."""


class ApiServer:
    """Serves one engine; a context manager.

    Leaving it stops accepting and cancels what only follows; the engine ends the rest.

    Args:
        answered: Called when a request is over, however it ended.
    """

    def __init__(
        self,
        engine: Engine,
        machine: Machine,
        routes: Iterable[CallRoute],
        answered: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._machine = machine
        self._router: Router[Call, web.StreamResponse] = Router(routes)
        self._http = web.Server(self._answer, handler_cancellation=True)
        self._figures = web.Server(self._show_figures)
        self._meter = Meter()
        self._answered = answered
        self._listeners: list[asyncio.Server] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop_listening()
        await self._figures.shutdown(_LEAVE_SECONDS)
        await self._http.shutdown(_LEAVE_SECONDS)

    async def listen(self, listener: socket.socket) -> None:
        """Serve what connects to a bound socket."""
        loop = asyncio.get_running_loop()
        self._listeners.append(
            await loop.create_unix_server(
                self._protocol, sock=listener, backlog=_BACKLOG
            )
        )

    async def serve(self, client: socket.socket) -> None:
        """Serve one client whom somebody else let in."""
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(self._protocol, client)

    async def listen_for_metrics(self, listener: socket.socket) -> None:
        """Serve ``/metrics``, and nothing else, to what connects to a bound socket."""
        loop = asyncio.get_running_loop()
        self._listeners.append(await loop.create_server(self._figures, sock=listener))

    def _protocol(self) -> Connection:
        return Connection(
            self._http,
            loop=asyncio.get_running_loop(),
            access_log=None,
            tcp_keepalive=False,
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
        )

    def stop_listening(self) -> None:
        """Accept nobody new; those who are connected are served on."""
        for listener in self._listeners:
            listener.close()

    async def _answer(self, http: web.BaseRequest) -> web.StreamResponse:
        begun = time.monotonic()
        try:
            answer = await self._answer_or_refuse(http)
        finally:
            self._answered()
        log_answer(http, answer, time.monotonic() - begun)
        return answer

    async def _answer_or_refuse(self, http: web.BaseRequest) -> web.StreamResponse:
        progress = Progress()
        try:
            return await self._route(http, progress)
        except NotModified:
            return web.Response(status=304, headers=SERVER_HEADERS)
        except LabError as error:
            return _failure(http, progress, failures.status_of(error), error)
        except web.RequestPayloadError as error:  # its body is not what its header says
            return _failure(http, progress, 400, error)
        except ConnectionError:
            raise
        except OSError as error:  # a full disk, say
            _log.exception("request failed: %s %s", http.method, http.path_qs)
            reason = os_reason(error)
            return _failure(http, progress, 500, InternalError(reason))
        except Exception as error:  # noqa: BLE001 - a bug must not end the server
            _log.exception("request failed: %s %s", http.method, http.path_qs)
            return _failure(http, progress, 500, error)

    async def _route(
        self, http: web.BaseRequest, progress: Progress
    ) -> web.StreamResponse:
        version, path = split_version(http.path)
        route, places = self._router.find(http.method, path)
        query = Query(http.query)
        call = Call(self._engine, self._machine, http, version, places, query, progress)
        if route.streams:
            return await route.handler(call)
        begun = time.monotonic()
        answer = await self._engine.complete(route.handler(call), path)
        self._meter.measure(route.method, route.pattern, time.monotonic() - begun)
        return answer

    async def _show_figures(self, http: web.BaseRequest) -> web.StreamResponse:
        if http.path != "/metrics":
            return web.Response(status=404, text="page not found\n")
        report = await self._meter.report(self._engine)
        return web.Response(
            body=report.encode(), headers={"Content-Type": METRICS_TYPE}
        )


def _failure(
    http: web.BaseRequest, progress: Progress, status: int, error: Exception
) -> web.StreamResponse:
    if progress.begun:
        # The header is out; ending the connection is all that is left to say.
        _log.warning("broke off %s %s: %s", http.method, http.path, error)
        raise ConnectionResetError(str(error)) from error
    return web.Response(
        body=failures.body_of(str(error) or type(error).__name__),
        status=status,
        content_type=JSON,
        headers=SERVER_HEADERS,
    )
