"""The visitor: a process that answers one request about a container's files.

    daemon                                    visitor
      |---- request, one line of JSON --------->|
      |                                         |  goes in, looks the path up
      |<--- its status, or an error, one line --|
      |   READ, EXPORT:                         |
      |<--- length, bytes, length, bytes, 0 ----|  no 0: it broke off
      |   WRITE:                                |
      |---- the tar, then end of file --------->|
      |<--- done, or an error, one line --------|

It lives in no namespace of the container but that of mounts, and nobody in there can
see or signal it. Everything it needs is imported before it goes in: what lies there
in the place of our library is never run.
"""

import os
import socket
import stat
import struct
import sys
from pathlib import Path
from typing import BinaryIO, cast

from labkit.base.codec import decode, encode, same_name
from labkit.base.compression import Unpacked, import_zstd
from labkit.base.errors import InvalidInputError, LabError
from labkit.base.interpreter import seal_imports
from labkit.files.enter import enter
from labkit.files.lookup import clean, locate, read_status
from labkit.files.model import Request, Verb
from labkit.kernel.linux import LinuxKernel
from labkit.runtime.wire import encode_error, encode_line, read_line
from labkit.snapshots.pack import pack_tree
from labkit.snapshots.unpack import UnpackOptions, unpack_into

_CHUNK_BYTES = 1 << 16
NOT_A_FOLDER = "extraction point is not a directory"


def main(arguments: list[str]) -> int:
    """Serve the one request that comes by the socket whose number is given."""
    with socket.socket(fileno=int(arguments[0])) as sock:
        sock.set_inheritable(False)
        request = decode(Request, read_line(sock), same_name)
        kernel = LinuxKernel()
        # Root of a container that shares the host's pids must not get at us.
        kernel.set_dumpable(False)
        kernel.set_umask(0)
        try:
            if request.verb is Verb.WRITE:
                import_zstd()
            seal_imports()
            enter(kernel, request.view, alone=request.verb is Verb.EXPORT)
            serve(sock, request)
        except (LabError, OSError) as error:
            return _tell(sock, error)
    return 0


def serve(sock: socket.socket, request: Request) -> None:
    """Answer a request; the container's root is ours already."""
    if request.verb is Verb.WRITE:
        _write(sock, request)
        return
    status = read_status(request.path)
    sock.sendall(encode_line({"status": encode(status, same_name)}))
    if request.verb is Verb.READ:
        _send_tree(sock, Path(locate(request.path)), status.name)
    elif request.verb is Verb.EXPORT:
        _send_tree(sock, Path("/"), "")


def _send_tree(sock: socket.socket, root: Path, name: str) -> None:
    out = _Frames(sock)
    try:
        pack_tree(root, name, cast(BinaryIO, out))
        out.end()
    except (LabError, OSError):
        # It breaks off: what is said now would be taken for a piece of the stream.
        return


def _write(sock: socket.socket, request: Request) -> None:
    folder = os.path.realpath(clean(request.path))
    status = read_status(folder)
    if not stat.S_ISDIR(status.mode):
        raise InvalidInputError(NOT_A_FOLDER)
    sock.sendall(encode_line({"status": encode(status, same_name)}))
    options = UnpackOptions(
        literal=True,
        keep_kinds=request.options.keep_kinds,
        owner=request.options.owner,
    )
    with sock.makefile("rb") as tar:
        plain = cast(BinaryIO, Unpacked(cast(BinaryIO, tar)))
        unpack_into(plain, Path("/"), folder, options)
    sock.sendall(encode_line({"done": True}))


def _tell(sock: socket.socket, error: LabError | OSError) -> int:
    try:
        sock.sendall(encode_error(error))
        # The rest of a tar is taken and dropped: closing the socket on it would take
        # the error back, too (unix(7), ECONNRESET).
        while sock.recv(_CHUNK_BYTES):
            pass
    except OSError:
        pass  # the daemon has hung up: there is nobody to tell
    return 1


class _Frames:
    """Pieces of a stream whose end can be told from its breaking off."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def write(self, data: bytes) -> int:
        if data:
            self._sock.sendall(struct.pack(">I", len(data)))
            self._sock.sendall(data)
        return len(data)

    def end(self) -> None:
        self._sock.sendall(struct.pack(">I", 0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
