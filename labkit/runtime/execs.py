"""The further processes of one container: ``docker exec``, health checks, top's ps."""

from collections.abc import Callable, Iterator
from typing import Any

from labkit.base.codec import camel_case, decode, same_name
from labkit.base.errors import ConflictError, NotFoundError
from labkit.runtime.birth import Maker
from labkit.runtime.bundle import check_process
from labkit.runtime.connection import Connection, Request
from labkit.runtime.loop import Loop
from labkit.runtime.model import AttachOptions, IoOptions, StartError
from labkit.runtime.process import ContainerProcess, Reap
from labkit.runtime.streams import Attachment
from labkit.spec.runtime import Process

Event = dict[str, Any]

# Who watches anew is told of past exits; a health check every second must not let
# that list grow for ever.
_MOST_REMEMBERED = 256


class Execs:
    """Begins them, finds them, and remembers how they ended."""

    def __init__(
        self,
        loop: Loop,
        maker: Maker,
        reap: Reap,
        tell: Callable[[Event], None],
        on_change: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._maker = maker
        self._reap = reap
        self._tell = tell
        self._on_change = on_change
        self.exits: dict[str, int] = {}
        self.running: dict[str, ContainerProcess] = {}

    def begin(self, connection: Connection, request: Request, pidfd: int) -> None:
        """Start a process; the connection learns its pid when it executes."""
        process = decode(Process, request["process"], camel_case, "process")
        check_process(process)
        io = decode(IoOptions, request["io"], same_name, "io")
        exec_id = request["exec_id"]
        if exec_id in self.running:
            raise ConflictError(f"exec {exec_id!r} is running already")
        child = ContainerProcess(self._loop, io, process.terminal, self._reap)
        child.on_started = self._on_started(connection, child, request["attach"])
        child.on_failed = self._on_failed(connection, exec_id)
        child.on_ended = self._on_ended(exec_id)
        # Nothing is read until the client that starts it is attached.
        child.output.hold()
        child.begin(self._maker.exec(process, pidfd))
        # Nobody prepares anything from outside: it need not stop at its gate.
        child.go()
        self.running[exec_id] = child

    def find(self, exec_id: str) -> ContainerProcess:
        if exec_id not in self.running:
            raise NotFoundError(f"no such exec: {exec_id}")
        return self.running[exec_id]

    def past_exits(self) -> Iterator[Event]:
        """Yield what a watcher that comes late has missed."""
        for exec_id, code in self.exits.items():
            yield _exit_event(exec_id, code)

    def _on_started(
        self,
        connection: Connection,
        child: ContainerProcess,
        attach: dict[str, Any] | None,
    ) -> Callable[[], None]:
        def on_started() -> None:
            connection.answer({"pid": child.pid})
            if attach is None:
                connection.close()
            else:
                options = decode(AttachOptions, attach, same_name, "attach")
                join(self._loop, child, connection, options)
            child.output.release()

        return on_started

    def _on_failed(
        self, connection: Connection, exec_id: str
    ) -> Callable[[StartError], None]:
        def on_failed(error: StartError) -> None:
            del self.running[exec_id]
            connection.fail(error)
            self._on_change()

        return on_failed

    def _on_ended(self, exec_id: str) -> Callable[[int], None]:
        def on_ended(code: int) -> None:
            del self.running[exec_id]
            self.exits[exec_id] = code
            if len(self.exits) > _MOST_REMEMBERED:
                del self.exits[next(iter(self.exits))]
            self._tell(_exit_event(exec_id, code))
            self._on_change()

        return on_ended


def join(
    loop: Loop,
    process: ContainerProcess,
    connection: Connection,
    options: AttachOptions,
) -> None:
    """Make a connection one more client of a process's streams."""
    sock = connection.give_up()
    client = Attachment(loop, sock, options, process.output.framed)
    client.connect_input(process.input)
    process.output.attach(client)


def _exit_event(exec_id: str, code: int) -> Event:
    return {"event": "exec-exit", "exec_id": exec_id, "exit_code": code}
