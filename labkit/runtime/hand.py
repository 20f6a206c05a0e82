"""The shim's hand: the process that does a shim's work, as long as there is any.

It makes the container, or takes up what the hand before it wrote on the slate; then it
serves the container until that ends or nothing has happened for ``PATIENCE_SECONDS``.
See ``sleep`` for why.
"""

import contextlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.base.clock import SystemClock
from labkit.base.codec import decode, encode, same_name
from labkit.base.errors import LabError
from labkit.kernel.calls import Kernel
from labkit.runtime.birth import Host, Maker, home_of
from labkit.runtime.bundle import Bundle, read_bundle
from labkit.runtime.connection import Connection
from labkit.runtime.log import JsonFileLog, RestingLog
from labkit.runtime.loop import Loop
from labkit.runtime.model import IoOptions, StartError
from labkit.runtime.pack import Packer
from labkit.runtime.process import Reap
from labkit.runtime.shim import Resting, Shim
from labkit.runtime.wire import SOCKET_NAME, encode_error, listen

PATIENCE_SECONDS = 2.0
SHIM_LOG_NAME = "shim.log"


@dataclass(frozen=True, slots=True)
class Work:
    """What both kinds of hand have: ``reap`` asks the shim how its children ended."""

    kernel: Kernel
    host: Host
    reap: Reap


def make(work: Work, request: dict[str, Any], reply: socket.socket) -> Resting | None:
    """Make the container that was asked for and serve it; ``reply`` learns its pid.

    Returns what to write down if the shim can sleep, None when the container has ended.
    """
    try:
        open_streams(request["folder"])
        with contextlib.ExitStack() as undo:
            loop, shim = _make(work, request, reply, undo)
            undo.pop_all()
    except BaseException as error:
        with contextlib.suppress(OSError):  # the daemon may be gone by now
            reply.sendall(encode_error(error))
        raise
    return _serve(loop, shim)


def go_on(work: Work, document: dict[str, Any]) -> Resting | None:
    """Serve a container that another hand served before."""
    resting = decode(Resting, document, same_name, "slate")
    loop = Loop()
    maker = Maker(work.kernel, work.host, resting.home)
    found = resting.first.output.log
    # Without one the output has ended, and its log is closed for good.
    log = None if found is None else _open_log(loop, resting.home.io, found)
    listener = socket.socket(fileno=resting.listener)
    shim = Shim(loop, maker, work.reap, listener, log)
    shim.resume(resting)
    return _serve(loop, shim)


def open_streams(folder: str) -> None:
    """Leave the daemon's files: the shim and all its hands have these for good."""
    null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
    log = os.open(f"{folder}/{SHIM_LOG_NAME}", flags, 0o600)
    for number, fd in enumerate((null, null, log)):
        os.dup2(fd, number, inheritable=True)
    os.close(null)
    os.close(log)


def _make(
    work: Work,
    request: dict[str, Any],
    reply: socket.socket,
    undo: contextlib.ExitStack,
) -> tuple[Loop, Shim]:
    """Make cgroup, socket and first process; ``undo`` takes back what is there."""
    bundle = read_bundle(Path(request["folder"]))
    io = decode(IoOptions, request["io"], same_name, "io")
    maker = Maker(work.kernel, work.host, home_of(bundle, io))
    _make_cgroup(maker, bundle, undo)
    listener = listen(bundle.folder)
    undo.callback((bundle.folder / SOCKET_NAME).unlink, missing_ok=True)
    loop = Loop()
    shim = Shim(loop, maker, work.reap, listener, _open_log(loop, io))
    shim.create(bundle.spec, Connection(loop, reply, shim.handle))
    return loop, shim


def _make_cgroup(maker: Maker, bundle: Bundle, undo: contextlib.ExitStack) -> None:
    cgroup = maker.cgroup
    undo.callback(cgroup.delete)
    try:
        cgroup.create()
        if bundle.spec.linux.resources is not None:
            cgroup.set(bundle.spec.linux.resources)
    except LabError as error:
        raise StartError(str(error), 128) from error


def _open_log(
    loop: Loop, io: IoOptions, resting: RestingLog | None = None
) -> JsonFileLog | None:
    if not io.log.path:
        return None
    return JsonFileLog(io.log, SystemClock(), resting, Packer(loop))


def _serve(loop: Loop, shim: Shim) -> Resting | None:
    found: list[Resting] = []

    def on_idle() -> None:
        resting = shim.rest()
        if resting is not None:
            found.append(resting)
            loop.stop()

    loop.run(on_idle, PATIENCE_SECONDS)
    # The table of open files is the shim's, too: what is not named there is closed.
    loop.close()
    return found[0] if found else None


def write_down(resting: Resting) -> dict[str, Any]:
    """Return what ``go_on`` takes."""
    document: dict[str, Any] = encode(resting, same_name)
    return document
