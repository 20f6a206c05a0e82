"""The daemon's end of netd: find the one that is there, or start one.

The listening socket is bound *here* and handed to the new process, as systemd does: the
daemon can connect and ask at once, and the answer comes as soon as netd is up. There is
no moment at which the socket's name is there and nobody behind it.
"""

import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from labkit.base.errors import InternalError, UnavailableError
from labkit.network.messages import (
    PROTOCOL,
    Answer,
    Request,
    Verb,
    enlarge_buffers,
    receive_answer,
    send_record,
)

_SOCKET_NAME = "netd.sock"
_LOG_NAME = "netd.log"
_QUIT_SECONDS = 5
_BACKLOG = 16


class NetdClient:
    """A connection to a netd that is known to answer."""

    def __init__(self, sock: socket.socket, child: subprocess.Popen[bytes] | None):
        self._socket = sock
        self._child = child
        self._lock = threading.Lock()
        self.hello, fds = self._exchange(Request(Verb.HELLO), ())
        self.namespace = fds[0]

    @property
    def is_ours(self) -> bool:
        """Say whether this process started it."""
        return self._child is not None

    @property
    def pid(self) -> int:
        return self.hello.pid

    def call(self, request: Request, fds: Sequence[int] = ()) -> Answer:
        """Ask for one thing that has to be done.

        Raises:
            UnavailableError: netd is gone.
            InternalError: it refused.
        """
        answer = self.ask(request, fds)
        if answer.error:
            raise InternalError(f"netd: {request.verb.value}: {answer.error}")
        return answer

    def ask(self, request: Request, fds: Sequence[int] = ()) -> Answer:
        """Ask for one thing; a refusal is in the answer."""
        with self._lock:
            answer, received = self._exchange(request, fds)
        for fd in received:
            os.close(fd)
        return answer

    def _exchange(
        self, request: Request, fds: Sequence[int]
    ) -> tuple[Answer, list[int]]:
        try:
            send_record(self._socket, request, fds)
            return receive_answer(self._socket)
        except OSError as error:
            raise UnavailableError(f"netd doesn't answer: {error}") from error

    def open_watch(self) -> int:
        """Return a file that hangs up when netd is gone or this client is closed.

        It belongs to whoever waits on it. A thread that waited on the socket's own
        number would, after a signal, be put to sleep on whatever file has that number
        by then, and keep that one open (poll(2) holds what it waits for).
        """
        return os.dup(self._socket.fileno())

    def is_alive(self) -> bool:
        return not _has_hung_up(self._socket.fileno(), timeout_milliseconds=0)

    def quit(self) -> None:
        """Have netd end, and wait for it."""
        try:
            pidfd = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return
        try:
            self.call(Request(Verb.QUIT))
            poll = select.poll()
            poll.register(pidfd, select.POLLIN)
            poll.poll(_QUIT_SECONDS * 1000)
        finally:
            os.close(pidfd)

    def close(self) -> None:
        """Let go of netd, which goes on."""
        # Wakes up whoever holds a watch: close(2) alone would not.
        with _ignoring_hang_up():
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        os.close(self.namespace)
        if self._child is not None and self._child.poll() is None:
            # It is meant to outlive us; Popen would warn that it still runs.
            self._child.returncode = 0


def wait_for_end(watch: int) -> None:
    """Block until a watch hangs up, and close it."""
    try:
        _has_hung_up(watch, timeout_milliseconds=None)
    finally:
        os.close(watch)


def _has_hung_up(fd: int, timeout_milliseconds: int | None) -> bool:
    poll = select.poll()
    poll.register(fd, select.POLLRDHUP)
    return bool(poll.poll(timeout_milliseconds))


@contextmanager
def _ignoring_hang_up() -> Iterator[None]:
    try:
        yield
    except OSError:  # ENOTCONN: the other side was first
        return


def adopt(home: Path) -> NetdClient | None:
    """Connect to the netd of this folder; None if there is none."""
    with _short_path(home) as folder, ExitStack() as undo:
        sock = _new_socket()
        undo.callback(sock.close)
        try:
            sock.connect(f"{folder}/{_SOCKET_NAME}")
            client = NetdClient(sock, None)
        except (FileNotFoundError, ConnectionRefusedError, UnavailableError):
            return None  # never there, or killed: its name stays in the folder
        if client.hello.protocol != PROTOCOL:
            client.close()
            raise UnavailableError(
                f"netd {client.pid} speaks protocol {client.hello.protocol}, this"
                f" engine {PROTOCOL}: stop the engine with the labkit that started it"
            )
        undo.pop_all()
        return client


def start(home: Path, namespace: int | None = None) -> NetdClient:
    """Start a netd.

    Args:
        home: the folder of its socket and its log.
        namespace: the open network namespace of one that died, to go on with.
    """
    with _short_path(home) as folder:
        with _new_socket() as listener:
            (home / _SOCKET_NAME).unlink(missing_ok=True)
            listener.bind(f"{folder}/{_SOCKET_NAME}")
            (home / _SOCKET_NAME).chmod(0o600)
            listener.listen(_BACKLOG)
            child = _spawn(home, listener.fileno(), namespace)
        # From here on only netd has the listener, and its death is seen as a hang-up.
        sock = _new_socket()
        try:
            sock.connect(f"{folder}/{_SOCKET_NAME}")
            return NetdClient(sock, child)
        except (OSError, UnavailableError) as error:
            sock.close()
            child.wait(_QUIT_SECONDS)
            raise UnavailableError(
                f"netd did not start, see {home / _LOG_NAME}"
            ) from error


def _spawn(home: Path, listener: int, namespace: int | None) -> subprocess.Popen[bytes]:
    # -S: site-packages' start-up hooks cost more than all of netd. What is needed from
    # there is found by the path that this process found it by.
    command = [sys.executable, "-S", "-P", "-m", "labkit.network.netd"]
    command += ["--home", str(home), "--listener", str(listener)]
    passed = [listener]
    if namespace is not None:
        command += ["--namespace", str(namespace)]
        passed.append(namespace)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with (home / _LOG_NAME).open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=passed,
            env=environment,
            cwd="/",
            start_new_session=True,  # a ctrl-c at the daemon's terminal is not for it
        )


def _new_socket() -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_CLOEXEC)
    enlarge_buffers(sock)
    return sock


@contextmanager
def _short_path(home: Path) -> Iterator[str]:
    """Name a folder in few bytes: a socket's path has at most 107 (unix(7))."""
    fd = os.open(home, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{fd}"
    finally:
        os.close(fd)
