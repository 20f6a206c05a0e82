"""One HTTP exchange after another, over connections that are kept.

A connection serves again when its answer was read to the end; otherwise it is closed,
since what is left in it belongs to nobody. One that the other side has closed meanwhile
is noticed only when it is used: then, and only then, the request goes out once more.
(Not so ``PATCH``, which must not be taken twice.)

Redirects are a registry's way to hand a blob over to somebody else's storage. They are
followed for what only reads, ten of them at most, never from https back to http, and
who we are is told to nobody but the host that was asked.
"""

import http.client
import io
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

from labkit import __version__
from labkit.images.registry.endpoints import is_insecure
from labkit.images.registry.failures import BrokenPromiseError, unreachable
from labkit.images.registry.model import Endpoint, Settings
from labkit.images.registry.trust import tls_context

CONNECT_SECONDS = 15.0
READ_SECONDS = 60.0
MOST_REDIRECTS = 10
_BLOCK_BYTES = 1 << 20
_SMALL_BYTES = 64 << 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_AGENT = f"labkit/{__version__}"


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent; it can be opened again when it has to be sent again."""

    size: int
    open: Callable[[], BinaryIO] = field(repr=False)

    @classmethod
    def of(cls, data: bytes) -> "Body":
        return cls(len(data), lambda: io.BytesIO(data))


@dataclass(frozen=True, slots=True)
class Request:
    """One question."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Body | None = None

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


class Answer:
    """Status and header; the body is read as it comes."""

    def __init__(self, request: Request, response: http.client.HTTPResponse) -> None:
        self.request = request
        self.status = response.status
        self._response = response

    def header(self, name: str) -> str:
        return self._response.headers.get(name) or ""

    def headers(self, name: str) -> list[str]:
        return self._response.headers.get_all(name) or []

    @property
    def size(self) -> int | None:
        """Return the length that the header promises, if it does."""
        text = self.header("Content-Length")
        return int(text) if text.isdecimal() and len(text) < 19 else None

    def read(self, size: int) -> bytes:
        """Read at most so much; nothing at the end, however that came."""
        try:
            return self._response.read(size)
        except (OSError, http.client.HTTPException) as error:
            raise unreachable(self.request.method, self.request.url, error) from error

    def read_all(self, limit: int) -> bytes:
        """Read a small body.

        Raises:
            BrokenPromiseError: it is larger than that.
        """
        parts, size = [], 0
        while size <= limit and (part := self.read(limit + 1 - size)):
            parts.append(part)
            size += len(part)
        if size > limit:
            raise BrokenPromiseError(
                f'{self.request.method.capitalize()} "{self.request.url}": '
                f"the answer is larger than {limit} bytes"
            )
        return b"".join(parts)


