"""The shim: one small process for each container, its parent from birth to death.

Why there is one at all: a process's output goes to whoever holds the other ends of its
pipes, and its exit code to its parent. Held by the daemon, both would be lost when the
daemon is restarted. The shim holds them, writes the log, records the exit durably and
serves attach, exec, resize, kill and watch on ``shim.sock`` in the container's folder.
It outlives daemon and spawner, and ends by itself when the container has ended and all
who were attached have got their output.

If the shim itself is killed, the container dies with it (PR_SET_PDEATHSIG): a container
that nobody looks after, whose output blocks, would be worse.

This is its work; it is done in a process of its own, the hand, that ends when there is
none and leaves the shim asleep: see ``sleep``.
"""

import contextlib
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.base.clock import SystemClock
from labkit.base.codec import decode, same_name
from labkit.base.errors import ConflictError, InvalidInputError
from labkit.runtime.birth import Home, Maker
from labkit.runtime.connection import Connection, Request
from labkit.runtime.execs import Execs, join
from labkit.runtime.lifecycle import follow
from labkit.runtime.log import JsonFileLog
from labkit.runtime.loop import READ, Loop
from labkit.runtime.model import (
    AttachOptions,
    ExitRecord,
    StartError,
    Status,
)
from labkit.runtime.process import ContainerProcess, Reap, RestingProcess
from labkit.runtime.records import write_exit
from labkit.runtime.wire import SOCKET_NAME
from labkit.spec.runtime import Spec

_SIGKILL = 9
_BREATH_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Resting:
    """A shim with nothing to do, written down."""

    home: Home
    status: Status
    listener: int
    first: RestingProcess
    watchers: tuple[int, ...]
    exits: dict[str, int]

    @property
    def files(self) -> tuple[int, ...]:
        """Return the files by which something new would come."""
        sources = self.first.output.sources.values()
        return (self.listener, self.first.pidfd, *sources, *self.watchers)


