"""One question to a container: an exec whose exit code is the answer.

The check runs in the container as ``docker exec`` would, as the container's user and in
its working folder. 0 means healthy. What it prints is kept, up to a page, for
``docker inspect``; without an answer in time, or without a program, the code is -1.
"""

import asyncio
import contextlib

from labkit.base.durations import go_duration
from labkit.base.errors import LabError
from labkit.engine.engine import Engine
from labkit.engine.execs.create import create_exec
from labkit.engine.execs.start import start_exec
from labkit.engine.health.verdict import probe_command, timeout_ns
from labkit.engine.model import Container, ExecConfig, HealthProbe
from labkit.engine.ports import Stream

MOST_OUTPUT = 4096
_NO_ANSWER = -1
_HEADER_BYTES = 8
_SIGKILL = 9
_NS = 1_000_000_000


async def ask(engine: Engine, container: Container) -> HealthProbe:
    """Run the check once; it is killed when its time is over."""
    began = engine.clock.now_ns()
    limit = timeout_ns(container)
    exec_id = ""
    output = _Output()
    try:
        exec_id = await create_exec(engine, container.id, _exec_config(container))
        async with asyncio.timeout(limit / _NS):
            code = await _run(engine, exec_id, output)
        text = output.text
    except TimeoutError:
        await _kill(engine, container.id, exec_id)
        code, text = _NO_ANSWER, f"Health check exceeded timeout ({go_duration(limit)})"
    except LabError as error:
        code, text = _NO_ANSWER, error.message
    finally:
        engine.execs.forget_ended(exec_id)
    return HealthProbe(began, engine.clock.now_ns(), code, text)


def _exec_config(container: Container) -> ExecConfig:
    command = probe_command(container)
    return ExecConfig(command, attach_stdout=True, attach_stderr=True)


async def _run(engine: Engine, exec_id: str, output: "_Output") -> int:
    stream = await start_exec(engine, exec_id, detach=False, tty=False)
    assert stream is not None  # not detached
    try:
        await output.read(stream)
    finally:
        stream.writer.close()
    return (await engine.execs.wait(exec_id)).exit_code or 0


async def _kill(engine: Engine, container_id: str, exec_id: str) -> None:
    with contextlib.suppress(LabError):  # it has ended at last, or the container has
        await engine.runtime.kill_exec(container_id, exec_id, _SIGKILL)


class _Output:
    """The first page of what a check prints on both of its streams."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._is_cut = False

    @property
    def text(self) -> str:
        return self._kept.decode(errors="replace") + ("..." if self._is_cut else "")

    async def read(self, stream: Stream) -> None:
        """Take Docker's frames to their end: which stream, three zeros, a length."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                header = await stream.reader.readexactly(_HEADER_BYTES)
                size = int.from_bytes(header[4:], "big")
                self._keep(await stream.reader.readexactly(size))

    def _keep(self, data: bytes) -> None:
        room = MOST_OUTPUT - len(self._kept)
        self._is_cut = self._is_cut or len(data) > room
        self._kept += data[:room]
