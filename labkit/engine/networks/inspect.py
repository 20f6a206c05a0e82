"""``docker network inspect``."""

from dataclasses import dataclass

from labkit.engine.engine import Engine
from labkit.engine.members import Member
from labkit.engine.model import NetworkRecord


@dataclass(frozen=True, slots=True)
class NetworkDetails:
    """A network and who is in it now."""

    record: NetworkRecord
    members: tuple[Member, ...] = ()


async def inspect_network(engine: Engine, ref: str) -> NetworkDetails:
    """Return a network with its running containers."""
    record = engine.store.find_network(ref)
    return NetworkDetails(record, engine.members.of(record.network.id))
