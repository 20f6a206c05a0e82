"""Messages with open files in them, over a Unix socket (unix(7), SCM_RIGHTS)."""

import array
import os
import socket
from collections.abc import Sequence

_MOST_FDS = 16
_FD_BYTES = array.array("i").itemsize


def send_message(sock: socket.socket, data: bytes, fds: Sequence[int] = ()) -> None:
    """Send one message; the receiver gets its own copies of the files."""
    rights = array.array("i", fds)
    ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)] if fds else []
    sock.sendmsg([data], ancillary)


def receive_message(sock: socket.socket, most_bytes: int) -> tuple[bytes, list[int]]:
    """Receive one message; empty data without files is the end.

    The files are close-on-exec from the first moment (MSG_CMSG_CLOEXEC).
    """
    data, ancillary, flags, _ = sock.recvmsg(
        most_bytes, socket.CMSG_LEN(_MOST_FDS * _FD_BYTES), socket.MSG_CMSG_CLOEXEC
    )
    fds: list[int] = []
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            rights = array.array("i")
            rights.frombytes(payload[: len(payload) - len(payload) % _FD_BYTES])
            fds.extend(rights)
    if flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):
        for fd in fds:
            os.close(fd)
        raise ConnectionError(f"a message of over {most_bytes} bytes was cut")
    return data, fds
