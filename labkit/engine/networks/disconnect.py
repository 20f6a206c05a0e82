"""``docker network disconnect``."""

from contextlib import AsyncExitStack
from dataclasses import replace

from labkit.base.errors import InternalError, InvalidInputError, NotFoundError
from labkit.engine.attachments import HOST
from labkit.engine.endpoints import gateway_attachment, release
from labkit.engine.engine import Engine
from labkit.engine.model import Attachment, Container, NetworkRecord
from labkit.engine.networks.connect import RUNS, refresh_names
from labkit.engine.published import publish_ports


async def disconnect_network(
    engine: Engine, network_ref: str, container_ref: str, force: bool = False
) -> None:
    """Take a container out of a network.

    Raises:
        NotFoundError: there is no such container; with ``force``, no such endpoint.
        InternalError: it is not in there (Docker answers 500, too).
        ForbiddenError: it has the host's network.
    """
    record = engine.store.find_network(network_ref)
    try:
        container = engine.store.find_container(container_ref)
    except NotFoundError:
        if force:
            # moby then looks for an endpoint of this name, which a gone one hasn't.
            raise NotFoundError(f"endpoint {container_ref} not found") from None
        raise
    await engine.complete(
        _disconnect(engine, record, container.id),
        f"disconnect {container.id} from {record.network.name}",
    )


async def _disconnect(engine: Engine, record: NetworkRecord, container_id: str) -> None:
    network = record.network
    async with engine.lock(container_id):
        container = engine.store.find_container(container_id)
        attachment = next(
            (item for item in container.attachments if _is_of(item, record)), None
        )
        if attachment is None:
            # Two places in moby, two wordings.
            article = "" if container.status in RUNS else "the "
            raise InternalError(
                f"container {container_id} is not connected to {article}network "
                f"{network.name}"
            )
        if network.name == HOST:
            raise InvalidInputError(
                "cannot disconnect container from host network - container was created "
                "in host network mode"
            )
        after = replace(
            container,
            attachments=tuple(
                item for item in container.attachments if item is not attachment
            ),
        )
        if container.status in RUNS and attachment.endpoint is not None:
            after = await _unplug(engine, container, after, attachment, record)
        await engine.store.save(after)
    # moby tells of the endpoint that is taken down, and then of the container.
    for _ in range(2 if container.status in RUNS else 1):
        engine.events.network("disconnect", record, {"container": container_id})


def _is_of(attachment: Attachment, record: NetworkRecord) -> bool:
    if attachment.network_id:
        return attachment.network_id == record.network.id
    return attachment.network_name == record.network.name


async def _unplug(
    engine: Engine,
    before: Container,
    after: Container,
    attachment: Attachment,
    record: NetworkRecord,
) -> Container:
    assert attachment.endpoint is not None
    was_way_out = gateway_attachment(engine, before.attachments) is attachment
    if record.network.driver == "bridge":
        await engine.network.disconnect(record.network, attachment.endpoint, before.pid)
    release(engine, before.id, (attachment,))  # the next one may have the address
    await refresh_names(engine, after, [record])
    return await _lead_out_elsewhere(engine, after) if was_way_out else after


async def _lead_out_elsewhere(engine: Engine, container: Container) -> Container:
    """Give a container its way out, and its ports, in a network that is left."""
    way_out = gateway_attachment(engine, container.attachments)
    if way_out is None:
        if container.published:
            await engine.network.unpublish(container.id)
        return replace(container, published=())
    network = engine.store.find_network(way_out.network_id).network
    assert way_out.endpoint is not None  # it would be no way out
    # The interface is there: the call makes it the default route and nothing else.
    await engine.network.connect(
        network, way_out.endpoint, container.pid, way_out.interface, True
    )
    async with AsyncExitStack() as undo:
        published = await publish_ports(engine, container, undo)
        undo.pop_all()
    return replace(container, published=published)
