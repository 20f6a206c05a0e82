"""Is there a Docker Engine behind DOCKER_HOST? Asked with one request.

No client library: this has to work before anything is known about the machine.
"""

import http.client
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_SOCKET = "/var/run/docker.sock"
_TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class DockerHost:
    """``detail`` is the engine found, or why none was."""

    ok: bool
    detail: str


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_TIMEOUT_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_TIMEOUT_SECONDS)
        self.sock.connect(self._path)


def find_docker_host(environ: Mapping[str, str] = os.environ) -> DockerHost:
    """Ask the engine that DOCKER_HOST names, if it names one."""
    address = environ.get("DOCKER_HOST", "")
    if not address:
        return DockerHost(False, "DOCKER_HOST is not set")
    return ask_engine(address)


def ask_engine(address: str) -> DockerHost:
    """Ask an engine for its name and version."""
    try:
        connection = _connect(address)
        try:
            connection.request("GET", "/version")
            document = json.loads(connection.getresponse().read())
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        return DockerHost(False, f"no Docker Engine answers at {address}: {error}")
    name = (document.get("Platform") or {}).get("Name") or "Docker Engine"
    return DockerHost(True, f"{name} {document.get('Version', '?')} at {address}")


def _connect(address: str) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        return _UnixConnection(parts.path)
    if parts.scheme in ("tcp", "http") and parts.hostname:
        port = parts.port or 2375
        return http.client.HTTPConnection(
            parts.hostname, port, timeout=_TIMEOUT_SECONDS
        )
    raise ValueError(f"only unix:// and tcp:// addresses are asked, not {address!r}")
