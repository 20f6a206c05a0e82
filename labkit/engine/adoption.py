"""Bringing the store in line with the machine, when an engine opens.

The daemon may have been killed at any instant. Its verbs act first and record after,
so there are only so many ways in which the two can differ:

    store says        the machine says      so                   what is done
    running, paused   runs                  the daemon died      adopt: watch, names
    running, paused   stopped, or nothing   it ended meanwhile   settle, exit code too
    running           paused, or reverse    act without record   believe the machine
    anything else     there is a process    a start half done    nobody knows: undo it
    restarting        nothing               it was waiting       wait again
    nothing           a folder              a create half done   remove it

After that the restart policies have their say.
"""

import asyncio
import logging
import shutil
from contextlib import AsyncExitStack
from dataclasses import replace

from labkit.base.errors import LabError, NotFoundError
from labkit.base.ids import is_full_id
from labkit.engine.endpoints import (
    gateway_attachment,
    has_names,
    resolver_of,
    tell_names,
    without_endpoints,
)
from labkit.engine.engine import Engine
from labkit.engine.health.monitor import watch_health
from labkit.engine.members import make_member
from labkit.engine.model import Container, Status
from labkit.engine.network_files import upstream_of
from labkit.engine.published import publish_ports
from labkit.engine.restarts import wants_restart, wants_start_with_engine
from labkit.engine.settle import settle
from labkit.engine.watch import LOST, watch_container
from labkit.runtime.model import ContainerState, ExitRecord
from labkit.runtime.model import Status as RuntimeStatus

_UP = (Status.RUNNING, Status.PAUSED)
_log = logging.getLogger(__name__)


async def repair(engine: Engine) -> None:
    """Make the store true again; containers that must not run don't, afterwards."""
    await sweep_folders(engine)
    tell_of_missing_folders(engine)
    found = await asyncio.gather(
        *(_look(engine, container) for container in engine.store.containers())
    )
    # Members first: adopting the first container tells names of all.
    alive = [pair for pair in found if _is_alive(*pair)]
    for container, _ in alive:
        join_again(engine, container)
    for container, state in found:
        try:
            await _repair_one(engine, container, state)
        except LabError as error:
            _log.warning("cannot repair container %s: %s", container.id, error)


async def restore_networks(engine: Engine) -> None:
    """Make every network's kernel side anew where it is missing."""
    for record in engine.store.networks():
        if record.network.driver != "bridge":
            continue
        try:
            await engine.network.ensure_network(record.network)
        except LabError as error:
            _log.warning("cannot restore network %s: %s", record.network.name, error)


def queue_policies(engine: Engine) -> None:
    """Let those come back that their policies start with the engine."""
    for container in engine.store.containers():
        if container.status is Status.RESTARTING:
            engine.to_revive.put_nowait(container.id)
        elif container.status is Status.EXITED and container.started_at:
            again = wants_restart(container, container.exit_code)
            if again or wants_start_with_engine(container):
                engine.store.show(replace(container, status=Status.RESTARTING))
                engine.to_revive.put_nowait(container.id)


async def sweep_folders(engine: Engine) -> None:
    """Remove the folders of containers that no record knows."""
    root = engine.config.data_root / "containers"
    for folder in await asyncio.to_thread(lambda: list(root.iterdir())):
        if not is_full_id(folder.name) or engine.store.container(folder.name):
            continue
        if not folder.is_dir():
            continue  # nothing of ours
        try:
            await engine.runtime.delete(folder.name)
            await engine.snapshots.discard(folder)
        except LabError as error:
            _log.warning("cannot clean up %s: %s", folder, error)
        await asyncio.to_thread(shutil.rmtree, folder, True)


def tell_of_missing_folders(engine: Engine) -> None:
    """Say of which containers the files are gone; each starts from its image again."""
    for container in engine.store.containers():
        if not engine.container_folder(container.id).is_dir():
            _log.warning(
                "container %s (%s) has lost its folder, and all that was written in it",
                *(container.name, container.id),
            )


async def _look(
    engine: Engine, container: Container
) -> tuple[Container, ContainerState | None]:
    try:
        return container, await engine.runtime.state(container.id)
    except NotFoundError:
        return container, None


def _is_alive(container: Container, state: ContainerState | None) -> bool:
    if state is None or container.status not in _UP:
        return False
    return state.status in (RuntimeStatus.RUNNING, RuntimeStatus.PAUSED)


async def _repair_one(
    engine: Engine, container: Container, state: ContainerState | None
) -> None:
    if state is not None and _is_alive(container, state):
        await adopt(engine, container, state)
    elif container.status in _UP:
        exit_record = state.exit if state else None
        lost = ExitRecord(LOST, engine.clock.now_ns())
        await settle(engine, container.id, exit_record or lost)
    elif state is not None:
        await engine.runtime.delete(container.id)
        placed = replace(
            container, attachments=without_endpoints(container.attachments)
        )
        await engine.store.save(placed)


def join_again(engine: Engine, container: Container) -> None:
    """Remember which addresses a running container holds."""
    for attachment in container.attachments:
        if attachment.endpoint is not None:
            member = make_member(container, attachment, attachment.endpoint)
            engine.members.join(attachment.network_id, member)


async def adopt(engine: Engine, container: Container, state: ContainerState) -> None:
    """Take over a container that an engine before us started."""
    paused = state.status is RuntimeStatus.PAUSED
    status = Status.PAUSED if paused else Status.RUNNING
    adopted = replace(container, status=status, pid=state.pid)
    async with engine.lock(container.id):
        adopted = await _serve_again(engine, adopted)
        if adopted != container:
            await engine.store.save(adopted)
        watch_container(engine, container.id)
        if adopted.status is Status.RUNNING:
            watch_health(engine, adopted)


async def _serve_again(engine: Engine, container: Container) -> Container:
    """Give a container its names and ports back, where netd did not keep them.

    One of these may fail, say because somebody took the port meanwhile; the
    container is running all the same, and saying so is better than losing it.
    """
    try:
        await _plug_in_again(engine, container)
        await tell_names(engine, _named_networks(engine, container))
        resolver = resolver_of(engine, container, upstream_of(engine, container))
        if resolver is not None:
            await engine.network.serve_dns(container.id, container.pid, resolver)
        async with AsyncExitStack() as undo:
            published = await publish_ports(engine, container, undo)
            undo.pop_all()
        return replace(container, published=published)
    except LabError as error:
        _log.warning("container %s: %s", container.id, error)
        return container


async def _plug_in_again(engine: Engine, container: Container) -> None:
    """Connect a container to its networks, should those have gone with netd.

    The engine's namespace lives as long as daemon or netd hold it; when both were
    killed, the kernel took it down with all veths. A plug that is in place stays.
    """
    way_out = gateway_attachment(engine, container.attachments)
    for attachment in container.attachments:
        record = engine.store.network(attachment.network_id)
        endpoint = attachment.endpoint
        if record is None or endpoint is None or record.network.driver != "bridge":
            continue
        await engine.network.connect(
            record.network,
            endpoint,
            container.pid,
            attachment.interface,
            attachment is way_out,
        )


def _named_networks(engine: Engine, container: Container) -> list[str]:
    found = []
    for attachment in container.attachments:
        record = engine.store.network(attachment.network_id)
        if record is not None and has_names(record.network):
            found.append(record.network.id)
    return found
