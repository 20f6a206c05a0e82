"""The shim's requests and answers: one line of JSON each way on a Unix socket.

    -> {"verb": "kill", "signal": 15}
    <- {"ok": true}                                or
    <- {"error": "ConflictError", "message": "...", "exit_code": 0}

One request a connection. After ``attach``, ``exec`` and ``watch`` the connection goes
on as the stream. The socket's path may be longer than the 108 bytes of a sockaddr_un
(unix(7)), so it is always reached through its folder's descriptor.
"""

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labkit.base import errors
from labkit.base.errors import InternalError, LabError, UnavailableError
from labkit.runtime.model import StartError

SOCKET_NAME = "shim.sock"
MOST_LINE_BYTES = 4 << 20

_KINDS: dict[str, type[LabError]] = {
    kind.__name__: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, LabError)
}


def encode_line(document: dict[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def encode_error(error: BaseException) -> bytes:
    """Spell an error so that ``raise_error`` makes the same one of it."""
    known = type(error).__name__ in _KINDS or isinstance(error, StartError)
    return encode_line(
        {
            "error": type(error).__name__ if known else "InternalError",
            "message": str(error) if known else f"{type(error).__name__}: {error}",
            "exit_code": error.exit_code if isinstance(error, StartError) else 0,
        }
    )


def raise_error(answer: dict[str, Any]) -> None:
    """Raise what the answer holds, if it is an error."""
    if "error" not in answer:
        return
    if answer["error"] == StartError.__name__:
        raise StartError(answer["message"], answer["exit_code"])
    raise _KINDS.get(answer["error"], InternalError)(answer["message"])


def read_line(sock: socket.socket, who: str = "the shim") -> dict[str, Any]:
    """Read one line and not a byte more: what follows belongs to the stream.

    Raises:
        UnavailableError: the other side went away without an answer.
    """
    # Peeking finds the line's end without taking what comes after it.
    line = bytearray()
    while True:
        try:
            seen = sock.recv(1 << 16, socket.MSG_PEEK)
        except ConnectionResetError as error:
            raise UnavailableError(f"{who} is gone") from error
        if not seen:
            raise UnavailableError(f"{who} is gone")
        end = seen.find(b"\n")
        line += sock.recv(end + 1 if end >= 0 else len(seen))
        if end >= 0:
            document: dict[str, Any] = json.loads(line)
            return document
        if len(line) > MOST_LINE_BYTES:
            raise InternalError(f"the answer of {who} has no end")


@contextlib.contextmanager
def short_path(folder: Path) -> Iterator[str]:
    """Name the socket in a folder by a path that always fits."""
    fd = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{fd}/{SOCKET_NAME}"
    finally:
        os.close(fd)


def connect(folder: Path) -> socket.socket:
    """Connect to a container's shim; FileNotFoundError or ConnectionRefusedError."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with short_path(folder) as path:
            sock.connect(path)
    except BaseException:
        sock.close()
        raise
    return sock


def listen(folder: Path) -> socket.socket:
    """Make the socket; one that a dead shim left behind is replaced."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with short_path(folder) as path:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            sock.bind(path)
            os.chmod(path, 0o600)
        sock.listen(128)
        sock.setblocking(False)
    except BaseException:
        sock.close()
        raise
    return sock
