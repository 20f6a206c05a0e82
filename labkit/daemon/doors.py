"""What a daemon opens beside its socket when it is told to: TCP with TLS, and metrics.

    -H tcp://HOST:PORT  --tlsverify --tlscacert F --tlscert F --tlskey F
    --metrics-addr HOST:PORT

The names are dockerd's, whose documentation so holds here. Both are off by default.

Addresses are bound before anything is made, for a wrong one is a wrong setting; nobody
is let in before the engine stands.
"""

import argparse
import contextlib
import re
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import (
    ForbiddenError,
    InternalError,
    InvalidInputError,
    os_reason,
)

TLS_PORT = 2376
METRICS_PORT = 9323
_ADDRESS = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^:/\[\]]*)(?::(?P<port>\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port to listen on."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Who may come in is signed by ``authority``; who we are is in the others."""

    authority: Path
    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Doors:
    """What is to be opened."""

    tcp: Address | None = None
    tls: TlsFiles | None = None
    metrics: Address | None = None


NO_DOORS = Doors()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add dockerd's options to a parser."""
    parser.add_argument("-H", "--host", "--tcp", dest="tcp", metavar="tcp://HOST:PORT")
    parser.add_argument("--tlsverify", action="store_true")
    for name in ("--tlscacert", "--tlscert", "--tlskey"):
        parser.add_argument(name, type=Path, metavar="FILE")
    parser.add_argument("--metrics-addr", metavar="HOST:PORT")


def read_doors(options: argparse.Namespace) -> Doors:
    """Make sense of the options.

    Raises:
        InvalidInputError: an address is none.
        ForbiddenError: TCP was asked for without TLS in both directions.
    """
    tcp = parse_address(options.tcp, TLS_PORT) if options.tcp else None
    files = (options.tlscacert, options.tlscert, options.tlskey)
    if tcp is not None and not (options.tlsverify and all(files)):
        raise ForbiddenError(
            f"cannot listen on tcp://{tcp} without --tlsverify, --tlscacert, --tlscert "
            "and --tlskey: whoever reaches an open engine is root on this machine"
        )
    if tcp is None and (options.tlsverify or any(files)):
        raise InvalidInputError("the --tls options need an address: -H tcp://HOST:PORT")
    metrics = options.metrics_addr
    return Doors(
        tcp,
        TlsFiles(*files) if tcp else None,
        parse_address(metrics, METRICS_PORT) if metrics else None,
    )


def parse_address(text: str, default_port: int) -> Address:
    """Read ``tcp://HOST:PORT``; no host means this machine alone.

    Raises:
        InvalidInputError: it is something else.
    """
    match = _ADDRESS.fullmatch(text.removeprefix("tcp://"))
    if match is None or int(match["port"] or 0) > 0xFFFF:
        raise InvalidInputError(
            f"invalid address {text!r}: it has the form tcp://HOST:PORT"
        )
    host = match["host"].strip("[]") or "127.0.0.1"
    return Address(host, int(match["port"] or default_port))


@dataclass(frozen=True, slots=True)
class BoundDoors:
    """Doors that have their addresses, and wait to be opened (``open_doors.py``)."""

    tcp: socket.socket | None
    context: ssl.SSLContext | None
    metrics: socket.socket | None


def bind_doors(doors: Doors, stack: contextlib.ExitStack) -> BoundDoors:
    """Take the addresses; the stack gives them back.

    Raises:
        InvalidInputError, InternalError: one can't be had, or a TLS file is wrong.
    """
    context = tls_context(doors.tls) if doors.tls else None
    tcp = stack.enter_context(bind(doors.tcp)) if doors.tcp else None
    metrics = stack.enter_context(bind(doors.metrics)) if doors.metrics else None
    return BoundDoors(tcp, context, metrics)


def bind(address: Address) -> socket.socket:
    """Return a socket that is bound to an address and will be listened on.

    Raises:
        InternalError: the address is taken, or none of this machine's.
    """
    try:
        (family, kind, _, _, place), *_ = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM
        )
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    except OSError as error:
        raise _not_listening(address, error) from error
    try:
        listener.bind(place)
    except OSError as error:
        listener.close()
        raise _not_listening(address, error) from error
    return listener


def _not_listening(address: Address, error: OSError) -> InternalError:
    why = os_reason(error)
    return InternalError(f"cannot listen on tcp://{address}: {why}")


def tls_context(files: TlsFiles) -> ssl.SSLContext:
    """Return what TLS needs to know.

    Raises:
        InvalidInputError: a file is missing, or isn't what it should be.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_verify_locations(files.authority)
    except OSError as error:  # ssl.SSLError is one
        raise InvalidInputError(
            f"cannot read the authority {str(files.authority)!r}: {error}"
        ) from error
    try:
        context.load_cert_chain(files.certificate, files.key)
    except OSError as error:
        raise InvalidInputError(
            f"cannot read certificate {str(files.certificate)!r} with key "
            f"{str(files.key)!r}: {error}"
        ) from error
    return context
