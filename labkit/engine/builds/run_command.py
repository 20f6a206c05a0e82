"""RUN's container: made, run and gone, known to nobody but its build.

It is like any other below: a bundle, a shim, its own namespaces, addresses in networks.
But no record is kept of it, since nobody may come back to it: should the daemon die,
the next one finds a folder that no record knows and removes it.
"""

import asyncio
import json
import shutil
import struct
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Protocol

from labkit.base.errors import InvalidInputError
from labkit.base.ids import short_id
from labkit.builder.ports import BoundFolder, Order, Outcome
from labkit.engine.attachments import first_attachments
from labkit.engine.builds.marker import hide_marker, show_marker
from labkit.engine.containers.defaults import fill_host_config
from labkit.engine.endpoints import allocate, release
from labkit.engine.engine import Engine
from labkit.engine.launch import connect, prepare_bundle, serve_names
from labkit.engine.messages import failed_start
from labkit.engine.model import Container, ContainerConfig, HostConfig, MountPoint
from labkit.engine.ports import Stream
from labkit.runtime.model import AttachOptions, IoOptions, StartError

_LOST = 137
_HEAD = struct.Struct(">BxxxI")  # the frames of Docker's streams
_STREAMS = {1: "stdout", 2: "stderr"}


class Outlet(Protocol):
    """Takes what a command prints, when there is room for it."""

    async def write(self, stream: str, data: bytes) -> None: ...


async def run_command(
    engine: Engine,
    order: Order,
    host: HostConfig,
    out: Outlet,
    undo: AsyncExitStack,
) -> Outcome:
    """Run a command to its end.

    Args:
        host: limits and the like of the whole build.
        undo: takes the container away when it is closed, and its files with it.

    Raises:
        InvalidInputError: the program can't be started.
    """
    container = _describe(engine, order, host)
    folder = engine.container_folder(container.id)
    await asyncio.to_thread(folder.mkdir, mode=0o710)
    undo.push_async_callback(asyncio.to_thread, shutil.rmtree, folder, True)
    dirs = await engine.snapshots.prepare(folder, order.chain_ids)
    undo.push_async_callback(engine.snapshots.discard, folder)
    engine.overlays[container.id] = dirs
    undo.callback(engine.overlays.pop, container.id)
    async with AsyncExitStack() as run:
        hides = order.sandbox != ""
        if hides and await asyncio.to_thread(hide_marker, dirs):
            run.push_async_callback(asyncio.to_thread, show_marker, dirs)
        try:
            code, killed = await _run(engine, container, out, run)
        except StartError as error:
            raise InvalidInputError(failed_start(error.message)) from error
    return Outcome(code, dirs.upper, killed)


async def _run(
    engine: Engine, container: Container, out: Outlet, undo: AsyncExitStack
) -> tuple[int, bool]:
    placed = allocate(engine, container)
    undo.callback(release, engine, placed.id, placed.attachments)
    await prepare_bundle(engine, placed)
    pid = await engine.runtime.create(placed.id, IoOptions())
    undo.push_async_callback(engine.runtime.delete, placed.id)
    placed = replace(placed, pid=pid)
    await connect(engine, placed, undo)
    await serve_names(engine, placed, undo)
    output = await engine.runtime.attach(placed.id, AttachOptions())
    undo.callback(output.writer.close)
    watch = await engine.runtime.watch(placed.id)
    undo.callback(watch.writer.close)
    await engine.runtime.start(placed.id)
    await _print(output, out)
    return await _await_exit(watch)


async def _print(output: Stream, out: Outlet) -> None:
    """Take all that the command prints, frame by frame."""
    try:
        while True:
            kind, size = _HEAD.unpack(await output.reader.readexactly(_HEAD.size))
            data = await output.reader.readexactly(size)
            await out.write(_STREAMS.get(kind, "stdout"), data)
    except (asyncio.IncompleteReadError, ConnectionError):
        return


async def _await_exit(watch: Stream) -> tuple[int, bool]:
    """Return the exit code, and whether memory ran out on the way."""
    killed = False
    while line := await watch.reader.readline():
        event = json.loads(line)
        killed = killed or event["event"] == "oom"
        if event["event"] == "exit":
            return event["exit_code"], killed or event.get("oom_killed", False)
    return _LOST, killed


def _describe(engine: Engine, order: Order, host: HostConfig) -> Container:
    config = ContainerConfig(
        hostname=order.sandbox or short_id(order.container_id),
        user=order.user,
        env=order.environment,
        cmd=order.args,
        working_dir=order.working_dir,
    )
    own_host = (f"{order.sandbox}:127.0.0.1",) if order.sandbox else ()
    wanted = replace(
        host,
        network_mode=order.network,
        extra_hosts=(*order.extra_hosts, *own_host),
        privileged=order.insecure,
        tmpfs={one.target: _tmpfs(one) for one in order.binds if one.source is None},
    )
    filled = fill_host_config(wanted)
    return Container(
        id=order.container_id,
        name=f"build-{short_id(order.container_id)}",
        created_at=engine.clock.now_ns(),
        image_id="",
        config=config,
        host_config=filled,
        path=order.args[0] if order.args else "",
        args=order.args[1:],
        attachments=first_attachments(filled, {}),
        mounts=tuple(_mount(one) for one in order.binds if one.source is not None),
    )


def _tmpfs(bind: BoundFolder) -> str:
    # A build's tmpfs may hold programs; Docker's default for containers forbids that.
    size = f",size={bind.size_bytes}" if bind.size_bytes else ""
    return f"exec{size}"


def _mount(bind: BoundFolder) -> MountPoint:
    return MountPoint(
        "bind", bind.target, source=str(bind.source), writable=not bind.read_only
    )
