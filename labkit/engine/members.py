"""Who is in which network right now, with which address and under which names.

Running containers only: a stopped one has neither. The engine's store has the same
facts container by container; this is the view from the network, which answers three
questions at once: which addresses are taken, who answers to a name, and whether
the network may be removed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from labkit.base.ids import short_id
from labkit.engine.model import Attachment, Container
from labkit.network.model import Endpoint


@dataclass(frozen=True, slots=True)
class Member:
    """One container in one network; ``names`` is what it answers to there."""

    container_id: str
    name: str
    names: tuple[str, ...]
    endpoint: Endpoint


class Members:
    """Members by network."""

    def __init__(self) -> None:
        self._members: dict[str, dict[str, Member]] = defaultdict(dict)

    def join(self, network_id: str, member: Member) -> None:
        self._members[network_id][member.container_id] = member

    def leave(self, network_id: str, container_id: str) -> None:
        self._members[network_id].pop(container_id, None)
        if not self._members[network_id]:
            del self._members[network_id]

    def of(self, network_id: str) -> tuple[Member, ...]:
        return tuple(self._members.get(network_id, {}).values())

    def get(self, network_id: str, container_id: str) -> Member | None:
        return self._members.get(network_id, {}).get(container_id)

    def addresses(self, network_id: str) -> Iterable[str]:
        """Yield the addresses in use."""
        for member in self.of(network_id):
            yield from filter(None, (member.endpoint.ipv4, member.endpoint.ipv6))

    def name_table(self, network_id: str) -> Mapping[str, tuple[str, ...]]:
        """Return name -> addresses: an alias of several members is a round robin."""
        table: dict[str, tuple[str, ...]] = {}
        for member in self.of(network_id):
            found = tuple(filter(None, (member.endpoint.ipv4, member.endpoint.ipv6)))
            for name in member.names:
                table[name] = (*table.get(name, ()), *found)
        return table

    def reverse_table(self, network_id: str, network_name: str) -> Mapping[str, str]:
        """Return address -> name, as a PTR question is answered."""
        return {
            address: f"{member.name}.{network_name}"
            for member in self.of(network_id)
            for address in (member.endpoint.ipv4, member.endpoint.ipv6)
            if address
        }


def make_member(
    container: Container, attachment: Attachment, endpoint: Endpoint
) -> Member:
    """Return a member with Docker's names: its own, aliases, short id, host name."""
    names = (
        container.name,
        *attachment.request.aliases,
        short_id(container.id),
        container.config.hostname,
    )
    unique = tuple(dict.fromkeys(name for name in names if name))
    return Member(container.id, container.name, unique, endpoint)
