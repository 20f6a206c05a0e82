"""A runtime in memory: programs are scripts, nothing is forked.

What a program does is its first word: ``true`` and ``false`` end at once, ``sleep``
runs until it gets SIGTERM, ``stubborn`` until SIGKILL; ``nosuch`` is not found and
``notexec`` may not be run. Like the real one it takes bundles from the disk, repeats
an exit to late watchers, and goes on when the engine dies: hand the same object to
the next one.
"""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from labkit.base.errors import (
    ConflictError,
    InternalError,
    NotFoundError,
    UnavailableError,
)
from labkit.cgroups.model import Stats
from labkit.engine.ports import Stream
from labkit.runtime.bundle import read_spec
from labkit.runtime.model import (
    AttachOptions,
    ContainerState,
    ExitRecord,
    IoOptions,
    StartError,
    Status,
)
from labkit.runtime.wire import encode_line
from labkit.spec.runtime import Process, Resources

ENDS = {"true": 0, "false": 1}
CANNOT = {
    "nosuch": ('exec: "nosuch": executable file not found in $PATH', 127),
    "notexec": ('exec: "notexec": permission denied', 126),
    "broken": ("error mounting", 128),
}
SIGKILL, SIGTERM = 9, 15


class FakeWriter:
    """The client's half of a stream: keeps what was written."""

    def __init__(self) -> None:
        self.data = b""
        self.closed = False

    def write(self, data: bytes) -> None:
        self.data += data

    async def drain(self) -> None:
        return None

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeContainer:
    args: tuple[str, ...]
    pid: int
    status: Status = Status.CREATED
    exit: ExitRecord | None = None
    shim_lost: bool = False
    pending_signal: int = 0  # what a frozen process will see when it thaws
    watchers: list[asyncio.StreamReader] = field(default_factory=list)
    attached: list[tuple[AttachOptions, asyncio.StreamReader]] = field(
        default_factory=list
    )


