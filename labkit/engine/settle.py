"""After the end: what the engine does when a container's first process is gone.

Its places in networks are released, the record says how it ended, everybody who
waited is told, and the policy decides what comes next: nothing, removal or a restart.
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Iterator
from dataclasses import replace
from typing import Any

from labkit.base.errors import LabError
from labkit.engine.discard import discard
from labkit.engine.endpoints import has_names, release, tell_names, without_endpoints
from labkit.engine.engine import Engine
from labkit.engine.health.stop import stop_asking
from labkit.engine.health.verdict import unwatched
from labkit.engine.lifecycle import follow
from labkit.engine.model import Container, NetworkRecord, Status
from labkit.engine.restarts import next_backoff, wants_restart
from labkit.engine.sharing import running_guest
from labkit.engine.waiters import WaitOutcome
from labkit.runtime.model import ExitRecord

_log = logging.getLogger(__name__)


async def settle(engine: Engine, container_id: str, record: ExitRecord) -> None:
    """Bring the books in order after an exit; a second call finds nothing to do."""
    async with engine.lock(container_id):
        container = engine.store.container(container_id)
        if container is None or container.status not in (Status.RUNNING, Status.PAUSED):
            return
        stop_asking(engine, container_id)
        ended = _ended(engine, container, record)
        auto_remove = container.host_config.auto_remove
        await _let_go(engine, container)
        if auto_remove:
            engine.store.show(ended)  # the removal that follows is the commit
        else:
            await engine.store.save(ended)
        _tell(engine, container, ended)
        engine.waiters.wake(container_id, "exit", WaitOutcome(ended.exit_code))
        if auto_remove:
            await discard(engine, ended, volumes=True)
        elif ended.status is Status.RESTARTING:
            _revive_later(engine, ended)


def _ended(engine: Engine, container: Container, record: ExitRecord) -> Container:
    again = not engine.stopping and wants_restart(container, record.exit_code)
    return replace(
        container,
        status=Status.RESTARTING if again else follow(container, "exit"),
        pid=0,
        exit_code=record.exit_code,
        oom_killed=record.oom_killed,
        finished_at=record.finished_at_ns,
        health=unwatched(container.health),
        attachments=without_endpoints(container.attachments),
        published=(),
    )


async def _let_go(engine: Engine, container: Container) -> None:
    """Take back what the container held: names, ports, addresses, cgroup, shim."""
    await _forgive_all(container, _unplugging(engine, container))
    release(engine, container.id, container.attachments)  # the next one may have them
    engine.execs.end_container(container.id)
    work: list[Coroutine[Any, Any, None]] = [engine.runtime.delete(container.id)]
    if container.published:
        work.append(engine.network.unpublish(container.id))
    networks = _networks(engine, container)
    named = [item.network.id for item in networks if has_names(item.network)]
    if named:
        work.append(engine.network.stop_dns(container.id))
        work.append(tell_names(engine, named))
    await _forgive_all(container, work)


def _unplugging(
    engine: Engine, container: Container
) -> Iterator[Coroutine[Any, Any, None]]:
    """Yield what takes a container's interfaces off their networks."""
    guest = running_guest(engine, container)
    for attachment in container.attachments:
        record = engine.store.network(attachment.network_id)
        if record and attachment.endpoint and record.network.driver == "bridge":
            yield engine.network.disconnect(
                record.network, attachment.endpoint, guest.pid if guest else None
            )


def _tell(engine: Engine, container: Container, ended: Container) -> None:
    engine.events.container("die", ended, {"exitCode": str(ended.exit_code)})
    for record in _networks(engine, container):
        engine.events.network("disconnect", record, {"container": container.id})
    for point in container.mounts:
        volume = engine.store.volume(point.name) if point.name else None
        if volume is not None:
            engine.events.volume("unmount", volume, {"container": container.id})


def _networks(engine: Engine, container: Container) -> list[NetworkRecord]:
    """Return the networks that a container was in while it ran."""
    found = []
    for attachment in container.attachments:
        record = engine.store.network(attachment.network_id)
        if record is not None and attachment.endpoint is not None:
            found.append(record)
    return found


async def _forgive_all(
    container: Container, work: Iterable[Coroutine[Any, Any, None]]
) -> None:
    async with asyncio.TaskGroup() as group:
        for item in work:
            group.create_task(_forgive(container, item))


async def _forgive(container: Container, work: Coroutine[Any, Any, None]) -> None:
    """Clean up as far as possible: a failure here must not hide that it ended."""
    try:
        await work
    except (LabError, OSError) as error:
        _log.warning("cannot clean up after container %s: %s", container.id, error)


def _revive_later(engine: Engine, container: Container) -> None:
    ran_ns = container.finished_at - container.started_at
    previous = engine.backoffs.get(container.id, 0)
    engine.backoffs[container.id] = next_backoff(previous, ran_ns)
    engine.to_revive.put_nowait(container.id)
