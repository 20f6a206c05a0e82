"""Where the engine is: ``unix:///run/docker.sock``, ``tcp://host:2375``, with TLS."""

from __future__ import annotations

import _socket
import errno
import os

from labkit.docker_cli.errors import CliError, NoEngineError
from labkit.docker_cli.http import Connection

DEFAULT_HOST = "unix:///var/run/docker.sock"


class Tls:
    """The files that prove who is who; empty names where there are none."""

    __slots__ = ("ca", "certificate", "key", "verify")

    def __init__(self, ca: str, certificate: str, key: str, verify: bool) -> None:
        self.ca = ca
        self.certificate = certificate
        self.key = key
        self.verify = verify


class Endpoint:
    """An engine's address."""

    __slots__ = ("address", "host", "scheme", "tls")

    def __init__(self, host: str, tls: Tls | None = None) -> None:
        self.host = host
        self.tls = tls
        if "://" not in host:  # a bare name is one of a machine
            host = self.host = f"tcp://{host}" if ":" in host else f"tcp://{host}:2375"
        self.scheme, _, self.address = host.partition("://")
        if self.scheme not in ("unix", "tcp", "http", "https"):
            raise CliError(
                f"cannot reach {host!r}: this docker speaks unix:// and tcp:// only"
            )
        if self.scheme != "unix":
            _check_address(host, self.address)

    def connect(self) -> Connection:
        """Return an open connection.

        Raises:
            NoEngineError: nobody listens there, or not to this user.
        """
        try:
            if self.scheme == "unix":
                sock = _connect_unix(self.address)
            else:
                sock = _connect_tcp(self.address)
        except PermissionError:
            raise NoEngineError(_DENIED.format(self.host, self._escaped())) from None
        except OSError as error:
            raise NoEngineError(_ABSENT.format(self._named(error))) from None
        if self.tls is not None:
            return Connection(self._secured(sock, self.tls))
        return Connection(sock)

    def _secured(self, sock: _socket.socket, tls: Tls) -> _socket.socket:
        try:
            return _wrap(sock, tls, _split(self.address)[0])
        except OSError as error:  # ssl.SSLError is one
            sock.close()
            raise NoEngineError(f"error during connect: {self.host}: {error}") from None

    def _named(self, error: OSError) -> str:
        expected = (errno.ENOENT, errno.ECONNREFUSED)
        return self.host if error.errno in expected else f"{self.host} ({error})"

    def _escaped(self) -> str:
        return self.address.replace("/", "%2F")


_ABSENT = "Cannot connect to the Docker daemon at {}. Is the docker daemon running?"
_DENIED = (
    "permission denied while trying to connect to the Docker daemon socket at {0}: "
    'Head "http://{1}/_ping": dial unix {0}: connect: permission denied'
)


_HIGHEST_PORT = 65535


def _connect_unix(path: str) -> _socket.socket:
    sock = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        sock.connect(path)
    except OSError:
        sock.close()
        raise
    return sock


def _check_address(host: str, address: str) -> None:
    name, _, port = address.partition("/")[0].rpartition(":")
    if "[" in name and not name.endswith("]"):
        raise CliError(f"parse \"{host}\": missing ']' in host")
    if name and port and not (port.isascii() and port.isdigit()):
        raise CliError(f'parse "{host}": invalid port ":{port}" after host')
    if name and int(port or 0) > _HIGHEST_PORT:
        raise CliError(f"dial tcp: address {port}: invalid port")


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.partition("/")[0].rpartition(":")
    if not host:
        return port, 2375
    return host.strip("[]"), int(port or 2375)


def _connect_tcp(address: str) -> _socket.socket:
    host, port = _split(address)
    failure: OSError = OSError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
    found = _socket.getaddrinfo(host, port, 0, _socket.SOCK_STREAM)
    for family, kind, protocol, _, target in found:
        sock = _socket.socket(int(family), int(kind), protocol)
        try:
            sock.connect(target)
        except OSError as error:
            failure = error
            sock.close()
        else:
            return sock
    raise failure


def _wrap(sock: _socket.socket, tls: Tls, name: str) -> _socket.socket:
    # Late: TLS is for engines on other machines, and costs more than all else here.
    import socket
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = tls.verify
    context.verify_mode = ssl.CERT_REQUIRED if tls.verify else ssl.CERT_NONE
    if tls.ca and tls.verify:
        context.load_verify_locations(tls.ca)
    if tls.certificate:
        context.load_cert_chain(tls.certificate, tls.key)
    plain = socket.socket(fileno=sock.detach())
    try:
        return context.wrap_socket(plain, server_hostname=name)
    except OSError:
        plain.close()
        raise
