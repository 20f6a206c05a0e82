"""``docker network rm``."""

from labkit.base.errors import ForbiddenError
from labkit.engine.attachments import PREDEFINED
from labkit.engine.engine import Engine
from labkit.engine.messages import active_endpoints
from labkit.engine.model import NetworkRecord
from labkit.engine.networks.configuration import check_unused


async def remove_network(engine: Engine, ref: str) -> None:
    """Remove a network that no running container is in.

    Raises:
        ForbiddenError: it is predefined, or in use.
    """
    record = engine.store.find_network(ref)
    await engine.complete(
        remove_unused_network(engine, record), f"remove network {ref}"
    )


async def remove_unused_network(engine: Engine, record: NetworkRecord) -> None:
    """Do it, with the check under the lock."""
    network = record.network
    if network.name in PREDEFINED:
        raise ForbiddenError(
            f"{network.name} is a pre-defined network and cannot be removed"
        )
    async with engine.lock("networks"):
        engine.store.find_network(network.id)  # somebody may have been quicker
        check_unused(engine, record)
        if engine.members.of(network.id):
            raise ForbiddenError(active_endpoints(network.name, network.id))
        # Nobody can join any more: a start looks the network up in the store.
        await engine.store.remove(record)
        await engine.network.remove_network(network)
    engine.events.network("destroy", record)
