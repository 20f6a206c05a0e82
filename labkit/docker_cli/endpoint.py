"""Where the engine is: ``unix:///run/docker.sock``, ``tcp://host:2375``, with TLS."""

from __future__ import annotations

import _socket
import errno
import os

from labkit.base.errors import os_reason
from labkit.docker_cli.errors import (
    CliError,
    NoEngineError,
    UnreachableError,
)
from labkit.docker_cli.http import Connection

_DEFAULT_SOCKET = "/var/run/docker.sock"
DEFAULT_HOST = f"unix://{_DEFAULT_SOCKET}"
_DEFAULT_PORT = 2375
_TLS_PORT = 2376
_FOREIGN = ("fd", "npipe", "ssh")
"""What Docker's own command line can be told to reach, and this one can't."""


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
        self.scheme, _, self.address = host.partition("://")
        if not self.address:
            raise CliError(f"unable to parse docker host `{host}`")
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
            raise self._denied() from None
        except OSError as error:
            if self.scheme == "unix" or error.errno in _NOBODY:
                raise NoEngineError(_ABSENT.format(self.host)) from None
            reason = _lookup_reason(self.address, error)
            raise UnreachableError(_FAILED, self.address, reason) from None
        if self.tls is not None:
            return Connection(self._secured(sock, self.tls))
        return Connection(sock)

    def _secured(self, sock: _socket.socket, tls: Tls) -> _socket.socket:
        try:
            return _wrap(sock, tls, _split(self.address)[0])
        except OSError as error:  # ssl.SSLError is one
            sock.close()
            raise NoEngineError(f"error during connect: {self.host}: {error}") from None

    def _denied(self) -> UnreachableError:
        return UnreachableError(
            _DENIED.format(self.host),
            self.address.replace("/", "%2F"),
            f"dial unix {self.address}: connect: permission denied",
        )


_ABSENT = "Cannot connect to the Docker daemon at {}. Is the docker daemon running?"
_DENIED = "permission denied while trying to connect to the Docker daemon socket at {}"
_FAILED = "error during connect"
_NOBODY = (errno.ECONNREFUSED, errno.ETIMEDOUT)


def parse_host(text: str, with_tls: bool = False) -> str:
    """Return an address as ``-H`` and ``DOCKER_HOST`` mean it, its defaults filled in.

    Raises:
        CliError: it is none, or none that this command line reaches.
    """
    text = text.strip()
    if not text:
        return f"tcp://localhost:{_TLS_PORT}" if with_tls else DEFAULT_HOST
    scheme, found, rest = text.partition("://")
    if not found:  # a bare name is one of a machine
        scheme, rest = "tcp", text
    if scheme in _FOREIGN:
        return text
    if scheme not in ("tcp", "unix"):
        raise CliError(f"invalid bind address format: {text}")
    if "://" in rest:
        raise CliError(f"invalid proto, expected {scheme}: {rest}")
    if scheme == "unix":
        return f"unix://{rest or _DEFAULT_SOCKET}"
    return _parse_tcp(rest)


def _parse_tcp(address: str) -> str:
    machine, slash, path = address.partition("/")
    if machine.endswith("]"):
        raise CliError(f"invalid bind address format: {address}")
    if "[" not in machine and machine.count(":") > 1:
        machine = f"[{machine}]:"
    _check_address(f"tcp://{address}", machine)
    name, _, port = machine.rpartition(":") if ":" in machine else (machine, "", "")
    name = name.strip("[]") or "localhost"
    shown = f"[{name}]" if ":" in name else name
    return f"tcp://{shown}:{port or _DEFAULT_PORT}{slash}{path}"


def _lookup_reason(address: str, error: OSError) -> str:
    name, port = _split(address)
    if isinstance(error, _socket.gaierror):
        return f"dial tcp: lookup {name}: no such host"
    if port > _HIGHEST_PORT:
        return f"dial tcp: address {port}: invalid port"
    return f"dial tcp {name}:{port}: connect: {os_reason(error)}"


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


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.partition("/")[0].rpartition(":")
    if not host:
        return port, _DEFAULT_PORT
    return host.strip("[]"), int(port or _DEFAULT_PORT)


def _connect_tcp(address: str) -> _socket.socket:
    host, port = _split(address)
    if port > _HIGHEST_PORT:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
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