class FakeRuntime:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.containers: dict[str, FakeContainer] = {}
        self.calls: list[tuple[str, ...]] = []
        self.execs: dict[str, Process] = {}
        self.updates: list[tuple[str, Resources]] = []
        self.refuses_updates = False
        self.output = b"exec\n"  # what execs print
        self.finished_at = 1_700_000_000_000_000_000
        self._next_pid = 1_000_000

    async def create(self, container_id: str, io: IoOptions) -> int:
        self.calls.append(("create", container_id))
        spec = read_spec(self.root / container_id)
        if container_id in self.containers:
            raise ConflictError(f"container {container_id} exists")
        self._next_pid += 1
        container = FakeContainer(spec.process.args, self._next_pid)
        self.containers[container_id] = container
        return container.pid

    async def start(self, container_id: str) -> None:
        self.calls.append(("start", container_id))
        container = self._find(container_id)
        program = container.args[0]
        if program in CANNOT:
            text, code = CANNOT[program]
            self._close(container)
            del self.containers[container_id]
            raise StartError(text, code)
        container.status = Status.RUNNING
        self.say(container_id, b"started\n")
        if program in ENDS:
            self.finish(container_id, ENDS[program])

    async def state(self, container_id: str) -> ContainerState:
        container = self._find(container_id)
        return ContainerState(container.status, container.pid, container.exit)

    async def kill(self, container_id: str, signal: int) -> None:
        self.calls.append(("kill", container_id, str(signal)))
        container = self._find(container_id)
        if container.shim_lost:
            raise UnavailableError(f"the shim of container {container_id} is gone")
        if container.status is Status.STOPPED:
            raise ConflictError("process already finished")
        if container.status is Status.PAUSED:
            container.pending_signal = signal
        else:
            self._deliver(container_id, signal)

    async def kill_exec(self, container_id: str, exec_id: str, signal: int) -> None:
        self.calls.append(("kill_exec", container_id, exec_id, str(signal)))
        self.finish_exec(container_id, exec_id, 128 + signal)

    async def pause(self, container_id: str) -> None:
        self._find(container_id).status = Status.PAUSED

    async def unpause(self, container_id: str) -> None:
        container = self._find(container_id)
        container.status = Status.RUNNING
        if container.pending_signal:
            self._deliver(container_id, container.pending_signal)

    async def processes(self, container_id: str) -> tuple[int, ...]:
        return (self._find(container_id).pid,)

    async def resize(
        self, container_id: str, exec_id: str | None, height: int, width: int
    ) -> None:
        self.calls.append(("resize", container_id, exec_id or "", f"{height}x{width}"))

    async def attach(self, container_id: str, options: AttachOptions) -> Stream:
        container = self._find(container_id)
        reader = asyncio.StreamReader()
        container.attached.append((options, reader))
        return Stream(reader, FakeWriter())

    async def exec(
        self,
        container_id: str,
        exec_id: str,
        process: Process,
        io: IoOptions,
        attach: AttachOptions | None,
    ) -> tuple[int, Stream | None]:
        self._find(container_id)
        program = process.args[0]
        if program in CANNOT:
            raise StartError(*CANNOT[program])
        self.execs[exec_id] = process
        stream = None
        if attach is not None:
            reader = asyncio.StreamReader()
            reader.feed_data(b"\1\0\0\0" + len(self.output).to_bytes(4, "big"))
            reader.feed_data(self.output)
            reader.feed_eof()
            stream = Stream(reader, FakeWriter())
        if program in ENDS:
            self.finish_exec(container_id, exec_id, ENDS[program])
        return 4321, stream

    async def watch(self, container_id: str) -> Stream:
        container = self._find(container_id)
        reader = asyncio.StreamReader()
        container.watchers.append(reader)
        if container.exit is not None:
            reader.feed_data(_exit_line(container.exit))
        return Stream(reader, FakeWriter())

    async def stats(self, container_id: str) -> Stats:
        self._find(container_id)
        return Stats()

    async def update(self, container_id: str, resources: Resources) -> None:
        self._find(container_id)
        if self.refuses_updates:
            raise InternalError("invalid argument")
        self.updates.append((container_id, resources))

    async def delete(self, container_id: str) -> None:
        self.calls.append(("delete", container_id))
        container = self.containers.pop(container_id, None)
        if container is not None:
            self._close(container)

    # What a test does in place of the kernel

    def say(self, container_id: str, data: bytes) -> None:
        for _, reader in self._find(container_id).attached:
            reader.feed_data(data)

    def finish(self, container_id: str, code: int, oom_killed: bool = False) -> None:
        container = self._find(container_id)
        container.status = Status.STOPPED
        container.exit = ExitRecord(code, self.finished_at, oom_killed)
        for reader in container.watchers:
            reader.feed_data(_exit_line(container.exit))
        self._close(container)

    def finish_exec(self, container_id: str, exec_id: str, code: int) -> None:
        line = {"event": "exec-exit", "exec_id": exec_id, "exit_code": code}
        self.tell(container_id, line)

    def tell(self, container_id: str, event: dict[str, object]) -> None:
        for reader in self._find(container_id).watchers:
            reader.feed_data(encode_line(event))

    def lose_shim(self, container_id: str) -> None:
        """Kill the shim: its connections break, and it takes its container along."""
        container = self._find(container_id)
        container.status = Status.STOPPED
        container.exit = ExitRecord(137, self.finished_at)
        container.shim_lost = True
        self._close(container)

    def break_watch(self, container_id: str) -> None:
        """Cut the connection only: the container runs on."""
        container = self._find(container_id)
        watchers, container.watchers = container.watchers, []
        for reader in watchers:
            reader.feed_eof()

    def _deliver(self, container_id: str, signal: int) -> None:
        container = self._find(container_id)
        stubborn = container.args[0] == "stubborn"
        if signal == SIGKILL or (signal == SIGTERM and not stubborn):
            self.finish(container_id, 128 + signal)

    def _find(self, container_id: str) -> FakeContainer:
        container = self.containers.get(container_id)
        if container is None:
            raise NotFoundError(f"no such container: {container_id}")
        return container

    def _close(self, container: FakeContainer) -> None:
        for reader in container.watchers:
            reader.feed_eof()
        for _, reader in container.attached:
            reader.feed_eof()
        container.watchers, container.attached = [], []


def _exit_line(record: ExitRecord) -> bytes:
    return encode_line(
        {
            "event": "exit",
            "exit_code": record.exit_code,
            "oom_killed": record.oom_killed,
            "finished_at_ns": record.finished_at_ns,
        }
    )
