"""A registry in memory, on loopback, that can be told to misbehave.

``tests/contract/registry/test_registries.py`` shows that the client finds the same in
it as in the real one. What a real one never does is a *fault*: an answer to the next
requests that match, instead of the right one.
"""

import base64
import contextlib
import hashlib
import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from labkit.spec.image import DOCKER_LAYER_GZIP, DOCKER_MANIFEST
from tests.unit.images.fakes import config_of

USER, PASSWORD, TOKEN = "lab", "secret", "t0ken"


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


Fault = Callable[["Handler"], None]


@dataclass
class Store:
    """What the registry holds and what it was told."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    shelves: dict[str, set[str]] = field(default_factory=dict)  # repository -> blobs
    manifests: dict[str, dict[str, tuple[str, bytes]]] = field(default_factory=dict)
    uploads: dict[str, bytearray] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    faults: list[tuple[re.Pattern[str], Fault]] = field(default_factory=list)
    auth: str = ""
    has_ranges: bool = True
    page: int = 100


class FakeRegistry:
    """Serves on a free port of 127.0.0.1; a context manager."""

    def __init__(self, auth: str = "", tls: ssl.SSLContext | None = None) -> None:
        self.store = Store(auth=auth)
        store = self.store

        class Bound(Handler):
            pass

        Bound.store = store
        self._server = _Server(("127.0.0.1", 0), Bound)
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        Bound.base = f"{'https' if tls else 'http'}://{self.host}"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), name="fake registry"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    def put_blob(self, repository: str, data: bytes) -> str:
        digest = digest_of(data)
        self.store.blobs[digest] = data
        self.store.shelves.setdefault(repository, set()).add(digest)
        return digest

    def put_manifest(
        self, repository: str, tag: str, document: Any, media_type: str = ""
    ) -> str:
        data = json.dumps(document).encode()
        kind = media_type or document.get("mediaType", "")
        named = self.store.manifests.setdefault(repository, {})
        named[tag] = named[digest_of(data)] = (kind, data)
        return digest_of(data)

    def put_image(
        self, repository: str, tag: str, *tars: bytes, **extra: object
    ) -> dict[str, Any]:
        """Store an image of plain or packed layers; return its manifest."""
        plain = extra.pop("plain", tars)
        assert isinstance(plain, tuple)
        config = config_of(plain, **extra)
        manifest = {
            "schemaVersion": 2,
            "mediaType": DOCKER_MANIFEST,
            "config": self.describe(
                repository, config, "application/vnd.docker.container.image.v1+json"
            ),
            "layers": [
                self.describe(repository, tar, DOCKER_LAYER_GZIP) for tar in tars
            ],
        }
        self.put_manifest(repository, tag, manifest)
        return manifest

    def describe(self, repository: str, data: bytes, kind: str) -> dict[str, Any]:
        digest = self.put_blob(repository, data)
        return {"mediaType": kind, "digest": digest, "size": len(data)}

    def fault(self, pattern: str, fault: Fault, times: int = 1) -> None:
        """Answer the next requests like ``GET /v2/.../blobs`` wrongly."""
        self.store.faults += [(re.compile(pattern), fault)] * times

    def asked(self, pattern: str) -> list[Asked]:
        return [one for one in self.store.asked if re.search(pattern, str(one))]


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 50

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._open: list[socket.socket] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up on purpose here."""

    def get_request(self) -> tuple[Any, Any]:
        request, address = super().get_request()
        request.settimeout(5)
        self._open.append(request)
        return request, address

    def hang_up(self) -> None:
        """End the connections that clients have kept, and so their threads."""
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    store: Store
    base: str
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""

    def _serve(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(size)
        asked = Asked(self.command, self.path, dict(self.headers), self.body)
        self.store.asked.append(asked)
        for number, (pattern, fault) in enumerate(self.store.faults):
            if pattern.search(str(asked)):
                del self.store.faults[number]
                fault(self)
                return
        if self.path.startswith("/token"):
            self._give_token()
        elif not self._is_welcome():
            self._ask_who()
        else:
            self._route()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def _route(self) -> None:
        path = urlsplit(self.path).path.removeprefix("/v2/")
        for pattern, answer in _ROUTES:
            if match := re.fullmatch(pattern, path):
                answer(self, *match.groups())
                return
        self.refuse(404, "NAME_UNKNOWN")

    # -- who are you

    def _is_welcome(self) -> bool:
        said = self.headers.get("Authorization", "")
        wanted = {"": "", "basic": _basic(), "bearer": f"Bearer {TOKEN}"}
        return not self.store.auth or said == wanted[self.store.auth]

    def _ask_who(self) -> None:
        ways = {
            "basic": 'Basic realm="lab"',
            "bearer": f'Bearer realm="{self.base}/token",service="lab"',
        }
        self.refuse(401, "UNAUTHORIZED", {"WWW-Authenticate": ways[self.store.auth]})

    def _give_token(self) -> None:
        form = parse_qs(self.body.decode())
        if self.headers.get("Authorization") == _basic() or "refresh_token" in form:
            self.send(200, json.dumps({"token": TOKEN}).encode())
        else:
            self.refuse(401, "UNAUTHORIZED")

    # -- answers

    def send(
        self, status: int, data: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if "Content-Length" not in (headers or {}):
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def refuse(
        self, status: int, code: str, headers: dict[str, str] | None = None
    ) -> None:
        words = "authentication required" if code == "UNAUTHORIZED" else code.lower()
        error = {"code": code, "message": words.replace("_", " ")}
        self.send(status, json.dumps({"errors": [error]}).encode(), headers)

    def greet(self) -> None:
        self.send(200, b"{}")

    def list_tags(self, repository: str) -> None:
        tags = sorted(
            name for name in self.store.manifests.get(repository, {}) if ":" not in name
        )
        last = parse_qs(urlsplit(self.path).query).get("last", [""])[0]
        rest = [tag for tag in tags if tag > last]
        page = rest[: self.store.page]
        headers = {}
        if len(page) < len(rest):
            url = f"/v2/{repository}/tags/list?last={page[-1]}"
            headers["Link"] = f'<{url}>; rel="next"'
        body = {"name": repository, "tags": page}
        self.send(200, json.dumps(body).encode(), headers)

    def manifest(self, repository: str, name: str) -> None:
        named = self.store.manifests.setdefault(repository, {})
        if self.command == "PUT":
            digest = digest_of(self.body)
            named[name] = named[digest] = (self.headers["Content-Type"], self.body)
            self.send(201, b"", {"Docker-Content-Digest": digest})
        elif name in named:
            kind, data = named[name]
            headers = {"Content-Type": kind, "Docker-Content-Digest": digest_of(data)}
            self.send(200, data, {**headers, "Content-Length": str(len(data))})
        else:
            self.refuse(404, "MANIFEST_UNKNOWN")

    def blob(self, repository: str, digest: str) -> None:
        data = self.store.blobs.get(digest)
        if data is None or digest not in self.store.shelves.get(repository, ()):
            self.refuse(404, "BLOB_UNKNOWN")
            return
        begin = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if begin and self.store.has_ranges:
            at = int(begin[1])
            span = f"bytes {at}-{len(data) - 1}/{len(data)}"
            self.send(206, data[at:], {"Content-Range": span})
        else:
            self.send(200, data, {"Content-Length": str(len(data))})

    def begin_upload(self, repository: str) -> None:
        query = parse_qs(urlsplit(self.path).query)
        mount, source = query.get("mount", [""])[0], query.get("from", [""])[0]
        if mount and mount in self.store.shelves.get(source, ()):
            self.store.shelves.setdefault(repository, set()).add(mount)
            self.send(201, b"", {"Docker-Content-Digest": mount})
            return
        number = str(len(self.store.uploads) + 1)
        self.store.uploads[number] = bytearray()
        self._tell_place(202, repository, number)

    def upload(self, repository: str, number: str) -> None:
        upload = self.store.uploads.get(number)
        if upload is None:
            self.refuse(404, "BLOB_UPLOAD_UNKNOWN")
        elif self.command == "GET":
            self._tell_place(204, repository, number)
        elif self.command == "DELETE":
            del self.store.uploads[number]
            self.send(204)
        elif self.command == "PATCH":
            upload += self.body
            self._tell_place(202, repository, number)
        else:
            self._finish(repository, number, bytes(upload + self.body))

    def _finish(self, repository: str, number: str, data: bytes) -> None:
        wanted = parse_qs(urlsplit(self.path).query)["digest"][0]
        if digest_of(data) != wanted:
            self.refuse(400, "DIGEST_INVALID")
            return
        del self.store.uploads[number]
        self.store.blobs[wanted] = data
        self.store.shelves.setdefault(repository, set()).add(wanted)
        self.send(201, b"", {"Docker-Content-Digest": wanted})

    def _tell_place(self, status: int, repository: str, number: str) -> None:
        size = len(self.store.uploads[number])
        headers = {
            "Location": f"/v2/{repository}/blobs/uploads/{number}?state=x",
            "Range": f"0-{max(size - 1, 0)}",
        }
        self.send(status, b"", headers)


_ROUTES: tuple[tuple[str, Callable[..., None]], ...] = (
    ("", Handler.greet),
    ("(.+)/tags/list", Handler.list_tags),
    ("(.+)/manifests/(.+)", Handler.manifest),
    ("(.+)/blobs/uploads/", Handler.begin_upload),
    ("(.+)/blobs/uploads/(.+)", Handler.upload),
    ("(.+)/blobs/(.+)", Handler.blob),
)


# -- faults


def cut_after(size: int) -> Fault:
    """Promise all of a blob and hang up after so many bytes."""

    def fault(handler: Handler) -> None:
        digest = handler.path.rpartition("/")[2]
        data = handler.store.blobs[digest]
        at = int(handler.headers.get("Range", "bytes=0-")[6:-1])
        status, span = (
            (206, f"bytes {at}-{len(data) - 1}/{len(data)}") if at else (200, "")
        )
        headers = {"Content-Range": span} if span else {}
        headers["Content-Length"] = str(len(data) - at)
        handler.send(status, data[at : at + size], headers)
        handler.close_connection = True

    return fault


def answer_with(
    status: int, data: bytes = b"", headers: dict[str, str] | None = None
) -> Fault:
    return lambda handler: handler.send(status, data, headers)


def hang_up(handler: Handler) -> None:
    """End the connection without a word."""
    handler.close_connection = True


def pour_out(data: bytes) -> Fault:
    """Send chunks without a length, more of them than anybody asked for."""

    def fault(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(1000):
                handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        handler.close_connection = True

    return fault


def digest_of(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _basic() -> str:
    return "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


@contextlib.contextmanager
def served(auth: str = "") -> Iterator[FakeRegistry]:
    with FakeRegistry(auth) as registry:
        yield registry
