"""Containers as the engine uses them: a bundle in, a process out.

A thin client: each verb is a request to the container's shim. What is true of a
container is known by its shim as long as there is one, and by ``exit.json`` after; this
class remembers nothing, so that a new one (after the daemon was killed) is as good.
"""

import contextlib
import select
import socket
import time
from pathlib import Path
from typing import Any

from labkit.base.clock import Clock, SystemClock
from labkit.base.codec import camel_case, encode, same_name
from labkit.base.errors import (
    ConflictError,
    InternalError,
    NotFoundError,
    UnavailableError,
)
from labkit.cgroups.model import Stats
from labkit.runtime.bundle import read_spec
from labkit.runtime.launcher import Launcher
from labkit.runtime.model import (
    AttachOptions,
    ContainerState,
    ExitRecord,
    IoOptions,
    Status,
)
from labkit.runtime.ports import Cgroup, CgroupsFactory
from labkit.runtime.records import read_exit, remove_exit, write_exit
from labkit.runtime.wire import (
    SOCKET_NAME,
    connect,
    encode_line,
    raise_error,
    read_line,
)
from labkit.spec.runtime import Process, Resources

_KILLED = 137
_END_SECONDS = 15.0
_FLUSH_SECONDS = 2.0


class Runtime:
    """Synchronous, and safe to call from many threads."""

    def __init__(
        self,
        containers_root: Path,
        cgroups: CgroupsFactory,
        clock: Clock | None = None,
    ) -> None:
        self._root = containers_root
        self._cgroups = cgroups
        self._clock = clock or SystemClock()
        self._launcher = Launcher()

    def open(self) -> None:
        """Start the spawner, so that the first container need not wait for it."""
        self._launcher.open()

    def close(self) -> None:
        """End the spawner; containers and their shims go on."""
        self._launcher.close()

    def create(self, container_id: str, io: IoOptions) -> int:
        """Make shim, cgroup and namespaces; return the pid of init.

        The bundle is ``config.json`` in the container's folder. Init waits at its
        gate, so that its network can be configured; ``start`` makes the mounts.

        Raises:
            ConflictError: the container exists.
            StartError: it can't be made; nothing is left of it.
        """
        folder = self._folder(container_id)
        if not folder.is_dir():
            raise NotFoundError(f"no bundle at {str(folder)!r}")
        self._wait_for_old_shim(container_id)
        remove_exit(folder)
        return self._launcher.create(folder, io)

    def start(self, container_id: str) -> None:
        """Open the gate; the user's program runs when this returns.

        Raises:
            StartError: it could not be executed; shim and cgroup are gone.
        """
        self._ask(container_id, {"verb": "start"})

    def state(self, container_id: str) -> ContainerState:
        """Say what a container does.

        Raises:
            NotFoundError: it was never created, or deleted.
        """
        folder = self._folder(container_id)
        try:
            answer = self._ask(container_id, {"verb": "state"})
        except (NotFoundError, UnavailableError):
            record = read_exit(folder) or self._bury(container_id)
            if record is None:
                raise NotFoundError(f"no such container: {container_id}") from None
            return ContainerState(Status.STOPPED, 0, record)
        status = Status(answer["status"])
        record = read_exit(folder) if status is Status.STOPPED else None
        return ContainerState(status, answer["pid"], record)

    def kill(self, container_id: str, signal: int) -> None:
        """Send a signal to the container's first process."""
        self._ask(container_id, {"verb": "kill", "signal": int(signal)})

    def kill_exec(self, container_id: str, exec_id: str, signal: int) -> None:
        """Send a signal to a further process that ``exec`` started."""
        document = {"verb": "kill-exec", "exec_id": exec_id, "signal": int(signal)}
        self._ask(container_id, document)

    def pause(self, container_id: str) -> None:
        """Freeze all processes of a container."""
        self._ask(container_id, {"verb": "pause"})

    def unpause(self, container_id: str) -> None:
        self._ask(container_id, {"verb": "unpause"})

    def update(self, container_id: str, resources: Resources) -> None:
        """Change the limits of a container that runs."""
        self._cgroup(container_id).set(resources)

    def stats(self, container_id: str) -> Stats:
        return self._cgroup(container_id).stats()

    def processes(self, container_id: str) -> tuple[int, ...]:
        """Return the pids of all its processes, as the host counts them."""
        return self._cgroup(container_id).processes()

    def resize(
        self, container_id: str, exec_id: str | None, height: int, width: int
    ) -> None:
        """Set the size of the terminal of init or of an exec."""
        size = {"height": height, "width": width}
        self._ask(container_id, {"verb": "resize", "exec_id": exec_id, **size})

    def attach(self, container_id: str, options: AttachOptions) -> socket.socket:
        """Connect to a container's streams.

        From the socket come Docker's frames, or with a terminal the bytes as they are;
        its end is the output's. What is written to it is input, SHUT_WR its end.
        """
        document = {"verb": "attach", "options": encode(options, same_name)}
        return self._open(container_id, document)[1]

    def exec(
        self,
        container_id: str,
        exec_id: str,
        process: Process,
        io: IoOptions,
        attach: AttachOptions | None,
    ) -> tuple[int, socket.socket | None]:
        """Start a further process; return its pid and, if asked for, its streams.

        Its capabilities are the process's own, its seccomp filter is the bundle's: so
        does Docker, for ``exec --privileged``, too.

        Raises:
            StartError: the program could not be executed.
        """
        document = {
            "verb": "exec",
            "exec_id": exec_id,
            "process": encode(process, camel_case),
            "io": encode(io, same_name),
            "attach": None if attach is None else encode(attach, same_name),
        }
        answer, sock = self._open(container_id, document)
        if attach is None:
            sock.close()
            return int(answer["pid"]), None
        return int(answer["pid"]), sock

    def watch(self, container_id: str) -> socket.socket:
        """Return a stream of events, one JSON object a line.

        ``exit`` (with exit_code, oom_killed, finished_at_ns), ``exec-exit`` (exec_id,
        exit_code), ``oom``, and ``start-failed`` (message). What has happened already
        is repeated. An end without ``exit`` or ``start-failed`` means that the shim
        died, and the container with it: ``state`` then says STOPPED, 137.
        """
        return self._open(container_id, {"verb": "watch"})[1]

    def delete(self, container_id: str) -> None:
        """Kill what is left; remove cgroup, socket and exit record.

        The log, the layers and ``config.json`` are the engine's.
        """
        folder = self._folder(container_id)
        with contextlib.suppress(NotFoundError, UnavailableError):
            self._end(container_id)
        self._bury(container_id)
        remove_exit(folder)

    def _folder(self, container_id: str) -> Path:
        return self._root / container_id

    def _cgroup(self, container_id: str) -> Cgroup:
        spec = read_spec(self._folder(container_id))
        return self._cgroups(spec.linux.cgroups_path or f"/{container_id}")

    def _wait_for_old_shim(self, container_id: str) -> None:
        """Let the shim of the last run finish; it is telling others of the exit."""
        with contextlib.suppress(NotFoundError, UnavailableError):
            status = self._ask(container_id, {"verb": "state"})["status"]
            if status != Status.STOPPED.value:
                raise ConflictError(f"container {container_id} is {status}")
            with self._open(container_id, {"verb": "watch"})[1] as sock:
                ended = _has_ended(sock, _FLUSH_SECONDS)
            if not ended:
                self._end(container_id)
        self._bury(container_id)

    def _end(self, container_id: str) -> None:
        """Have a shim kill what is left and end, whoever is attached to it."""
        with self._send(container_id, {"verb": "end"}) as sock:
            if not _has_ended(sock, _END_SECONDS):
                text = f"the shim of container {container_id} does not end"
                raise InternalError(text)

    def _bury(self, container_id: str) -> ExitRecord | None:
        """Finish what a shim that was killed could not: kill, record, clean up.

        Returns None if no shim left anything behind.
        """
        folder = self._folder(container_id)
        if not (folder / SOCKET_NAME).exists():
            return read_exit(folder)
        cgroup = self._cgroup(container_id)
        with contextlib.suppress(NotFoundError):  # the shim came to removing it
            cgroup.kill()
        cgroup.delete()
        record = read_exit(folder)
        if record is None:
            record = ExitRecord(_KILLED, self._clock.now_ns())
            write_exit(folder, record)
        (folder / SOCKET_NAME).unlink(missing_ok=True)
        return record

    def _ask(self, container_id: str, document: dict[str, Any]) -> dict[str, Any]:
        answer, sock = self._open(container_id, document)
        sock.close()
        return answer

    def _open(
        self, container_id: str, document: dict[str, Any]
    ) -> tuple[dict[str, Any], socket.socket]:
        sock = self._send(container_id, document)
        try:
            answer = read_line(sock)
            raise_error(answer)
        except BaseException:
            sock.close()
            raise
        return answer, sock

    def _send(self, container_id: str, document: dict[str, Any]) -> socket.socket:
        try:
            sock = connect(self._folder(container_id))
        except FileNotFoundError as error:
            raise NotFoundError(f"container {container_id} is not running") from error
        except ConnectionRefusedError as error:
            text = f"the shim of container {container_id} is gone"
            raise UnavailableError(text) from error
        try:
            sock.sendall(encode_line(document))
        except (BrokenPipeError, ConnectionResetError) as error:
            sock.close()
            text = f"the shim of container {container_id} is gone"
            raise UnavailableError(text) from error
        return sock


def _has_ended(sock: socket.socket, timeout_seconds: float) -> bool:
    """Wait until a shim closes its connection, which its death does, too."""
    # poll(2): select(2) takes no file whose number is 1024 or more.
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    deadline = time.monotonic() + timeout_seconds
    while (left := deadline - time.monotonic()) > 0:
        if poll.poll(left * 1000):
            try:
                if not sock.recv(1 << 16):
                    return True
            except ConnectionResetError:
                return True
    return False