class Transport:
    """Connections to registries and those whom they send us to; for many threads."""

    def __init__(self, settings: Settings, read_seconds: float = READ_SECONDS) -> None:
        self._settings = settings
        self._read_seconds = read_seconds
        self._guard = threading.Lock()
        self._idle: dict[tuple[str, str], list[http.client.HTTPConnection]] = {}
        self._contexts: dict[str, ssl.SSLContext] = {}

    def close(self) -> None:
        with self._guard:
            idle, self._idle = self._idle, {}
        for connections in idle.values():
            for connection in connections:
                connection.close()

    @contextmanager
    def exchange(self, request: Request) -> Iterator[Answer]:
        """Send a request, redirected wherever the other side wants it.

        Raises:
            UnreachableError: nobody answers.
            BrokenPromiseError: the redirects lead nowhere.
        """
        for _ in range(MOST_REDIRECTS + 1):
            with self._once(request) as answer:
                onward = _redirect(answer)
                if onward is None:
                    yield answer
                    return
                answer.read_all(_SMALL_BYTES)
            request = onward
        raise BrokenPromiseError(
            f'{request.method.capitalize()} "{request.url}": '
            f"stopped after {MOST_REDIRECTS} redirects"
        )

    @contextmanager
    def _once(self, request: Request) -> Iterator[Answer]:
        connection, response = self._send(request)
        is_whole = False
        try:
            yield Answer(request, response)
            is_whole = _drain(response)
        finally:
            response.close()
            self._put_back(request, connection, is_whole)

    def _send(
        self, request: Request
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        kept = self._take(request)
        try:
            if kept is not None:
                try:
                    return kept, _send(kept, request)
                except (ConnectionError, http.client.BadStatusLine):
                    kept.close()  # it had ended before we came
                    if request.method == "PATCH":
                        raise  # part of it may have been taken: the upload asks
            connection = self._connect(request)
        except (OSError, http.client.HTTPException) as error:
            raise unreachable(request.method, request.url, error) from error
        try:
            return connection, _send(connection, request)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise unreachable(request.method, request.url, error) from error

    def _take(self, request: Request) -> http.client.HTTPConnection | None:
        parts = urlsplit(request.url)
        with self._guard:
            idle = self._idle.get((parts.scheme, parts.netloc))
            return idle.pop() if idle else None

    def _put_back(
        self, request: Request, connection: http.client.HTTPConnection, whole: bool
    ) -> None:
        if not whole or connection.sock is None:
            connection.close()
            return
        parts = urlsplit(request.url)
        with self._guard:
            idle = self._idle.setdefault((parts.scheme, parts.netloc), [])
            idle.append(connection)

    def _connect(self, request: Request) -> http.client.HTTPConnection:
        parts = urlsplit(request.url)
        via = _proxy(parts.scheme, parts.netloc)
        target = via or parts.netloc
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(
                target,
                timeout=CONNECT_SECONDS,
                context=self._context(parts.netloc),
                blocksize=_BLOCK_BYTES,
            )
            if via:
                connection.set_tunnel(parts.netloc)
        else:
            connection = http.client.HTTPConnection(
                target, timeout=CONNECT_SECONDS, blocksize=_BLOCK_BYTES
            )
        try:
            connection.connect()
        except BaseException:
            connection.close()
            raise
        connection.sock.settimeout(self._read_seconds)
        return connection

    def _context(self, host: str) -> ssl.SSLContext:
        with self._guard:
            if host not in self._contexts:
                verified = not is_insecure(host, self._settings)
                endpoint = Endpoint("https", host, is_verified=verified)
                folders = self._settings.certificate_folders
                self._contexts[host] = tls_context(endpoint, folders)
            return self._contexts[host]


def _drain(response: http.client.HTTPResponse) -> bool:
    """Read the little that may be left; say whether the connection serves again."""
    rest = response.length
    if not response.isclosed() and rest is not None and rest <= _SMALL_BYTES:
        try:
            response.read()
        except (OSError, http.client.HTTPException):
            return False  # nobody asked for these bytes: the next one connects anew
    return response.isclosed() and not response.will_close


def _send(
    connection: http.client.HTTPConnection, request: Request
) -> http.client.HTTPResponse:
    parts = urlsplit(request.url)
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity", **request.headers}
    if request.body is None:
        if request.method in ("POST", "PUT", "PATCH"):
            headers["Content-Length"] = "0"
        connection.request(request.method, target, headers=headers)
    else:
        headers["Content-Length"] = str(request.body.size)
        with request.body.open() as stream:
            connection.request(request.method, target, stream, headers)
    return connection.getresponse()


def _redirect(answer: Answer) -> Request | None:
    request = answer.request
    if answer.status not in _REDIRECTS or request.method not in ("GET", "HEAD"):
        return None
    location = answer.header("Location")
    if not location:
        return None
    url = urljoin(request.url, location)
    before, after = urlsplit(request.url), urlsplit(url)
    if after.scheme not in ("http", "https") or not after.netloc:
        raise BrokenPromiseError(
            f'{request.method.capitalize()} "{request.url}": redirected to {url!r}'
        )
    if (before.scheme, after.scheme) == ("https", "http"):
        raise BrokenPromiseError(
            f'{request.method.capitalize()} "{request.url}": '
            f"redirected from https to {url!r}"
        )
    headers = dict(request.headers)
    if (before.scheme, before.netloc) != (after.scheme, after.netloc):
        headers.pop("Authorization", None)
    return replace(request, url=url, headers=headers)


def _proxy(scheme: str, host: str) -> str:
    """Return the proxy that the environment names; none is asked for this machine."""
    if scheme != "https" or is_insecure(host, Settings()):
        return ""
    proxy = urllib.request.getproxies().get(scheme, "")
    if not proxy or urllib.request.proxy_bypass(host):
        return ""
    return urlsplit(proxy).netloc or proxy