class Shim:
    """The verbs of one container, and what it tells when something happens."""

    def __init__(
        self,
        loop: Loop,
        maker: Maker,
        reap: Reap,
        listener: socket.socket,
        log: JsonFileLog | None,
    ) -> None:
        home = maker.home
        self._loop = loop
        self._home = home
        self._maker = maker
        self._listener = listener
        self._clock = SystemClock()
        self._status = Status.CREATED
        self._first = ContainerProcess(loop, home.io, home.terminal, reap, log)
        self._execs = Execs(loop, maker, reap, self._tell, self._end_if_done)
        self._watchers: list[Connection] = []
        self._starting: Connection | None = None
        self._exit: ExitRecord | None = None
        self._verbs: dict[str, Callable[[Connection, Request], None]] = {
            "state": self._state,
            "start": self._start,
            "kill": self._kill,
            "kill-exec": self._kill_exec,
            "pause": self._pause,
            "unpause": self._unpause,
            "resize": self._resize,
            "attach": self._attach,
            "exec": self._exec,
            "watch": self._watch,
            "end": self._end,
        }
        self._first.on_ready = self._on_ready
        self._first.on_started = self._on_started
        self._first.on_failed = self._on_failed
        self._first.on_ended = self._on_ended
        self._first.output.on_flushed = self._end_if_done
        self._listen()

    def create(self, spec: Spec, reply: Connection) -> None:
        """Make the first process; ``reply`` learns its pid when it is at its gate."""
        self._starting = reply
        self._first.begin(self._maker.init(spec))

    def rest(self) -> Resting | None:
        """Write down all that must be known later; None while there is something to do.

        That is so while the loop expects anything but what is written down: a client
        who is attached, a request that is half read, a further process, a timer.
        """
        if self._status not in (Status.RUNNING, Status.PAUSED):
            return None
        first = self._first.rest()
        watchers = tuple(watcher.sock.fileno() for watcher in self._watchers)
        resting = Resting(
            home=self._home,
            status=self._status,
            listener=self._listener.fileno(),
            first=first,
            watchers=watchers,
            exits=self._execs.exits,
        )
        return resting if self._loop.expects_only(resting.files) else None

    def resume(self, resting: Resting) -> None:
        """Go on with what another hand wrote down."""
        self._status = resting.status
        self._first.resume(resting.first)
        self._execs.exits.update(resting.exits)
        for fd in resting.watchers:
            connection = Connection(self._loop, socket.socket(fileno=fd), self.handle)
            self._watchers.append(connection)
            connection.drop_when_closed(self._forget_watcher)

    def handle(self, connection: Connection, request: Request) -> None:
        """Do what one request asks."""
        verb = self._verbs.get(request["verb"])
        if verb is None:
            raise InvalidInputError(f"unknown verb {request['verb']!r}")
        verb(connection, request)

    def _listen(self) -> None:
        if self._listener.fileno() >= 0:
            self._loop.watch(self._listener.fileno(), READ, self._accept)

    def _accept(self, _: int) -> None:
        try:
            sock, _address = self._listener.accept()
        except BlockingIOError:
            return
        except OSError as error:
            # Out of files or memory (accept(2)): who knocks waits; the container must
            # not die of it.
            sys.stderr.write(f"cannot accept a connection: {error}\n")
            self._loop.forget(self._listener.fileno())
            self._loop.call_later(_BREATH_SECONDS, self._listen)
            return
        Connection(self._loop, sock, self.handle)

    # --- verbs ---

    def _state(self, connection: Connection, _: Request) -> None:
        pid = 0 if self._exit else self._first.pid
        connection.finish({"status": self._status.value, "pid": pid})

    def _start(self, connection: Connection, _: Request) -> None:
        follow(self._status, "start")
        if self._starting is not None:
            raise ConflictError("the container is being started already")
        self._starting = connection
        self._first.go()

    def _kill(self, connection: Connection, request: Request) -> None:
        follow(self._status, "kill")
        self._first.signal(request["signal"])
        connection.finish({})

    def _kill_exec(self, connection: Connection, request: Request) -> None:
        self._execs.find(request["exec_id"]).signal(request["signal"])
        connection.finish({})

    def _pause(self, connection: Connection, _: Request) -> None:
        after = follow(self._status, "pause")
        self._maker.cgroup.freeze()
        self._status = after
        connection.finish({})

    def _unpause(self, connection: Connection, _: Request) -> None:
        after = follow(self._status, "unpause")
        self._maker.cgroup.thaw()
        self._status = after
        connection.finish({})

    def _resize(self, connection: Connection, request: Request) -> None:
        follow(self._status, "resize")
        process = self._first
        if request["exec_id"] is not None:
            process = self._execs.find(request["exec_id"])
        process.resize(request["height"], request["width"])
        connection.finish({})

    def _attach(self, connection: Connection, request: Request) -> None:
        follow(self._status, "attach")
        options = decode(AttachOptions, request["options"], same_name, "options")
        connection.answer({})
        join(self._loop, self._first, connection, options)

    def _exec(self, connection: Connection, request: Request) -> None:
        follow(self._status, "exec")
        self._execs.begin(connection, request, self._first.pidfd)

    def _watch(self, connection: Connection, _: Request) -> None:
        connection.answer({})
        for event in self._execs.past_exits():
            connection.tell(event)
        if self._exit is not None:
            connection.tell(_exit_event(self._exit))
        self._watchers.append(connection)
        connection.drop_when_closed(self._forget_watcher)

    def _end(self, connection: Connection, _: Request) -> None:
        """Kill what is left and end now; the end of the connection is the answer."""
        self._first.output.drop_clients()
        if self._first.exit_code is None:
            if self._status is Status.PAUSED:
                self._maker.cgroup.thaw()
            self._first.signal(_SIGKILL)
        connection.drop_when_closed(_leave)
        self._end_if_done()

    # --- what happens ---

    def _on_ready(self) -> None:
        if self._starting is not None:
            self._starting.finish({"pid": self._first.pid})
            self._starting = None

    def _on_started(self) -> None:
        self._status = follow(self._status, "start")
        if self._starting is not None:
            self._starting.finish({})
            self._starting = None

    def _on_failed(self, error: StartError) -> None:
        """The program could not be started: leave nothing, then say so."""
        self._maker.cgroup.delete()
        self._unlink()
        self._tell({"event": "start-failed", "message": str(error)})
        if self._starting is not None:
            self._starting.fail(error)
        self._loop.stop()

    def _on_ended(self, code: int) -> None:
        cgroup = self._maker.cgroup
        oom_killed = cgroup.oom_kills() > 0
        if not self._home.has_own_pids:
            # Nobody killed the other processes: the host's init is their parent now.
            cgroup.kill()
        self._exit = ExitRecord(code, self._clock.now_ns(), oom_killed)
        write_exit(Path(self._home.folder), self._exit)
        self._status = follow(self._status, "exit")
        if oom_killed:
            self._tell({"event": "oom"})
        self._tell(_exit_event(self._exit))
        self._end_if_done()

    def _tell(self, event: dict[str, Any]) -> None:
        self._watchers = [w for w in self._watchers if w.tell(event)]

    def _forget_watcher(self, connection: Connection) -> None:
        self._watchers = [w for w in self._watchers if w is not connection]

    def _end_if_done(self) -> None:
        if (
            self._exit is None
            or self._execs.running
            or not self._first.output.is_flushed
        ):
            return
        self._maker.cgroup.delete()
        self._unlink()
        self._loop.stop()

    def _unlink(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(Path(self._home.folder, SOCKET_NAME))
        self._listener.close()


def _exit_event(record: ExitRecord) -> dict[str, Any]:
    return {
        "event": "exit",
        "exit_code": record.exit_code,
        "oom_killed": record.oom_killed,
        "finished_at_ns": record.finished_at_ns,
    }


def _leave(_: Connection) -> None:
    return
