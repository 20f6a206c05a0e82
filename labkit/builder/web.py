"""Asking web servers, in a way that can be ended: a halt hangs up on them.

Only http(s) is followed, redirects included.
"""

import contextlib
import http.client
import socket
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from labkit.builder.halt import Halt

_TIMEOUT_SECONDS = 60

Watch = Callable[[socket.socket], None]


@contextmanager
def open_url(url: str, halt: Halt) -> Iterator[http.client.HTTPResponse]:
    """Ask for a URL and give the answer.

    Raises:
        OSError: it can't be had, or somebody hung up.
        ValueError: it is no URL.
    """
    with ExitStack() as stack:

        def watch(connection: socket.socket) -> None:
            stack.enter_context(halt.ended_by(partial(_hang_up, connection)))

        opener = _opener(watch)
        with opener.open(url, timeout=_TIMEOUT_SECONDS) as answer:
            yield answer


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it is closed already
        connection.shutdown(socket.SHUT_RDWR)


class _Plain(http.client.HTTPConnection):
    def __init__(self, watch: Watch, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._watch = watch

    def connect(self) -> None:
        super().connect()
        self._watch(self.sock)


class _Secure(http.client.HTTPSConnection):
    def __init__(self, watch: Watch, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._watch = watch

    def connect(self) -> None:
        super().connect()
        self._watch(self.sock)


class _Handler(urllib.request.AbstractHTTPHandler):
    """Opens both kinds of URL."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_Plain, self._watch), request)

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_Secure, self._watch), request)

    http_request = https_request = urllib.request.AbstractHTTPHandler.do_request_


def _opener(watch: Watch) -> urllib.request.OpenerDirector:
    """Return what knows http and https and no other kind of URL."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        _Handler(watch),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),  # which refuses all other kinds
    ):
        opener.add_handler(handler)
    return opener
