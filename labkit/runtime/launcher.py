"""The daemon's side of the spawner: starts it, asks it, starts it again if it died."""

import json
import resource
import socket
import subprocess
import threading
from pathlib import Path

from labkit.base.codec import encode, same_name
from labkit.base.errors import UnavailableError
from labkit.base.interpreter import bare_command
from labkit.kernel.fdpass import send_message
from labkit.runtime.model import IoOptions
from labkit.runtime.wire import raise_error, read_line

_END_SECONDS = 5.0


class Launcher:
    """Owns the spawner process. Any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None
        # What containers inherit, whatever the daemon allows itself later.
        self._file_limits = resource.getrlimit(resource.RLIMIT_NOFILE)

    def open(self) -> None:
        """Start the spawner, if it does not run."""
        with self._lock:
            self._ensure()

    def close(self) -> None:
        """End the spawner; shims go on."""
        with self._lock:
            self._stop()

    def create(self, folder: Path, io: IoOptions) -> int:
        """Have a shim made for a bundle; return the pid of its first process."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._request(folder, io, theirs)
            try:
                answer = read_line(ours)
            except UnavailableError as error:
                text = f"the runtime died while it made {folder.name}"
                raise UnavailableError(text) from error
            raise_error(answer)
            return int(answer["pid"])

    def _request(self, folder: Path, io: IoOptions, reply: socket.socket) -> None:
        request = {"folder": str(folder), "io": encode(io, same_name)}
        data = json.dumps(request).encode()
        with self._lock:
            for _ in range(2):
                try:
                    send_message(self._ensure(), data, (reply.fileno(),))
                except (BrokenPipeError, ConnectionResetError):
                    self._stop()  # it was killed: the second one will do
                else:
                    return
        raise UnavailableError("the spawner dies as soon as it is started")

    def _ensure(self) -> socket.socket:
        if self._requests is None:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = subprocess.Popen(
                    bare_command("labkit.runtime.spawner", str(theirs.fileno())),
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    cwd="/",
                )
                # It makes nothing before the first request: so this is in time.
                resource.prlimit(
                    self._process.pid, resource.RLIMIT_NOFILE, self._file_limits
                )
            self._requests = ours
        return self._requests

    def _stop(self) -> None:
        if self._requests is not None:
            self._requests.close()
            self._requests = None
        if self._process is not None:
            try:
                self._process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
