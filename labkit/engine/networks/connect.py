"""``docker network connect``: a further network, also for a running container."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

from labkit.base.errors import ConflictError, ForbiddenError, InvalidInputError
from labkit.engine.attachments import HOST, check_company
from labkit.engine.containers.grammar import check_endpoint
from labkit.engine.endpoints import (
    check_request,
    gateway_attachment,
    has_names,
    release,
    resolver_of,
    take_endpoint,
    tell_names,
)
from labkit.engine.engine import Engine
from labkit.engine.messages import SHARED_NETWORK
from labkit.engine.model import (
    Attachment,
    Container,
    EndpointRequest,
    NetworkRecord,
    Status,
)
from labkit.engine.network_files import upstream_of, write_network_files
from labkit.engine.published import publish_ports

RUNS = (Status.RUNNING, Status.PAUSED)


async def connect_network(
    engine: Engine, network_ref: str, container_ref: str, request: EndpointRequest
) -> None:
    """Connect a container to a network.

    Raises:
        ForbiddenError: it is there already, or the networks don't go together.
        InvalidInputError: the network can't give what is asked for.
    """
    container = engine.store.find_container(container_ref)
    record = engine.store.find_network(network_ref)
    await engine.complete(
        _connect(engine, record, container.id, request),
        f"connect {container.id} to {record.network.name}",
    )


async def _connect(
    engine: Engine, record: NetworkRecord, container_id: str, request: EndpointRequest
) -> None:
    name = record.network.name
    async with engine.lock(container_id):
        container = engine.store.find_container(container_id)
        _check(container, record, request)
        attachment = Attachment(record.network.id, name, request)
        if container.status in RUNS:
            connected = await plug_in(engine, container, attachment, record)
        else:
            others = [
                item for item in container.attachments if item.network_name != name
            ]
            connected = replace(container, attachments=(*others, attachment))
        await engine.store.save(connected)
    engine.events.network("connect", record, {"container": container_id})


def _check(
    container: Container, record: NetworkRecord, request: EndpointRequest
) -> None:
    name = record.network.name
    mode = container.host_config.network_mode
    if container.status in (Status.REMOVING, Status.DEAD):
        raise ConflictError(
            f"container {container.id} is marked for removal and cannot be connected "
            f"or disconnected to the network {name}"
        )
    if mode.startswith("container:"):
        raise InvalidInputError(SHARED_NETWORK)
    if name == HOST and mode != HOST:
        raise InvalidInputError(
            "cannot connect container to host network - container must be created in "
            "host network mode"
        )
    names = [item.network_name for item in container.attachments]
    check_company(tuple(dict.fromkeys((*names, name))))
    check_endpoint(request)
    check_request(record, request)
    there = any(item.network_name == name for item in container.attachments)
    if there and container.status in RUNS:
        raise ForbiddenError(
            f"endpoint with name {container.name} already exists in network {name}"
        )


async def plug_in(
    engine: Engine, container: Container, attachment: Attachment, record: NetworkRecord
) -> Container:
    """Give a running container an interface in one more network."""
    interface = _free_interface(container)
    plugged = take_endpoint(engine, container, attachment, record, interface)
    assert plugged.endpoint is not None
    async with AsyncExitStack() as undo:
        undo.callback(release, engine, container.id, (plugged,))
        after = replace(container, attachments=(*container.attachments, plugged))
        leads_out = gateway_attachment(engine, after.attachments) is plugged
        await engine.network.connect(
            record.network,
            plugged.endpoint,
            container.pid,
            plugged.interface,
            leads_out,
        )
        undo.push_async_callback(
            engine.network.disconnect, record.network, plugged.endpoint, container.pid
        )
        await refresh_names(engine, after, [record])
        if leads_out:
            published = await publish_ports(engine, after, undo)
            after = replace(after, published=published)
        undo.pop_all()
    return after


async def refresh_names(
    engine: Engine, container: Container, changed: list[NetworkRecord]
) -> None:
    """Bring files and DNS of a running container in line with its networks."""
    await asyncio.to_thread(
        write_network_files, engine, container, container.config.hostname
    )
    await tell_names(
        engine, [item.network.id for item in changed if has_names(item.network)]
    )
    resolver = resolver_of(engine, container, upstream_of(engine, container))
    if resolver is None:
        await engine.network.stop_dns(container.id)
    else:
        await engine.network.serve_dns(container.id, container.pid, resolver)


def _free_interface(container: Container) -> str:
    used = {item.interface for item in container.attachments}
    number = 0
    while f"eth{number}" in used:
        number += 1
    return f"eth{number}"
