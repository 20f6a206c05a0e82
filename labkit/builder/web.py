"""Asking web servers, in a way that can be ended: a halt hangs up on them.

Only http(s) is followed, redirects included.
"""

import http.client
import socket
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from labkit.builder.dial import dial
from labkit.builder.halt import Halt

_TIMEOUT_SECONDS = 60

Dial = Callable[[tuple[str, int], float], socket.socket]


@contextmanager
def open_url(url: str, halt: Halt) -> Iterator[http.client.HTTPResponse]:
    """Ask for a URL and give the answer.

    Raises:
        OSError: it can't be had, or somebody hung up.
        ValueError: it is no URL.
    """
    with ExitStack() as stack:
        opener = _opener(partial(dial, halt, stack))
        with opener.open(url, timeout=_TIMEOUT_SECONDS) as answer:
            yield answer


class _Handler(urllib.request.AbstractHTTPHandler):
    """Opens both kinds of URL."""

    def __init__(self, dial: Dial) -> None:
        super().__init__()
        self._dial = dial

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(self._make, http.client.HTTPConnection), request)

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(self._make, http.client.HTTPSConnection), request)

    def _make(
        self, kind: type[http.client.HTTPConnection], host: str, **options: Any
    ) -> http.client.HTTPConnection:
        def connect(
            address: tuple[str, int], seconds: float, _source: object
        ) -> socket.socket:
            return self._dial(address, seconds)

        connection = kind(host, **options)
        # The library's own hook, though not a public one: `connect` can't be replaced
        # without doing again what it does about proxies and TLS.
        connection._create_connection = connect  # type: ignore[attr-defined]
        return connection

    http_request = https_request = urllib.request.AbstractHTTPHandler.do_request_


def _opener(dial: Dial) -> urllib.request.OpenerDirector:
    """Return what knows http and https and no other kind of URL."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        _Handler(dial),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),  # which refuses all other kinds
    ):
        opener.add_handler(handler)
    return opener
