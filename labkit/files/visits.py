"""The daemon's side of a visit: one process for one request.

A process of its own and no fork of the daemon, which has threads. It is a fresh
interpreter that imports our files only: it starts in a twentieth of a second.
"""

import socket
import subprocess
from types import TracebackType
from typing import Self

from labkit.base.codec import decode, encode, same_name
from labkit.base.interpreter import bare_command
from labkit.files.model import FileStatus, Request
from labkit.runtime.wire import encode_line, raise_error, read_line

_HELPER = "the process that looks at the container's files"


class Visit:
    """A visitor that has gone in, and the connection to it; a context manager.

    When it is left the visitor is gone, and with it whatever it had mounted.
    """

    def __init__(self, request: Request) -> None:
        self.sock, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                bare_command("labkit.files.visitor", str(theirs.fileno())),
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                cwd="/",
            )
        try:
            self.sock.sendall(encode_line(encode(request, same_name)))
            answer = read_line(self.sock, _HELPER)
            raise_error(answer)
            self.status = decode(FileStatus, answer["status"], same_name)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hang up, and wait until the visitor has left."""
        self.sock.close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
